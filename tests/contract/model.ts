/** What the management API is known to be: its operations, the messages that they use, and the rules of the fields. */

/** Requests are held to the rules and to strict spelling; answers to names and types. */
export type Direction = 'request' | 'answer';

export type Verb = 'GET' | 'PUT' | 'POST' | 'DELETE' | 'PATCH';

export interface Operation {
  /** Service and method, or where else the operation is known from. */
  readonly name: string;
  readonly verb: Verb;
  /** Below `/api/v1`; `{name}` stands for one segment and fills the request field of that name. */
  readonly path: string;
  /** The request field that the JSON body fills, `*` for all that the path leaves; nothing without a body. */
  readonly body: string | undefined;
  readonly request: Message;
  readonly response: Message;
}

export interface Message {
  readonly name: string;
  /** By proto name. Filled after the message is made, because messages hold each other. */
  readonly fields: ReadonlyMap<string, Field>;
}

export type Scalar = 'string' | 'bytes' | 'bool' | 'int32' | 'uint32' | 'int64' | 'uint64' | 'double';

/** Types of google.protobuf that have a JSON form of their own. */
export type Google = 'Timestamp' | 'Duration' | 'FieldMask' | 'Struct' | 'ListValue' | 'Value';

export type Type =
  /** `nullable`: a wrapper such as google.protobuf.StringValue, which is written as the plain value or null. */
  | { readonly kind: 'scalar'; readonly scalar: Scalar; readonly nullable: boolean }
  /** The values by name; the number 0 is the unset one. */
  | { readonly kind: 'enum'; readonly name: string; readonly values: ReadonlyMap<string, number> }
  | { readonly kind: 'google'; readonly google: Google }
  | { readonly kind: 'message'; readonly message: Message };

export interface Field {
  readonly name: string;
  /** The camelCase spelling, which the gateway takes too but never writes. */
  readonly jsonName: string;
  /** A map's keys are strings. */
  readonly shape: 'one' | 'list' | 'map';
  /** Of one value: of an entry, for lists and maps. */
  readonly type: Type;
  /** Unset differs from the zero value; where it does not, the rules hold for the zero value of an unset field. */
  readonly presence: boolean;
  /** The group of which at most one field is set. */
  readonly oneof: string | undefined;
  readonly required: boolean;
  /** Only the API sets it. */
  readonly outputOnly: boolean;
  readonly rules: Rules;
}

/** What a value must be, in the terms of buf.validate. Bounds of durations are in seconds. */
export interface Rules {
  readonly minLen?: number;
  readonly maxLen?: number;
  readonly pattern?: string;
  readonly prefix?: string;
  readonly in?: readonly string[];
  readonly uri?: boolean;
  readonly email?: boolean;
  readonly lt?: number;
  readonly lte?: number;
  readonly gt?: number;
  readonly gte?: number;
  /** Enum values that are refused, by number. */
  readonly notIn?: readonly number[];
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly unique?: boolean;
  readonly items?: Rules;
  readonly maxPairs?: number;
  readonly keys?: Rules;
  readonly values?: Rules;
}
