import type { DescEnum, DescFile, DescMessage, JsonValue } from '@bufbuild/protobuf';
import { EXTENSIONS } from './extensions.ts';
import { createFileRegistry, FileDescriptorProtoSchema, fromJson } from './protobuf.ts';

type Json = Readonly<Record<string, JsonValue>>;

/** What a file declares, in the JSON form of google.protobuf.FileDescriptorProto. */
export interface Declarations {
  readonly messageType?: readonly Json[];
  readonly enumType?: readonly Json[];
  readonly service?: readonly Json[];
}

/** Builds the descriptor of a file that declares things of one package, out of types that are there already. */
export function buildFile(
  name: string,
  declarations: Declarations,
  uses: readonly (DescMessage | DescEnum)[],
): DescFile {
  const needed = new Map(uses.map(({ file }) => [file.proto.name, file]));
  const json = { name, package: packageOf(name), syntax: 'proto3', dependency: [...needed.keys()], ...declarations };
  const proto = fromJson(FileDescriptorProtoSchema, json as unknown as JsonValue, { registry: EXTENSIONS });
  const file = createFileRegistry(proto, (wanted) => needed.get(wanted)).getFile(name);
  if (file === undefined) throw new Error(`${name} was not built`);
  return file;
}

/** `scalekit.v1.mcp` of `scalekit.v1.mcp.McpService`: packages are written small. */
function packageOf(name: string): string {
  return name.replace(/\.[A-Z].*$/, '');
}
