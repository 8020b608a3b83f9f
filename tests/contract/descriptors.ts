import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { file_scalekit_v1_organizations_organizations as AnyFile } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/organizations/organizations_pb.js';
import { decodeFieldOptions } from './decode-rules.ts';
import type { Field, Google, Message, Operation, Scalar, Type, Verb } from './model.ts';
import { WireMessage } from './wire.ts';

type DescFile = typeof AnyFile;
type DescMessage = DescFile['messages'][number];
type DescField = DescMessage['fields'][number];
type DescEnum = DescFile['enums'][number];
type DescMethod = DescFile['services'][number]['methods'][number];

const PREFIX = '/api/v1';

/** google.api.http, as an option of a method. */
const HTTP = 72_295_728;

/** Numbers of the fields of google.api.HttpRule. */
const VERBS: Readonly<Record<number, Verb>> = { 2: 'GET', 3: 'PUT', 4: 'POST', 5: 'DELETE', 6: 'PATCH' };
const BODY = 7;
const ADDITIONAL_BINDINGS = 11;

/** google.protobuf.FeatureSet.FieldPresence */
const IMPLICIT_PRESENCE = 2;

/** By google.protobuf.FieldDescriptorProto.Type. */
const SCALARS: Readonly<Record<number, Scalar>> = {
  1: 'double',
  2: 'double',
  3: 'int64',
  4: 'uint64',
  5: 'int32',
  8: 'bool',
  9: 'string',
  12: 'bytes',
  13: 'uint32',
};

const WRAPPERS: Readonly<Record<string, Scalar>> = {
  'google.protobuf.StringValue': 'string',
  'google.protobuf.BoolValue': 'bool',
  'google.protobuf.Int32Value': 'int32',
  'google.protobuf.UInt32Value': 'uint32',
  'google.protobuf.Int64Value': 'int64',
  'google.protobuf.DoubleValue': 'double',
};

const GOOGLE: Readonly<Record<string, Google>> = {
  'google.protobuf.Timestamp': 'Timestamp',
  'google.protobuf.Duration': 'Duration',
  'google.protobuf.FieldMask': 'FieldMask',
  'google.protobuf.Struct': 'Struct',
  'google.protobuf.ListValue': 'ListValue',
  'google.protobuf.Value': 'Value',
};

const messages = new Map<string, Message>();
const enums = new Map<string, Type>();
const files = loadFiles();
for (const file of files) {
  for (const descriptor of file.messages) decodeNested(descriptor);
  for (const descriptor of file.enums) decodeEnum(descriptor);
}

/** Every operation that the descriptors in the Scalekit SDK bind to HTTP. */
export const DESCRIBED_OPERATIONS: readonly Operation[] = files.flatMap(({ services }) =>
  services.flatMap(({ methods }) => methods.flatMap(decodeMethod)),
);

/** A message of the SDK by its full name, `undefined` when there is none. */
export function describedMessage(name: string): Message | undefined {
  return messages.get(name);
}

/** An enum of the SDK by its full name, `undefined` when there is none. */
export function describedEnum(name: string): Type | undefined {
  return enums.get(name);
}

/** The generated modules have no type declarations in common, and their number is the SDK's business. */
function loadFiles(): DescFile[] {
  const require = createRequire(import.meta.url);
  const root = join(dirname(require.resolve('@scalekit-sdk/node')), 'pkg', 'grpc', 'scalekit', 'v1');
  const modules = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('_pb.js'));
  return modules.toSorted().flatMap((path) => Object.values<unknown>(require(join(root, path))).filter(isFile));
}

function isFile(value: unknown): value is DescFile {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'file';
}

function decodeMethod(method: DescMethod): Operation[] {
  const [annotation] = WireMessage.ofOption(method.proto.options?.$unknown, HTTP);
  if (!(annotation instanceof Uint8Array)) return [];
  const rule = new WireMessage(annotation);
  return [rule, ...rule.messages(ADDITIONAL_BINDINGS)].flatMap((binding) => decodeBinding(binding, method));
}

/** Nothing for what is not part of the management API, such as a document below `/.well-known`. */
function decodeBinding(binding: WireMessage, method: DescMethod): Operation[] {
  const name = `${method.parent.typeName}.${method.name}`;
  const number = binding.numbers.find((candidate) => candidate in VERBS) ?? 0;
  const verb = VERBS[number];
  const path = binding.text(number);
  if (verb === undefined || path === undefined) throw new Error(`${name} has a binding that is not understood`);
  if (!path.startsWith(`${PREFIX}/`)) return [];
  const [request, response] = [decodeMessage(method.input), decodeMessage(method.output)];
  return [{ name, verb, path: path.slice(PREFIX.length), body: binding.text(BODY) || undefined, request, response }];
}

function decodeNested(descriptor: DescMessage): void {
  decodeMessage(descriptor);
  for (const nested of descriptor.nestedMessages) decodeNested(nested);
  for (const nested of descriptor.nestedEnums) decodeEnum(nested);
}

function decodeMessage(descriptor: DescMessage): Message {
  const known = messages.get(descriptor.typeName);
  if (known !== undefined) return known;
  const fields = new Map<string, Field>();
  const message = { name: descriptor.typeName, fields };
  messages.set(message.name, message);
  for (const field of descriptor.fields) fields.set(field.name, decodeField(field));
  return message;
}

function decodeField(field: DescField): Field {
  const where = `${field.parent.typeName}.${field.name}`;
  return {
    name: field.name,
    jsonName: field.jsonName,
    shape: field.fieldKind === 'list' || field.fieldKind === 'map' ? field.fieldKind : 'one',
    type: decodeType(field, where),
    presence: field.presence !== IMPLICIT_PRESENCE,
    oneof: field.oneof?.name,
    ...decodeFieldOptions(field.proto.options?.$unknown, where),
  };
}

function decodeType({ message, enum: enumeration, scalar }: DescField, where: string): Type {
  if (message !== undefined) return decodeMessageType(message, where);
  if (enumeration !== undefined) return decodeEnum(enumeration);
  const known = scalar === undefined ? undefined : SCALARS[scalar];
  if (known === undefined) throw new Error(`${where} is of a type that is not understood, number ${scalar}`);
  return { kind: 'scalar', scalar: known, nullable: false };
}

function decodeMessageType(descriptor: DescMessage, where: string): Type {
  const { typeName } = descriptor;
  const wrapped = WRAPPERS[typeName];
  if (wrapped !== undefined) return { kind: 'scalar', scalar: wrapped, nullable: true };
  const google = GOOGLE[typeName];
  if (google !== undefined) return { kind: 'google', google };
  if (typeName.startsWith('google.')) throw new Error(`${where} is a ${typeName}, whose JSON form is not known here`);
  return { kind: 'message', message: decodeMessage(descriptor) };
}

function decodeEnum({ typeName, values }: DescEnum): Type {
  const known = enums.get(typeName);
  if (known !== undefined) return known;
  const type: Type = {
    kind: 'enum',
    name: typeName,
    values: new Map(values.map(({ name, number }) => [name, number])),
  };
  enums.set(typeName, type);
  return type;
}
