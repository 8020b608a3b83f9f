import type { DescField, DescMessage, JsonValue, Message } from '@bufbuild/protobuf';
import { fromJson, toJson } from './protobuf.ts';

export type Members = Record<string, unknown>;

/** How deep a google.protobuf.Struct may be nested. */
const MAX_DEPTH = 1000;

/** A value that is not of its field's type. The text is meant for whoever sent it. */
export class MalformedRequest extends Error {
  override readonly name = 'MalformedRequest';
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

export function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
