import type { ParsedUrlQuery } from 'node:querystring';
import { grantableTo, type ProtectedServer } from './protected-server.ts';
import { namesIn } from './target.ts';

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
 * - without `scope`, all scopes of the server are meant (RFC 6749 §3.3 leaves the default to the server), and `openid` of
 *   one that has none, as the provider grants nothing to whoever asks for nothing;
 * - a client that can renew its access gets `offline_access` added, as Scalekit's SDK for Python says of MCP clients;
 * - `audience` is another word for `resource`, and of several names for the server one is enough;
 * - every `prompt` that asks for another account is the page where people choose who they are, and values that nobody
 *   has defined are dropped;
 * - `offline_access` needs no `prompt=consent` beside it, as OpenID Connect Core §11 would have it: a person is asked
 *   in any case.
 * @param renews whether the client has registered for refresh tokens
 */
export function amendAuthorizationQuery(
  query: ParsedUrlQuery,
  server: ProtectedServer,
  renews: boolean,
): ParsedUrlQuery {
  const { audience: _audience, resource: _resource, prompt: _prompt, scope: _scope, ...rest } = query;
  const names = namesIn(query) as string[];
  // The provider refuses a name that is nobody's, and tells the client.
  const resource = names.find((name) => !server.names.includes(name)) ?? names[0];
  const scope = amendScope(query, server, renews);
  const prompt = amendPrompt(query['prompt'], scope);
  return {
    ...rest,
    scope,
    ...(resource !== undefined && { resource }),
    ...(prompt !== undefined && { prompt }),
  };
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
function amendScope({ scope, client_id: clientId }: ParsedUrlQuery, server: ProtectedServer, renews: boolean) {
  if (Array.isArray(scope)) return scope;
  const isUnsaid = scope === undefined || scope.trim() === '';
  const asked = isUnsaid ? server.within(String(clientId), server.scopes.usual).join(' ') || 'openid' : scope;
  const known = grantableTo(server, clientId, asked);
  const isRenewed = renews && known.length > 0 && !known.includes('offline_access');
  return isRenewed ? `${asked} offline_access` : asked;
}
