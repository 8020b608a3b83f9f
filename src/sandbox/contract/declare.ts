import type { DescEnum, DescMessage, JsonValue } from '@bufbuild/protobuf';
import type { Field, Fields } from './field.ts';
import { protoCamelCase } from './protobuf.ts';

type Json = Readonly<Record<string, JsonValue>>;

/** google.protobuf.DescriptorProto of a message and of those inside it. */
export function declareMessage(fullName: string, fields: Fields): Json {
  const declared = Object.entries(fields).map(([field, facts], i) => declareField(fullName, field, facts, i + 1));
  const inner = Object.entries(fields).flatMap(([field, { type, shape }]) => {
    if (shape === 'map') return [mapEntry(field)];
    return isFields(type) ? [declareMessage(`${fullName}.${innerName(field)}`, type)] : [];
  });
  // proto3 keeps an optional scalar in a oneof of its own.
  const oneofs = declared.filter((field) => field['proto3Optional'] === true).map(({ name: field }) => `_${field}`);
  return {
    name: fullName.slice(fullName.lastIndexOf('.') + 1),
    field: declared.map((field) =>
      field['proto3Optional'] === true ? { ...field, oneofIndex: oneofs.indexOf(`_${field['name']}`) } : field,
    ),
    nestedType: inner,
    oneofDecl: oneofs.map((oneof) => ({ name: oneof })),
  };
}

function declareField(
  within: string,
  name: string,
  { type, shape, optional: maybe, rules, behavior }: Field<unknown>,
  number: number,
): Json {
  const options = {
    ...(rules && { '[buf.validate.field]': rules }),
    ...(behavior && { '[annotations.field_behavior]': [...behavior] }),
  };
  return {
    name,
    jsonName: protoCamelCase(name),
    number,
    label: shape === undefined ? 'LABEL_OPTIONAL' : 'LABEL_REPEATED',
    ...(shape === 'map'
      ? { type: 'TYPE_MESSAGE', typeName: `.${within}.${entryName(name)}` }
      : declareType(within, name, type)),
    ...(maybe === true && (typeof type === 'string' || isEnum(type)) && { proto3Optional: true }),
    options,
  };
}

function declareType(within: string, field: string, type: Field<unknown>['type']): Json {
  if (typeof type === 'string') return { type: `TYPE_${type.toUpperCase()}` };
  if (isEnum(type)) return { type: 'TYPE_ENUM', typeName: `.${type.typeName}` };
  return { type: 'TYPE_MESSAGE', typeName: isFields(type) ? `.${within}.${innerName(field)}` : `.${type.typeName}` };
}

function mapEntry(field: string): Json {
  const part = (name: string, number: number) => ({
    name,
    jsonName: name,
    number,
    label: 'LABEL_OPTIONAL',
    type: 'TYPE_STRING',
  });
  return { name: entryName(field), field: [part('key', 1), part('value', 2)], options: { mapEntry: true } };
}

/** The described types that fields need, at any depth. */
export function usedBy(fields: Fields): (DescMessage | DescEnum)[] {
  return Object.values(fields).flatMap(({ type }) => {
    if (typeof type === 'string') return [];
    return isFields(type) ? usedBy(type) : [type];
  });
}

function isFields(type: Field<unknown>['type']): type is Fields {
  return typeof type === 'object' && typeof type.kind !== 'string';
}

function isEnum(type: Field<unknown>['type']): type is DescEnum {
  return typeof type === 'object' && type.kind === 'enum';
}

/** `Filter` for the field `filter`. */
function innerName(field: string): string {
  return field.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function entryName(field: string): string {
  return `${innerName(field)}Entry`;
}
