import { afterAll, beforeAll, expect } from 'vitest';
import { callTool, rpc } from '../fixtures/rpc.ts';
import { running, type TestServer } from '../fixtures/running.ts';
import { FakeScalekit } from '../fixtures/scalekit.ts';
import { verifies } from '../verifies.ts';

const open: TestServer[] = [];
let scalekit: FakeScalekit;
beforeAll(async () => {
  scalekit = await FakeScalekit.start();
});
afterAll(async () => {
  await Promise.all(open.map((server) => server.stop()));
  await scalekit.close();
});

async function start(env: Record<string, string> = {}): Promise<TestServer> {
  const server = await running(env);
  open.push(server);
  return server;
}

/** What a client learns of a server: from whoami, and from the instructions in both eras. */
async function saidBy({ localUrl }: TestServer, token: string) {
  const endpoint = `${localUrl}/mcp`;
  const whoami = (await callTool(endpoint, 'modern', 'whoami', {}, { token })).body.result.structuredContent;
  const params = {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'test', version: '1' },
  };
  const legacy = (await rpc(endpoint, 'legacy', 'initialize', params, { token })).body.result.instructions;
  const modern = (await rpc(endpoint, 'modern', 'server/discover', {}, { token })).body.result.instructions;
  return { whoami, instructions: [legacy, modern] };
}

const TELLS = expect.stringMatching(/This is the embedded sandbox: .*fictional/);

verifies('config.sandbox-told', 'a client learns that it is on the sandbox', async () => {
  const server = await start();
  const { whoami, instructions } = await saidBy(server, await server.token());
  expect(whoami.sandbox).toBe(true);
  expect(instructions).toEqual([TELLS, TELLS]);
});

verifies('config.sandbox-told', 'and nothing of the kind on a real deployment', async () => {
  const server = await start(scalekit.env);
  const { whoami, instructions } = await saidBy(server, await scalekit.mint());
  expect(whoami).not.toHaveProperty('sandbox');
  expect(instructions.join()).not.toContain('sandbox');
});

verifies(
  'config.sandbox-mode',
  'environment mode on the sandbox needs no client, and has one environment',
  async () => {
    const server = await start({ SANDBOX_MODE: 'environment' });
    const bearer = { token: await server.token() };
    const { whoami } = await saidBy(server, bearer.token);
    expect(whoami).toMatchObject({ mode: 'environment', sandbox: true });
    const { tools } = (await rpc(`${server.localUrl}/mcp`, 'modern', 'tools/list', {}, bearer)).body.result;
    expect(tools.map(({ name }: { name: string }) => name)).not.toContain('list_environments');
    const list = await callTool(`${server.localUrl}/mcp`, 'modern', 'list_organizations', {}, bearer);
    expect(list.body.result.structuredContent.organizations.length).toBeGreaterThan(0);
  },
);
