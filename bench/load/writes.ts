import { ENVIRONMENT_IDS } from '../../src/sandbox/data/ids.ts';
import type { Client } from './client.ts';
import { dataOf, expect, expectMembers, failureOf } from './expectations.ts';
import type { Scenario } from './scenario.ts';

const environmentId = ENVIRONMENT_IDS.development;
/** No tool deletes organizations, so each client creates a few and then changes those. */
const MAX_ORGANIZATIONS = 10;
/** The server accepts only a thousand confirmations of a caller in ten minutes. */
const MAX_DESTROYED = 800;

const organizations = new WeakMap<Client, string[]>();
let destroyed = 0;

async function organization(client: Client): Promise<void> {
  const own = organizations.get(client) ?? [];
  organizations.set(client, own);
  if (own.length < MAX_ORGANIZATIONS) own.push(await create(client));
  await change(client, client.random.of(own));
}

/** Creates an organization, which another caller then reads. */
async function create(client: Client): Promise<string> {
  const written = { display_name: client.text(), metadata: { written_by: client.text() } };
  const id = client.id();
  const args = { environmentId, name: written.display_name, metadata: written.metadata };
  const answer = await client.call(client.era(), client.writer(), 'create_organization', args, id);
  const created = dataOf(answer, id)['organization'] as { id: string };
  expectMembers(created, written);
  expectMembers(await readOrganization(client, created.id), { id: created.id, ...written });
  return created.id;
}

async function change(client: Client, organizationId: string): Promise<void> {
  const id = client.id();
  const feature = [{ name: client.random.of(['sso', 'dir_sync']), enabled: client.random.below(2) === 1 }];
  const args = { environmentId, organizationId, feature };
  dataOf(await client.call(client.era(), client.writer(), 'update_organization_settings', args, id), id);
  const { settings } = (await readOrganization(client, organizationId)) as { settings: { features: typeof feature } };
  const now = settings.features.find(({ name }) => name === feature[0]?.name);
  expect(now?.enabled === feature[0]?.enabled, 'a feature is not as it was written');
}

async function readOrganization(client: Client, organizationId: string): Promise<unknown> {
  const id = client.id();
  const args = { environmentId, organizationId };
  const answer = await client.call(client.era(), client.anybody(), 'get_organization_details', args, id);
  return dataOf(answer, id)['organization'];
}

/** Creates, reads, changes, reads and deletes an MCP config, and then checks that it is gone. */
async function config(client: Client): Promise<void> {
  if (destroyed >= MAX_DESTROYED) return organization(client);
  destroyed++;
  const call = async (tool: string, args: object) => {
    const id = client.id();
    return { id, answer: await client.call(client.era(), client.writer(), tool, { environmentId, ...args }, id) };
  };
  const configIn = ({ id, answer }: Awaited<ReturnType<typeof call>>) =>
    dataOf(answer, id)['config'] as { id: string; description: string };
  const name = `load-${client.number}-${client.made++}-${client.random.below(1e9)}`;
  const first = client.text();
  const mappings = [{ connection_name: 'gmail', tools: ['gmail_fetch_mails'] }];
  const created = { name, description: first, connection_tool_mappings: mappings };
  const { id: configId } = configIn(await call('create_mcp_config', created));
  expectMembers(configIn(await call('get_mcp_config', { configId })), { id: configId, name, description: first });
  const second = client.text();
  expectMembers(configIn(await call('update_mcp_config', { configId, description: second })), { description: second });
  expectMembers(configIn(await call('get_mcp_config', { configId })), { id: configId, name, description: second });
  await confirmDeletion(client, configId);
  const { id, answer } = await call('get_mcp_config', { configId });
  failureOf(answer, id, 'not_found');
}

/** Deletes a config. Only the caller that got the preview can confirm. */
async function confirmDeletion(client: Client, configId: string): Promise<void> {
  const caller = client.writer();
  const other = client.callers.writers.find((writer) => writer !== caller);
  const args = { environmentId, configId };
  const asked = client.id();
  const preview = failureOf(
    await client.call(client.era(), caller, 'delete_mcp_config', args, asked),
    asked,
    'confirmation_required',
  );
  const { confirmation } = preview;
  const confirmed = { ...args, confirmation };
  const id = client.id();
  if (other !== undefined) {
    const answer = await client.call(client.era(), other, 'delete_mcp_config', confirmed, id);
    failureOf(answer, id, 'confirmation_invalid');
  }
  const answer = await client.call(client.era(), caller, 'delete_mcp_config', confirmed, id);
  expectMembers(dataOf(answer, id), { deleted_id: configId });
}

export const writes: readonly Scenario[] = [
  { group: 'write', name: 'organizations: write, read back', weight: 8, run: organization },
  { group: 'write', name: 'MCP configs: write, read back, delete', weight: 1, run: config },
];
