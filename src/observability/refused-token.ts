import { charactersRead } from './encoded.ts';
import { MAX_TEXT, plainText } from './plain-text.ts';
import type { RefusedToken } from './request-facts.ts';

/** How many entries of a list are shown, such as those of `aud`. */
const MAX_ENTRIES = 5;
/** So many characters of what came are cleaned in all. A good token says much less. */
const MAX_CLEANED = 2_000;
/** Stands for a text that is not cleaned. */
const TOO_LONG = '(too long)';

/**
 * The same facts, short and without secrets and invisible characters: anybody can write anything into a token.
 * @param clean cleans the beginning of a text that a record shows (`beginningOfEncoded`)
 */
export function plainToken({ came, expected }: RefusedToken, clean: (text: string) => string): RefusedToken {
  return { came: plain(came, upTo(MAX_CLEANED, clean)), expected: plain(expected, clean) };
}

/** Cleans texts as long as no more characters of them are read together. */
function upTo(longest: number, clean: (text: string) => string): (text: string) => string {
  let left = longest;
  return (text) => {
    const read = charactersRead(text, MAX_TEXT);
    if (read > left) return TOO_LONG;
    left -= read;
    return clean(text);
  };
}

function plain(facts: Readonly<Record<string, unknown>>, clean: (text: string) => string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, plainValue(value, clean)]));
}

function plainValue(value: unknown, clean: (text: string) => string): unknown {
  if (value === undefined || typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value === 'string') return plainText(clean(value));
  if (!Array.isArray(value)) return `(${value === null ? 'null' : typeof value})`;
  const shown = value
    .slice(0, MAX_ENTRIES)
    .map((entry) => (Array.isArray(entry) ? '(list)' : plainValue(entry, clean)));
  return value.length > MAX_ENTRIES ? [...shown, `(${value.length - MAX_ENTRIES} more)`] : shown;
}
