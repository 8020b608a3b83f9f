import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { DescFile } from '@bufbuild/protobuf';

/**
 * Every file of protobuf descriptors in the Scalekit SDK, the enums and messages of the API's errors among them.
 * Searched for, because their number is the SDK's business.
 */
export function loadSdkFiles(): DescFile[] {
  const require = createRequire(import.meta.url);
  const root = join(dirname(require.resolve('@scalekit-sdk/node')), 'pkg', 'grpc', 'scalekit', 'v1');
  const modules = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('_pb.js'));
  return modules.toSorted().flatMap((path) => Object.values<unknown>(require(join(root, path))).filter(isFile));
}

function isFile(value: unknown): value is DescFile {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'file';
}
