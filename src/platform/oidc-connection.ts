import { z } from 'zod';
import type { Api } from '../core/api.ts';
import { checkAnswer } from '../core/check-answer.ts';
import { ToolError } from '../core/errors.ts';
import { type Asked, isUntold, notCameTrue, requireCameTrue } from './came-true.ts';
import { Connection } from './entities/connection.ts';
import {
  askedWord,
  askedWords,
  CONFIGURATION_TYPES,
  CONNECTION_TYPES,
  OIDC_SCOPES,
  PROVIDERS,
  TOKEN_AUTH_TYPES,
  wordOf,
} from './enum-words.ts';
import { completeSettings, type OidcSettings } from './oidc-settings.ts';
import { path } from './path.ts';
import { LostUpdate, readBack, untilItStands } from './read-back.ts';

const One = z.object({ connection: Connection });
type One = z.output<typeof One>;
type Shown = One['connection'];

/** The tool that shows the current state. */
const LIST = 'list_environment_connections';
/** A provider whose key the API demands. */
const SCALEKIT = 'SCALEKIT';

/**
 * Creates an OIDC connection (`POST /connections`), a draft without settings.
 * @throws ToolError `not_applied` for what the answer does not show as asked
 */
export async function createOidcConnection(api: Api, provider: string): Promise<One> {
  const body = { provider, type: 'OIDC', ...(provider === SCALEKIT && { provider_key: SCALEKIT }) };
  const answer = checkAnswer(One, await api.post(path`/connections`, body), 'write');
  requireCameTrue({ provider: askedWord(PROVIDERS, provider, answer.connection.provider) }, LIST);
  return answer;
}

/** The settings to change. What is left out stays as it is. */
interface Changes {
  readonly key_id?: string | undefined;
  readonly provider?: string | undefined;
  readonly uiButtonTitle?: string | undefined;
  readonly attributeMapping?: Readonly<Record<string, string>> | undefined;
  readonly debugEnabled?: boolean | undefined;
  readonly oidc_config: OidcSettings;
}

/**
 * Configures an OIDC connection. An update has to contain everything that is to stay, so the connection is read first
 * and then written as a whole (`GET` and `PATCH /connections/{id}`), and read again to see that the update stands.
 * @throws ToolError `invalid_arguments` for a connection of another kind, or when settings are missing; `not_applied` for
 *   what the API kept; `conflict` when others go on changing the connection at the same time
 */
export function configureOidcConnection(api: Api, id: string, changes: Changes): Promise<One> {
  return api.inTurn(path`/connections/${id}`, () => untilItStands(() => configureOnce(api, id, changes)));
}

async function configureOnce(api: Api, id: string, changes: Changes): Promise<One> {
  const at = path`/connections/${id}`;
  const current = inWords(checkAnswer(One, await explained(api, id, api.get(at))).connection);
  if (current.organization_id) throw ofOrganization('invalid_arguments', current.organization_id);
  refuseOtherTypes(current.type);
  const settings = completeSettings(changes.oidc_config, current.oidc_config ?? {}, current.configuration_type);
  const written = await api.patch(at, {
    type: 'OIDC',
    key_id: changes.key_id || undefined,
    ui_button_title: changes.uiButtonTitle,
    debug_enabled: changes.debugEnabled,
    // If an update leaves these out, the API clears them.
    ...providerOf(changes.provider, current),
    attribute_mapping: changes.attributeMapping ?? current.attribute_mapping ?? undefined,
    ...settings,
  });
  const answered = asked(changes, current, checkAnswer(One, written, 'write').connection);
  // What the answer leaves out is seen in what is read.
  const isTold = !isUntold(answered);
  if (isTold) requireCameTrue(answered, LIST);
  const now = checkAnswer(One, await readBack(api.get(at), LIST));
  const shown = asked(changes, current, now.connection);
  if (!isTold) requireCameTrue(shown, LIST);
  if (notCameTrue(shown).length === 0) return now;
  throw new LostUpdate('What this call set in the connection is something else again.', LIST);
}

