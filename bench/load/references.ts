import {
  DEVELOPMENT_ORGANIZATION_IDS,
  ENVIRONMENT_IDS,
  PRODUCTION_ORGANIZATION_IDS,
} from '../../src/sandbox/data/ids.ts';
import type { EraName } from '../../tests/fixtures/rpc.ts';
import type { Caller, Callers } from './callers.ts';
import { Connection } from './connection.ts';
import { dataOf, expect, expectMembers, resultOf } from './expectations.ts';
import { message } from './message.ts';

/** A read whose answer does not change, with that answer. */
interface StableRead {
  readonly tool: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly data: string;
}

/** Answers that the idle server gave; their content was checked. */
export interface References {
  /** By the name of the caller. */
  readonly whoami: ReadonlyMap<string, string>;
  readonly reads: readonly StableRead[];
  /** The whole result of `tools/list`. */
  readonly tools: Readonly<Record<EraName, string>>;
}

const { development, production } = ENVIRONMENT_IDS;

/** @throws Wrong when an answer of the idle server is wrong */
export async function collectReferences(url: string, callers: Callers): Promise<References> {
  const connection = new Connection(url);
  const ask = (caller: Caller, tool: string, args: object) =>
    connection.send(message('legacy', caller.token, 'tools/call', { name: tool, arguments: args }));
  const whoami = new Map<string, string>();
  for (const caller of [...callers.writers, callers.reader]) {
    const data = dataOf(await ask(caller, 'whoami', {}), 1);
    expectMembers(data, { subject: caller.subject, client_id: caller.clientId });
    expectMembers(data['scopes'], { granted: [...caller.scopes] });
    whoami.set(caller.name, JSON.stringify(data));
  }
  const [first] = callers.writers;
  const reads: StableRead[] = [];
  for (const { tool, ids, ...read } of READS) {
    expect(first !== undefined, 'somebody reads');
    const data = JSON.stringify(dataOf(await ask(first, tool, read.arguments), 1));
    for (const id of ids) expect(data.includes(`"${id}"`), `${tool} without ${id}`);
    reads.push({ tool, arguments: read.arguments, data });
  }
  const list = async (era: EraName) => {
    const { tools, ...rest } = resultOf(await connection.send(message(era, callers.reader.token, 'tools/list')), 1);
    expect(Array.isArray(tools) && tools.length > 30, 'tools/list without tools');
    return JSON.stringify({ tools, ...rest });
  };
  const tools = { modern: await list('modern'), legacy: await list('legacy') };
  connection.close();
  return { whoami, reads, tools };
}

/** Reads whose answers no scenario changes, with the ids that must be in them. */
const READS = [
  { tool: 'list_environments', arguments: {}, ids: [development, production] },
  { tool: 'get_environment_details', arguments: { environmentId: development }, ids: [development] },
  { tool: 'get_environment_details', arguments: { environmentId: production }, ids: [production] },
  {
    tool: 'list_organizations',
    arguments: { environmentId: production },
    ids: Object.values(PRODUCTION_ORGANIZATION_IDS),
  },
  { tool: 'list_environment_roles', arguments: { environmentId: production }, ids: ['role_71204418093061501'] },
  { tool: 'list_environment_connections', arguments: { environmentId: development }, ids: [] },
  { tool: 'list_mcp_servers', arguments: { environmentId: development }, ids: [] },
  {
    tool: 'list_organization_users',
    arguments: { environmentId: development, organizationId: DEVELOPMENT_ORGANIZATION_IDS.tidewater },
    ids: [],
  },
  ...Object.values(DEVELOPMENT_ORGANIZATION_IDS).map((id) => organization(development, id)),
  ...Object.values(PRODUCTION_ORGANIZATION_IDS).map((id) => organization(production, id)),
];

function organization(environmentId: string, organizationId: string) {
  const args = { environmentId, organizationId };
  return { tool: 'get_organization_details', arguments: args, ids: [organizationId] };
}
