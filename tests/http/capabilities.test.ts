import { afterAll, beforeAll, expect, it } from 'vitest';
import { rpc } from '../fixtures/rpc.ts';
import { running, type TestServer } from '../fixtures/running.ts';

/** What `NOT_TESTED` of requirements.ts rests on: with more to offer, there is more to test. */
const SKILLS = { 'io.modelcontextprotocol/skills': { directoryRead: true } };
const OFFERED = { tools: {}, resources: {}, prompts: {}, completions: {}, extensions: SKILLS };

let server: TestServer;
beforeAll(async () => {
  server = await running();
});
afterAll(() => server.stop());

it('offers tools, resources, prompts, completions and skills, and nothing else, to clients of both eras', async () => {
  const token = await server.token();
  const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } };
  const initialized = await rpc(`${server.localUrl}/mcp`, 'legacy', 'initialize', params, { token });
  expect(initialized.body.result.capabilities).toEqual(OFFERED);
  const discovered = await rpc(`${server.localUrl}/mcp`, 'modern', 'server/discover', {}, { token });
  expect(discovered.body.result.capabilities).toEqual(OFFERED);
});
