import { afterAll, beforeAll, beforeEach, describe, expect } from 'vitest';
import { ENVIRONMENT_IDS } from '../../src/sandbox/data/ids.ts';
import { EXAMPLES } from '../fixtures/examples/index.ts';
import { failureIn } from '../fixtures/failure-in.ts';
import { callTool } from '../fixtures/rpc.ts';
import { running, type TestServer } from '../fixtures/running.ts';
import { FakeScalekit, json } from '../fixtures/scalekit.ts';
import { TOOLS_OF_THE_API } from '../fixtures/tools-of-the-api.ts';
import { verifies } from '../verifies.ts';

let scalekit: FakeScalekit;
let server: TestServer;
let token: string;

beforeAll(async () => {
  scalekit = await FakeScalekit.start();
  scalekit.api = (_request, response) => json(response, 200, { organizations: [] });
  server = await running({
    ...scalekit.environmentEnv,
    AGENT_TOOL_EXECUTION: 'on',
  });
  token = await scalekit.mint({ claims: { scope: 'environment:* organization:* workspace:* mcp:tools:*' } });
});
afterAll(async () => {
  await server.stop();
  await scalekit.close();
});
beforeEach(() => {
  scalekit.requests.length = 0;
});

describe('the one environment of environment mode', () => {
  const tools = TOOLS_OF_THE_API.map(({ name }) => name);

  verifies.each('tools.environment-mode', tools)('cannot be left by an argument of %s', async (name) => {
    for (const key of ['environmentId', 'environment_id', 'x-env-domain', 'domain']) {
      const args = { ...EXAMPLES[name]?.arguments, [key]: 'env_other' };
      const { status, body } = await callTool(`${server.url}/mcp`, 'modern', name, args, { token });
      const code = body.error?.code ?? failureIn(body.result).code;
      expect([status, [-32602, 'invalid_arguments'].includes(code)]).toEqual([200, true]);
    }
    expect(scalekit.requests).toEqual([]);
  });

  verifies(
    ['tools.environment-mode', 'api.credentials'],
    'cannot be left by a header, nor with the caller’s own token',
    async () => {
      const headers = { 'x-env-domain': 'other.example.com', 'x-environment-id': 'env_other' };
      const { body } = await callTool(`${server.url}/mcp`, 'legacy', 'list_organizations', {}, { token, headers });
      expect(body.result.structuredContent).toEqual({ organizations: [] });
      expect(scalekit.requests.map(({ headers: sent }) => sent.authorization)).toEqual(['Bearer environment-token']);
      expect(JSON.stringify(scalekit.requests)).not.toMatch(/other|env_other/);
      expect(JSON.stringify(scalekit.requests)).not.toContain(token);
    },
  );
});

describe('the one environment of a URL', () => {
  let inSandbox: TestServer;
  let all: string;
  beforeAll(async () => {
    inSandbox = await running({ AGENT_TOOL_EXECUTION: 'on' });
    all = await inSandbox.token();
  });
  afterAll(() => inSandbox.stop());

  verifies.each(
    'tools.selected',
    TOOLS_OF_THE_API.map(({ name }) => name),
  )('cannot be left by %s', async (name) => {
    const url = `${inSandbox.localUrl}/mcp?environment=${ENVIRONMENT_IDS.development}`;
    inSandbox.requests.length = 0;
    for (const environmentId of [ENVIRONMENT_IDS.production, 'env_other']) {
      const args = { ...EXAMPLES[name]?.arguments, environmentId };
      const direct = await callTool(url, 'modern', name, args, { token: all });
      const through = await callTool(url, 'modern', 'call_tool', { name, arguments: args }, { token: all });
      for (const { status, body } of [direct, through]) {
        const code = body.error?.code ?? failureIn(body.result).code;
        expect([status, [-32602, 'invalid_arguments'].includes(code)]).toEqual([200, true]);
      }
    }
    expect(inSandbox.requests).toEqual([]);
  });
});
