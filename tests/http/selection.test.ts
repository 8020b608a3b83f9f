import { afterAll, beforeAll, describe, expect } from 'vitest';
import { DEVELOPMENT_ORGANIZATION_IDS, ENVIRONMENT_IDS } from '../../src/sandbox/data/ids.ts';
import { failureIn } from '../fixtures/failure-in.ts';
import { callTool, rpc } from '../fixtures/rpc.ts';
import { running, type TestServer } from '../fixtures/running.ts';
import { verifies } from '../verifies.ts';

let server: TestServer;
let url: string;
let token: string;

beforeAll(async () => {
  server = await running();
  url = `${server.url}/mcp`;
  token = await server.token();
});
afterAll(() => server.stop());

/** What a request may ask for. */
interface Asking {
  readonly toolsets?: string;
  readonly tools?: string;
  readonly read_only?: string;
  readonly environment?: string;
}

const HEADERS = {
  toolsets: 'x-mcp-toolsets',
  tools: 'x-mcp-tools',
  read_only: 'x-mcp-readonly',
  environment: 'x-scalekit-environment',
} as const;

const at = (asking: Asking) => `${url}?${new URLSearchParams({ ...asking })}`;
const headersOf = (asking: Asking) =>
  Object.fromEntries(Object.entries(asking).map(([name, value]) => [HEADERS[name as keyof Asking], value]));

describe.each(['modern', 'legacy'] as const)('a narrowed request (%s)', (era) => {
  verifies(
    ['tools.narrowed', 'wire.deterministic'],
    'is shown what it asked for, in the words of the SDK to the byte',
    async () => {
      const there = at({ tools: 'whoami,delete_mcp_config', environment: ENVIRONMENT_IDS.development });
      const { body } = await rpc(there, era, 'tools/list', {}, { token });
      expect(body.result.tools.map(({ name }: { name: string }) => name)).toEqual(['whoami', 'delete_mcp_config']);
      // Unknown members of params are no reason for the SDK to answer otherwise, but for us to leave it to the SDK.
      const bySdk = await rpc(there, era, 'tools/list', { x: 1 }, { token });
      expect(JSON.stringify(body)).toBe(JSON.stringify(bySdk.body));
    },
  );

  verifies('tools.narrowed', 'runs nothing that it is not shown', async () => {
    const args = { environmentId: ENVIRONMENT_IDS.development, name: 'Pilot' };
    const before = server.exchanges.length;
    const { body } = await callTool(at({ read_only: 'true' }), era, 'create_organization', args, { token });
    expect(body.error.code).toBe(-32602);
    expect(server.exchanges.length).toBe(before);
  });

  verifies('tools.narrowed', 'acts in the environment that it asked for, and in no other', async () => {
    const there = at({ environment: ENVIRONMENT_IDS.production });
    const { body } = await callTool(there, era, 'list_organizations', {}, { token });
    const ids = body.result.structuredContent.organizations.map(({ id }: { id: string }) => id);
    const named = await callTool(
      url,
      era,
      'list_organizations',
      { environmentId: ENVIRONMENT_IDS.production },
      { token },
    );
    expect(ids).toEqual(named.body.result.structuredContent.organizations.map(({ id }: { id: string }) => id));
    expect(ids).not.toContain(Object.values(DEVELOPMENT_ORGANIZATION_IDS)[0]);
    // Models name it nevertheless. The same says nothing new.
    const same = await callTool(
      there,
      era,
      'list_organizations',
      { environmentId: ENVIRONMENT_IDS.production },
      { token },
    );
    expect(same.body.result.structuredContent).toEqual(body.result.structuredContent);
    const other = await callTool(
      there,
      era,
      'list_organizations',
      { environmentId: ENVIRONMENT_IDS.development },
      { token },
    );
    expect(other.body.result.isError).toBe(true);
    expect(failureIn(other.body.result)).toMatchObject({
      code: 'invalid_arguments',
      field: 'environmentId',
    });
  });

  verifies(
    ['tools.narrowed', 'confirm.bound'],
    'is not confirmed by what was shown of another environment',
    async () => {
      const made = await callTool(
        url,
        era,
        'create_mcp_config',
        {
          environmentId: ENVIRONMENT_IDS.development,
          name: `fenced-${era}`,
          connection_tool_mappings: [{ connection_name: 'gmail' }],
        },
        { token },
      );
      const { id: configId } = made.body.result.structuredContent.config;
      const options = { token };
      const development = at({ environment: ENVIRONMENT_IDS.development });
      const production = at({ environment: ENVIRONMENT_IDS.production });
      const shown = await callTool(development, era, 'delete_mcp_config', { configId }, options);
      const { code, confirmation } = failureIn(shown.body.result);
      expect(code).toBe('confirmation_required');
      const there = await callTool(production, era, 'delete_mcp_config', { configId, confirmation }, options);
      expect(failureIn(there.body.result).code).toBe('confirmation_invalid');
      const here = await callTool(development, era, 'delete_mcp_config', { configId, confirmation }, options);
      expect(here.body.result.structuredContent).toMatchObject({ deleted_id: configId });
    },
  );
});

