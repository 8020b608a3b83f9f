import { isObject } from '../core/json.ts';

/**
 * An answer without links to authorize, for calls that did not ask for them: even if the API returns some.
 * @param answer as the API has sent it, unchecked
 * @param list the member that holds the states of connections
 */
export function withoutLinks(answer: unknown, list: string): unknown {
  if (!isObject(answer)) return answer;
  const states = answer[list];
  return Array.isArray(states) ? { ...answer, [list]: states.map(withoutLink) } : answer;
}

function withoutLink(state: unknown): unknown {
  if (!isObject(state)) return state;
  const { authentication_link: _, ...rest } = state;
  return rest;
}
