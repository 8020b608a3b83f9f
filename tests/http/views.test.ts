import { Client as Client2, StreamableHTTPClientTransport as Transport2 } from '@modelcontextprotocol/client';
import { Client as Client1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as Transport1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import type { Tool } from '../../src/core/tool.ts';
import { ENVIRONMENT_IDS } from '../../src/sandbox/data/ids.ts';
import { catalogue } from '../../src/tools/index.ts';
import { rpc } from '../fixtures/rpc.ts';
import { running, type TestServer } from '../fixtures/running.ts';
import { verifies } from '../verifies.ts';

const MIME_TYPE = 'text/html;profile=mcp-app';
const EXTENSION = 'io.modelcontextprotocol/ui';
const DECLARED = { extensions: { [EXTENSION]: { mimeTypes: [MIME_TYPE] } } };
const STATUS = 'ui://scalekit/status';
const PREVIEW = 'ui://scalekit/preview';

let server: TestServer;
let url: string;

beforeAll(async () => {
  server = await running({ AUDIT_LOG: 'stderr' });
  url = `${server.localUrl}/mcp`;
});
afterAll(() => server.stop());

const CLIENTS = ['SDK 1.x', 'SDK 2.x of 2025-11-25', 'SDK 2.x of 2026-07-28'] as const;

async function connect(name: (typeof CLIENTS)[number], query = '', capabilities: object = {}): Promise<Client2> {
  const options = { requestInit: { headers: { authorization: `Bearer ${await server.token()}` } } };
  if (name === 'SDK 1.x') {
    const client = new Client1({ name: 'test', version: '1' }, { capabilities });
    await client.connect(new Transport1(new URL(url + query), options) as Parameters<Client1['connect']>[0]);
    return client as unknown as Client2;
  }
  const mode = name === 'SDK 2.x of 2025-11-25' ? 'legacy' : { pin: '2026-07-28' };
  const client = new Client2({ name: 'test', version: '1' }, { capabilities, versionNegotiation: { mode } });
  await client.connect(new Transport2(new URL(url + query), options));
  return client;
}

interface Offered {
  /** The view of each listed tool, `none` where it has none. */
  readonly views: Record<string, string>;
  /** Who may call each listed tool. */
  readonly visibility: Record<string, string[] | undefined>;
  readonly uris: string[];
}

async function offeredTo(client: Client2): Promise<Offered> {
  const { tools } = await client.listTools();
  const { resources } = await client.listResources();
  const uiOf = ({ _meta }: (typeof tools)[number]) => _meta?.['ui'] as Record<string, never> | undefined;
  return {
    views: Object.fromEntries(tools.map((tool) => [tool.name, uiOf(tool)?.['resourceUri'] ?? 'none'])),
    visibility: Object.fromEntries(tools.map((tool) => [tool.name, uiOf(tool)?.['visibility']])),
    uris: resources.map(({ uri }) => uri).filter((uri) => uri.startsWith('ui:')),
  };
}

/** The clients that see views: by what they declare, or by their URL. */
const SHOWING = [
  ['SDK 1.x', '?apps=true', DECLARED],
  ['SDK 2.x of 2025-11-25', '?apps=true', {}],
  ['SDK 2.x of 2026-07-28', '', DECLARED],
] as const;

describe.each(SHOWING)('a client that shows views: %s%s', (name, query, capabilities) => {
  verifies('views.offered', 'is told which tools have one, and reads the documents', async () => {
    const client = await connect(name, query, capabilities);
    const { views, visibility, uris } = await offeredTo(client);
    expect(uris).toEqual([STATUS, PREVIEW]);
    const own = ({ name, preview }: Tool) =>
      name === 'get_status' ? STATUS : preview !== undefined || name === 'call_tool' ? PREVIEW : 'none';
    const listed = catalogue.filter((tool) => tool.name in views);
    expect(views).toEqual(Object.fromEntries(listed.map((tool) => [tool.name, own(tool)])));
    expect(new Set(Object.values(views))).toEqual(new Set([STATUS, PREVIEW, 'none']));
    // A view may call what it asks its person to confirm, and nothing else.
    for (const [tool, who] of Object.entries(visibility)) {
      expect([tool, who]).toEqual([tool, views[tool] === PREVIEW ? ['model', 'app'] : ['model']]);
    }
    for (const uri of uris) {
      const { contents } = await client.readResource({ uri });
      expect(contents).toMatchObject([
        {
          uri,
          mimeType: MIME_TYPE,
          text: expect.stringMatching(/^<!doctype html>[\s\S]*<\/html>\s*$/),
          _meta: {
            ui: {
              csp: { connectDomains: [], resourceDomains: [], frameDomains: [], baseUriDomains: [] },
              prefersBorder: true,
            },
          },
        },
      ]);
    }
    await client.close();
  });

  verifies('views.offered', 'sees a preview wherever a tool has to be confirmed', async () => {
    const also = query === '' ? '?' : `${query}&`;
    const client = await connect(name, `${also}toolsets=organizations`, capabilities);
    const { views, uris } = await offeredTo(client);
    expect(uris).toEqual([PREVIEW]);
    expect(Object.keys(views).filter((tool) => views[tool] === PREVIEW)).toEqual(['delete_organization']);
    await client.close();
  });

  verifies('views.offered', 'has nothing to confirm where nothing can be changed', async () => {
    const also = query === '' ? '?' : `${query}&`;
    const client = await connect(name, `${also}read_only=true`, capabilities);
    const { views, uris } = await offeredTo(client);
    expect(uris).toEqual([STATUS]);
    expect(views['call_tool']).toBe('none');
    await expect(client.readResource({ uri: PREVIEW })).rejects.toMatchObject({ code: -32602 });
    await client.close();
  });

  verifies('views.offered', 'sees them in one environment, and calls get_status there', async () => {
    const also = query === '' ? '?' : `${query}&`;
    const client = await connect(name, `${also}environment=${ENVIRONMENT_IDS.development}`, capabilities);
    expect((await offeredTo(client)).uris).toEqual([STATUS, PREVIEW]);
    const { structuredContent } = await client.callTool({ name: 'get_status', arguments: {} });
    expect(structuredContent).toMatchObject({ counts: { organizations: expect.any(Number) } });
    await client.close();
  });
});

/** Clients that show none: they declare nothing, something else, or what a server without sessions cannot remember. */
const OTHERS = [
  ['SDK 1.x', '', {}],
  ['SDK 1.x', '', DECLARED],
  ['SDK 2.x of 2025-11-25', '?apps=false', DECLARED],
  ['SDK 2.x of 2026-07-28', '', {}],
  ['SDK 2.x of 2026-07-28', '?apps=true', {}],
  ['SDK 2.x of 2026-07-28', '?apps=false', DECLARED],
  ['SDK 2.x of 2026-07-28', '', { extensions: { [EXTENSION]: {} } }],
  ['SDK 2.x of 2026-07-28', '', { extensions: { [EXTENSION]: { mimeTypes: ['text/html'] } } }],
] as const;

describe.each(OTHERS)('another client: %s%s %o', (name, query, capabilities) => {
  verifies('views.only-declared', 'sees the usual list, and reads no documents of views', async () => {
    const client = await connect(name, query, capabilities);
    const { views, visibility, uris } = await offeredTo(client);
    expect(uris).toEqual([]);
    expect(new Set(Object.values(views))).toEqual(new Set(['none']));
    expect(new Set(Object.values(visibility))).toEqual(new Set([undefined]));
    expect(Object.keys(views)).not.toContain('get_status');
    await expect(client.readResource({ uri: STATUS })).rejects.toMatchObject({ code: -32602 });
    await client.close();
  });
});

/** What a request of the newer revision declares, in forms that no client library sends. */
const MISSHAPEN = [
  null,
  [],
  'text',
  { extensions: null },
  { extensions: { [EXTENSION]: null } },
  { extensions: { [EXTENSION]: { mimeTypes: MIME_TYPE } } },
  { extensions: { [EXTENSION]: { mimeTypes: [[MIME_TYPE], { 0: MIME_TYPE }] } } },
  JSON.parse(`{"extensions":{"__proto__":{"${EXTENSION}":{"mimeTypes":["${MIME_TYPE}"]}}}}`),
];

verifies.each('views.only-declared', MISSHAPEN)('a misshapen declaration shows no views: %j', async (capabilities) => {
  const meta = { 'io.modelcontextprotocol/clientCapabilities': capabilities };
  const { body } = await rpc(url, 'modern', 'tools/list', {}, { token: await server.token(), meta });
  expect(JSON.stringify(body)).not.toContain('ui://');
});

verifies(
  'views.only-declared',
  'every answer to a client is the same, bytes and all, whoever asked before',
  async () => {
    const token = await server.token();
    const meta = { 'io.modelcontextprotocol/clientCapabilities': DECLARED };
    const plain = async () => JSON.stringify((await rpc(url, 'modern', 'tools/list', {}, { token })).body);
    const showing = async () => JSON.stringify((await rpc(url, 'modern', 'tools/list', {}, { token, meta })).body);
    const before = [await plain(), await showing()];
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? plain() : showing())));
    expect(answers).toEqual(Array.from({ length: 20 }, (_, i) => before[i % 2]));
    expect(before[0]).not.toBe(before[1]);
  },
);

