import { isObject, type JsonObject } from '../core/json.ts';
import { Heap } from './heap.ts';
import { howMany, type Trimmed } from './long-list.ts';

const MARK = { truncated: true };
/** How many characters the mark adds to the text: its two braces become one comma. */
const RESERVE = JSON.stringify(MARK).length - 1;

/**
 * Shortens an answer that is not a list itself. The longest array inside loses entries from its end, then the next
 * longest, until the answer fits, and `truncated` is set. Every array keeps at least one entry, because an empty array
 * would mean that there is nothing. An answer that is still too long then, such as one with a long text, is not cut
 * further. Each array is measured once.
 * @param budget in characters of JSON
 * @param wasCut whether something was left out before
 */
export function cutObject(data: JsonObject, budget: number, wasCut = false): Trimmed {
  if (wasCut) return cutObject({ ...data, ...MARK }, budget);
  const whole = JSON.stringify(data);
  if (whole.length <= budget) return { data, text: whole };
  const copy: JsonObject = JSON.parse(whole);
  const candidates = new Heap<Candidate>(({ length }) => length);
  addArrays(copy, candidates);
  let left = whole.length + RESERVE - budget;
  let isCut = false;
  while (left > 0) {
    const longest = candidates.pop();
    if (longest === undefined) break;
    const { array, length } = longest;
    const removed = array.splice(howMany(array, length - left - '[]'.length));
    left -= removed.reduce<number>((sum, entry) => sum + JSON.stringify(entry).length + 1, 0);
    isCut ||= removed.length > 0;
    // Arrays inside of an array that has kept several entries are shorter than what it has lost.
    if (array.length === 1) addArrays(array[0], candidates);
  }
  if (!isCut) return { data, text: whole };
  const cut = { ...copy, ...MARK };
  return { data: cut, text: JSON.stringify(cut) };
}

interface Candidate {
  readonly array: unknown[];
  /** Characters of JSON. */
  readonly length: number;
}

/** Adds the outermost arrays with more than one entry, at any depth. Arrays inside of them are shorter. */
function addArrays(value: unknown, candidates: Heap<Candidate>): void {
  if (Array.isArray(value) && value.length > 1) {
    candidates.push({ array: value, length: JSON.stringify(value).length });
    return;
  }
  const inside = Array.isArray(value) ? value : isObject(value) ? Object.values(value) : [];
  for (const entry of inside) addArrays(entry, candidates);
}
