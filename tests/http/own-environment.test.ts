import { afterAll, beforeAll, describe, expect } from 'vitest';
import { DEVELOPMENT_ORGANIZATION_IDS, ENVIRONMENT_IDS } from '../../src/sandbox/data/ids.ts';
import { CLIENTS, type ContentClient, connected } from '../fixtures/content-clients.ts';
import { callTool, rpc } from '../fixtures/rpc.ts';
import { running, type TestServer } from '../fixtures/running.ts';
import { verifies } from '../verifies.ts';

const ORGANIZATION = 'scalekit://organizations/{organizationId}';
const MCP_SERVER = 'scalekit://mcp-servers/{id}';
const { tidewater } = DEVELOPMENT_ORGANIZATION_IDS;

let server: TestServer;
let url: string;

beforeAll(async () => {
  const ALLOWED_SUBJECTS = 'sandbox-machine';
  server = await running({ SANDBOX_MODE: 'environment', ALLOWED_SUBJECTS, AUDIT_LOG: 'stderr' });
  url = `${server.localUrl}/mcp`;
});
afterAll(() => server.stop());

async function read(client: ContentClient, uri: string): Promise<unknown> {
  const { contents } = await client.readResource({ uri });
  const [content] = contents as { uri: string; text: string }[];
  expect([contents.length, content?.uri]).toEqual([1, uri]);
  return JSON.parse(content?.text ?? '');
}

describe.each(CLIENTS)('a client of %s', (name) => {
  const connect = async (scope?: string) => connected(name, url, await server.token(scope));

  verifies('resources.own-environment', 'is offered URIs without an environment, and none with one', async () => {
    const client = await connect();
    const { resources } = await client.listResources();
    const { resourceTemplates } = await client.listResourceTemplates();
    const all = [...resources.map(({ uri }) => uri), ...resourceTemplates.map(({ uriTemplate }) => uriTemplate)];
    expect(all).toEqual(expect.arrayContaining(['scalekit://capabilities', ORGANIZATION, MCP_SERVER]));
    expect(all.filter((uri) => uri.includes('environment'))).toEqual([]);
    expect(await read(client, 'scalekit://capabilities')).toMatchObject({
      mode: 'environment',
      resources: expect.arrayContaining([ORGANIZATION]),
    });
    await client.close();
  });

  verifies('resources.own-environment', 'reads what tools read, and completes its ids', async () => {
    const client = await connect();
    const ids = async (uri: string, argument: string, value = '') => {
      const ref = { type: 'ref/resource' as const, uri };
      return (await client.complete({ ref, argument: { name: argument, value } })).completion.values;
    };
    for (const [template, tool, argument] of [
      [ORGANIZATION, 'get_organization_details', 'organizationId'],
      [MCP_SERVER, 'get_mcp_server', 'id'],
    ] as const) {
      const [first = ''] = await ids(template, argument);
      const { structuredContent } = await client.callTool({ name: tool, arguments: { [argument]: first } });
      expect(structuredContent).toEqual(expect.any(Object));
      expect(await read(client, template.replace(/\{\w+\}/, first))).toEqual(structuredContent);
    }
    expect(await ids(ORGANIZATION, 'organizationId', 'tidewater')).toContain(tidewater);
    await client.close();
  });

  verifies('resources.own-environment', 'is refused what names an environment, and nothing is asked', async () => {
    const client = await connect();
    const before = server.requests.length;
    for (const environmentId of [ENVIRONMENT_IDS.production, ENVIRONMENT_IDS.development]) {
      const uri = `scalekit://environments/${environmentId}`;
      for (const refused of [uri, `${uri}/organizations/${tidewater}`, `${uri}/mcp-servers/res_1`]) {
        await expect(client.readResource({ uri: refused })).rejects.toMatchObject({ code: -32602 });
      }
    }
    await expect(client.readResource({ uri: 'scalekit://environments' })).rejects.toMatchObject({ code: -32602 });
    for (const uri of [
      'scalekit://environments/{environmentId}',
      'scalekit://environments/{environmentId}/organizations/{organizationId}',
    ]) {
      const argument = { name: 'environmentId', value: '' };
      const completing = client.complete({ ref: { type: 'ref/resource', uri }, argument });
      await expect(completing).rejects.toMatchObject({ code: -32602 });
    }
    expect(server.requests.length).toBe(before);
    await client.close();
  });

  verifies('resources.own-environment', 'stays in that environment whatever its context says', async () => {
    const client = await connect();
    const before = server.requests.length;
    const ref = { type: 'ref/resource' as const, uri: ORGANIZATION };
    const argument = { name: 'organizationId', value: '' };
    const own = await client.complete({ ref, argument });
    const context = { arguments: { environmentId: ENVIRONMENT_IDS.production } };
    expect((await client.complete({ ref, argument, context })).completion.values).toEqual(own.completion.values);
    const principals = server.requests.slice(before).map(({ principal }) => JSON.stringify(principal));
    expect([principals.length, new Set(principals).size]).toEqual([2, 1]);
    await client.close();
  });
});

describe.each(['modern', 'legacy'] as const)('over HTTP (%s)', (era) => {
  const uri = `scalekit://organizations/${tidewater}`;
  const reading = async (scope: string) =>
    rpc(url, era, 'resources/read', { uri }, { token: await server.token(scope), headers: { 'mcp-name': uri } });

  verifies(['resources.own-environment', 'resources.scopes'], 'a missing scope is asked for', async () => {
    const before = server.requests.length;
    const denied = await reading('environment:read');
    expect(denied.status).toBe(403);
    expect(denied.headers.get('www-authenticate')).toContain('organization:read');
    expect(server.requests.length).toBe(before);
  });

  verifies(['resources.own-environment', 'resources.recorded'], 'a read is in the ledger', async () => {
    expect((await reading('organization:read')).body.result.contents).toHaveLength(1);
    await server.written();
    const last = JSON.parse(server.ledger().trim().split('\n').at(-1) ?? '');
    expect(last).toMatchObject({ event: 'mcp_resource_access', subject: `resource ${ORGANIZATION}`, success: true });
  });

  verifies('wire.param-headers', 'no header names an environment, since no argument does', async () => {
    const token = await server.token('environment:read organization:read');
    const call = (name: string, headers: Record<string, string>) => callTool(url, era, name, {}, { token, headers });
    const before = server.requests.length;
    for (const header of ['mcp-param-environment', 'mcp-param-environmentid', 'mcp-param-environment-id']) {
      for (const environment of [ENVIRONMENT_IDS.production, ENVIRONMENT_IDS.development, '']) {
        for (const tool of ['list_organizations', 'whoami']) {
          const { status, body } = await call(tool, { [header]: environment });
          expect([status, body.error.code, body.id], `${tool} ${header}`).toEqual([400, -32020, 1]);
        }
      }
    }
    expect(server.requests.length).toBe(before);
    expect((await call('list_organizations', { 'mcp-param-region': 'us' })).status).toBe(200);
  });
});
