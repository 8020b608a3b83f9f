import { z } from 'zod';
import type { Api } from '../core/api.ts';
import { checkAnswer } from '../core/check-answer.ts';
import { ToolError } from '../core/errors.ts';
import { requireConnections } from './connection-names.ts';
import { McpConfig } from './entities/mcp-config.ts';
import { path } from './path.ts';

/** Which tools of a connection are exposed. Left out: all. */
type Mapping = { readonly connection_name: string; readonly tools?: readonly string[] | undefined };

type NewConfig = {
  readonly name: string;
  readonly description?: string | undefined;
  readonly connection_tool_mappings: readonly Mapping[];
};

/** The parts to change. What is left out stays as it is. */
type Changes = { readonly [Name in 'description' | 'connection_tool_mappings']?: NewConfig[Name] | undefined };

const One = z.object({ config: McpConfig });

/**
 * Creates an MCP config (`POST /mcp/configs`).
 * @returns the API's answer, unchecked
 * @throws ToolError `invalid_arguments` when it names a connection that does not exist
 */
export async function createMcpConfig(api: Api, config: NewConfig): Promise<unknown> {
  await requireConnections(api, namesIn(config.connection_tool_mappings));
  return api.post(path`/mcp/configs`, config);
}

/**
 * Replaces the description, the mappings or both (`PUT /mcp/configs/{id}`). It is not documented whether the API keeps
 * what a request leaves out. So the current values are read, and what is to stay is written again.
 * @returns the API's answer, unchecked
 * @throws ToolError `invalid_arguments` when nothing is to change, or when it names a connection that does not exist
 */
export async function updateMcpConfig(
  api: Api,
  id: string,
  { description, connection_tool_mappings: mappings }: Changes,
): Promise<unknown> {
  if (description === undefined && mappings === undefined) {
    const message = 'Nothing to change: give description, connection_tool_mappings or both.';
    throw new ToolError('invalid_arguments', message, { field: 'description' });
  }
  if (mappings !== undefined) await requireConnections(api, namesIn(mappings));
  const { config } = checkAnswer(One, await api.get(path`/mcp/configs/${id}`));
  return api.put(path`/mcp/configs/${id}`, {
    description: description ?? config.description ?? '',
    connection_tool_mappings: mappings ?? mappingsOf(config),
  });
}

function namesIn(mappings: readonly Mapping[]): string[] {
  return mappings.map(({ connection_name }) => connection_name);
}

function mappingsOf(config: z.output<typeof McpConfig>): Mapping[] {
  return (config.connection_tool_mappings ?? []).map(({ connection_name, tools }) => ({
    connection_name: connection_name ?? '',
    tools: tools ?? [],
  }));
}