verifies(
  ['tools.narrowed', 'token.none'],
  'is told to ask for the scopes of what it asked to see, and no others',
  async () => {
    const challenge = async (asking: Asking, asked: Asking = {}) => {
      const options = { token: '', headers: headersOf(asked) };
      const { status, headers } = await rpc(at(asking), 'modern', 'tools/list', {}, options);
      return [status, /scope="([^"]*)"/.exec(String(headers.get('www-authenticate')))?.[1]];
    };
    const reading = 'environment:read organization:read workspace:read';
    expect(await challenge({ read_only: 'true' })).toEqual([401, reading]);
    expect(await challenge({}, { read_only: 'true' })).toEqual([401, reading]);
    expect(await challenge({ tools: 'create_organization' })).toEqual([401, 'organization:write']);
    expect(await challenge({ toolsets: 'users,roles' }, { toolsets: 'users' })).toEqual([
      401,
      'organization:read organization:write',
    ]);
  },
);

describe('the metadata of the resource', () => {
  verifies(
    ['tools.selected', 'metadata.documents'],
    'is that of the URL that asked for a part, with its scopes',
    async () => {
      const query = '?toolsets=users&read_only=true';
      const { headers } = await rpc(`${url}${query}`, 'modern', 'tools/list', {}, { token: '' });
      const named = /resource_metadata="([^"]*)"/.exec(String(headers.get('www-authenticate')))?.[1] ?? '';
      expect(named).toBe(`${server.url}/.well-known/oauth-protected-resource/mcp${query}`);
      const document = await (await fetch(named)).json();
      expect(document).toMatchObject({ resource: `${url}${query}`, scopes_supported: ['organization:read'] });
      // A query of somebody else is none of the resource.
      const other = await fetch(`${server.url}/.well-known/oauth-protected-resource/mcp?x=1`);
      expect(await other.json()).toMatchObject({ resource: url });
    },
  );
});

describe('a request that cannot be read', () => {
  verifies.each<[string, Asking | string, RegExp]>('tools.selected', [
    [
      'an unknown toolset',
      { toolsets: 'user' },
      /toolsets in the URL names a toolset that does not exist. There are users, default, all, /,
    ],
    [
      'an unknown tool',
      { tools: 'list_organisations' },
      /names a tool that does not exist. There are list_organizations, .* more\.$/,
    ],
    ['one of several', { toolsets: 'users,typo' }, /names a toolset/],
    ['nothing in a list', { toolsets: '' }, /is empty/],
    ['commas alone', { tools: ' , ,' }, /is empty/],
    ['neither yes nor no', { read_only: 'maybe' }, /is true or false/],
    ['nothing about changes', { read_only: '' }, /is empty/],
    ['no id of an environment', { environment: 'production' }, /env_…/],
    ['two environments', { environment: 'env_1,env_2' }, /more than one environment/],
    ['another spelling', 'toolset=users', /is called toolsets/],
    ['another case', 'readOnly=true', /is called read_only/],
    ['the argument in place of the parameter', 'environmentId=env_1', /is called environment/],
  ])('is refused: %s', async (_, asking, message) => {
    const there = typeof asking === 'string' ? `${url}?${asking}` : at(asking);
    for (const era of ['modern', 'legacy'] as const) {
      for (const sent of [token, '']) {
        const { status, body } = await rpc(there, era, 'tools/list', {}, { token: sent });
        expect([status, body.error.data.error]).toEqual([400, 'invalid_request']);
        expect(body.error.message).toMatch(message);
        expect(body.error.message).not.toMatch(/typo|maybe/);
      }
    }
    const metadata = there.replace('/mcp?', '/.well-known/oauth-protected-resource/mcp?');
    expect((await fetch(metadata)).status).toBe(400);
    if (typeof asking === 'string') return;
    const { status } = await rpc(url, 'modern', 'tools/list', {}, { token, headers: headersOf(asking) });
    expect(status).toBe(400);
  });

  verifies.each('tools.selected', ['x-mcp-toolset', 'x-mcp-tool', 'x-mcp-read-only', 'x-scalekit-environment-id'])(
    'is refused: the header %s',
    async (name) => {
      const { status } = await rpc(url, 'modern', 'tools/list', {}, { token, headers: { [name]: 'x' } });
      expect(status).toBe(400);
    },
  );

  verifies('tools.selected', 'is refused: an environment where there is nothing to choose', async () => {
    const own = await running({ SANDBOX_MODE: 'environment' });
    const { status, body } = await rpc(`${own.url}/mcp?environment=env_1`, 'modern', 'tools/list', {}, { token: '' });
    expect([status, body.error.message]).toEqual([400, expect.stringContaining('one environment already')]);
    await own.stop();
  });
});
