import { z } from 'zod';
import type { Api } from '../../core/api.ts';
import { checkAnswer } from '../../core/check-answer.ts';
import { ToolError } from '../../core/errors.ts';
import { Word } from '../../core/word.ts';
import { isAppType, pathOf } from '../../platform/connection-target.ts';
import { ListedConnection, SsoConnection } from '../../platform/entities/connection.ts';
import { Directory } from '../../platform/entities/directory.ts';
import { Domain } from '../../platform/entities/domain.ts';
import { AuthRequest, ScalekitEvent } from '../../platform/entities/logs.ts';
import { Organization } from '../../platform/entities/organization.ts';
import { CONNECTION_TYPES, wordOf } from '../../platform/enum-words.ts';
import { listDomains } from '../../platform/organization-domain.ts';
import { pagesOf } from '../../platform/pages.ts';
import { path } from '../../platform/path.ts';
import { allOf, inPlaceOf, urisOf } from '../../platform/status.ts';
import { isUnreadable } from '../../platform/unreadable.ts';

/** Which connection is meant. */
export interface Named {
  readonly connectionId: string;
  readonly organizationId?: string | undefined;
  /** A test sign-in whose result is to be looked at. */
  readonly testRequestId?: string | undefined;
}

const OneConnection = z.object({ connection: SsoConnection });
const OneOrganization = z.object({ organization: Organization.pick({ id: true, settings: true }) });
const Listed = ListedConnection.pick({ id: true, organization_id: true });
const Domains = z.object({
  domains: z.array(Domain.pick({ id: true, domain: true, domain_type: true, verification_status: true })),
});
const Directories = Directory.pick({
  id: true,
  enabled: true,
  status: true,
  directory_type: true,
  last_synced_at: true,
  secrets: true,
});
const SignIns = z.object({
  authRequests: z.array(
    AuthRequest.pick({ auth_request_id: true, timestamp: true, status: true, connection_id: true }),
  ),
});
const Events = z.object({ events: z.array(ScalekitEvent.pick({ id: true, occurred_at: true, data: true })) });
const TestResult = z.object({
  status: Word.nullish(),
  error: z.string().nullish(),
  error_description: z.string().nullish(),
});

/** So many of the youngest sign-ins of the environment are looked through for those of the connection. */
const SIGN_INS = 100;
const EVENTS = 20;
/** The longest page of domains. */
const DOMAINS = 100;

/** What a diagnosis goes by. A part that is left out could not be read, or does not concern this connection. */
export type Read = Awaited<ReturnType<typeof readAll>>;

/**
 * Reads all that tells why nobody can sign in through a connection, each operation once, side by side: `GET /connections` to
 * find whose it is unless the call says so, `GET /connections/{id}` or that of an organization, the callbacks of the
 * environment (`GET /clients`), the youngest sign-ins (`GET /logs/authentication/requests`), a test sign-in, and of an
 * organization its features, domains and directories; then the events of failed sign-ins (`POST /events`).
 * @throws ToolError when the connection itself cannot be read, or is one that agents use
 */
export async function readAll(api: Api, { connectionId, organizationId, testRequestId }: Named) {
  const { owner, isUnread: isOwnerUnread } =
    organizationId === undefined ? await ownerOf(api, connectionId) : { owner: organizationId, isUnread: false };
  const target = { id: connectionId, ...(owner && { organizationId: owner }) };
  const { connection } = checkAnswer(OneConnection, await api.get(pathOf(target)));
  refuseApp(connection.type);
  const { values, missing } = await inPlaceOf({
    connection: Promise.resolve(connection),
    uris: urisOf(api),
    signIns: readSignIns(api),
    ...(testRequestId !== undefined && { test: readTest(api, connectionId, testRequestId) }),
    ...(owner && {
      features: readFeatures(api, owner),
      domains: readDomains(api, owner),
      directories: allOf(pagesOf(api, path`/organizations/${owner}/directories`, {}, 'directories', Directories)),
    }),
  });
  const { events, isUnread } = await reasonsOf(api, connectionId, values.signIns);
  return {
    ...values,
    connection,
    owner: owner || undefined,
    events,
    missing: [...missing, ...(isUnread ? ['events'] : []), ...(isOwnerUnread ? ['organization'] : [])],
  };
}

/** The events of a connection, where its youngest sign-in failed: they have the reason. */
async function reasonsOf(
  api: Api,
  connectionId: string,
  signIns: z.output<typeof SignIns>['authRequests'] | undefined,
) {
  const latest = signIns?.find(({ connection_id: id }) => id === connectionId);
  if (latest?.status !== 'FAILED') return { events: [], isUnread: false };
  try {
    return { events: await readEvents(api, connectionId), isUnread: false };
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    return { events: [], isUnread: true };
  }
}

/** The organization of a connection: an empty text where it is one of the environment itself, or that cannot be read. */
async function ownerOf(api: Api, connectionId: string) {
  try {
    const pages = pagesOf(api, path`/connections`, { include: 'all' }, 'connections', Listed);
    for await (const { entries } of pages) {
      const found = entries.find(({ id }) => id === connectionId);
      if (found !== undefined) return { owner: found.organization_id ?? '', isUnread: false };
    }
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    return { owner: '', isUnread: true };
  }
  return { owner: '', isUnread: false };
}

function refuseApp(type: string | null | undefined): void {
  if (!isAppType(wordOf(CONNECTION_TYPES, type))) return;
  const message = 'Nobody signs in through this connection: agents act through it. Look at its connected accounts.';
  throw new ToolError('invalid_arguments', message, { field: 'connectionId', nextTool: 'list_connected_accounts' });
}

async function readFeatures(api: Api, id: string) {
  const { organization } = checkAnswer(OneOrganization, await api.get(path`/organizations/${id}`));
  const features = organization.settings?.features ?? [];
  return new Map(features.map(({ name, enabled }) => [name ?? '', enabled === true]));
}

async function readDomains(api: Api, id: string) {
  const page = { page_size: DOMAINS, page_token: undefined };
  return checkAnswer(Domains, await listDomains(api, id, {}, page)).domains;
}

async function readSignIns(api: Api) {
  const answer = await api.get(path`/logs/authentication/requests`, { page_size: SIGN_INS });
  return checkAnswer(SignIns, answer).authRequests;
}

async function readEvents(api: Api, connection_id: string) {
  return checkAnswer(Events, await api.post(path`/events`, { connection_id }, { page_size: EVENTS })).events;
}

async function readTest(api: Api, connectionId: string, testRequestId: string) {
  return checkAnswer(TestResult, await api.get(path`/connections/${connectionId}/test-requests/${testRequestId}`));
}
