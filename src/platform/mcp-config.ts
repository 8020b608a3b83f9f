import { z } from 'zod';
import type { Api } from '../core/api.ts';
import { checkAnswer } from '../core/check-answer.ts';
import { ToolError } from '../core/errors.ts';
import { isUntold, notCameTrue, requireCameTrue, requireTold } from './came-true.ts';
import { requireConnections } from './connection-names.ts';
import { McpConfig } from './entities/mcp-config.ts';
import { path } from './path.ts';
import { LostUpdate, readBack, untilItStands } from './read-back.ts';

/** Which tools of a connection are exposed. Left out: all. */
type Mapping = { readonly connection_name: string; readonly tools?: readonly string[] | undefined };

type NewConfig = {
  readonly name: string;
  readonly description?: string | undefined;
  readonly connection_tool_mappings: readonly Mapping[];
};

/** The parts to change. What is left out stays as it is. */
type Changes = { readonly [Name in 'description' | 'connection_tool_mappings']?: NewConfig[Name] | undefined };

type Asked = { readonly [Name in keyof NewConfig]?: NewConfig[Name] | undefined };

const One = z.object({ config: McpConfig });

type Config = z.output<typeof McpConfig>;

const SHOWS = 'get_mcp_config';

/**
 * Creates an MCP config (`POST /mcp/configs`).
 * @returns the new config
 * @throws ToolError `invalid_arguments` when it names a connection that does not exist; `not_applied` when the new config
 *   is another than the one that was asked for
 */
export async function createMcpConfig(api: Api, wanted: NewConfig): Promise<{ config: Config }> {
  await requireConnections(api, namesIn(wanted.connection_tool_mappings));
  const created = checkAnswer(One, await api.post(path`/mcp/configs`, wanted), 'write');
  // A config has a name: an answer without one shows nothing that could be compared.
  if (!created.config.name) return created;
  const asked = ({ config }: { config: Config }) => asAsked(wanted, config);
  return requireTold(asked, created, () => read(api, created.config.id), SHOWS);
}

/**
 * Replaces the description, the mappings or both (`PUT /mcp/configs/{id}`). It is not documented whether the API keeps
 * what a request leaves out. So the current values are read, and what is to stay is written again; then the config is
 * read once more, because of two writers at once one would be lost.
 * @returns the config as it is afterwards
 * @throws ToolError `invalid_arguments` when nothing is to change, or when it names a connection that does not exist;
 *   `not_applied` when the API leaves something as it was
 * @throws LostUpdate when others go on changing the config at the same time
 */
export async function updateMcpConfig(api: Api, id: string, changes: Changes): Promise<{ config: Config }> {
  const { description, connection_tool_mappings: mappings } = changes;
  if (description === undefined && mappings === undefined) {
    const message = 'Nothing to change: give description, connection_tool_mappings or both.';
    throw new ToolError('invalid_arguments', message, { field: 'description' });
  }
  if (mappings !== undefined) await requireConnections(api, namesIn(mappings));
  return api.inTurn(path`/mcp/configs/${id}`, () => untilItStands(() => updateOnce(api, id, changes)));
}

async function updateOnce(api: Api, id: string, changes: Changes): Promise<{ config: Config }> {
  const { config: before } = await read(api, id);
  const written = {
    description: changes.description ?? before.description ?? '',
    connection_tool_mappings: changes.connection_tool_mappings ?? mappingsOf(before),
  };
  const answer = await api.put(path`/mcp/configs/${id}`, written);
  const answered = asAsked(changes, checkAnswer(One, answer, 'write').config);
  // What the answer leaves out is seen in what is read.
  const isTold = !isUntold(answered);
  if (isTold) requireCameTrue(answered, SHOWS);
  const now = await readBack(read(api, id), SHOWS);
  if (!isTold) requireCameTrue(asAsked(changes, now.config), SHOWS);
  const differs = notCameTrue(asAsked(written, now.config));
  if (differs.length === 0) return now;
  const isOwn = differs.some((name) => changes[name as keyof Changes] !== undefined);
  throw new LostUpdate(
    `${isOwn ? 'What this call changed' : 'The rest of the MCP config'} is not as this call left it.`,
    SHOWS,
  );
}

async function read(api: Api, id: string): Promise<{ config: Config }> {
  return checkAnswer(One, await api.get(path`/mcp/configs/${id}`));
}

/** What was asked of a config beside what it shows, without what only the API sets. */
function asAsked({ name, description, connection_tool_mappings: mappings }: Asked, shown: Config) {
  return {
    name: { asked: name, shown: shown.name },
    description: { asked: description, shown: shown.description },
    connection_tool_mappings: { asked: mappings, shown: shown.connection_tool_mappings && mappingsOf(shown) },
  };
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
