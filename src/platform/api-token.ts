import { z } from 'zod';
import type { Api } from '../core/api.ts';
import { checkAnswer } from '../core/check-answer.ts';
import { ToolError } from '../core/errors.ts';
import { isObject } from '../core/json.ts';
import type { PageQuery } from '../core/paging.ts';
import { type Asked, namedOf, notCameTrue } from './came-true.ts';
import { ApiToken } from './entities/api-token.ts';
import { Organization } from './entities/organization.ts';
import { pagesOf } from './pages.ts';
import type { Pairs } from './pairs.ts';
import { path } from './path.ts';
import { readBack } from './read-back.ts';
import { aboutArguments } from './refusal.ts';

const LIST = 'list_api_tokens';
const PAGE_SIZE = 30;

/** Whose a token is, for people: an id says nothing to them. */
export const TokenOwner = Organization.pick({ id: true, display_name: true, external_id: true });
const OneOwner = z.object({ organization: TokenOwner });
const New = z.object({ token: z.string().min(1), token_id: z.string(), token_info: ApiToken.nullish() });
/** By which a token is found, so that one that is odd in something else counts as well. */
const Listed = z.looseObject({ token_id: z.string() });

/** Lists the tokens of an organization that are active (`GET /tokens`). The answer is not checked yet. */
export async function listTokens(api: Api, organizationId: string, userId: string | undefined, page: PageQuery) {
  const answer = await api.get(path`/tokens`, { organization_id: organizationId, user_id: userId, ...page });
  // Called otherwise than in other lists.
  return isObject(answer) ? { ...answer, total_size: answer['total_count'] ?? answer['total_size'] } : answer;
}

/** What a token is to be. */
interface Wanted {
  readonly userId?: string | undefined;
  readonly description?: string | undefined;
  readonly customClaims?: Pairs | undefined;
  readonly expiresAt?: string | undefined;
}

/**
 * Creates a token (`POST /tokens`).
 * @returns the token, what is told of it later, and in `not_applied` the arguments that the API did not heed: an error
 *   would lose the token
 * @throws ToolError `invalid_arguments` for an end in the past
 */
export async function createToken(api: Api, organizationId: string, wanted: Wanted) {
  const { userId: user_id, description, customClaims: custom_claims, expiresAt: expiry } = wanted;
  if (expiry !== undefined && Date.parse(expiry) <= Date.now()) {
    throw new ToolError('invalid_arguments', 'expiresAt lies in the past.', { field: 'expiresAt' });
  }
  const body = { organization_id: organizationId, user_id, description, custom_claims, expiry };
  const answer = await api.post(path`/tokens`, body).catch((refusal) => {
    throw aboutArguments(refusal, [
      { at: 'token.user_id', field: 'userId', nextTool: 'list_organization_users' },
      { at: 'token.description', field: 'description' },
      { at: 'token.custom_claims', field: 'customClaims' },
      { at: 'token.expiry', field: 'expiresAt' },
    ]);
  });
  const { token, token_id, token_info: details } = checkAnswer(New, answer, 'write');
  const kept = notCameTrue(askedOf(organizationId, wanted, details));
  return { token, token_id, details, ...(kept.length > 0 && { not_applied: kept }) };
}

function askedOf(
  organizationId: string,
  { userId, description, customClaims, expiresAt }: Wanted,
  shown: z.output<typeof ApiToken> | null | undefined,
): Readonly<Record<string, Asked>> {
  return {
    organizationId: { asked: organizationId, shown: shown?.organization_id },
    userId: { asked: userId, shown: shown?.user_id },
    description: { asked: description, shown: shown?.description },
    customClaims: { asked: customClaims, shown: namedOf(customClaims, shown?.custom_claims) },
    expiresAt: { asked: expiresAt && Date.parse(expiresAt), shown: shown?.expiry && Date.parse(shown.expiry) },
  };
}

/**
 * Reads a token that is to end, and whose it is (`GET /tokens`, `GET /organizations/{id}`).
 * @throws ToolError `not_found`
 */
export async function showToken(api: Api, organizationId: string, tokenId: string) {
  const found = await findToken(api, organizationId, tokenId);
  if (found === undefined) {
    const message = 'This organization has no active token with this id.';
    throw new ToolError('not_found', message, { field: 'tokenId', nextTool: LIST });
  }
  const { organization } = checkAnswer(OneOwner, await api.get(path`/organizations/${organizationId}`));
  return { organization, token_detail: found };
}

/**
 * Ends a token (`POST /tokens:invalidate`), by its id, so that the token itself passes through nobody's hands; then looks
 * whether it is listed still.
 * @throws ToolError `not_applied`
 */
export async function invalidateToken(api: Api, organizationId: string, tokenId: string) {
  await api.post(path`/tokens:invalidate`, { token: tokenId });
  if ((await readBack(findToken(api, organizationId, tokenId), LIST)) === undefined) return { invalidated_id: tokenId };
  const message =
    'Scalekit accepted the call, but the token is still active. Do not repeat the call: end it in the Scalekit dashboard.';
  throw new ToolError('not_applied', message, { nextTool: LIST });
}

async function findToken(api: Api, organizationId: string, tokenId: string) {
  const query = { organization_id: organizationId, page_size: PAGE_SIZE };
  for await (const { entries } of pagesOf(api, path`/tokens`, query, 'tokens', Listed)) {
    const found = entries.find(({ token_id }) => token_id === tokenId);
    if (found !== undefined) return found;
  }
  return undefined;
}