/** The provider with its key. Another provider does not keep the key of the one before. */
function providerOf(wanted: string | undefined, { provider, provider_key }: Shown) {
  const isSame = wanted === undefined || wanted === provider;
  const fixed = (wanted ?? provider) === SCALEKIT ? SCALEKIT : undefined;
  return { provider: (wanted ?? provider) || undefined, provider_key: (isSame && provider_key) || fixed };
}

/** A connection with the words of its enums, which are written again, and by which it is told what it is. */
function inWords(connection: Shown): Shown {
  const { oidc_config: config } = connection;
  return {
    ...connection,
    type: wordOf(CONNECTION_TYPES, connection.type),
    provider: wordOf(PROVIDERS, connection.provider),
    configuration_type: wordOf(CONFIGURATION_TYPES, connection.configuration_type),
    oidc_config: config && {
      ...config,
      scopes: config.scopes?.flatMap((scope) => wordOf(OIDC_SCOPES, scope) ?? []),
      token_auth_type: wordOf(TOKEN_AUTH_TYPES, config.token_auth_type),
    },
  };
}

/** Every argument that a call named, beside what the API shows. It shows no secrets, so theirs cannot be compared. */
function asked(changes: Changes, before: Shown, shown: Shown): Readonly<Record<string, Asked>> {
  const { client_secret: _, scopes, token_auth_type, ...settings } = changes.oidc_config;
  const config: Readonly<Record<string, unknown>> = shown.oidc_config ?? {};
  const mapping = changes.attributeMapping;
  return {
    key_id: { asked: changes.key_id || undefined, shown: shown.key_id },
    provider: askedWord(PROVIDERS, changes.provider, shown.provider),
    uiButtonTitle: { asked: changes.uiButtonTitle, shown: shown.ui_button_title },
    attributeMapping: {
      asked: mapping,
      shown:
        mapping && shown.attribute_mapping && mappingOf(mapping, before.attribute_mapping, shown.attribute_mapping),
    },
    debugEnabled: { asked: changes.debugEnabled, shown: shown.debug_enabled },
    'oidc_config.scopes': scopesOf(scopes, before.oidc_config?.scopes, shown.oidc_config?.scopes),
    'oidc_config.token_auth_type': askedWord(TOKEN_AUTH_TYPES, token_auth_type, shown.oidc_config?.token_auth_type),
    ...Object.fromEntries(
      Object.entries(settings).map(([name, value]) => [`oidc_config.${name}`, { asked: value, shown: config[name] }]),
    ),
  };
}

/** The API may add scopes, openid above all, without which there is no OpenID Connect. It may not keep others. */
function scopesOf(
  wanted: readonly string[] | undefined,
  before: readonly string[] | null | undefined,
  now: readonly string[] | null | undefined,
): Asked {
  if (!wanted || !now) return { asked: wanted, shown: now };
  const { asked, shown } = askedWords(OIDC_SCOPES, wanted, now);
  const isKept = (scope: string) => scope !== 'openid' && before?.includes(scope);
  return { asked, shown: shown.filter((scope) => scope && (wanted.includes(scope) || isKept(scope))) };
}

type Mapping = Readonly<Record<string, string>>;

/**
 * What counts of a shown mapping: the API may add defaults, but not keep what was replaced. A name that stands for itself
 * is taken for a default, unless a call has cleared the mapping.
 */
function mappingOf(wanted: Mapping, before: Mapping | null | undefined, shown: Mapping): Mapping {
  const isCleared = Object.keys(wanted).length === 0;
  const isKept = (name: string, value: string) => before?.[name] === value && (isCleared || name !== value);
  return Object.fromEntries(
    Object.entries(shown).filter(([name, value]) => Object.hasOwn(wanted, name) || isKept(name, value)),
  );
}

