import { type DescField, type DescMessage, ScalarType } from '@bufbuild/protobuf';
import type { ApiOperation } from './registry.ts';
import { isObject, unknownField } from './spelling.ts';

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
export function assemble(operation: ApiOperation, { segments, query, body }: RequestParts): Assembled {
  const request: Record<string, unknown> = {};
  for (const [name, segment] of segments) {
    const field = fieldNamed(operation.method.input, name);
    request[name] = field === undefined ? segment : fromText(segment, field);
  }
  const problems = [...addQuery(request, operation, query), ...addBody(request, operation, body)];
  return { request, problems };
}

function addBody(request: Record<string, unknown>, { body: fills }: ApiOperation, body: unknown): string[] {
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

function addQuery(request: Record<string, unknown>, operation: ApiOperation, query: URLSearchParams): string[] {
  const inPath = new Set(Object.keys(request));
  return [...new Set(query.keys())].flatMap((name) => {
    if (operation.body === '*') return [`query ${name}: the operation has no query, its body holds all fields`];
    const [first = ''] = name.split('.');
    if (inPath.has(first)) return [`query ${name}: is in the path already`];
    if (first === operation.body) return [`query ${name}: belongs into the body`];
    return addParameter(request, operation.method.input, name, query.getAll(name));
  });
}

/** Sets the field that a parameter such as `filter.provider` names. */
function addParameter(
  request: Record<string, unknown>,
  message: DescMessage,
  name: string,
  values: readonly string[],
): string[] {
  const steps = name.split('.');
  const last = steps.pop() ?? '';
  let place = request;
  let within = message;
  for (const step of steps) {
    const field = fieldNamed(within, step);
    if (field === undefined) return [unknownField('query ', step, within)];
    if (field.fieldKind !== 'message' || isValue(field)) return [`query ${name}: ${step} has no fields`];
    const inner = isObject(place[step]) ? { ...place[step] } : {};
    place[step] = inner;
    place = inner;
    within = field.message;
  }
  const field = fieldNamed(within, last);
  if (field === undefined) return [unknownField('query ', last, within)];
  return setParameter(place, field, name, values);
}

function setParameter(
  place: Record<string, unknown>,
  field: DescField,
  parameter: string,
  values: readonly string[],
): string[] {
  const { name, fieldKind } = field;
  if (fieldKind === 'map' || (field.message !== undefined && !isValue(field)))
    return [`query ${parameter}: does not fit into a parameter`];
  if (fieldKind !== 'list' && values.length > 1) return [`query ${parameter}: is there ${values.length} times`];
  const read = values.map((value) => fromText(value, field));
  place[name] = fieldKind === 'list' ? read : read[0];
  return [];
}

/** A text as the JSON value that it stands for; as it is when it stands for none, to be found wrong later. */
function fromText(text: string, { scalar, message }: DescField): unknown {
  if (scalar === ScalarType.BOOL || message?.typeName === 'google.protobuf.BoolValue') {
    return text === 'true' || (text === 'false' ? false : text);
  }
  const isWrapped = /^google\.protobuf\.U?Int32Value$/.test(message?.typeName ?? '');
  if ((scalar === undefined && !isWrapped) || scalar === ScalarType.STRING || scalar === ScalarType.BYTES) return text;
  return /^-?\d+(\.\d+)?$/.test(text) && Number.isSafeInteger(Math.trunc(Number(text))) ? Number(text) : text;
}

function fieldNamed({ fields }: DescMessage, name: string): DescField | undefined {
  return fields.find((field) => field.name === name);
}

/** Whether a message is written as one value, as wrappers, timestamps and durations are. */
function isValue({ message }: DescField): boolean {
  return message?.typeName.startsWith('google.protobuf.') === true;
}
