import { afterAll, beforeAll, describe, expect } from 'vitest';
import { CLIENTS, type ContentClient, connected } from '../fixtures/content-clients.ts';
import { rpc } from '../fixtures/rpc.ts';
import { running, type TestServer } from '../fixtures/running.ts';
import { verifies } from '../verifies.ts';

const DEV = 'env_71204418093056001';
const PRD = 'env_71204418093056002';

let server: TestServer;
let url: string;

beforeAll(async () => {
  server = await running({ AUDIT_LOG: 'stderr' });
  url = `${server.localUrl}/mcp`;
});
afterAll(() => server.stop());

// biome-ignore lint/suspicious/noExplicitAny: what is read is looked into freely.
async function read(client: ContentClient, uri: string): Promise<any> {
  const { contents } = await client.readResource({ uri });
  const [content] = contents as { uri: string; mimeType?: string; text: string }[];
  expect([contents.length, content?.uri, content?.mimeType]).toEqual([1, uri, 'application/json']);
  return JSON.parse(content?.text ?? '');
}

const refusal = (reading: Promise<unknown>) =>
  reading.then(
    () => expect.fail('It was not refused.'),
    (error: Error & { code?: unknown; data?: unknown }) => error,
  );

describe.each(CLIENTS)('a client of %s', (name) => {
  const connect = async (scope?: string, query = '') => connected(name, url + query, await server.token(scope));

  verifies('resources.listed', 'is told of resources and templates, whatever its token allows', async () => {
    for (const scope of [undefined, 'organization:read']) {
      const client = await connect(scope);
      expect(client.getServerCapabilities()).toMatchObject({ resources: {}, completions: {} });
      const { resources, nextCursor } = await client.listResources();
      expect(nextCursor).toBeUndefined();
      expect(resources.map(({ uri }) => uri)).toEqual(
        expect.arrayContaining(['scalekit://capabilities', 'scalekit://environments']),
      );
      const { resourceTemplates } = await client.listResourceTemplates();
      expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toEqual(
        expect.arrayContaining([
          'scalekit://schema/{name}',
          'scalekit://environments/{environmentId}',
          'scalekit://environments/{environmentId}/organizations/{organizationId}',
          'scalekit://environments/{environmentId}/mcp-servers/{id}',
        ]),
      );
      for (const one of [...resources, ...resourceTemplates]) {
        expect(one).toMatchObject({ title: expect.any(String), description: expect.any(String) });
      }
      await client.close();
    }
  });

  verifies('resources.live', 'reads what tools read, in the same form', async () => {
    const client = await connect();
    const { environments } = await read(client, 'scalekit://environments');
    expect(environments.map(({ id }: { id: string }) => id)).toEqual(expect.arrayContaining([DEV, PRD]));
    expect(await read(client, `scalekit://environments/${PRD}`)).toMatchObject({
      environment: { id: PRD, type: 'PRD' },
    });
    for (const [list, member, details, id, segment] of [
      ['list_organizations', 'organizations', 'get_organization_details', 'organizationId', 'organizations'],
      ['list_mcp_servers', 'resources', 'get_mcp_server', 'id', 'mcp-servers'],
    ] as const) {
      // biome-ignore lint/suspicious/noExplicitAny: results are looked into freely.
      const listed: any = (await client.callTool({ name: list, arguments: { environmentId: DEV } })).structuredContent;
      const [first] = listed[member];
      const { structuredContent } = await client.callTool({
        name: details,
        arguments: { environmentId: DEV, [id]: first.id },
      });
      const uri = `scalekit://environments/${DEV}/${segment}/${first.id}`;
      expect(await read(client, uri)).toEqual(structuredContent);
    }
    await client.close();
  });

  verifies('resources.capabilities', 'reads what it may do, and what a tool takes', async () => {
    const client = await connect('organization:read');
    const capabilities = await read(client, 'scalekit://capabilities');
    expect(capabilities).toMatchObject({
      mode: 'workspace',
      sandbox: true,
      scopes: { granted: ['organization:read'] },
    });
    expect(capabilities.scopes.missing).toContain('environment:read');
    const own = capabilities.toolsets.find(({ toolset }: { toolset: string }) => toolset === 'organizations');
    expect(own.tools).toContain('list_organizations');
    expect(own.not_granted).toContain('create_organization');
    expect(own.not_granted).not.toContain('list_organizations');
    expect(capabilities.resources).toContain('scalekit://environments');

    const schema = await read(client, 'scalekit://schema/create_organization');
    expect(schema).toMatchObject({
      name: 'create_organization',
      scopes: ['organization:write'],
      granted: false,
      input_schema: { type: 'object', required: expect.arrayContaining(['environmentId', 'name']) },
      output_schema: { properties: { organization: expect.any(Object) } },
    });
    await client.close();
  });

  verifies('resources.not-found', 'is told with -32602 what there is not', async () => {
    const client = await connect();
    for (const uri of [
      'scalekit://nothing',
      'scalekit://schema/no_such_tool',
      'scalekit://environments/env_404',
      `scalekit://environments/${DEV}/organizations/org_404`,
      `scalekit://environments/${DEV}/organizations/..%2Fusers`,
      `scalekit://environments/${DEV}/organizations/`,
      'scalekit://environments?x=1',
      'https://example.com/',
      '',
      'x'.repeat(3_000),
    ]) {
      const error = await refusal(client.readResource({ uri }));
      expect(error.data).toMatchObject({ uri: uri.slice(0, 500) });
      expect([uri.slice(0, 80), error.code]).toEqual([uri.slice(0, 80), -32602]);
    }
    await client.close();
  });

  verifies('completions.values', 'completes ids and names', async () => {
    const client = await connect();
    const uri = 'scalekit://environments/{environmentId}/organizations/{organizationId}';
    const complete = async (template: string, argument: string, value: string, context?: Record<string, string>) =>
      (
        await client.complete({
          ref: { type: 'ref/resource', uri: template },
          argument: { name: argument, value },
          ...(context && { context: { arguments: context } }),
        })
      ).completion;
    expect(await complete(uri, 'environmentId', 'env_')).toMatchObject({ values: expect.arrayContaining([DEV, PRD]) });
    expect((await complete(uri, 'environmentId', PRD)).values).toEqual([PRD]);
    expect((await complete(uri, 'organizationId', 'org_')).values).toEqual([]);
    const organizations = await complete(uri, 'organizationId', '', { environmentId: DEV });
    expect(organizations.values.every((id) => id.startsWith('org_'))).toBe(true);
    expect(organizations).toMatchObject({ total: organizations.values.length, hasMore: false });
    const { structuredContent } = await client.callTool({
      name: 'get_organization_details',
      arguments: { environmentId: DEV, organizationId: organizations.values[0] },
    });
    const { organization } = structuredContent as { organization: { id: string; display_name: string } };
    const found = await complete(uri, 'organizationId', organization.display_name, { environmentId: DEV });
    expect(found.values).toContain(organization.id);
    const servers = await complete('scalekit://environments/{environmentId}/mcp-servers/{id}', 'id', '', {
      environmentId: DEV,
    });
    expect(servers.values.length).toBeGreaterThan(0);
    expect((await complete('scalekit://schema/{name}', 'name', 'create_org')).values).toContain('create_organization');
    await expect(complete(uri, 'nope', 'x')).rejects.toMatchObject({ code: -32602 });
    await expect(complete('scalekit://nope/{id}', 'id', 'x')).rejects.toMatchObject({ code: -32602 });
    await client.close();
  });

  verifies('fence.resources', 'cannot leave the environment of its URL by a resource or a completion', async () => {
    const client = await connect(undefined, `?environment=${DEV}`);
    expect(await read(client, `scalekit://environments/${DEV}`)).toMatchObject({ environment: { id: DEV } });
    const { resources } = await client.listResources();
    expect(resources.map(({ uri }) => uri)).not.toContain('scalekit://environments');
    const before = server.requests.length;
    for (const uri of [
      'scalekit://environments',
      `scalekit://environments/${PRD}`,
      `scalekit://environments/${PRD}/organizations/org_1`,
      `scalekit://environments/${PRD}/mcp-servers/res_1`,
      `scalekit://environments/${PRD}%00/organizations/org_1`,
    ]) {
      await expect(client.readResource({ uri })).rejects.toMatchObject({ code: -32602 });
    }
    const ref = {
      type: 'ref/resource' as const,
      uri: 'scalekit://environments/{environmentId}/organizations/{organizationId}',
    };
    const complete = (argument: string, value: string, context = {}) =>
      client.complete({ ref, argument: { name: argument, value }, context: { arguments: context } });
    await expect(complete('organizationId', '', { environmentId: PRD })).rejects.toMatchObject({ code: -32602 });
    expect((await complete('environmentId', 'env_')).completion.values).toEqual([DEV]);
    expect((await complete('environmentId', PRD)).completion.values).toEqual([]);
    expect(server.requests.length).toBe(before);
    expect((await complete('organizationId', '')).completion.values.length).toBeGreaterThan(0);
    expect(server.requests.length).toBe(before + 1);
    await client.close();
  });
});

