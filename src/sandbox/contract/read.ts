import type { DescField, DescMessage, Message } from '@bufbuild/protobuf';
import type { Settings } from '../settings.ts';
import type { Binding } from './binding.ts';
import { decode, isObject, MalformedRequest, type Members } from './decode.ts';
import { ScalarType } from './protobuf.ts';

/** The three places where a request carries its fields. */
export interface RequestParts {
  readonly path: ReadonlyMap<string, string>;
  readonly query: URLSearchParams;
  /** The JSON value of the body; `undefined` when there is none. */
  readonly body: unknown;
}

/**
 * Puts a request message together as the gateway does: path segments first, then the body, which fills the field that
 * the binding names (`*`: the whole message), then the query for what is left. Names may be in proto form or in
 * camelCase, unknown ones are ignored and null means unset, as protojson does when it is told to discard unknowns.
 * @throws MalformedRequest
 */
export function readRequest(
  desc: DescMessage,
  binding: Binding,
  { path, query, body }: RequestParts,
  { emptyTexts }: Pick<Settings, 'emptyTexts'> = { emptyTexts: 'clear' },
): Message {
  const members: Members = { ...bodyMembers(binding.body, body) };
  if (binding.body !== '*') {
    const filled = desc.fields.find(({ name }) => name === binding.body);
    for (const [name, texts] of parameters(query)) setParameter(members, desc, name.split('.'), { texts, filled });
  }
  if (binding.verb === 'PATCH' && emptyTexts === 'keep' && !hasMask(members, desc)) dropEmptyTexts(members, desc);
  for (const [name, segment] of path) members[name] = segment;
  setMask(members, desc, binding.body);
  return decode(desc, members);
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
  // Under its two names a field may stand twice.
  const values = [members[field.name] ?? [], texts.map(fromText(field))].flat();
  const isList = field.fieldKind === 'list';
  if (!isList && values.length > 1) throw new MalformedRequest(`too many values for field "${name}"`);
  members[field.name] = isList ? values : values[0];
}

/** A text as the JSON value that it stands for; as it is when it stands for none, to be found malformed later. */
function fromText(field: DescField): (text: string) => unknown {
  const isBoolean = field.scalar === ScalarType.BOOL || field.message?.typeName === 'google.protobuf.BoolValue';
  if (isBoolean) return (text) => (text === 'true' || text === 'false' ? text === 'true' : text);
  return (text) => (field.enum !== undefined && /^\d+$/.test(text) ? Number(text) : text);
}

/**
 * A PATCH changes what its body names: grpc-gateway fills the field mask of the request with those names, unless the
 * request brings a mask of its own.
 */
function setMask(members: Members, desc: DescMessage, filled: string | undefined): void {
  const mask = maskOf(desc);
  const { name = '', message: changed } = desc.fields.find((field) => field.name === filled) ?? {};
  const body = members[name];
  if (mask === undefined || changed === undefined || !isObject(body) || members[mask.name] !== undefined) return;
  const named = Object.keys(body).flatMap((member) => fieldNamed(changed, member)?.jsonName ?? []);
  members[mask.name] = [...new Set(named)].join(',');
}

function maskOf({ fields }: DescMessage): DescField | undefined {
  return fields.find(({ message }) => message?.typeName === 'google.protobuf.FieldMask');
}

function hasMask(members: Members, desc: DescMessage): boolean {
  const mask = maskOf(desc);
  return mask !== undefined && members[mask.name] !== undefined;
}

/** Takes out the texts that are empty, in messages at any depth; entries of lists and maps are values of their own. */
function dropEmptyTexts(members: Members, desc: DescMessage): Members {
  for (const [name, value] of Object.entries(members)) {
    const { fieldKind, message } = fieldNamed(desc, name) ?? {};
    if (value === '' && (fieldKind === 'scalar' || message?.typeName === 'google.protobuf.StringValue')) {
      delete members[name];
    }
    if (fieldKind === 'message' && message !== undefined && isObject(value)) {
      members[name] = dropEmptyTexts({ ...value }, message);
    }
  }
  return members;
}
