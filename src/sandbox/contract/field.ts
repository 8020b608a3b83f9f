import type { DescEnum, DescMessage, JsonValue } from '@bufbuild/protobuf';

/** Rules in the JSON form of buf.validate, such as `{ min_len: 1, prefix: 'env_' }` for a string. */
export type Rules = Readonly<Record<string, JsonValue>>;

/** A field without its name, which stands before it. `T` is the JSON form of its value. */
export interface Field<T, Optional extends boolean = boolean> {
  readonly type: string | DescMessage | DescEnum | Fields;
  readonly shape?: 'list' | 'map';
  readonly optional?: Optional;
  readonly rules?: Rules;
  readonly behavior?: readonly number[];
  /** Never there: it carries the type. */
  readonly json?: T;
}

export type Fields = Readonly<Record<string, Field<unknown>>>;

type Names<F extends Fields, Optional extends boolean> = {
  [Name in keyof F]: F[Name] extends Field<unknown, Optional> ? Name : never;
}[keyof F];

type Of<F> = F extends Field<infer T> ? T : never;

/** The JSON form of a message with these fields. */
export type Form<F extends Fields> = { readonly [Name in Names<F, false>]: Of<F[Name]> } & {
  readonly [Name in Names<F, true>]?: Of<F[Name]> | undefined;
};
