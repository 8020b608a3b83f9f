import { afterAll, beforeAll, describe, expect } from 'vitest';
import { ENVIRONMENT_IDS } from '../../src/sandbox/data/ids.ts';
import { CLIENTS, type ClientName, type ContentClient, connected } from '../fixtures/content-clients.ts';
import { callTool } from '../fixtures/rpc.ts';
import { running, type TestServer } from '../fixtures/running.ts';
import { verifies } from '../verifies.ts';

const environmentId = ENVIRONMENT_IDS.development;
const NEWEST = 'SDK 2.x of 2026-07-28';
const MCP_SERVER = { name: 'Berth planner', url: 'https://berths.example.com/mcp' };

let server: TestServer;
let own: TestServer;

beforeAll(async () => {
  server = await running();
  own = await running({ SANDBOX_MODE: 'environment', ALLOWED_SUBJECTS: 'sandbox-machine' });
});
afterAll(() => Promise.all([server.stop(), own.stop()]));

interface Link {
  readonly type: string;
  readonly uri: string;
  readonly text: string;
}

async function linksOf(client: Pick<ContentClient, 'callTool'>, name: string, args: Record<string, unknown>) {
  const { content, structuredContent, isError } = await client.callTool({ name, arguments: args });
  const [text, ...links] = content as Link[];
  expect({ isError, type: text?.type }).toEqual({ type: 'text' });
  expect(JSON.parse(text?.text ?? '')).toEqual(structuredContent);
  // biome-ignore lint/suspicious/noExplicitAny: results are looked into freely.
  return { links, data: structuredContent as any };
}

async function read(client: ContentClient, uri: string) {
  const { contents } = await client.readResource({ uri });
  return JSON.parse((contents as { text: string }[])[0]?.text ?? '');
}

const connectTo = async (at: TestServer, query = '', scope?: string, name: ClientName = NEWEST) =>
  connected(name, `${at.localUrl}/mcp${query}`, await at.token(scope));

describe('a result of the era of 2026', () => {
  verifies('resources.linked', 'links to what was made, and the link can be followed', async () => {
    const client = await connectTo(server);
    for (const [name, args, member, of] of [
      ['create_organization', { environmentId, name: 'Linked' }, 'organization', `${environmentId}/organizations/`],
      ['register_mcp_server', { environmentId, ...MCP_SERVER }, 'resource', `${environmentId}/mcp-servers/`],
      ['create_environment', { name: 'Linked' }, 'environment', ''],
    ] as const) {
      const { links, data } = await linksOf(client, name, args);
      const { id } = data[member];
      const uri = `scalekit://environments/${of}${id}`;
      const described = { name: expect.any(String), title: expect.any(String), mimeType: 'application/json' };
      expect(links).toEqual([{ type: 'resource_link', uri, ...described }]);
      expect((await read(client, uri))[member].id).toBe(id);
    }
    await client.close();
  });

  verifies('resources.linked', 'links to what was changed, by call_tool as well', async () => {
    const client = await connectTo(server);
    const { data } = await linksOf(client, 'create_organization', { environmentId, name: 'To be renamed' });
    const organizationId = data.organization.id;
    const args = { environmentId, organizationId, name: 'Renamed' };
    const { links } = await linksOf(client, 'call_tool', { name: 'update_organization', arguments: args });
    const uri = `scalekit://environments/${environmentId}/organizations/${organizationId}`;
    expect(links).toMatchObject([{ type: 'resource_link', uri }]);
    expect((await read(client, uri)).organization.display_name).toBe('Renamed');
    await client.close();
  });

  verifies(['resources.linked', 'fence.resources'], 'links within the environment of the URL', async () => {
    const client = await connectTo(server, `?environment=${environmentId}`);
    const { links, data } = await linksOf(client, 'create_organization', { name: 'Fenced' });
    const uri = `scalekit://environments/${environmentId}/organizations/${data.organization.id}`;
    expect(links).toMatchObject([{ type: 'resource_link', uri }]);
    expect((await read(client, uri)).organization.id).toBe(data.organization.id);
    await client.close();
  });

  verifies(['resources.linked', 'resources.own-environment'], 'names no environment where there is one', async () => {
    const client = await connectTo(own);
    const { links, data } = await linksOf(client, 'create_organization', { name: 'Own' });
    const uri = `scalekit://organizations/${data.organization.id}`;
    expect(links).toMatchObject([{ type: 'resource_link', uri }]);
    expect((await read(client, uri)).organization.id).toBe(data.organization.id);
    await client.close();
  });

  verifies.each('resources.linked', [
    ['a scope to read it is missing', '', 'organization:write'],
    ['the URL leaves the resource out', '?tools=create_organization', undefined],
  ] as const)('has none where %s', async (_title, query, scope) => {
    const client = await connectTo(server, query, scope);
    const { links } = await linksOf(client, 'create_organization', { environmentId, name: 'Not linked' });
    expect(links).toEqual([]);
    await client.close();
  });

  verifies('resources.linked', 'has none for a list, a read or a failure', async () => {
    const client = await connectTo(server);
    const { links, data } = await linksOf(client, 'list_organizations', { environmentId });
    expect(links).toEqual([]);
    const organizationId = data.organizations[0].id;
    const details = await linksOf(client, 'get_organization_details', { environmentId, organizationId });
    expect(details.links).toEqual([]);
    const missing = { environmentId, organizationId: 'org_404', name: 'x' };
    const failed = await client.callTool({ name: 'update_organization', arguments: missing });
    expect([failed.isError, (failed.content as unknown[]).length]).toEqual([true, 1]);
    await client.close();
  });
});

describe('a result of the revisions of 2025', () => {
  verifies.each(
    'resources.linked',
    CLIENTS.filter((name) => name !== NEWEST),
  )('is text alone, for a client of %s', async (name) => {
    const client = await connectTo(server, '', undefined, name);
    const { links } = await linksOf(client, 'create_organization', { environmentId, name: 'Older' });
    expect(links).toEqual([]);
    await client.close();
  });

  verifies('resources.linked', 'is text alone without any client library', async () => {
    const token = await server.token();
    const args = { environmentId, name: 'By hand' };
    const { body } = await callTool(`${server.localUrl}/mcp`, 'legacy', 'create_organization', args, { token });
    expect(body.result.content.map(({ type }: Link) => type)).toEqual(['text']);
  });
});
