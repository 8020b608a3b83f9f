import type { DescEnum, DescMessage, JsonValue } from '@bufbuild/protobuf';
import { simpleName } from './build.ts';
import type { Field, Fields } from './field.ts';
import { protoCamelCase } from './protobuf.ts';

type Json = Readonly<Record<string, JsonValue>>;
type Type = Field<unknown>['type'];

const MAP_ENTRY: Fields = { key: { type: 'string' }, value: { type: 'string' } };

/** google.protobuf.DescriptorProto of a message and of those inside it. */
export function declareMessage(fullName: string, fields: Fields): Json {
  const named = Object.entries(fields).map(([name, field]) => ({
    name,
    field,
    inner: innerName(fullName, name, field),
  }));
  return {
    name: simpleName(fullName),
    field: named.map(({ name, field, inner }, i) => declareField({ name, number: i + 1, inner }, field)),
    nestedType: named.flatMap(({ field: { type, shape }, inner }) => {
      if (shape === 'map') return [{ ...declareMessage(inner, MAP_ENTRY), options: { mapEntry: true } }];
      return isFields(type) ? [declareMessage(inner, type)] : [];
    }),
  };
}

/** `Request.Filter` for the field `filter`, `Request.MetadataEntry` for the map `metadata`. */
function innerName(within: string, field: string, { shape }: Field<unknown>): string {
  const name = field.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return `${within}.${name}${shape === 'map' ? 'Entry' : ''}`;
}

function declareField(
  { name, number, inner }: { readonly name: string; readonly number: number; readonly inner: string },
  { type, shape, optional, rules, behavior }: Field<unknown>,
): Json {
  return {
    name,
    jsonName: protoCamelCase(name),
    number,
    label: shape === undefined ? 'LABEL_OPTIONAL' : 'LABEL_REPEATED',
    ...(shape === 'map' ? { type: 'TYPE_MESSAGE', typeName: `.${inner}` } : declareType(type, inner)),
    proto3Optional: optional === true && (typeof type === 'string' || isEnum(type)),
    options: {
      ...(rules && { '[buf.validate.field]': rules }),
      ...(behavior && { '[annotations.field_behavior]': [...behavior] }),
    },
  };
}

function declareType(type: Type, inner: string): Json {
  if (typeof type === 'string') return { type: `TYPE_${type.toUpperCase()}` };
  if (isEnum(type)) return { type: 'TYPE_ENUM', typeName: `.${type.typeName}` };
  return { type: 'TYPE_MESSAGE', typeName: isFields(type) ? `.${inner}` : `.${type.typeName}` };
}

/** The described types that fields need, at any depth. */
export function usedBy(fields: Fields): (DescMessage | DescEnum)[] {
  return Object.values(fields).flatMap(({ type }) => {
    if (typeof type === 'string') return [];
    return isFields(type) ? usedBy(type) : [type];
  });
}

function isFields(type: Type): type is Fields {
  return typeof type === 'object' && typeof type.kind !== 'string';
}

function isEnum(type: Type): type is DescEnum {
  return typeof type === 'object' && type.kind === 'enum';
}
