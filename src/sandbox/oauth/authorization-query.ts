import type { ParsedUrlQuery } from 'node:querystring';
import { RESOURCE_SCOPES } from './scopes.ts';

/**
 * Brings an authorization request into the form that the provider understands as Scalekit would:
 * - without `scope`, all scopes of the resource are meant (RFC 6749 §3.3 leaves the default to the server);
 * - `audience` is another word for `resource`;
 * - `offline_access` needs no `prompt=consent` beside it, as OpenID Connect Core §11 would have it: a person is asked
 *   in any case.
 */
export function amendAuthorizationQuery(query: ParsedUrlQuery): ParsedUrlQuery {
  const { audience, ...rest } = query;
  const resource = rest['resource'] ?? audience;
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
