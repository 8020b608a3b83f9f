import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { DescFile, DescMessage, DescMethod, DescService } from '@bufbuild/protobuf';
import { type Binding, bindingsOf } from '../../src/sandbox/contract/binding.ts';
import { createRegistry } from '../../src/sandbox/contract/protobuf.ts';
import { AgentkitAnalyticsService, AgentkitLogsService } from '../../src/sandbox/contract/published/agentkit-logs.ts';
import { CLIENTS_FILE, EnvironmentLoginUrisService } from '../../src/sandbox/contract/published/clients.ts';
import { EnvironmentService } from '../../src/sandbox/contract/published/environments.ts';
import { McpService } from '../../src/sandbox/contract/published/mcp.ts';
import { MembersService } from '../../src/sandbox/contract/published/members.ts';
import { ProviderService } from '../../src/sandbox/contract/published/providers.ts';
import { ToolSearchService } from '../../src/sandbox/contract/published/tools.ts';
import { WebhookService } from '../../src/sandbox/contract/published/webhooks.ts';
import { WorkspaceService } from '../../src/sandbox/contract/published/workspaces.ts';

/** An operation of the management API: a method and one of the ways to reach it over HTTP. */
export interface ApiOperation extends Binding {
  /** Full name of its service and method. */
  readonly name: string;
  readonly method: DescMethod;
}

/**
 * Services that the SDK has no descriptors for, as the API reference and the SDKs for other languages describe them. A
 * service may have the name of one of the SDK’s and add methods to it.
 */
const PUBLISHED: readonly DescService[] = [
  EnvironmentService,
  WorkspaceService,
  MembersService,
  ProviderService,
  McpService,
  AgentkitLogsService,
  AgentkitAnalyticsService,
  WebhookService,
  ToolSearchService,
  EnvironmentLoginUrisService,
];

/** Files of the SDK with the fields that it does not have yet. */
const EXTENDED: readonly DescFile[] = [CLIENTS_FILE];

const files = loadSdkFiles().map((file) => EXTENDED.find(({ proto }) => proto.name === file.proto.name) ?? file);

const types = createRegistry(...files, ...PUBLISHED.map(({ file }) => file));

/** The operations that the SDK's descriptors bind to HTTP. */
export const SDK_OPERATIONS: readonly ApiOperation[] = files.flatMap(({ services }) => services).flatMap(operationsOf);

/** The operations that are described by hand. */
export const PUBLISHED_OPERATIONS: readonly ApiOperation[] = PUBLISHED.flatMap(operationsOf);

/** Every operation of the management API that is described. */
export const API_OPERATIONS: readonly ApiOperation[] = [...SDK_OPERATIONS, ...PUBLISHED_OPERATIONS];

/** A message that is described, whether by the SDK or by hand, by its full name; `undefined` when there is none. */
export function messageNamed(name: string): DescMessage | undefined {
  return types.getMessage(name);
}

function operationsOf({ methods }: DescService): ApiOperation[] {
  return methods.flatMap((method) =>
    bindingsOf(method).map((binding) => ({ ...binding, name: `${method.parent.typeName}.${method.name}`, method })),
  );
}

/**
 * Every file of protobuf descriptors in the Scalekit SDK, the enums and messages of the API's errors among them.
 * Searched for, because their number is the SDK's business.
 */
function loadSdkFiles(): DescFile[] {
  const require = createRequire(import.meta.url);
  const root = join(dirname(require.resolve('@scalekit-sdk/node')), 'pkg', 'grpc', 'scalekit', 'v1');
  const modules = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('_pb.js'));
  return modules.toSorted().flatMap((path) => Object.values<unknown>(require(join(root, path))).filter(isFile));
}

function isFile(value: unknown): value is DescFile {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'file';
}
