import { unknownField } from './check-message.ts';
import { isObject } from './check-value.ts';
import type { Field, Message, Operation, Type } from './model.ts';

/** The places where a request carries its fields. */
interface RequestParts {
  readonly segments: ReadonlyMap<string, string>;
  readonly query: URLSearchParams;
  /** `undefined` when there is none. */
  readonly body: unknown;
}

interface Assembled {
  /** The request message as one JSON object. */
  readonly request: Record<string, unknown>;
  /** What cannot be put into it. */
  readonly problems: readonly string[];
}

/** Puts a request message together as the gateway does: from the path, the body and, for what is left, the query. */
export function assemble(operation: Operation, { segments, query, body }: RequestParts): Assembled {
  const request: Record<string, unknown> = {};
  for (const [name, segment] of segments) {
    const field = operation.request.fields.get(name);
    request[name] = field === undefined ? segment : fromText(segment, field.type);
  }
  const problems = [...addQuery(request, operation, query), ...addBody(request, operation, body)];
  return { request, problems };
}

function addBody(request: Record<string, unknown>, { body: fills }: Operation, body: unknown): string[] {
  if (fills === undefined) return body === undefined ? [] : ['the operation has no body, one was sent'];
  if (body === undefined) return ['the operation has a body, none was sent'];
  if (fills !== '*') {
    request[fills] = body;
    return [];
  }
  if (!isObject(body)) return ['the body is not an object'];
  return Object.entries(body).flatMap(([name, value]) => {
    if (Object.hasOwn(request, name)) return [`${name}: is in the path already`];
    request[name] = value;
    return [];
  });
}

function addQuery(request: Record<string, unknown>, operation: Operation, query: URLSearchParams): string[] {
  const inPath = new Set(Object.keys(request));
  return [...new Set(query.keys())].flatMap((name) => {
    if (operation.body === '*') return [`query ${name}: the operation has no query, its body holds all fields`];
    const [first = ''] = name.split('.');
    if (inPath.has(first)) return [`query ${name}: is in the path already`];
    if (first === operation.body) return [`query ${name}: belongs into the body`];
    return addParameter(request, operation.request, name, query.getAll(name));
  });
}

/** Sets the field that a parameter such as `filter.provider` names. */
function addParameter(
  request: Record<string, unknown>,
  message: Message,
  name: string,
  values: readonly string[],
): string[] {
  const steps = name.split('.');
  const last = steps.pop() ?? '';
  let place = request;
  let within = message;
  for (const step of steps) {
    const field = within.fields.get(step);
    if (field === undefined) return [unknownField('query ', step, within)];
    if (field.type.kind !== 'message' || field.shape !== 'one') return [`query ${name}: ${step} has no fields`];
    const inner = isObject(place[step]) ? { ...place[step] } : {};
    place[step] = inner;
    place = inner;
    within = field.type.message;
  }
  const field = within.fields.get(last);
  if (field === undefined) return [unknownField('query ', last, within)];
  return setParameter(place, field, name, values);
}

function setParameter(
  place: Record<string, unknown>,
  { name, shape, type }: Field,
  parameter: string,
  values: readonly string[],
): string[] {
  if (shape === 'map' || type.kind === 'message') return [`query ${parameter}: does not fit into a parameter`];
  if (shape === 'one' && values.length > 1) return [`query ${parameter}: is there ${values.length} times`];
  const read = values.map((value) => fromText(value, type));
  place[name] = shape === 'list' ? read : read[0];
  return [];
}

/** A text as the JSON value that it stands for; as it is when it stands for none, to be found wrong later. */
function fromText(text: string, type: Type): unknown {
  if (type.kind !== 'scalar' || type.scalar === 'string' || type.scalar === 'bytes') return text;
  if (type.scalar === 'bool') return text === 'true' || (text === 'false' ? false : text);
  return /^-?\d+(\.\d+)?$/.test(text) && Number.isSafeInteger(Math.trunc(Number(text))) ? Number(text) : text;
}
