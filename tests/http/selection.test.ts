import { afterAll, beforeAll, describe, expect } from 'vitest';
import { DEVELOPMENT_ORGANIZATION_IDS, ENVIRONMENT_IDS } from '../../src/sandbox/data/ids.ts';
import { failureIn } from '../fixtures/failure-in.ts';
import { callTool, rpc } from '../fixtures/rpc.ts';
import { running, type TestServer } from '../fixtures/running.ts';
import { verifies } from '../verifies.ts';

let server: TestServer;
let url: string;
let token: string;

// What a request asks to see is taken from a header of the tests' own.
beforeAll(async () => {
  server = await running({}, undefined, (request) => JSON.parse(String(request.headers['x-selection'] ?? '{}')));
  url = `${server.url}/mcp`;
  token = await server.token();
});
afterAll(() => server.stop());

const asking = (selection: object) => ({ token, headers: { 'x-selection': JSON.stringify(selection) } });

describe.each(['modern', 'legacy'] as const)('a narrowed request (%s)', (era) => {
  verifies(
    ['tools.narrowed', 'wire.deterministic'],
    'is shown what it asked for, in the words of the SDK to the byte',
    async () => {
      const options = asking({ tools: ['whoami', 'delete_mcp_config'], environment: ENVIRONMENT_IDS.development });
      const { body } = await rpc(url, era, 'tools/list', {}, options);
      expect(body.result.tools.map(({ name }: { name: string }) => name)).toEqual(['whoami', 'delete_mcp_config']);
      // Unknown members of params are no reason for the SDK to answer otherwise, but for us to leave it to the SDK.
      const bySdk = await rpc(url, era, 'tools/list', { x: 1 }, options);
      expect(JSON.stringify(body)).toBe(JSON.stringify(bySdk.body));
      expect((await rpc(url, era, 'tools/list', {}, asking({ tools: [] }))).body.result.tools).toEqual([]);
    },
  );

  verifies('tools.narrowed', 'runs nothing that it is not shown', async () => {
    const options = asking({ readOnly: true });
    const args = { environmentId: ENVIRONMENT_IDS.development, name: 'Pilot' };
    const before = server.exchanges.length;
    const { body } = await callTool(url, era, 'create_organization', args, options);
    expect(body.error.code).toBe(-32602);
    expect(server.exchanges.length).toBe(before);
  });

  verifies('tools.narrowed', 'acts in the environment that it asked for, and in no other', async () => {
    const options = asking({ environment: ENVIRONMENT_IDS.production });
    const { body } = await callTool(url, era, 'list_organizations', {}, options);
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
    const other = await callTool(
      url,
      era,
      'list_organizations',
      { environmentId: ENVIRONMENT_IDS.development },
      options,
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
      const development = asking({ environment: ENVIRONMENT_IDS.development });
      const production = asking({ environment: ENVIRONMENT_IDS.production });
      const shown = await callTool(url, era, 'delete_mcp_config', { configId }, development);
      const { code, confirmation } = failureIn(shown.body.result);
      expect(code).toBe('confirmation_required');
      const there = await callTool(url, era, 'delete_mcp_config', { configId, confirmation }, production);
      expect(failureIn(there.body.result).code).toBe('confirmation_invalid');
      const here = await callTool(url, era, 'delete_mcp_config', { configId, confirmation }, development);
      expect(here.body.result.structuredContent).toMatchObject({ deleted_id: configId });
    },
  );
});

verifies(
  ['tools.narrowed', 'token.none'],
  'is told to ask for the scopes of what it asked to see, and no others',
  async () => {
    const challenge = async (selection: object) => {
      const { status, headers } = await rpc(url, 'modern', 'tools/list', {}, { ...asking(selection), token: '' });
      return [status, /scope="([^"]*)"/.exec(String(headers.get('www-authenticate')))?.[1]];
    };
    expect(await challenge({ readOnly: true })).toEqual([401, 'environment:read organization:read workspace:read']);
    expect(await challenge({ tools: ['create_organization'] })).toEqual([401, 'organization:write']);
  },
);
