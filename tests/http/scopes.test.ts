import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, beforeAll, beforeEach, describe, expect } from 'vitest';
import { failureIn } from '../fixtures/failure-in.ts';
import { callTool, rpc } from '../fixtures/rpc.ts';
import { running, type TestServer } from '../fixtures/running.ts';
import { FakeScalekit, json } from '../fixtures/scalekit.ts';
import { verifies } from '../verifies.ts';

const ERAS = ['modern', 'legacy'] as const;

let scalekit: FakeScalekit;
let people = 0;

/** A person who has not been refused yet. */
function newcomer(): string {
  people++;
  return `usr_new_${people}`;
}

beforeAll(async () => {
  scalekit = await FakeScalekit.start();
  scalekit.serveApi((_request, response) => json(response, 200, { organizations: [] }));
});
afterAll(() => scalekit.close());
beforeEach(() => {
  scalekit.requests.length = 0;
});

describe('clients that are told in band', () => {
  let server: TestServer;
  let url: string;

  beforeAll(async () => {
    server = await running({ ...scalekit.env, STEP_UP_IN_BAND: 'mcp-remote, m2m_2' });
    url = `${server.url}/mcp`;
  });
  afterAll(() => server.stop());

  const tokenOf = (client: string, scope = 'env:read mcp:tools:whoami') =>
    scalekit.mint({ claims: { sub: newcomer(), client_id: client, scope } });
  const create = async (client: string, era: (typeof ERAS)[number]) =>
    callTool(
      url,
      era,
      'create_organization',
      { environmentId: 'env_1', name: 'x' },
      { token: await tokenOf(client), id: 7 },
    );

  verifies(
    'token.in-band',
    'get a result that says what is missing and what the person must do, and nothing runs',
    async () => {
      for (const era of ERAS) {
        for (const client of ['mcp-remote', 'm2m_2']) {
          const { status, headers, body } = await create(client, era);
          expect({ status, id: body.id, challenge: headers.get('www-authenticate') }).toEqual({
            status: 200,
            id: 7,
            challenge: null,
          });
          expect(body.result.isError).toBe(true);
          expect(body.result).not.toHaveProperty('structuredContent');
          const error = failureIn(body.result);
          expect(error).toEqual({
            code: 'insufficient_scope',
            message: expect.stringMatching(/needs the scope organization:write.*sign in to this server again/s),
            retryable: false,
            requiredScope: 'organization:write',
            scope: 'environment:read mcp:tools:whoami organization:write',
            requestId: headers.get('x-request-id'),
          });
        }
      }
      expect(scalekit.requests).toEqual([]);
    },
  );

  verifies('token.in-band', 'leave the same line in the log as others', async () => {
    for (const client of ['mcp-remote', 'm2m_1']) await create(client, 'modern');
    const [inBand, http] = server.lines.filter(({ event }) => event === 'request').slice(-2);
    const facts = { rpc: 'tools/call', tool: 'create_organization', outcome: 'insufficient_scope' };
    expect(inBand).toMatchObject({ ...facts, client: 'mcp-remote', status: 200 });
    expect(http).toMatchObject({ ...facts, client: 'm2m_1', status: 403 });
  });

  verifies('token.in-band', 'are those that the operator names: others get the challenge', async () => {
    for (const era of ERAS) {
      for (const client of ['m2m_1', 'mcp-remote2', 'MCP-REMOTE']) {
        const { status, headers, body } = await create(client, era);
        expect(status).toBe(403);
        expect(headers.get('www-authenticate')).toContain('error="insufficient_scope"');
        expect(body.error.data).toMatchObject({ required_scope: 'organization:write' });
      }
    }
  });

  verifies('token.in-band', 'get the challenge where there is no result to tell it in', async () => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${await tokenOf('mcp-remote')}` },
      body: '{"jsonrpc":"2.0","method":"tools/call","params":{"name":"create_organization","arguments":{}}}',
    });
    expect(response.status).toBe(403);
  });

  verifies('token.in-band', 'call what their scopes cover, and see their results checked like all', async () => {
    const requestInit = { headers: { authorization: `Bearer ${await tokenOf('mcp-remote', 'organization:read')}` } };
    const client = new Client({ name: 'in-band', version: '1' });
    await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit }));
    await client.listTools();
    const args = { environmentId: 'env_1' };
    expect((await client.callTool({ name: 'list_organizations', arguments: args })).isError).toBeUndefined();
    const refused = await client.callTool({ name: 'create_organization', arguments: { ...args, name: 'x' } });
    expect(refused).toMatchObject({ isError: true });
    await client.close();
  });

  verifies(
    'token.in-band',
    'are all of them with *, and never learn more than that when they are not admitted',
    async () => {
      const all = await running({ ...scalekit.env, STEP_UP_IN_BAND: '*', ALLOWED_CLIENTS: 'm2m_1' });
      const as = async (client: string) =>
        callTool(
          `${all.url}/mcp`,
          'modern',
          'list_organizations',
          { environmentId: 'env_1' },
          { token: await tokenOf(client) },
        );
      expect((await as('m2m_1')).body.result).toMatchObject({ isError: true });
      const stranger = await as('m2m_9');
      expect([stranger.status, stranger.body.error.data.error]).toEqual([403, 'access_denied']);
      await all.stop();
    },
  );
});

describe('further scopes', () => {
  let server: TestServer;

  beforeAll(async () => {
    const map = {
      'erp.admin': ['org:read', 'mcp:tools:list_environments'],
      'https://a.example/all': 'organization:*',
    };
    server = await running({ ...scalekit.env, SCOPE_MAP: JSON.stringify(map), SCOPE_SPELLING: 'short' });
  });
  afterAll(() => server.stop());

  async function outcome(scope: string, name: string, args: Record<string, unknown> = { environmentId: 'env_1' }) {
    const token = await scalekit.mint({ claims: { sub: newcomer(), scope } });
    const { status, body } = await callTool(`${server.url}/mcp`, 'modern', name, args, { token });
    return { status, body };
  }

  verifies('token.scope-map', 'grant what the operator says they stand for', async () => {
    expect((await outcome('erp.admin', 'list_organizations')).status).toBe(200);
    expect((await outcome('erp.admin', 'list_environments', {})).status).toBe(200);
    expect((await outcome('https://a.example/all', 'list_organizations')).status).toBe(200);
  });

  verifies.each('token.scope-map', [
    'erp',
    'erp.admin2',
    'erp.admin:write',
    'erp.adminx',
    'ERP.ADMIN',
    'erp.*',
    'https://a.example/',
    '__proto__',
    'constructor',
  ])('grant nothing by resemblance: %s', async (scope) => {
    expect((await outcome(scope, 'list_organizations')).status).toBe(403);
    expect(scalekit.requests).toEqual([]);
  });

  verifies(
    'token.scope-map',
    'grant nothing beyond that, and are told of in the challenge by what they stand for',
    async () => {
      const { status, body } = await outcome('erp.admin', 'create_organization');
      expect(status).toBe(403);
      expect(body.error.data.scope).toBe('org:read mcp:tools:list_environments org:write');
      expect((await outcome('erp.admin', 'list_workspace_members', {})).status).toBe(403);
      const who = await outcome('erp.admin', 'whoami', {});
      expect(who.body.result.structuredContent.scopes.granted).toEqual(['erp.admin']);
      expect(who.body.result.structuredContent.scopes.missing).not.toContain('org:read');
    },
  );

  verifies('token.scope-map', 'leave lists and discovery open to any token, as ever', async () => {
    const token = await scalekit.mint({ claims: { scope: 'nothing' } });
    expect((await rpc(`${server.url}/mcp`, 'modern', 'tools/list', {}, { token })).status).toBe(200);
  });
});
