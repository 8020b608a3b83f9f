import type { DescEnum, DescMessage, JsonObject, JsonValue } from '@bufbuild/protobuf';
import { build, simpleName } from './build.ts';
import { declareMessage, usedBy } from './declare.ts';
import type { Field, Fields, Form, Rules } from './field.ts';
import type { JsonOf, Stated } from './json.ts';
import {
  BoolValueSchema,
  DurationSchema,
  FieldMaskSchema,
  Int32ValueSchema,
  ListValueSchema,
  StringValueSchema,
  StructSchema,
  TimestampSchema,
  UInt32ValueSchema,
} from './protobuf.ts';

type Always<T> = Field<T, false>;
type Maybe<T> = Field<T, true>;

export const text = (rules?: Rules): Always<string> => scalar('string', rules);
export const flag = (): Always<boolean> => scalar('bool');
export const uint32 = (rules?: Rules): Always<number> => scalar('uint32', rules);
export const int32 = (rules?: Rules): Always<number> => scalar('int32', rules);
export const double = (): Always<number> => scalar('double');
export const int64 = (rules?: Rules): Always<string> => scalar('int64', rules);
export const time = (): Maybe<string> => ({ type: TimestampSchema, optional: true });
export const mask = (): Maybe<string> => ({ type: FieldMaskSchema, optional: true });
export const struct = (): Maybe<JsonObject> => ({ type: StructSchema, optional: true });
export const values = (): Maybe<readonly JsonValue[]> => ({ type: ListValueSchema, optional: true });
export const duration = (rules?: Rules): Maybe<string> => ({
  type: DurationSchema,
  optional: true,
  ...(rules && { rules: { duration: rules } }),
});

/** Values that are messages of their own, so that one that is not there differs from zero. */
export const maybeFlag = (): Maybe<boolean> => ({ type: BoolValueSchema, optional: true });
export const maybeText = (): Maybe<string> => ({ type: StringValueSchema, optional: true });
export const maybeInt32 = (rules?: Rules): Maybe<number> => wrapped(Int32ValueSchema, 'int32', rules);
export const maybeUint32 = (rules?: Rules): Maybe<number> => wrapped(UInt32ValueSchema, 'uint32', rules);

/** A message: one that is described elsewhere, or one with these fields that has no name of its own. */
export function of<Desc extends DescMessage>(message: Desc): Maybe<JsonOf<Desc>>;
export function of<const F extends Fields>(fields: F): Maybe<Form<F>>;
export function of(type: DescMessage | Fields): Maybe<unknown> {
  return { type, optional: true };
}

/** An enum. */
export const one = (type: DescEnum): Always<string> => ({ type, optional: false });

/** A scalar or enum whose absence differs from its zero value. */
export const optional = <T>(field: Always<T>): Maybe<T> => ({ ...field, optional: true });

/** Any number of values, each under the rules of `item`. */
export const list = <T>({ type, rules: items }: Field<T>, rules: Rules = {}): Always<readonly T[]> => ({
  type,
  shape: 'list',
  optional: false,
  rules: { repeated: { ...rules, ...(items && { items }) } },
});

/** A map from strings to strings. */
export const textMap = (rules?: Rules): Always<Readonly<Record<string, string>>> => ({
  type: 'string',
  shape: 'map',
  optional: false,
  ...(rules && { rules: { map: rules } }),
});

export const required = <F extends Field<unknown>>(field: F): F => ({
  ...field,
  rules: { ...field.rules, required: true },
  behavior: [2],
});

/** Only the API sets it. */
export const outputOnly = <F extends Field<unknown>>(field: F): F => ({ ...field, behavior: [3] });

/** The API takes it, and never answers with it. */
export const inputOnly = <F extends Field<unknown>>(field: F): F => ({ ...field, behavior: [4] });

/** Describes an enum by the names of its values, the unset one first. */
export function enumeration(name: string, names: readonly string[]): DescEnum {
  const value = names.map((label, number) => ({ name: label, number }));
  return build(name, { enumType: [{ name: simpleName(name), value }] });
}

/** Describes a message of the API by its full name. */
export function message<const F extends Fields>(name: string, fields: F): Stated<Form<F>> {
  return build<Stated<Form<F>>>(name, { messageType: [declareMessage(name, fields)] }, usedBy(fields));
}

function wrapped(type: DescMessage, kind: string, rules?: Rules): Maybe<number> {
  return { type, optional: true, ...(rules && { rules: { [kind]: rules } }) };
}

function scalar<T>(type: string, rules?: Rules): Always<T> {
  return { type, optional: false, ...(rules && { rules: { [type]: rules } }) };
}
