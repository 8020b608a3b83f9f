import { ENVIRONMENT_IDS } from '../../src/sandbox/data/ids.ts';
import type { Client } from './client.ts';
import { dataOf, expect, expectMembers, failureOf, resultOf } from './expectations.ts';
import type { Scenario } from './scenario.ts';

/** The API always fails for this organization. */
export const BROKEN_ID = 'org_71204418093099999';

async function whoami(client: Client): Promise<void> {
  const [era, caller, id] = [client.era(), client.anybody(), client.id()];
  const data = dataOf(await client.call(era, caller, 'whoami', {}, id), id);
  expect(JSON.stringify(data) === client.references.whoami.get(caller.name), `${caller.name} got ${data['subject']}`);
}

async function read(client: Client): Promise<void> {
  const { tool, arguments: args, data } = client.random.of(client.references.reads);
  const id = client.id();
  const answer = await client.call(client.era(), client.anybody(), tool, args, id);
  expect(JSON.stringify(dataOf(answer, id)) === data, `another ${tool}`, answer);
}

async function list(client: Client): Promise<void> {
  const [era, id] = [client.era(), client.id()];
  const result = resultOf(await client.ask(era, client.anybody(), 'tools/list', {}, id), id);
  const { tools, ...rest } = result;
  expect(JSON.stringify({ tools, ...rest }) === client.references.tools[era], 'another list of tools');
}

async function begin(client: Client): Promise<void> {
  const id = client.id();
  if (client.era() === 'modern') {
    const result = resultOf(await client.ask('modern', client.anybody(), 'server/discover', {}, id), id);
    return expectMembers(result, { supportedVersions: ['2026-07-28'] });
  }
  const protocolVersion = client.random.of(['2025-03-26', '2025-06-18', '2025-11-25']);
  const params = { protocolVersion, capabilities: {}, clientInfo: { name: 'load', version: '1' } };
  const result = resultOf(await client.ask('legacy', client.anybody(), 'initialize', params, id), id);
  expectMembers(result, { protocolVersion });
}

async function failingUpstream(client: Client): Promise<void> {
  const id = client.id();
  const args = { environmentId: ENVIRONMENT_IDS.production, organizationId: BROKEN_ID };
  const answer = await client.call(client.era(), client.anybody(), 'get_organization_details', args, id);
  failureOf(answer, id, 'upstream_error');
}

/** Calls that read, and that succeed. */
export const calls: readonly Scenario[] = [
  { group: 'read', name: 'whoami', weight: 15, run: whoami },
  { group: 'read', name: 'tools that read', weight: 30, run: read },
];

export const reads: readonly Scenario[] = [
  ...calls,
  { group: 'read', name: 'tools/list', weight: 5, run: list },
  { group: 'read', name: 'initialize, discover', weight: 5, run: begin },
  { group: 'read', name: 'a read that the API fails', weight: 2, run: failingUpstream },
];
