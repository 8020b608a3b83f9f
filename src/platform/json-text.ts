import { z } from 'zod';
import { excessOf, MAX_VALUES } from '../core/extent.ts';
import { isDeeperThan, isObject, type JsonObject, MAX_DEPTH, parseJson } from '../core/json.ts';
import { lostNumbers } from './json-numbers.ts';

/** The longest text, in characters. */
const MAX_LENGTH = 65_536;

/**
 * An argument that is the text of a JSON object. It is a text, because not every model can fill an object of any shape.
 * It is parsed only if it is not longer than that, and neither too wide nor too deep; no number in it becomes another one.
 */
export const jsonText = z
  .string()
  .max(MAX_LENGTH, { abort: true })
  .transform((text, context): JsonObject => {
    const excess = excessOf(text);
    const value = excess === undefined ? parseJson(text) : undefined;
    const isRead = isObject(value) && !isDeeperThan(value, MAX_DEPTH);
    const lost = isRead ? lostNumbers(text) : [];
    if (isRead && lost.length === 0) return value as JsonObject;
    const message = isRead ? tooLarge(lost) : reason(excess ?? (isObject(value) ? 'deep' : 'other'));
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });

function reason(problem: 'deep' | 'many' | 'other'): string {
  if (problem === 'deep') return `has more than ${MAX_DEPTH} levels`;
  return problem === 'many' ? `has more than ${MAX_VALUES} values` : 'must be the text of one JSON object';
}

function tooLarge(places: readonly string[]): string {
  return places.map((place) => `${place}: too large for a JSON number here; give it as text`).join('; ');
}