describe.each(['modern', 'legacy'] as const)('over HTTP (%s)', (era) => {
  verifies(
    ['resources.scopes', 'token.step-up'],
    'a scope that is missing is asked for, and nothing is read',
    async () => {
      const token = await server.token('workspace:read');
      const before = server.requests.length;
      const denied = await rpc(
        url,
        era,
        'resources/read',
        { uri: `scalekit://environments/${DEV}` },
        { token, headers: named(era, `scalekit://environments/${DEV}`) },
      );
      expect(denied.status).toBe(403);
      expect(denied.headers.get('www-authenticate')).toContain('scope="workspace:read environment:read"');
      expect(denied.body.error.data).toMatchObject({
        subject: 'resource scalekit://environments/{environmentId}',
        required_scope: 'environment:read',
      });
      const ref = { type: 'ref/resource', uri: 'scalekit://environments/{environmentId}' };
      const completing = { ref, argument: { name: 'environmentId', value: 'env_' } };
      expect((await rpc(url, era, 'completion/complete', completing, { token })).status).toBe(403);
      expect(server.requests.length).toBe(before);
    },
  );

  verifies('resources.scopes', 'mcp:resources:* reads resources, and scopes of tools read none', async () => {
    const uri = `scalekit://environments/${DEV}`;
    const reading = async (scope: string) =>
      rpc(url, era, 'resources/read', { uri }, { token: await server.token(scope), headers: named(era, uri) });
    expect((await reading('mcp:resources:*')).body.result.contents).toHaveLength(1);
    expect((await reading('mcp:tools:*')).status).toBe(403);
    const calling = { name: 'get_environment_details', arguments: { environmentId: DEV } };
    const token = await server.token('mcp:resources:*');
    // A client that repeats the call is told so in a result instead.
    const called = await rpc(url, era, 'tools/call', calling, { token });
    expect(JSON.stringify(called.body)).toContain('needs the scope environment:read');
  });

  verifies('resources.recorded', 'what is read is in the log and in the ledger, with its environment', async () => {
    const uri = `scalekit://environments/${DEV}`;
    const token = await server.token('environment:read');
    await rpc(url, era, 'resources/read', { uri }, { token, headers: named(era, uri) });
    const subject = 'resource scalekit://environments/{environmentId}';
    expect(server.lines.filter(({ event }) => event === 'request').at(-1)).toMatchObject({
      rpc: 'resources/read',
      subject,
      outcome: 'ok',
    });
    await server.written();
    const records = server
      .ledger()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(records.at(-1)).toMatchObject({
      event: 'mcp_resource_access',
      subject,
      environment: DEV,
      scopes: ['environment:read'],
      success: true,
    });
  });

  verifies('resources.narrowed', 'a selection of toolsets narrows what is listed, completed and read', async () => {
    const token = await server.token();
    const narrow = `${url}?toolsets=organizations`;
    const listed = await rpc(narrow, era, 'resources/list', {}, { token });
    const uris: string[] = listed.body.result.resources.map(({ uri }: { uri: string }) => uri);
    expect(uris.filter((uri) => uri.startsWith('scalekit:'))).toEqual(['scalekit://capabilities']);
    const uri = `scalekit://environments/${DEV}`;
    const refused = await rpc(narrow, era, 'resources/read', { uri }, { token, headers: named(era, uri) });
    expect(refused.body.error.code).toBe(-32602);
  });

  verifies('resources.pages', 'a cursor that was not handed out is refused', async () => {
    const token = await server.token();
    for (const method of ['resources/list', 'resources/templates/list'] as const) {
      for (const cursor of ['page-1', 'x', '']) {
        expect((await rpc(url, era, method, { cursor }, { token })).body.error.code).toBe(-32602);
      }
    }
  });
});

verifies(
  'wire.cache-hints',
  'lists and what is read say how long they may be kept, in the newer era alone',
  async () => {
    const token = await server.token();
    const uri = 'scalekit://capabilities';
    for (const [method, params, hint] of [
      ['server/discover', {}, { ttlMs: 3_600_000, cacheScope: 'public' }],
      ['tools/list', {}, { ttlMs: 300_000, cacheScope: 'private' }],
      ['resources/list', {}, { ttlMs: 300_000, cacheScope: 'private' }],
      ['resources/templates/list', {}, { ttlMs: 300_000, cacheScope: 'private' }],
      ['resources/read', { uri }, { ttlMs: 0, cacheScope: 'private' }],
    ] as const) {
      const headers = 'uri' in params ? named('modern', uri) : {};
      expect((await rpc(url, 'modern', method, params, { token, headers })).body.result).toMatchObject(hint);
      if (method === 'server/discover') continue;
      expect((await rpc(url, 'legacy', method, params, { token })).body.result).not.toHaveProperty('ttlMs');
    }
  },
);

function named(era: 'modern' | 'legacy', uri: string): Record<string, string> {
  return era === 'modern' ? { 'mcp-name': uri } : {};
}
