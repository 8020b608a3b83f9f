/** The longest URI that is looked at, in characters. */
const MAX_URI = 2_000;
const VARIABLE = /^\{(\+?)([A-Za-z]\w*)\}$/;

/** A template of URIs (RFC 6570), as far as resources use it. */
export interface UriTemplate {
  readonly text: string;
  readonly variables: readonly string[];
  /** The values of the variables in a URI, decoded; undefined when the template does not stand for it. */
  match(uri: string): Readonly<Record<string, string>> | undefined;
  /** The URI with these values in it, encoded; undefined when one is missing. Others are ignored. */
  expand(values: Readonly<Record<string, string>>): string | undefined;
}

/**
 * Reads a template: a scheme, and segments between slashes, each a literal or one variable. `{name}` stands for one segment that
 * is not empty, `{+name}`, which comes last, for all that follows. Matching takes linear time.
 * @throws Error for another form
 */
export function uriTemplate(text: string): UriTemplate {
  const parts = text.split('/').map(partOf);
  const rest = parts.findIndex((part) => part.kind === 'rest');
  if (rest !== -1 && rest !== parts.length - 1) throw new Error(`What follows {+…} in ${text} would never match.`);
  return Object.freeze({
    text,
    variables: Object.freeze(parts.flatMap((part) => (part.kind === 'literal' ? [] : [part.name]))),
    match: (uri: string) => (uri.length > MAX_URI ? undefined : match(parts, uri)),
    expand: (values: Readonly<Record<string, string>>) => expand(parts, values),
  });
}

type Part =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'segment' | 'rest'; readonly name: string };

function partOf(text: string): Part {
  const [, isRest, name] = VARIABLE.exec(text) ?? [];
  if (name !== undefined) return { kind: isRest === '+' ? 'rest' : 'segment', name };
  if (/[{}?#]/.test(text)) throw new Error(`A segment of a URI template is a literal or one variable: ${text}`);
  return { kind: 'literal', text };
}

function match(parts: readonly Part[], uri: string): Readonly<Record<string, string>> | undefined {
  const segments = segmentsOf(uri, parts);
  if (segments === undefined) return undefined;
  const values: Record<string, string> = {};
  for (const [i, part] of parts.entries()) {
    const segment = segments[i] ?? '';
    if (part.kind === 'literal' && segment !== part.text) return undefined;
    if (part.kind === 'literal') continue;
    const value = decoded(segment);
    if (value === undefined || value === '') return undefined;
    values[part.name] = value;
  }
  return values;
}

function expand(parts: readonly Part[], values: Readonly<Record<string, string>>): string | undefined {
  const segments: string[] = [];
  for (const part of parts) {
    const segment = part.kind === 'literal' ? part.text : encoded(part, values);
    if (segment === undefined) return undefined;
    segments.push(segment);
  }
  return segments.join('/');
}

function encoded(
  { kind, name }: Exclude<Part, { kind: 'literal' }>,
  values: Readonly<Record<string, string>>,
): string | undefined {
  const value = Object.hasOwn(values, name) ? values[name] : undefined;
  if (value === undefined || value === '') return undefined;
  return kind === 'rest' ? value.split('/').map(encodeURIComponent).join('/') : encodeURIComponent(value);
}

/** As many segments as a template has parts, the last of which may hold the rest; undefined when there are not as many. */
function segmentsOf(uri: string, parts: readonly Part[]): readonly string[] | undefined {
  // A query or a fragment would be another resource than the one that is read.
  if (/[?#\s]/.test(uri)) return undefined;
  const segments = uri.split('/');
  if (parts.at(-1)?.kind !== 'rest') return segments.length === parts.length ? segments : undefined;
  const before = segments.slice(0, parts.length - 1);
  const rest = segments.slice(parts.length - 1);
  return rest.length > 0 ? [...before, rest.join('/')] : undefined;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
