import type { Path } from '../core/api.ts';
import { ToolError } from '../core/errors.ts';

/** The longest value that may become a path segment, in characters. The API's own ids are shorter than 64. */
const MAX_SEGMENT = 256;

/**
 * The only way to build a path of the management API:
 *
 *     path`/organizations/${organizationId}:search`
 *
 * Each value becomes (part of) exactly one segment: it is percent-encoded (RFC 3986 §2.1). Values that could still
 * change the path, such as `..`, or that contain invisible characters are refused.
 * @throws ToolError `invalid_arguments` for such a value
 */
export function path(strings: TemplateStringsArray, ...values: readonly string[]): Path {
  const text = String.raw({ raw: strings.raw }, ...values.map(encodeSegment));
  return { text, template: templateOf(strings) } as Path;
}

/** The template of each tagged template in the code. It does not depend on the values. */
const templates = new WeakMap<TemplateStringsArray, string>();

function templateOf(strings: TemplateStringsArray): string {
  const known = templates.get(strings);
  if (known !== undefined) return known;
  const template = strings.raw.join('{}');
  templates.set(strings, template);
  return template;
}

function encodeSegment(value: string): string {
  if (value === '' || value.length > MAX_SEGMENT || value === '.' || value === '..' || !isSafe(value)) {
    throw new ToolError('invalid_arguments', 'An id is empty, too long, or holds characters that no id has.');
  }
  return encodeURIComponent(value);
}

/** Whether a value has no control characters, no lone surrogates, and nothing that normalizes to dots or a slash. */
function isSafe(value: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: refusing them is the point.
  if (/[\u0000-\u001f\u007f]/.test(value) || !value.isWellFormed()) return false;
  const normalized = value.normalize('NFKC');
  return normalized !== '.' && normalized !== '..' && !/[/\\]/.test(normalized);
}
