import { z } from 'zod';
import type { Api } from '../core/api.ts';
import { isObject } from '../core/json.ts';
import { Word } from '../core/word.ts';
import { path } from './path.ts';

/** The most tools that the API finds by meaning. */
const MOST_FOUND = 50;
const READY = 'READY';

const Connection = z.object({
  connection_name: z.string().nullish(),
  readiness_state: Word.nullish().describe('READY, NEEDS_REAUTH or NEEDS_CONNECTION'),
  connected_account_id: z.string().nullish().describe('Only where it is READY'),
});

/** A tool that was found by meaning, with what one user needs to use it (`scalekit.v1.tools.SearchedTool`). */
export const FoundTool = z.object({
  name: z.string(),
  provider: z.string().nullish(),
  description: z.string().nullish(),
  connections: z.array(Connection).nullish().describe('Where this user has an account; several are several workspaces'),
  next_step: z
    .enum(['run', 'connect', 'reconnect', 'ask_which'])
    .optional()
    .describe(
      'connect: the user has no account there, make them a link; reconnect: a new link for that connection; ask_which: ask the user which connection, and connect it where it is not READY',
    ),
  next_tool: z.string().optional(),
});

const Read = FoundTool.omit({ next_step: true, next_tool: true });

/** What is searched for, and for whom. */
interface Search {
  readonly query: string;
  /** The user, by the id that the customer's application uses. */
  readonly identifier: string;
  /** Only tools of this one, in any case. */
  readonly connector?: string | undefined;
  /** So many at most; left out: as many as the API finds usually. */
  readonly most?: number | undefined;
}

/**
 * Finds tools by what they do, with what a user needs before each can run (`POST /tools:search`). The id of an account that
 * cannot be used is left out, so that nobody runs a tool with it.
 * @returns `found`; a tool that cannot be read stays as it is, and an answer of another form, too
 */
export async function findForUser(api: Api, { query, identifier, connector, most }: Search): Promise<unknown> {
  // Those of one connector are chosen from all that are found: the operation itself cannot be narrowed.
  const top_k = connector === undefined ? most : MOST_FOUND;
  const answer = await api.post(path`/tools:search`, { query, identifier, top_k });
  if (!isObject(answer)) return answer;
  const { tools = [], ...rest } = answer;
  if (!Array.isArray(tools)) return { ...rest, found: tools };
  const found = tools.filter((tool) => connector === undefined || isOf(connector, tool)).map(withNextStep);
  return { ...rest, found: most === undefined ? found : found.slice(0, most) };
}

function isOf(connector: string, tool: unknown): boolean {
  const { data } = Read.safeParse(tool);
  return data === undefined || data.provider?.toLowerCase() === connector.toLowerCase();
}

/** A tool with what is to be done before it runs. */
function withNextStep(tool: unknown): unknown {
  const { data } = Read.safeParse(tool);
  if (data === undefined) return tool;
  const connections = (data.connections ?? []).map(({ connected_account_id: id, ...connection }) => {
    const isReady = stateOf(connection.readiness_state) === READY;
    return {
      ...connection,
      readiness_state: stateOf(connection.readiness_state),
      ...(isReady && { connected_account_id: id }),
    };
  });
  return { ...data, connections, ...nextStepFor(connections.map(({ readiness_state: state }) => state)) };
}

function nextStepFor(
  states: readonly (string | undefined)[],
): Pick<z.output<typeof FoundTool>, 'next_step' | 'next_tool'> {
  const next_tool = 'create_connected_account_magic_link';
  const [first, ...others] = states;
  if (others.length > 0) return { next_step: 'ask_which', ...(!states.includes(READY) && { next_tool }) };
  if (states.length === 0) return { next_step: 'connect', next_tool };
  return first === READY ? { next_step: 'run' } : { next_step: 'reconnect', next_tool };
}

/** The word of a state without what the API writes before each. */
function stateOf(state: string | null | undefined): string | undefined {
  return state?.replace(/^TOOL_READINESS_STATE_/, '');
}
