import { isObject, type JsonObject } from '../core/json.ts';
import { howMany, type Trimmed } from './long-list.ts';

const MARK = { truncated: true };
/** How many characters the mark adds to the text: its two braces become one comma. */
const RESERVE = JSON.stringify(MARK).length - 1;

/**
 * Shortens an answer that is not a list itself. The longest array inside loses entries from its end, then the next
 * longest, until the answer fits, and `truncated` is set. Every array keeps at least one entry, because an empty array
 * would mean that there is nothing. An answer that is still too long then, such as one with a long text, is not cut
 * further.
 * @param budget in characters of JSON
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

/** The longest array with more than one entry, at any depth. */
function longestArray(value: unknown): Candidate | undefined {
  // Arrays inside of it are shorter.
  if (Array.isArray(value) && value.length > 1) return { array: value, length: JSON.stringify(value).length };
  const inside = Array.isArray(value) ? value : isObject(value) ? Object.values(value) : [];
  return inside
    .map(longestArray)
    .reduce((longest, other) => ((other?.length ?? 0) > (longest?.length ?? 0) ? other : longest), undefined);
}
