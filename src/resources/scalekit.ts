import { z } from 'zod';
import { environmentIds, mcpServerIds, organizationIds } from '../completions/ids.ts';
import { toolNames } from '../completions/names.ts';
import type { Resource } from '../core/content.ts';
import { ToolError } from '../core/errors.ts';
import { toolset } from '../core/toolset.ts';
import { Environment } from '../platform/entities/environment.ts';
import { path } from '../platform/path.ts';
import { environments } from '../tools/environments.ts';
import { ownId } from '../tools/fields/own-id.ts';
import { mcpServers } from '../tools/mcp-servers.ts';
import { organizations } from '../tools/organizations.ts';
import { readerOf, resource } from './resource.ts';

const OF_TOOLSET = z.object({
  toolset: z.string(),
  tools: z.array(z.string()),
  not_granted: z.array(z.string()).optional().describe('Those for which this sign-in lacks a scope'),
});

/** What no tool of the catalogue reads in this form. */
const [capabilities, schema] = toolset(
  'session',
  { area: 'workspace', place: 'workspace' },
  (t) =>
    [
      t.read('capabilities', {
        description: 'What this caller can do here.',
        scope: null,
        output: {
          mode: z.enum(['workspace', 'environment']),
          sandbox: z.boolean().optional(),
          environment_id: z.string().optional().describe('The one environment that this connection is limited to'),
          read_only: z.boolean().optional(),
          scopes: z.object({ granted: z.array(z.string()), missing: z.array(z.string()) }),
          resources: z.array(z.string()),
          prompts: z.array(z.string()),
          toolsets: z.array(OF_TOOLSET),
        },
        run(_args, { caller, offered }) {
          const { environment, readOnly } = caller.sees;
          return {
            mode: caller.mode,
            ...(caller.sandbox && { sandbox: true }),
            environment_id: environment,
            ...(readOnly && { read_only: true }),
            scopes: { granted: caller.granted, missing: caller.missing },
            resources: offered.resources,
            prompts: offered.prompts,
            toolsets: byToolset(offered.tools()),
          };
        },
      }),

      t.read('schema', {
        description: 'What a tool takes and answers.',
        scope: null,
        input: { name: z.string().max(64) },
        output: {
          name: z.string(),
          toolset: z.string(),
          description: z.string(),
          effect: z.enum(['read', 'add', 'overwrite', 'destroy']),
          scopes: z.array(z.string()),
          granted: z.boolean(),
          input_schema: z.looseObject({}),
          output_schema: z.looseObject({}),
        },
        run({ name }, { offered }) {
          const tool = offered.tool(name);
          if (tool === undefined) {
            const message = 'No tool of this name can be called here. scalekit://capabilities names those that can.';
            throw new ToolError('not_found', message, { field: 'name' });
          }
          const { isGranted, inputSchema, outputSchema, ...facts } = tool;
          return { ...facts, granted: isGranted, input_schema: inputSchema, output_schema: outputSchema };
        },
      }),
    ] as const,
).tools;

const [environment] = toolset(
  'environments',
  { area: 'environment', needsWorkspaceToken: true },
  (t) =>
    [
      t.read('environment', {
        description: 'One environment.',
        output: { environment: Environment },
        run: (_args, { api, environmentId }) => api.get(path`/environments/${ownId(environmentId)}`),
      }),
    ] as const,
).tools;

/** The workspace as it is now, and what can be done with it. */
export const scalekitResources: readonly Resource[] = [
  resource({
    uri: 'scalekit://capabilities',
    name: 'capabilities',
    title: 'What you can do here',
    description: 'Scopes that are granted and missing, tools by toolset, resources and prompts of this connection.',
    reader: capabilities,
    isAlwaysOffered: true,
  }),
  resource({
    uri: 'scalekit://schema/{name}',
    name: 'schema',
    title: 'What a tool takes and answers',
    description: 'The arguments and the result of a tool as JSON Schema, with the scopes that it needs.',
    reader: schema,
    completers: { name: toolNames },
    isAlwaysOffered: true,
  }),
  resource({
    uri: 'scalekit://environments',
    name: 'environments',
    title: 'Environments',
    description: 'The environments of the workspace, as list_environments lists them.',
    reader: readerOf(environments, 'list_environments'),
  }),
  resource({
    uri: 'scalekit://environments/{environmentId}',
    name: 'environment',
    title: 'An environment',
    description: 'Domain, custom domain, region and type (DEV or PRD, which is production) of an environment.',
    reader: environment,
    completers: { environmentId: environmentIds },
    linkedFrom: {
      tools: ['create_environment', 'update_environment'],
      member: 'environment',
      variable: 'environmentId',
    },
  }),
  resource({
    uri: 'scalekit://environments/{environmentId}/organizations/{organizationId}',
    ownUri: 'scalekit://organizations/{organizationId}',
    name: 'organization',
    title: 'An organization',
    description: 'An organization (customer, tenant) of an environment: name, metadata, and which features it has.',
    reader: readerOf(organizations, 'get_organization_details'),
    completers: { environmentId: environmentIds, organizationId: organizationIds },
    linkedFrom: {
      tools: ['create_organization', 'update_organization'],
      member: 'organization',
      variable: 'organizationId',
    },
  }),
  resource({
    uri: 'scalekit://environments/{environmentId}/mcp-servers/{id}',
    ownUri: 'scalekit://mcp-servers/{id}',
    name: 'mcp_server',
    title: 'An MCP server',
    description: 'An MCP server that is registered for OAuth, with its scopes and the metadata that it must publish.',
    reader: readerOf(mcpServers, 'get_mcp_server'),
    completers: { environmentId: environmentIds, id: mcpServerIds },
    linkedFrom: {
      tools: ['register_mcp_server', 'update_mcp_server', 'switch_mcp_auth_to_scalekit'],
      member: 'resource',
      variable: 'id',
    },
  }),
];

function byToolset(tools: readonly { readonly name: string; readonly toolset: string; readonly isGranted: boolean }[]) {
  const names = [...new Set(tools.map(({ toolset }) => toolset))];
  return names.map((toolset) => {
    const own = tools.filter((tool) => tool.toolset === toolset);
    const notGranted = own.filter(({ isGranted }) => !isGranted).map(({ name }) => name);
    return {
      toolset,
      tools: own.map(({ name }) => name),
      ...(notGranted.length > 0 && { not_granted: notGranted }),
    };
  });
}
