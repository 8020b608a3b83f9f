import { ApiError } from './api-error.ts';
import { type Decoded, malformed, mapShape, type Shape, toCamelCase } from './message.ts';

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
    const parameter = single(query, name);
    if (parameter !== undefined && bodyField !== '*') return field.fromText(parameter, name);
    return field.fromJson(whole[name] ?? whole[toCamelCase(name)], name);
  });
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

function single(query: URLSearchParams, name: string): string | undefined {
  const values = [...query.getAll(name), ...(toCamelCase(name) === name ? [] : query.getAll(toCamelCase(name)))];
  if (values.length > 1) throw new ApiError('INVALID_ARGUMENT', `too many values for field "${name}"`);
  return values[0];
}
