import type { ParsedUrlQuery } from 'node:querystring';
import { grantableScopes, RESOURCE_SCOPES } from './scopes.ts';
import { namesIn, type Target } from './target.ts';

/** OpenID Connect Core §3.1.2.1, and `create` of Initiating User Registration §4.1. */
const PROMPTS: Readonly<Record<string, string>> = {
  none: 'none',
  login: 'login',
  consent: 'consent',
  select_account: 'login',
  create: 'login',
};

/**
 * Brings an authorization request into the form that the provider understands as Scalekit would:
 * - without `scope`, all scopes of the resource are meant (RFC 6749 §3.3 leaves the default to the server);
 * - a client that can renew its access gets `offline_access` added, as Scalekit's SDK for Python says of MCP clients;
 * - `audience` is another word for `resource`, and of several names for the server one is enough;
 * - every `prompt` that asks for another account is the page where people choose who they are, and values that nobody
 *   has defined are dropped;
 * - `offline_access` needs no `prompt=consent` beside it, as OpenID Connect Core §11 would have it: a person is asked
 *   in any case.
 * @param renews whether the client has registered for refresh tokens
 */
export function amendAuthorizationQuery(query: ParsedUrlQuery, target: Target, renews: boolean): ParsedUrlQuery {
  const { audience: _audience, resource: _resource, prompt: _prompt, ...rest } = query;
  const names = namesIn(query) as string[];
  // The provider refuses a name that is nobody's, and tells the client.
  const resource = names.find((name) => !target.includes(name)) ?? names[0];
  const asked = isBlank(rest['scope']) ? RESOURCE_SCOPES.join(' ') : rest['scope'];
  const scope = renews ? withOfflineAccess(asked) : asked;
  const prompt = amendPrompt(query['prompt'], scope);
  return { ...rest, scope, ...(resource !== undefined && { resource }), ...(prompt !== undefined && { prompt }) };
}

function amendPrompt(
  prompt: string | string[] | undefined,
  scope: string | string[] | undefined,
): string | string[] | undefined {
  // A repeated parameter is left for the provider to refuse.
  if (Array.isArray(prompt) || typeof scope !== 'string') return prompt;
  const prompts = [...new Set((prompt ?? '').split(' ').flatMap((value) => PROMPTS[value] ?? []))];
  const asksAnyway = prompts.includes('consent') || prompts.includes('none');
  if (!asksAnyway && scope.split(' ').includes('offline_access')) prompts.push('consent');
  return prompts.length > 0 ? prompts.join(' ') : undefined;
}

/** A repeated parameter is left for the provider to refuse, and a request for nothing that is known stays one. */
function withOfflineAccess(scope: string | string[] | undefined): string | string[] | undefined {
  const known = grantableScopes(scope);
  return known.length === 0 || known.includes('offline_access') ? scope : `${String(scope)} offline_access`;
}

function isBlank(value: string | string[] | undefined): boolean {
  return value === undefined || (typeof value === 'string' && value.trim() === '');
}
