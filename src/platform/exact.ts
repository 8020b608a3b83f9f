import type { z } from 'zod';
import { isExact } from '../core/invisible.ts';

/** A text by which something is found later: it holds no character that people do not see. */
export function exact(text: z.ZodString) {
  return text.refine(isExact, 'must not hold characters that nobody sees');
}

/** A text without the white space around it. What else nobody sees stays, and is refused. */
export function trimmed(text: z.ZodString) {
  return text.overwrite(withoutSpaceAround);
}

const SPACE: ReadonlySet<string | undefined> = new Set([' ', '\t', '\n', '\r']);

/** Linear in the length of the text, where a regular expression would not be. */
export function withoutSpaceAround(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && SPACE.has(text[start])) start++;
  while (end > start && SPACE.has(text[end - 1])) end--;
  return text.slice(start, end);
}
