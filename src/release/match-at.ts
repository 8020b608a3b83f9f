/*
 * Matching at one place of a text, with sticky patterns (`y`): nothing before or behind it is looked at.
 */

/** What a sticky pattern matches at an index. */
export function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

/** Whether a sticky pattern matches at an index. */
export function matchesAt(pattern: RegExp, text: string, at: number): boolean {
  pattern.lastIndex = at;
  return pattern.test(text);
}

/** How many characters a sticky pattern matches at an index; 0 if it does not match. */
export function lengthAt(pattern: RegExp, text: string, at: number): number {
  return matchesAt(pattern, text, at) ? pattern.lastIndex - at : 0;
}
