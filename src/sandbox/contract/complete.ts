import type { DescField, DescMessage } from '@bufbuild/protobuf';
import type { Draft, JsonOf } from './json.ts';
import { scalarZeroValue } from './protobuf.ts';

type Facts = Readonly<Record<string, unknown>>;

/** google.protobuf.FeatureSet.FieldPresence: an unset field is the same as one with its zero value. */
const IMPLICIT = 2;

/** Fills in the zero values of everything that was not set, at any depth: what is kept is whole. */
export function complete<Desc extends DescMessage>(desc: Desc, facts: Draft<JsonOf<Desc>>): JsonOf<Desc> {
  return fill(desc, facts as Facts, undefined) as JsonOf<Desc>;
}

/**
 * A message as the gateway writes it, which is grpc-gateway emitting what is unset: zero values, `null` for messages,
 * nothing for optional fields and members of a oneof. What the message has no field for cannot leave.
 */
export function toAnswer(desc: DescMessage, facts: object): object {
  return fill(desc, facts as Facts, null);
}

function fill(desc: DescMessage, facts: Facts, unsetMessage: null | undefined): Facts {
  const entries = desc.fields.map((field): [string, unknown] => {
    const value = facts[field.name];
    return [field.name, value === undefined ? unset(field, unsetMessage) : fillField(field, value, unsetMessage)];
  });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

function fillField({ fieldKind, message }: DescField, value: unknown, unsetMessage: null | undefined): unknown {
  // Messages of google.protobuf have a JSON form of their own.
  if (message === undefined || value === null || message.typeName.startsWith('google.protobuf.')) return value;
  const one = (item: unknown) => fill(message, item as Facts, unsetMessage);
  if (fieldKind === 'list') return (value as readonly unknown[]).map(one);
  if (fieldKind !== 'map') return one(value);
  return Object.fromEntries(Object.entries(value as Facts).map(([key, entry]) => [key, one(entry)]));
}

/** What stands for a field that is not set; `undefined` leaves it out. */
function unset(field: DescField, unsetMessage: null | undefined): unknown {
  if (field.fieldKind === 'list') return [];
  if (field.fieldKind === 'map') return {};
  if (field.oneof !== undefined) return undefined;
  if (field.fieldKind === 'message') return unsetMessage;
  if (field.presence !== IMPLICIT) return undefined;
  return field.fieldKind === 'enum' ? field.enum.values[0]?.name : scalarZeroValue(field.scalar, true);
}