/** JSON of protocol buffers may leave false out. */
const Toggled = z.object({ enabled: z.boolean().nullish(), error_message: z.string().nullish() });

/**
 * Enables a connection of the environment, an app connection too (`PATCH /connections/{id}:enable`).
 * @throws ToolError `invalid_request` when the API answers 200, but the connection is not enabled
 */
export async function enableConnection(api: Api, id: string) {
  const answer = await explained(api, id, api.patch(path`/connections/${id}:enable`));
  const toggled = checkAnswer(Toggled, answer, 'write');
  if (toggled.enabled) return { enabled: true };
  const why = toggled.error_message;
  throw new ToolError(
    'invalid_request',
    'Scalekit did not enable the connection: it is still off. `upstream` says why; mend that, then call again.',
    {
      nextTool: 'update_environment_oidc_connection',
      upstream: { status: 200, ...(why && { message: why }) },
    },
  );
}

/** Types of connections to services in which agents act. Nobody signs in through them. */
const APP_TYPES: ReadonlySet<string> = new Set([
  ...['OAUTH', 'OAUTH_M2M', 'BASIC', 'BEARER', 'API_KEY', 'NO_AUTH'],
  ...['TRELLO_OAUTH1', 'GOOGLE_DWD', 'TRUSTED_IDP', 'SMART_FHIR'],
]);

function refuseOtherTypes(type: string | null | undefined): void {
  if (type === 'OIDC') return;
  if (type && APP_TYPES.has(type)) {
    throw new ToolError(
      'invalid_arguments',
      `This connection is not an OIDC one, but of type ${type}: an app connection, to a service in which agents act. It is configured in the Scalekit dashboard.`,
      { field: 'connectionId', nextTool: 'list_app_connections' },
    );
  }
  throw new ToolError(
    'invalid_arguments',
    'This connection is not an OIDC one. Take the id of one whose type is OIDC, or create one.',
    { field: 'connectionId', nextTool: LIST },
  );
}

/** Waits for a request about a connection. If there is none, says whether it belongs to an organization. */
function explained<T>(api: Api, id: string, request: Promise<T>): Promise<T> {
  return request.catch(async (error) => {
    if (!(error instanceof ToolError) || error.code !== 'not_found') throw error;
    throw await unknownConnection(api, id, error);
  });
}

const Owners = z.object({ connections: z.array(z.object({ id: z.string(), organization_id: z.string().nullish() })) });

/** The list shows the connections of organizations, but the operations on a single one know them under other paths. */
async function unknownConnection(api: Api, id: string, error: ToolError): Promise<ToolError> {
  const listed = Owners.safeParse(await api.get(path`/connections`, { include: 'all' }).catch(() => undefined));
  if (!listed.success) {
    const message = `${error.message} It may belong to an organization (its organization_id in the list is not empty): those connections are set up in the admin portal.`;
    return new ToolError(
      error.code,
      message,
      { ...error.recovery, field: 'connectionId', nextTool: LIST },
      error.cause,
    );
  }
  const owner = listed.data.connections.find((connection) => connection.id === id)?.organization_id;
  return owner ? ofOrganization('not_found', owner, error) : error;
}

/** @param owner from the API; only an id of the known form becomes part of the sentence */
function ofOrganization(code: 'invalid_arguments' | 'not_found', owner: string, cause?: ToolError): ToolError {
  const organization = /^org_\w{1,28}$/.test(owner) ? `organization ${owner}` : 'an organization';
  const message = `This connection belongs to ${organization}: this tool handles those of the environment itself. An organization sets up its own in the admin portal; generate_admin_portal_link makes a link to it.`;
  const upstream = cause?.recovery.upstream;
  return new ToolError(code, message, {
    field: 'connectionId',
    nextTool: 'generate_admin_portal_link',
    ...(upstream && { upstream }),
  });
}