verifies('views.gate', 'documents take a good token and no scope, and a read of one is on record', async () => {
  const params = { uri: PREVIEW };
  const meta = { 'io.modelcontextprotocol/clientCapabilities': DECLARED };
  const headers = { 'mcp-name': PREVIEW };
  expect((await rpc(url, 'modern', 'resources/read', params, { meta, headers })).status).toBe(401);
  const token = await server.token('mcp:tools:none_such');
  expect((await rpc(url, 'modern', 'resources/read', params, { token, meta, headers })).status).toBe(200);
  const subject = `resource ${PREVIEW}`;
  await expect.poll(() => server.ledger()).toContain(`"event":"mcp_resource_access"`);
  expect(server.ledger()).toContain(JSON.stringify(subject));
});

verifies('views.gate', 'a call from a view is decided on as any other: by scope, fence and confirmation', async () => {
  const meta = { 'io.modelcontextprotocol/clientCapabilities': DECLARED };
  const name = 'delete_organization';
  const args = { environmentId: ENVIRONMENT_IDS.development, organizationId: 'org_1', confirmation: 'made up' };
  const params = { name: 'call_tool', arguments: { name, arguments: args } };
  const reading = await server.token('organization:read');
  const denied = await rpc(url, 'modern', 'tools/call', params, { token: reading, meta });
  expect([denied.status, denied.body.error.data.error]).toEqual([403, 'insufficient_scope']);
  const { body } = await rpc(url, 'modern', 'tools/call', params, { token: await server.token(), meta });
  expect(body.result.content[0].text).toContain('"code":"confirmation_invalid"');
  const readOnly = await rpc(`${url}?read_only=true`, 'modern', 'tools/call', params, {
    token: await server.token(),
    meta,
  });
  expect(JSON.stringify(readOnly.body)).not.toContain('"code":"confirmation_invalid"');
});

verifies('views.offered', 'a value of apps that is neither true nor false is refused', async () => {
  for (const query of ['?apps=', '?apps=maybe', '?mcp_apps=true', '?Apps=true']) {
    const { status } = await rpc(url + query, 'modern', 'tools/list', {}, { token: await server.token() });
    expect([query, status]).toEqual([query, 400]);
  }
  const headers = { 'x-mcp-apps': 'true' };
  const { body } = await rpc(url, 'legacy', 'tools/list', {}, { token: await server.token(), headers });
  expect(JSON.stringify(body)).toContain(STATUS);
});
