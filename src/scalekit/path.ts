import { OTHER } from '../observability/outcomes.ts';
import type { Path } from '../tool/api.ts';
import { ToolError } from '../tool/errors.ts';

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
  if (!templates.has(strings)) templates.set(strings, templateFrom(strings));
  return String.raw({ raw: strings.raw }, ...values.map(encodeSegment)) as Path;
}

/** One for each place in the code that makes paths, whatever values it is given. */
interface Template {
  readonly text: string;
  readonly pattern: RegExp;
  /** How many characters are not values. */
  readonly fixed: number;
}

const templates = new Map<TemplateStringsArray, Template>();

function templateFrom({ raw }: TemplateStringsArray): Template {
  // Encoded values hold neither of the characters that the API puts between them.
  const pattern = raw.map((part) => part.replace(/[^\w/:-]/g, '\\$&')).join('[^/:]+');
  return { text: raw.join('{}'), pattern: new RegExp(`^${pattern}$`), fixed: raw.join('').length };
}

/**
 * A path without its values, for metrics and traces: as it is written in the code, `{}` in place of each value. Where
 * several templates fit, a word of the API is taken for that rather than for an id.
 */
export function templateOf(value: Path): string {
  const fitting = [...templates.values()].filter(({ pattern }) => pattern.test(value));
  return fitting.sort((one, other) => other.fixed - one.fixed)[0]?.text ?? OTHER;
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
