import type { DescEnum, DescMessage, DescService, JsonValue } from '@bufbuild/protobuf';
import { EXTENSIONS } from './extensions.ts';
import { createFileRegistry, FileDescriptorProtoSchema, fromJson } from './protobuf.ts';

type Json = Readonly<Record<string, JsonValue>>;

/** What a file declares, in the JSON form of google.protobuf.FileDescriptorProto. */
interface Declarations {
  readonly messageType?: readonly Json[];
  readonly enumType?: readonly Json[];
  readonly service?: readonly Json[];
}

/**
 * Builds the descriptor of a type out of types that are there already, in a file of its own.
 * @param name full name of the type, which is among what the file declares
 */
export function build<Desc extends DescMessage | DescEnum | DescService>(
  name: string,
  declarations: Declarations,
  uses: readonly (DescMessage | DescEnum)[] = [],
): Desc {
  const needed = new Map(uses.map(({ file }) => [file.proto.name, file]));
  const json = { name, package: packageOf(name), syntax: 'proto3', dependency: [...needed.keys()], ...declarations };
  const proto = fromJson(FileDescriptorProtoSchema, json as unknown as JsonValue, { registry: EXTENSIONS });
  const built = createFileRegistry(proto, (wanted) => needed.get(wanted)).get(name);
  if (built === undefined) throw new Error(`${name} was not built`);
  return built as Desc;
}

/** `Member` of `scalekit.v1.members.Member`. */
export function simpleName(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

/** `scalekit.v1.members` of `scalekit.v1.members.Member`. */
export function packageOf(name: string): string {
  return name.slice(0, name.lastIndexOf('.'));
}
