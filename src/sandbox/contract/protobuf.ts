import { createRequire } from 'node:module';

/*
 * Protobuf as Scalekit's SDK loads it, which is CommonJS. `import` would load a second copy of everything as ES modules:
 * more than a hundred files, and a third of the time that the sandbox takes to start.
 */
const load = createRequire(import.meta.url);

export const {
  createFileRegistry,
  createRegistry,
  fromBinary,
  fromJson,
  getOption,
  hasOption,
  ScalarType,
  toBinary,
  toJson,
} = load('@bufbuild/protobuf') as typeof import('@bufbuild/protobuf');

export const { pathToString, protoCamelCase, scalarZeroValue } = load(
  '@bufbuild/protobuf/reflect',
) as typeof import('@bufbuild/protobuf/reflect');

export const {
  BoolValueSchema,
  DescriptorProtoSchema,
  DurationSchema,
  FieldMaskSchema,
  FileDescriptorProtoSchema,
  file_google_protobuf_descriptor,
  Int32ValueSchema,
  ListValueSchema,
  StringValueSchema,
  StructSchema,
  TimestampSchema,
  UInt32ValueSchema,
} = load('@bufbuild/protobuf/wkt') as typeof import('@bufbuild/protobuf/wkt');

export const { file_buf_validate_validate } = load(
  '@bufbuild/protovalidate/gen/buf/validate/validate_pb.js',
) as typeof import('@bufbuild/protovalidate/gen/buf/validate/validate_pb.js');

/** What checks rules, with the languages that they are written in. Loaded by the first request that needs it. */
export function loadProtovalidate(): typeof import('@bufbuild/protovalidate') {
  return load('@bufbuild/protovalidate');
}
