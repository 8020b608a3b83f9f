import type { Path } from '../core/api.ts';
import { ToolError } from '../core/errors.ts';

/** Longest value that may become a path segment. The API's own ids stay below 64. */
const MAX_SEGMENT = 256;

/**
 * The only way to build a path of the management API:
 *
 *     path`/organizations/${organizationId}:search`
 *
 * Each value becomes (part of) exactly one segment: it is percent-encoded, and values that could still climb out of
 * their segment or hide in it are refused.
 * @throws ToolError `invalid_arguments`
 */
export function path(strings: TemplateStringsArray, ...values: readonly string[]): Path {
  const text = String.raw({ raw: strings.raw }, ...values.map(encodeSegment));
  return { text, template: templateOf(strings) } as Path;
}

/** One for each place in the code that makes paths, whatever values it is given. */
const templates = new WeakMap<TemplateStringsArray, string>();

function templateOf(strings: TemplateStringsArray): string {
  const known = templates.get(strings);
  if (known !== undefined) return known;
  const template = strings.raw.join('{}');
  templates.set(strings, template);
  return template;
}

function encodeSegment(value: string): string {
  if (value === '' || value.length > MAX_SEGMENT || value === '.' || value === '..' || !isPlain(value)) {
    throw new ToolError('invalid_arguments', 'An id is empty, too long, or holds characters that no id has.');
  }
  return encodeURIComponent(value);
}

/** No control characters, no lone surrogates, and nothing that normalizes into a dot or a slash. */
function isPlain(value: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: refusing them is the point.
  if (/[\u0000-\u001f\u007f]/.test(value) || !value.isWellFormed()) return false;
  const normalized = value.normalize('NFKC');
  return normalized !== '.' && normalized !== '..' && !/[/\\]/.test(normalized);
}
