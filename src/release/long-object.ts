import { isObject, type JsonObject } from '../core/json.ts';
import { howMany, type Trimmed } from './long-list.ts';

const MARK = { truncated: true };
/** What the mark adds to the text, its braces becoming a comma. */
const RESERVE = JSON.stringify(MARK).length - 1;

/**
 * Shortens an answer that is not a list itself: of the arrays inside, the longest loses entries from its end, then the next, until
 * the rest fits, and `truncated` says so. None loses its last entry, since an empty array would say that there is
 * nothing. What still does not fit then, such as a long text, stays.
 * @param budget characters of JSON
 */
export function cutObject(data: JsonObject, budget: number): Trimmed {
  const whole = JSON.stringify(data);
  if (whole.length <= budget) return { data, text: whole };
  const copy: JsonObject = JSON.parse(whole);
  let length = whole.length;
  for (;;) {
    const longest = longestArray(copy);
    if (length + RESERVE <= budget || longest === undefined) break;
    const { array, length: before } = longest;
    array.splice(howMany(array, budget - RESERVE - (length - before) - '[]'.length));
    length += JSON.stringify(array).length - before;
  }
  if (length === whole.length) return { data, text: whole };
  const cut = { ...copy, ...MARK };
  return { data: cut, text: JSON.stringify(cut) };
}

interface Candidate {
  readonly array: unknown[];
  /** Characters of JSON. */
  readonly length: number;
}

/** Of the arrays from which an entry may go, at any depth. */
function longestArray(value: unknown): Candidate | undefined {
  // Whatever is inside of it is shorter.
  if (Array.isArray(value) && value.length > 1) return { array: value, length: JSON.stringify(value).length };
  const inside = Array.isArray(value) ? value : isObject(value) ? Object.values(value) : [];
  return inside
    .map(longestArray)
    .reduce((longest, other) => ((other?.length ?? 0) > (longest?.length ?? 0) ? other : longest), undefined);
}
