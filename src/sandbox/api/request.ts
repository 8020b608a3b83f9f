import { ApiError } from './api-error.ts';
import { type Decoded, type Field, malformed, mapShape, type Shape, toCamelCase } from './message.ts';

/** The three places where a request carries its fields. */
export interface RequestParts {
  readonly path: ReadonlyMap<string, string>;
  readonly query: URLSearchParams;
  /** The bytes of the body as text; "" when there is none. */
  readonly body: string;
}

/**
 * Puts a request message together as the gateway does: path segments first, then the body, which fills the field that
 * the operation names (`*`: the whole message), then the query for what is left.
 * @throws ApiError for values that do not have their field's type
 */
export function decodeRequest<S extends Shape>(
  shape: S,
  bodyField: string | undefined,
  { path, query, body }: RequestParts,
): Decoded<S> {
  const json = bodyField === undefined ? undefined : parseJson(body);
  const whole = bodyField === '*' ? asObject(json) : {};
  return mapShape(shape, (field, name) => {
    const segment = path.get(name);
    if (segment !== undefined) return field.fromText(segment, name);
    if (name === bodyField) return field.fromJson(json, name);
    if (bodyField === '*') return field.fromJson(whole[name] ?? whole[toCamelCase(name)], name);
    return fromQuery(field, name, query);
  });
}

function fromQuery(field: Field<unknown>, name: string, query: URLSearchParams): unknown {
  const [first, ...more] = [
    ...query.getAll(name),
    ...(toCamelCase(name) === name ? [] : query.getAll(toCamelCase(name))),
  ];
  if (first === undefined) return field.fromJson(membersOf(query, name), name);
  if (more.length === 0) return field.fromText(first, name);
  if (field.fromTexts !== undefined) return field.fromTexts([first, ...more], name);
  throw new ApiError('INVALID_ARGUMENT', `too many values for field "${name}"`);
}

/** `filter.client_type=ENV` as the member of a message. */
function membersOf(query: URLSearchParams, name: string): Record<string, string | string[]> | undefined {
  const keys = [...new Set(query.keys())].filter((key) => key.startsWith(`${name}.`));
  if (keys.length === 0) return undefined;
  const textsOf = (key: string) => {
    const [first = '', ...more] = query.getAll(key);
    return more.length === 0 ? first : [first, ...more];
  };
  return Object.fromEntries(keys.map((key) => [key.slice(name.length + 1), textsOf(key)]));
}

/** Reads a body as JSON; an empty one as unset. */
export function parseJson(body: string): unknown {
  if (body.trim() === '') return undefined;
  try {
    return JSON.parse(body);
  } catch {
    throw new ApiError('INVALID_ARGUMENT', 'proto: syntax error: the body is not JSON');
  }
}

function asObject(json: unknown): Readonly<Record<string, unknown>> {
  if (json === undefined) return {};
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw malformed('body', 'an object', json);
  return json as Record<string, unknown>;
}
