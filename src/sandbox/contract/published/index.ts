import type { DescService } from '@bufbuild/protobuf';
import { EnvironmentService } from './environments.ts';
import { McpService } from './mcp.ts';
import { MembersService } from './members.ts';
import { ProviderService } from './providers.ts';
import { WorkspaceService } from './workspaces.ts';

/**
 * Services that Scalekit's SDK for Node has no descriptors for, as the API reference and the SDKs for other languages
 * describe them. A service may have the name of one of the SDK's and add methods to it. A test finds methods that the SDK
 * has learnt since.
 */
export const PUBLISHED_SERVICES: readonly DescService[] = [
  EnvironmentService,
  WorkspaceService,
  MembersService,
  ProviderService,
  McpService,
];
