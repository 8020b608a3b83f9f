import { isObject } from './json.ts';

/** The longest text in an error that may repeat what a client sent, in characters. */
const LONGEST = 500;
/** Of a text that is too long, so many characters stay at its end, where this server's own texts say what would do. */
const END = 150;

/**
 * A text that says what is wrong, and may repeat what somebody sent: its beginning and its end around "…", if it is long.
 * @param longest in characters
 */
export function brief(text: string, longest = LONGEST): string {
  if (text.length <= longest) return text;
  const end = Math.min(END, Math.floor(longest / 3));
  const beginning = text.slice(0, longest - end - '…'.length);
  return `${beginning}…${text.slice(-end)}`.toWellFormed();
}

/** The same JSON value with all texts of it brief. For what an error says beside its message, which is no long list. */
export function withBriefTexts(value: unknown): unknown {
  if (typeof value === 'string') return brief(value);
  if (Array.isArray(value)) return value.map(withBriefTexts);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withBriefTexts(member)]));
}
