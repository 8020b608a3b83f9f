import type { DescExtension, DescField, DescMethod, JsonValue, Message, Registry } from '@bufbuild/protobuf';
import { file_scalekit_v1_options_options } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/options/options_pb.js';
import {
  createFileRegistry,
  createRegistry,
  FileDescriptorProtoSchema,
  file_buf_validate_validate,
  file_google_protobuf_descriptor,
  fromJson,
  getOption,
  hasOption,
  toJson,
} from './protobuf.ts';

type Json = Readonly<Record<string, JsonValue>>;

const FILE = 'scalekit-sandbox/annotations.proto';

const text = (name: string, number: number) => ({ name, jsonName: name, number, type: 'TYPE_STRING' });

/**
 * The annotations of google.api, as far as they are read here. The SDK carries their values but not their declarations.
 * A behavior is a number here: only two of the enum's names matter.
 */
const annotations = createFileRegistry(
  fromJson(FileDescriptorProtoSchema, {
    name: FILE,
    package: 'annotations',
    syntax: 'proto3',
    dependency: [file_google_protobuf_descriptor.proto.name],
    messageType: [
      {
        name: 'HttpRule',
        field: [
          ...['get', 'put', 'post', 'delete', 'patch'].map((verb, i) => text(verb, i + 2)),
          text('body', 7),
          { ...ofMessage('additional_bindings', 11, 'HttpRule'), label: 'LABEL_REPEATED' },
        ],
      },
    ],
    extension: [
      { ...ofMessage('http', 72_295_728, 'HttpRule'), extendee: '.google.protobuf.MethodOptions' },
      {
        name: 'field_behavior',
        jsonName: 'field_behavior',
        number: 1052,
        type: 'TYPE_INT32',
        label: 'LABEL_REPEATED',
        extendee: '.google.protobuf.FieldOptions',
      },
    ],
  }),
  (name) => (name === file_google_protobuf_descriptor.proto.name ? file_google_protobuf_descriptor : undefined),
);

const registry = createRegistry(annotations, file_buf_validate_validate, file_scalekit_v1_options_options);

/** What `[name]` stands for in the JSON form of a descriptor's options. */
export const EXTENSIONS: Registry = registry;

const HTTP = extension('annotations.http');
const AUTH = extension('scalekit.v1.options.auth_option');
const BEHAVIOR = extension('annotations.field_behavior');

/** `google.api.http`, `undefined` for a method without. */
export const httpRule = (method: DescMethod): Json | undefined => optionOf(method, HTTP);

/** `scalekit.v1.options.auth_option`, `undefined` for a method without. */
export const authOption = (method: DescMethod): Json | undefined => optionOf(method, AUTH);

/** `google.api.field_behavior` by number: 2 is REQUIRED, 3 OUTPUT_ONLY. Documentation; the API enforces neither. */
export function behaviorsOf(field: DescField): readonly number[] {
  return hasOption(field, BEHAVIOR) ? (getOption(field, BEHAVIOR) as number[]) : [];
}

function optionOf(method: DescMethod, option: DescExtension): Json | undefined {
  if (option.message === undefined || !hasOption(method, option)) return undefined;
  return toJson(option.message, getOption(method, option) as Message, {
    enumAsInteger: true,
    useProtoFieldName: true,
  }) as Json;
}

function extension(name: string): DescExtension {
  const found = registry.getExtension(name);
  if (found === undefined) throw new Error(`There is no extension ${name}.`);
  return found;
}

function ofMessage(name: string, number: number, type: string) {
  return { name, jsonName: name, number, type: 'TYPE_MESSAGE', typeName: `.annotations.${type}` };
}
