import { plainText } from './plain-text.ts';
import type { RefusedToken } from './request-facts.ts';

/** How many entries of a list are shown, such as those of `aud`. */
const MAX_ENTRIES = 5;
/** So many characters of what came are cleaned in all. A good token says much less. */
const MAX_CLEANED = 2_000;
/** Stands for a text that is not cleaned. */
const TOO_LONG = '(too long)';

/** The same facts, short and without secrets and invisible characters: anybody can write anything into a token. */
export function plainToken({ came, expected }: RefusedToken, clean: (text: string) => string): RefusedToken {
  return { came: plain(came, upTo(MAX_CLEANED, clean)), expected: plain(expected, clean) };
}

/** Cleans texts as long as they have no more characters than that together; the first one, which is bounded, in any case. */
function upTo(longest: number, clean: (text: string) => string): (text: string) => string {
  let left = longest;
  return (text) => {
    if (left < longest && text.length > left) return TOO_LONG;
    left -= text.length;
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
