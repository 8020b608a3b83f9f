import { describedEnum, describedMessage } from './descriptors.ts';
import type { Field, Google, Message, Operation, Rules, Scalar, Type } from './model.ts';

/** A field without its name, which stands before it. */
type Draft = Omit<Field, 'name' | 'jsonName'>;

type Drafts = Readonly<Record<string, Draft>>;

/** A string. */
export const text = (rules: Rules = {}): Draft => draft(scalarType('string'), rules);

/** A string whose absence differs from "". */
export const optionalText = (rules: Rules = {}): Draft => ({ ...text(rules), presence: true });

/** A number or a boolean. */
export const scalar = (name: Exclude<Scalar, 'string'>, rules: Rules = {}): Draft => draft(scalarType(name), rules);

/** One of the types of google.protobuf with a JSON form of their own. */
export const google = (name: Google, rules: Rules = {}): Draft => ({
  ...draft({ kind: 'google', google: name }, rules),
  presence: true,
});

/** A message, or the full name of one that the SDK describes. */
export function of(type: Message | string): Draft {
  const message = typeof type === 'string' ? describedMessage(type) : type;
  if (message === undefined) throw new Error(`the SDK does not describe ${type}`);
  return { ...draft({ kind: 'message', message }), presence: true };
}

/** An enum by the names of its values, the unset one first. */
export const choice = (name: string, values: readonly string[]): Draft =>
  draft({ kind: 'enum', name, values: new Map(values.map((value, number) => [value, number])) });

/** The full name of an enum that the SDK describes. */
export function choiceOf(name: string): Draft {
  const type = describedEnum(name);
  if (type === undefined) throw new Error(`the SDK does not describe ${name}`);
  return draft(type);
}

export const list = (item: Draft, rules: Rules = {}): Draft => ({
  ...item,
  shape: 'list',
  presence: false,
  rules: { ...rules, items: item.rules },
});

/** A map from strings to strings. */
export const textMap = (rules: Rules = {}): Draft => ({ ...text(), shape: 'map', rules });

export const required = (field: Draft): Draft => ({ ...field, required: true });

export const outputOnly = (field: Draft): Draft => ({ ...field, outputOnly: true });

export function message(name: string, drafts: Drafts): Message {
  const fields = Object.entries(drafts).map(([field, facts]): [string, Field] => [
    field,
    { name: field, jsonName: toCamelCase(field), ...facts },
  ]);
  return { name, fields: new Map(fields) };
}

/** An operation whose request and response are messages of their own. `binding` is verb and path below `/api/v1`. */
export function operation(
  name: string,
  binding: `${Operation['verb']} /${string}`,
  { body, request, response }: { readonly body?: string; readonly request?: Drafts; readonly response?: Drafts },
): Operation {
  const [verb, path = ''] = binding.split(' ') as [Operation['verb'], string];
  return {
    name,
    verb,
    path,
    body,
    request: message(`${name}Request`, request ?? {}),
    response: message(`${name}Response`, response ?? {}),
  };
}

function draft(type: Type, rules: Rules = {}): Draft {
  return { shape: 'one', type, presence: false, oneof: undefined, required: false, outputOnly: false, rules };
}

function scalarType(name: Scalar): Type {
  return { kind: 'scalar', scalar: name, nullable: false };
}

function toCamelCase(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
