import type { DescMessage, JsonValue, Message, MessageShape } from '@bufbuild/protobuf';

/**
 * A message in the JSON form that the API speaks: fields by their proto names, enums by the names of their values,
 * 64-bit integers, timestamps and durations as strings. What has a zero value is always there; messages, wrapped values
 * and fields that the API declares optional are absent when unset.
 */
export type Json<T> = T extends { readonly $typeName: WrittenAsText }
  ? string
  : T extends { readonly $typeName: 'google.protobuf.ListValue' }
    ? readonly JsonValue[]
    : T extends Message
      ? MessageJson<T>
      : ValueJson<T>;

/** The JSON form of the messages that a descriptor describes. */
export type JsonOf<Desc extends DescMessage> =
  Desc extends Stated<infer Form> ? Form : Desc extends DescMessage ? Json<MessageShape<Desc>> : never;

/** A descriptor that states the JSON form of its messages, because no generated code does. */
export type Stated<Form> = DescMessage & { readonly jsonForm: Form };

/** A message of which any part may be missing, at any depth. */
export type Draft<T> = T extends readonly (infer Item)[]
  ? readonly Draft<Item>[]
  : T extends object
    ? string extends keyof T
      ? T
      : { readonly [Name in keyof T]?: Draft<T[Name]> | undefined }
    : T;

type WrittenAsText = 'google.protobuf.Timestamp' | 'google.protobuf.Duration' | 'google.protobuf.FieldMask';

/** Proto names that are in camelCase themselves, by message. */
interface CamelCase {
  readonly 'scalekit.v1.clients.Client': 'keyId';
}

type MessageJson<T extends Message> = Flat<
  {
    readonly [Name in keyof T as Name extends OneofFields<T> ? never : ProtoName<T, Name>]: Json<T[Name]>;
  } & OneofJson<Extract<T[OneofFields<T>], AnyOneof>>
>;

type ProtoName<T extends Message, Name> = Name extends '$typeName' | '$unknown'
  ? never
  : T['$typeName'] extends keyof CamelCase
    ? Name extends CamelCase[T['$typeName']]
      ? Name
      : Snake<Name>
    : Snake<Name>;

type Snake<Name> = Name extends `${infer First}${infer Rest}`
  ? `${First extends Lowercase<First> ? First : `_${Lowercase<First>}`}${Snake<Rest>}`
  : '';

interface AnyOneof {
  readonly case: string | undefined;
  readonly value?: unknown;
}

type OneofFields<T> = { [Name in keyof T]-?: T[Name] extends AnyOneof ? Name : never }[keyof T];

/** The members of a oneof, which generated code wraps, stand beside the other fields. */
type OneofJson<Oneof extends AnyOneof> = {
  readonly [Case in NonNullable<Oneof['case']> as Snake<Case>]?: Json<Extract<Oneof, { readonly case: Case }>['value']>;
};

/** A template tells enums from numbers: it spells out the few numbers that an enum has. */
type ValueJson<T> = T extends bigint | Uint8Array
  ? string
  : T extends number
    ? `${number}` extends `${T}`
      ? number
      : string
    : T extends readonly (infer Item)[]
      ? readonly Json<Item>[]
      : T;

type Flat<T> = { [Name in keyof T]: T[Name] };
