import { isObject } from './json.ts';

/**
 * An answer with the lists that it leaves out. JSON of protocol buffers may leave out a list that is empty, or write null
 * for it. It is taken for empty only where the answer says itself that it holds no more: by another of its lists, a total
 * of zero, or an empty token of the next page. Anything else stays as it is, since a failure must never read as "there is
 * none".
 * @param lists the members that hold the entries
 */
export function withEmptyLists(answer: unknown, lists: readonly string[]): unknown {
  if (!isObject(answer)) return answer;
  const missing = lists.filter((name) => answer[name] === undefined || answer[name] === null);
  if (missing.length === 0) return answer;
  const hasOther = missing.length < lists.length;
  if (!hasOther && !saysNone(answer)) return answer;
  return { ...answer, ...Object.fromEntries(missing.map((name) => [name, []])) };
}

/** Whether an answer without a list says itself that it is empty, and nothing that speaks against it. */
function saysNone({ total_size: total, next_page_token: next }: Record<string, unknown>): boolean {
  const isZero = total === 0 || total === '0';
  const isUnknown = total === undefined || total === null;
  const isLast = next === '';
  return (isZero && (isLast || next === undefined || next === null)) || (isLast && isUnknown);
}
