import type { ParsedUrlQuery } from 'node:querystring';
import { RESOURCE_SCOPES } from './scopes.ts';
import { namesIn, type Target } from './target.ts';

/**
 * Brings an authorization request into the form that the provider understands as Scalekit would:
 * - without `scope`, all scopes of the resource are meant (RFC 6749 §3.3 leaves the default to the server);
 * - `audience` is another word for `resource`, and of several names for the server one is enough;
 * - `offline_access` needs no `prompt=consent` beside it, as OpenID Connect Core §11 would have it: a person is asked
 *   in any case.
 */
export function amendAuthorizationQuery(query: ParsedUrlQuery, target: Target): ParsedUrlQuery {
  const { audience, resource: _, ...rest } = query;
  const names = namesIn(query) as string[];
  // The provider refuses a name that is nobody's, and tells the client.
  const resource = names.find((name) => !target.includes(name)) ?? names[0];
  const scope = isBlank(rest['scope']) ? RESOURCE_SCOPES.join(' ') : rest['scope'];
  const prompt = amendPrompt(rest['prompt'], scope);
  return { ...rest, scope, ...(resource !== undefined && { resource }), ...(prompt !== undefined && { prompt }) };
}

function amendPrompt(
  prompt: string | string[] | undefined,
  scope: string | string[] | undefined,
): string | string[] | undefined {
  // A repeated parameter is left for the provider to refuse.
  if (Array.isArray(prompt) || typeof scope !== 'string') return prompt;
  const prompts = (prompt ?? '').split(' ').filter(Boolean);
  const asksAnyway = prompts.includes('consent') || prompts.includes('none');
  if (asksAnyway || !scope.split(' ').includes('offline_access')) return prompt;
  return [...prompts, 'consent'].join(' ');
}

function isBlank(value: string | string[] | undefined): boolean {
  return value === undefined || (typeof value === 'string' && value.trim() === '');
}
