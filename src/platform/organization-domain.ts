import { z } from 'zod';
import type { Api } from '../core/api.ts';
import { checkAnswer } from '../core/check-answer.ts';
import { ToolError } from '../core/errors.ts';
import { isObject } from '../core/json.ts';
import type { PageQuery } from '../core/paging.ts';
import { requireCameTrue, requireTold } from './came-true.ts';
import { collectDependents } from './dependents.ts';
import { Domain } from './entities/domain.ts';
import { askedWord, DOMAIN_TYPES } from './enum-words.ts';
import { type Page, pagesOf } from './pages.ts';
import { path } from './path.ts';
import { readBack } from './read-back.ts';
import { aboutArguments } from './refusal.ts';

const One = z.object({ domain: Domain });
type One = z.output<typeof One>;

/** The tool that shows the current state. */
const LIST = 'list_organization_domains';

/** The API's own size of a page. */
const USUAL_PAGE = 30;

/** The API counts pages from 0. A token that is a number alone would be taken for one of other lists. */
const PAGE = /^page-(\d{1,6})$/;

/** What narrows a list of domains. */
interface Filter {
  readonly domainType?: string | undefined;
  readonly connectionId?: string | undefined;
}

/**
 * A page of the domains of an organization (`GET /organizations/{id}/domains`). The API numbers its pages and does not say
 * which is the last, so that one follows where this one is full.
 * @throws ToolError `invalid_arguments` for a page token that is none of this list's
 */
export async function listDomains(
  api: Api,
  organizationId: string,
  { domainType: domain_type, connectionId: connection_id }: Filter,
  { page_size: size = USUAL_PAGE, page_token: token = '' }: PageQuery,
): Promise<unknown> {
  const [, number = '0'] = PAGE.exec(token) ?? [];
  if (token !== '' && !PAGE.test(token)) {
    const message = 'pageToken must be next_page_token of the previous answer, unchanged.';
    throw new ToolError('invalid_arguments', message, { field: 'pageToken' });
  }
  const page = { page_size: size, page_number: Number(number) };
  const query = { domain_type, connection_id, include: 'verification_details', ...page };
  const answer = await api.get(path`/organizations/${organizationId}/domains`, query);
  if (!isObject(answer) || !Array.isArray(answer['domains'])) return answer;
  const domains = answer['domains'].map(withRecord);
  const next_page_token = domains.length >= sizeOf(answer, size) ? `page-${page.page_number + 1}` : '';
  return { domains, next_page_token };
}

/** The size of a page: the one that was asked for, or a smaller one that the API says it has made of that. */
function sizeOf({ page_size: said }: Readonly<Record<string, unknown>>, asked: number): number {
  return typeof said === 'number' && said > 0 ? Math.min(said, asked) : asked;
}

/** As far as a preview shows a domain, so that one that is odd in something else counts as well. */
const Listed = z.object({ domains: z.array(z.unknown()), next_page_token: z.string() });
const Named = Domain.pick({ id: true, domain: true });

/** The pages of that list, for a look-up. */
export async function* domainPages(api: Api, organizationId: string): AsyncGenerator<Page<z.output<typeof Named>>> {
  let page_token: string | undefined;
  do {
    const answer = await listDomains(api, organizationId, {}, { page_size: undefined, page_token });
    const { domains, next_page_token: next } = checkAnswer(Listed, answer);
    const entries = domains.flatMap((domain) => Named.safeParse(domain).data ?? []);
    yield { entries, isWhole: entries.length === domains.length, isLast: next === '' };
    page_token = next;
  } while (page_token !== '');
}

/** A domain with its DNS record under the names that results have. What has another form stays as it is. */
function withRecord(domain: unknown): unknown {
  if (!isObject(domain)) return domain;
  const { txt_record_key: txt_record_name, txt_record_secret: txt_record_value, ...rest } = domain;
  return { ...rest, txt_record_name, txt_record_value };
}

function inAnswer(answer: unknown): unknown {
  return isObject(answer) ? { ...answer, domain: withRecord(answer['domain']) } : answer;
}

/** What a call asks for, under the names of its arguments. */
interface WantedDomain {
  readonly domain: string;
  readonly domainType?: string | undefined;
  readonly connectionId?: string | undefined;
}

/**
 * Adds a domain to an organization (`POST /organizations/{id}/domains`).
 * @throws ToolError `not_applied` for what it is not afterwards, and where its connection does not show it
 */
