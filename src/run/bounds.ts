import { type ArgumentLimits, LONGEST_TEXT, MOST_ENTRIES, NO_OWN_LIMITS } from '../access/argument-limits.ts';
import { ToolError } from '../core/errors.ts';
import { isLonger } from '../core/text-length.ts';

const MAX_FIELD = 100;
/** Controls other than tab and line breaks. No argument of any tool holds one. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: refusing them is the point.
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/;

/**
 * Refuses arguments that no tool takes, whatever its schema says. Runs before any schema, so that schemas and what comes
 * after them only see texts of bounded length, and lists and objects of bounded size. Linear in the size of the arguments, each of which is visited once.
 *
 * - A text, or the name of a member, that is too long: longer than its schema allows, but never less than
 *   `LONGEST_TEXT`, because schemas may remove white space before they count.
 * - A list or object inside an argument that has too many entries, by its schema or `MOST_ENTRIES`, whichever is more.
 * - A text with control characters or lone surrogates.
 * - A member called `__proto__` inside an argument. Schemas that accept any name drop such a member silently, so that
 *   something the caller wants to write would be lost. Schemas that list their members refuse it themselves.
 * @param args as the client sent them, not nested deeper than `MAX_DEPTH`
 * @throws ToolError `invalid_arguments` that names the argument and its limit
 */
export function refuseUnbounded(args: Readonly<Record<string, unknown>>, limits: ArgumentLimits): void {
  visit(args, limits, []);
}

/** @param path the names on the way to the value; changed during the visit */
function visit(value: unknown, limits: ArgumentLimits, path: string[]): void {
  if (typeof value === 'string') refuseText(value, limits.longest, path);
  if (typeof value !== 'object' || value === null) return;
  const isList = Array.isArray(value);
  const names = Object.keys(value);
  if (path.length > 0 && names.length > Math.max(limits.entries, MOST_ENTRIES)) {
    throw refusedAt(path, `must have at most ${limits.entries} entries`);
  }
  for (const name of names) {
    path.push(name);
    if (!isList) refuseName(name, path);
    visit((value as Record<string, unknown>)[name], limits.members.get(name) ?? limits.others ?? NO_OWN_LIMITS, path);
    path.pop();
  }
}

function refuseName(name: string, path: readonly string[]): void {
  if (name.length > LONGEST_TEXT) throw refusedAt(path, `its name must be at most ${LONGEST_TEXT} characters`);
  if (name === '__proto__' && path.length > 1) throw refusedAt(path, 'this name cannot be written; choose another one');
}

function refuseText(text: string, longest: number, path: readonly string[]): void {
  if (isLonger(text, Math.max(longest, LONGEST_TEXT))) throw refusedAt(path, `must be at most ${longest} characters`);
  if (CONTROL.test(text)) throw refusedAt(path, 'must not hold control characters');
  if (!text.isWellFormed()) throw refusedAt(path, 'must be well-formed Unicode, without lone surrogates');
}

/** The error for the argument at a path. Each name of it is cut, because callers choose them. */
export function refusedAt(path: readonly string[], why: string): ToolError {
  const field = path
    .map((name) => name.slice(0, MAX_FIELD))
    .join('.')
    .slice(0, MAX_FIELD);
  return new ToolError('invalid_arguments', `Correct the arguments and call again. ${field}: ${why}`, { field });
}
