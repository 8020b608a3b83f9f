import type { DescField, DescMessage, JsonValue } from '@bufbuild/protobuf';
import { toAnswer } from '../../src/sandbox/contract/complete.ts';
import { decode, toRequest } from '../../src/sandbox/contract/decode.ts';
import { protoCamelCase, ScalarType } from '../../src/sandbox/contract/protobuf.ts';
import { ENVIRONMENT_DOMAINS, PERSON_IDS } from '../../src/sandbox/data/ids.ts';
import { innerMessage, isOutputOnly, watched } from '../../src/sandbox/gateway/heed.ts';
import type { Operation } from '../../src/sandbox/gateway/operation.ts';
import { methodName } from '../../src/sandbox/gateway/unplayed.ts';
import { usualSettings } from '../../src/sandbox/settings.ts';
import { Store } from '../../src/sandbox/store.ts';
import { type Members, pathTexts, REQUESTS } from './requests.ts';

/** Deeper fields are compared as one. Only messages that hold themselves are deeper. */
const MAX_DEPTH = 5;

/** A field of a request that holds a value, at any depth. */
export interface Leaf {
  /** Such as `filter.provider`. */
  readonly path: string;
  readonly field: DescField;
}

/** The fields that a request over HTTP can set: all but what excludes the ids in its path. */
export function settableLeaves({ method, path }: Operation): Leaf[] {
  const inPath = (name: string) => path.includes(`{${name}}`);
  const excluded = method.input.oneofs
    .filter(({ fields }) => fields.some(({ name }) => inPath(name)))
    .flatMap(({ fields }) => fields.map(({ name }) => name).filter((name) => !inPath(name)));
  return leaves(method.input).filter((leaf) => !excluded.includes(leaf.path.split('.', 1)[0] ?? ''));
}

function leaves(desc: DescMessage, above: readonly string[] = []): Leaf[] {
  return desc.fields.flatMap((field) => {
    const path = [...above, field.name];
    const inner = innerMessage(field);
    if (isOutputOnly(field)) return [];
    return inner === undefined || path.length === MAX_DEPTH ? [{ path: path.join('.'), field }] : leaves(inner, path);
  });
}

/** Whether a field holds one text. */
export function isText({ fieldKind, scalar, message }: DescField): boolean {
  const isWrapped = fieldKind === 'message' && message?.typeName === 'google.protobuf.StringValue';
  return isWrapped || (fieldKind === 'scalar' && scalar === ScalarType.STRING);
}

/** What came of an operation. */
interface Outcome {
  /** Whether the operation has looked at the field. */
  readonly read: boolean;
  readonly answer: Members | undefined;
  /** Why there is no answer. */
  readonly refusal: string | undefined;
}

/** What stands in a text that was set for trying. It fits nothing in the seed data. */
export const SAMPLE = 'sample';

/**
 * Carries out an operation on seed data, with the request that it is known to carry out and one more field, and tells
 * whether that was read. The field's value is one that its type allows and its rules may not.
 */
export function tryField(operation: Operation, path: string): Outcome {
  const { input, output } = operation.method;
  const store = new Store('http://sandbox.example');
  const environment = store.environments.find(({ domain }) => domain === ENVIRONMENT_DOMAINS.development);
  if (environment === undefined) throw new Error('There is no development environment.');
  const content = store.contentOf(environment);
  const usual = {
    ...(operation.body !== undefined && operation.body !== '*' && { [operation.body]: {} }),
    ...pathTexts(operation.path, content, store),
    ...REQUESTS[methodName(operation.method)],
  };
  const request: Members = structuredClone(usual);
  setField(request, input, path.split('.'));
  setMask(request, operation, path);
  const { request: heeded, unread } = watched(input, toRequest(input, decode(input, request)));
  const principal = { kind: 'workspace', subject: PERSON_IDS.admin, clientId: 'a' } as const;
  const call = { request: heeded, principal, store, settings: usualSettings(), environment, content };
  try {
    // What is kept as it came is read when it is shown.
    const answer = toAnswer(output, operation.run(call as unknown as Call)) as Members;
    return { read: !unread().includes(path), answer, refusal: undefined };
  } catch (error) {
    return { read: !unread().includes(path), answer: undefined, refusal: (error as Error).message };
  }
}

type Call = Parameters<Extract<Operation, { place: 'environment' }>['run']>[0];

/** Sets a field that is not set, with all that is above it. A list on the way gets one entry. */
function setField(message: Members, desc: DescMessage, [name = '', ...deeper]: readonly string[]): void {
  const field = desc.fields.find((candidate) => candidate.name === name);
  if (field === undefined) throw new Error(`${desc.typeName} has no field ${name}.`);
  for (const { name: other } of field.oneof?.fields ?? []) if (other !== name) delete message[other];
  const inner = innerMessage(field);
  if (inner === undefined || deeper.length === 0) {
    message[name] ??= sampleOf(field);
    return;
  }
  message[name] ??= field.fieldKind === 'list' ? [{}] : {};
  const [below] = [message[name]].flat() as Members[];
  setField(below ?? {}, inner, deeper);
}

/** The API's gateway names in the mask what the body sets. */
function setMask(request: Members, { method, body }: Operation, path: string): void {
  const mask = method.input.fields.find(({ message }) => message?.typeName === 'google.protobuf.FieldMask');
  const [top, changed] = path.split('.');
  if (mask !== undefined && top === body && changed !== undefined) request[mask.name] = protoCamelCase(changed);
}

/** A value that is not the default of its field. */
function sampleOf(field: DescField): JsonValue {
  if (field.fieldKind === 'map') return { sample: field.mapKind === 'message' ? {} : SAMPLE };
  return field.fieldKind === 'list' ? [sampleOfOne(field)] : sampleOfOne(field);
}

function sampleOfOne({ enum: named, scalar, message }: DescField): JsonValue {
  if (named !== undefined) return named.values[1]?.name ?? null;
  if (message !== undefined) return SAMPLES[message.typeName.slice('google.protobuf.'.length)] ?? {};
  if (scalar === ScalarType.BOOL) return true;
  return scalar === ScalarType.STRING ? SAMPLE : scalar === ScalarType.BYTES ? 'AAAA' : 1;
}

const SAMPLES: Readonly<Record<string, JsonValue>> = {
  BoolValue: true,
  Duration: '60s',
  FieldMask: SAMPLE,
  Int32Value: 1,
  Int64Value: '1',
  ListValue: [SAMPLE],
  StringValue: SAMPLE,
  Struct: { sample: SAMPLE },
  Timestamp: '2026-01-01T00:00:00Z',
  UInt32Value: 1,
  Value: SAMPLE,
};
