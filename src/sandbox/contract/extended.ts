import type { DescEnum, DescFile, DescMessage, JsonValue } from '@bufbuild/protobuf';
import { packageOf } from './build.ts';
import { declareMessage, usedBy } from './declare.ts';
import { EXTENSIONS } from './extensions.ts';
import type { Fields } from './field.ts';
import {
  createFileRegistry,
  DescriptorProtoSchema,
  FileDescriptorProtoSchema,
  fromBinary,
  fromJson,
  toBinary,
} from './protobuf.ts';

/**
 * A file of the SDK's descriptors with fields that the API has by now, and the SDK has not. All that the file describes is
 * described anew, so that its services read and check these fields as well.
 * @param added the fields, by the full names of the messages that have them
 */
export function extended(file: DescFile, added: Readonly<Record<string, Fields>>): DescFile {
  const proto = fromBinary(FileDescriptorProtoSchema, toBinary(FileDescriptorProtoSchema, file.proto));
  const known = new Map(file.dependencies.map((one) => [one.proto.name, one]));
  for (const [name, fields] of Object.entries(added)) {
    const message = proto.messageType.find((one) => `${proto.package}.${one.name}` === name);
    if (message === undefined) throw new Error(`${file.name} has no message ${name}.`);
    const declared = fromJson(DescriptorProtoSchema, declareMessage(name, fields) as unknown as JsonValue, {
      registry: EXTENSIONS,
    });
    const last = Math.max(0, ...message.field.map(({ number }) => number));
    for (const [i, field] of declared.field.entries()) message.field.push({ ...field, number: last + 1 + i });
    for (const { file: used } of usedBy(fields)) {
      if (!known.has(used.proto.name)) proto.dependency.push(used.proto.name);
      known.set(used.proto.name, used);
    }
  }
  const built = createFileRegistry(proto, (name) => known.get(name)).getFile(proto.name);
  if (built === undefined) throw new Error(`${file.name} was not built`);
  return built;
}

/** What such a file describes under a name. */
export function describedIn<Desc extends DescMessage | DescEnum | DescFile['services'][number]>(
  file: DescFile,
  name: string,
): Desc {
  const all = [...file.messages, ...file.enums, ...file.services];
  const found = all.find(({ typeName }) => typeName === `${packageOf(file.messages[0]?.typeName ?? '')}.${name}`);
  if (found === undefined) throw new Error(`${file.name} does not describe ${name}.`);
  return found as Desc;
}
