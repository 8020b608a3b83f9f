import type { DescField, DescMessage, JsonValue } from '@bufbuild/protobuf';
import { behaviorsOf } from '../contract/extensions.ts';
import { scalarZeroValue } from '../contract/protobuf.ts';

type Members = Readonly<Record<string, unknown>>;

/** A request message that tells what was read of it. */
export interface Watched {
  readonly request: Members;
  /** Fields that are set, as paths such as `filter.provider`; fields of all entries of a list have one path. */
  readonly set: readonly string[];
  /** Those of them that nobody has read until now. */
  unread(): string[];
}

/** google.protobuf.FeatureSet.FieldPresence: an unset field is the same as one with its zero value. */
const IMPLICIT = 2;

/**
 * Watches what is read of a request message. Its members are getters; writing it as JSON, for the name of a list and the
 * like, is not reading it.
 */
export function watched(desc: DescMessage, message: JsonValue): Watched {
  const set = new Set<string>();
  const read = new Set<string>();
  const request = watch(desc, message as Members, { path: '', set, read });
  return { request, set: [...set], unread: () => [...set].filter((path) => !read.has(path)) };
}

interface Watch {
  /** Where the message is, with a dot at the end; empty for the request itself. */
  readonly path: string;
  readonly set: Set<string>;
  readonly read: Set<string>;
}

function watch(desc: DescMessage, message: Members, { path, set, read }: Watch): Members {
  const members = desc.fields.flatMap((field): [string, PropertyDescriptor][] => {
    const given = message[field.name];
    if (given === undefined) return [];
    // What only the API sets is documented as ignored in requests.
    if (isOutputOnly(field)) return [[field.name, { enumerable: true, value: given }]];
    const own = `${path}${field.name}`;
    const inner = innerMessage(field);
    const one = (item: unknown) =>
      inner === undefined ? item : watch(inner, item as Members, { path: `${own}.`, set, read });
    const value = field.fieldKind === 'list' ? (given as readonly unknown[]).map(one) : one(given);
    if (inner === undefined && isSet(field, given)) set.add(own);
    const get = () => {
      read.add(own);
      return value;
    };
    return [[field.name, { enumerable: true, get }]];
  });
  return Object.defineProperties({}, { ...Object.fromEntries(members), toJSON: { value: () => message } });
}

const OUTPUT_ONLY = 3;

const outputOnly = new WeakMap<DescField, boolean>();

/** Whether only the API sets the field. */
export function isOutputOnly(field: DescField): boolean {
  const known = outputOnly.get(field) ?? behaviorsOf(field).includes(OUTPUT_ONLY);
  outputOnly.set(field, known);
  return known;
}

/** The message of a field whose own fields count; messages of google.protobuf and maps are values. */
export function innerMessage({ fieldKind, message }: DescField): DescMessage | undefined {
  return fieldKind === 'map' || message?.typeName.startsWith('google.protobuf.') ? undefined : message;
}

function isSet(field: DescField, value: unknown): boolean {
  if (field.fieldKind === 'list') return (value as readonly unknown[]).length > 0;
  if (field.fieldKind === 'map') return Object.keys(value as Members).length > 0;
  if (field.presence !== IMPLICIT) return true;
  if (field.fieldKind === 'enum') return value !== field.enum.values[0]?.name;
  return field.fieldKind !== 'scalar' || value !== scalarZeroValue(field.scalar, true);
}
