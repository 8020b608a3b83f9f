import type { JsonObject } from '../core/json.ts';
import type { Trimmed } from './long-list.ts';
import { MARK, shorten, type TextRules } from './shorten.ts';

/** How many characters the mark adds to the text: its two braces become one comma. */
const RESERVE = JSON.stringify(MARK).length - 1;

/**
 * Shortens an answer that is not a list itself, and sets `truncated` if anything was left out.
 * @param budget in characters of JSON
 * @param wasCut whether something was left out before
 * @param rules which texts are shortened, and how much
 */
export function cutObject(data: JsonObject, budget: number, wasCut = false, rules?: TextRules): Trimmed {
  if (wasCut) return cutObject({ ...data, ...MARK }, budget, false, rules);
  const whole = JSON.stringify(data);
  if (whole.length <= budget) return { data, text: whole };
  const shorter = shorten(data, budget - RESERVE, rules);
  if (shorter === undefined) return { data, text: whole };
  const cut = { ...shorter, ...MARK };
  return { data: cut, text: JSON.stringify(cut) };
}