export async function addDomain(api: Api, organizationId: string, wanted: WantedDomain): Promise<One> {
  const { domain, domainType: domain_type, connectionId: connection_id } = wanted;
  const all = path`/organizations/${organizationId}/domains`;
  const answer = await api.post(all, { domain, domain_type }, { connection_id }).catch((refusal) => {
    throw aboutArguments(refusal, [
      { at: 'domain.domain_type', field: 'domainType' },
      { at: 'domain.domain', field: 'domain', word: /domain/i },
    ]);
  });
  const created = checkAnswer(One, inAnswer(answer), 'write');
  const asked = ({ domain: shown }: One) => ({
    domain: { asked: domain.toLowerCase(), shown: shown.domain?.toLowerCase() },
    domainType: askedWord(DOMAIN_TYPES, domain_type, shown.domain_type),
  });
  const told = await requireTold(asked, created, () => readDomain(api, organizationId, created.domain.id), LIST);
  if (connection_id !== undefined) await requireLed(api, organizationId, connection_id, created.domain.id);
  return told;
}

/**
 * Lets a domain lead to another connection (`PATCH /organizations/{id}/domains/{id}`), which is all that can be changed of
 * one.
 * @throws ToolError `not_applied` when the connection does not show it afterwards
 */
export async function leadDomain(api: Api, organizationId: string, id: string, connection_id: string): Promise<One> {
  const at = path`/organizations/${organizationId}/domains/${id}`;
  const answer = await api.patch(at, {}, { connection_id });
  await requireLed(api, organizationId, connection_id, id);
  const told = One.safeParse(inAnswer(answer)).data;
  return told ?? readBack(readDomain(api, organizationId, id), LIST);
}

const Leading = z.object({ connection: z.object({ domains: z.array(z.object({ id: z.string() })).nullish() }) });

/** Domains do not say which connection they lead to; connections say which domains lead to them. */
async function requireLed(api: Api, organizationId: string, connectionId: string, id: string): Promise<void> {
  const reading = api.get(path`/organizations/${organizationId}/connections/${connectionId}`);
  const { connection } = checkAnswer(Leading, await readBack(reading, LIST));
  const shown = connection.domains?.find((domain) => domain.id === id)?.id;
  requireCameTrue({ connectionId: { asked: id, shown } }, LIST);
}

/** JSON of protocol buffers may leave false out. */
const Verified = z.object({ verified: z.boolean().nullish() });

/**
 * Has Scalekit look for the DNS record of a domain (`PATCH /organizations/{id}/domains/{id}:verify`).
 * @throws ToolError `invalid_request` when it has not found it
 */
export async function verifyDomain(api: Api, organizationId: string, id: string) {
  const answer = await api.patch(path`/organizations/${organizationId}/domains/${id}:verify`);
  if (checkAnswer(Verified, answer, 'write').verified) return { verified: true };
  throw new ToolError(
    'invalid_request',
    'Scalekit did not find the DNS record of this domain, so that it is not verified. Have its TXT record published as nextTool shows it, wait until DNS has it (minutes to hours), then call again.',
    { nextTool: LIST },
  );
}

const Connected = z.object({
  id: z.string(),
  organization_id: z.string().nullish(),
  provider: z.unknown().optional(),
  enabled: z.boolean().nullish(),
  domains: z.array(z.string()).nullish(),
});

/**
 * Reads a domain with the connections of its organization that people with addresses there are led to
 * (`GET /organizations/{id}/domains/{id}`, `GET /connections`).
 */
export async function showDomain(api: Api, organizationId: string, id: string) {
  const { domain } = await readDomain(api, organizationId, id);
  const query = { organization_id: organizationId, include: 'all' };
  const pages = pagesOf(api, path`/connections`, query, 'connections', Connected);
  const connections = await collectDependents(pages, (listed) =>
    listed
      .filter(({ domains }) => domains?.some((one) => isSame(one, domain.domain)))
      .map(({ id, provider, enabled }) => ({ id, provider, enabled })),
  );
  return { domain, connections };
}

/** Names of domains are the same in any case (RFC 4343). */
function isSame(one: string, other: string | null | undefined): boolean {
  return one.toLowerCase() === other?.toLowerCase();
}

async function readDomain(api: Api, organizationId: string, id: string): Promise<One> {
  return checkAnswer(One, inAnswer(await api.get(path`/organizations/${organizationId}/domains/${id}`)));
}
