import { type DescField, type DescMessage, fromJson, type JsonValue, type Message, toJson } from '@bufbuild/protobuf';
import type { Binding } from './binding.ts';

type Members = Record<string, unknown>;

/** The three places where a request carries its fields. */
export interface RequestParts {
  readonly path: ReadonlyMap<string, string>;
  readonly query: URLSearchParams;
  /** The JSON value of the body; `undefined` when there is none. */
  readonly body: unknown;
}

/** How deep a google.protobuf.Struct may be nested. */
const MAX_DEPTH = 1000;

/** A value that is not of its field's type. The text is meant for whoever sent it. */
export class MalformedRequest extends Error {
  override readonly name = 'MalformedRequest';
}

/**
 * Puts a request message together as the gateway does: path segments first, then the body, which fills the field that
 * the binding names (`*`: the whole message), then the query for what is left. Names may be in proto form or in
 * camelCase, unknown ones are ignored and null means unset, as protojson does when it is told to discard unknowns.
 * @throws MalformedRequest
 */
export function readRequest(desc: DescMessage, binding: Binding, { path, query, body }: RequestParts): Message {
  const members: Members = { ...bodyMembers(binding.body, body) };
  if (binding.body !== '*') {
    const filled = desc.fields.find(({ name }) => name === binding.body);
    for (const [name, texts] of parameters(query)) setParameter(members, desc, name.split('.'), { texts, filled });
  }
  for (const [name, segment] of path) members[name] = segment;
  setMask(members, desc, binding.body);
  return decode(desc, members);
}

/**
 * Reads a JSON value as a message, as protojson does when it is told to discard unknown fields.
 * @throws MalformedRequest
 */
export function decode(desc: DescMessage, value: unknown): Message {
  try {
    return fromJson(desc, knownMembers(desc, value) as JsonValue, { recursionLimit: MAX_DEPTH });
  } catch (error) {
    throw new MalformedRequest(`proto: ${(error as Error).message}`.slice(0, 300), { cause: error });
  }
}

/** A message in the form of the gateway's JSON (see `Json`). */
export function toRequest(desc: DescMessage, message: Message): JsonValue {
  return toJson(desc, message, { useProtoFieldName: true, alwaysEmitImplicit: true });
}

/** Finds a field by its proto name or its camelCase name. */
function fieldNamed({ fields }: DescMessage, name: string): DescField | undefined {
  return fields.find((field) => field.name === name) ?? fields.find((field) => field.jsonName === name);
}

function bodyMembers(filled: string | undefined, body: unknown): Members {
  if (filled === undefined || body === undefined) return {};
  if (filled !== '*') return { [filled]: body };
  if (isObject(body)) return body;
  throw new MalformedRequest(`proto: syntax error: the body is ${Array.isArray(body) ? 'an array' : typeof body}`);
}

function parameters(query: URLSearchParams): (readonly [name: string, texts: readonly string[]])[] {
  return [...new Set(query.keys())].map((name) => [name, query.getAll(name)] as const);
}

/** Sets the field that a parameter such as `filter.client_type` names. What the body fills, the query does not. */
function setParameter(
  members: Members,
  desc: DescMessage,
  [name = '', ...deeper]: readonly string[],
  { texts, filled }: { texts: readonly string[]; filled?: DescField | undefined },
): void {
  const field = fieldNamed(desc, name);
  if (field === undefined || field === filled) return;
  if (deeper.length > 0) {
    if (field.fieldKind !== 'message') return;
    const inner = isObject(members[field.name]) ? (members[field.name] as Members) : {};
    members[field.name] = inner;
    setParameter(inner, field.message, deeper, { texts });
    return;
  }
  const before = members[field.name];
  const values = [
    ...(Array.isArray(before) ? before : before === undefined ? [] : [before]),
    ...texts.map(fromText(field)),
  ];
  if (field.fieldKind !== 'list' && values.length > 1)
    throw new MalformedRequest(`too many values for field "${name}"`);
  members[field.name] = field.fieldKind === 'list' ? values : values[0];
}

/** A text as the JSON value that it stands for; as it is when it stands for none, to be found malformed later. */
function fromText(field: DescField): (text: string) => unknown {
  const isBoolean = field.scalar === BOOL || field.message?.typeName === 'google.protobuf.BoolValue';
  if (isBoolean) return (text) => (text === 'true' || text === 'false' ? text === 'true' : text);
  return (text) => (field.enum !== undefined && /^\d+$/.test(text) ? Number(text) : text);
}

/** google.protobuf.FieldDescriptorProto.Type */
const BOOL = 8;

/**
 * A PATCH changes what its body names: grpc-gateway fills the field mask of the request with those names, unless the
 * request brings a mask of its own.
 */
function setMask(members: Members, desc: DescMessage, filled: string | undefined): void {
  const mask = desc.fields.find(({ message }) => message?.typeName === 'google.protobuf.FieldMask');
  const changed = desc.fields.find(({ name }) => name === filled);
  if (mask === undefined || changed?.message === undefined || members[mask.name] !== undefined) return;
  const body = members[changed.name];
  if (!isObject(body)) return;
  const named = Object.keys(body).flatMap((name) => fieldNamed(changed.message as DescMessage, name)?.jsonName ?? []);
  members[mask.name] = [...new Set(named)].join(',');
}

/** The value with the members that its message has fields for, by their proto names and without nulls. */
function knownMembers(desc: DescMessage, value: unknown): unknown {
  if (!isObject(value) || desc.typeName.startsWith('google.protobuf.')) return value;
  const known = desc.fields.flatMap((field): [string, unknown][] => {
    const member = ownMember(value, field.name) ?? ownMember(value, field.jsonName);
    return member === undefined || member === null ? [] : [[field.name, knownMember(field, member)]];
  });
  return Object.fromEntries(known);
}

function knownMember({ fieldKind, message }: DescField, value: unknown): unknown {
  if (message === undefined) return value;
  if (fieldKind === 'list' && Array.isArray(value)) return value.map((item) => knownMembers(message, item));
  if (fieldKind !== 'map' || !isObject(value)) return knownMembers(message, value);
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, knownMembers(message, entry)]));
}

function ownMember(value: Members, name: string): unknown {
  return Object.hasOwn(value, name) ? value[name] : undefined;
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
