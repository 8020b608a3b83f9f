import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { SkillsClient } from '@modelcontextprotocol/client/ext/skills';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { skills as all } from '../../src/prompts/index.ts';
import { toolsIn } from '../../src/prompts/job.ts';
import { catalogue } from '../../src/tools/index.ts';
import { connected } from '../fixtures/content-clients.ts';
import { rpc } from '../fixtures/rpc.ts';
import { running, type TestServer } from '../fixtures/running.ts';
import { verifies } from '../verifies.ts';

let server: TestServer;
let url: string;

beforeAll(async () => {
  server = await running();
  url = `${server.localUrl}/mcp`;
});
afterAll(() => server.stop());

describe.each(['legacy', 'modern'] as const)('a client of skills (%s)', (era) => {
  async function connect(query = '') {
    const mode = era === 'legacy' ? 'legacy' : { pin: '2026-07-28' };
    const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode } });
    const authorization = `Bearer ${await server.token('mcp:tools:none_such')}`;
    await client.connect(
      new StreamableHTTPClientTransport(new URL(url + query), { requestInit: { headers: { authorization } } }),
    );
    return { client, skills: new SkillsClient(client) };
  }

  verifies('skills.served', 'lists, gets and reads every skill, and verifies each document', async () => {
    const { client, skills } = await connect();
    expect([skills.supported, skills.directoryRead]).toEqual([true, true]);
    const { skills: listed } = await skills.list();
    expect(listed.map(({ uri }) => uri).sort()).toEqual(all.map(({ uri }) => uri).sort());
    expect(listed).toHaveLength(9);
    for (const one of listed) {
      expect(await skills.get(one.uri)).toMatchObject({ skill: { uri: one.uri } });
      const { body } = await skills.read(one);
      const names = toolsIn([body ?? '']);
      expect(names.length).toBeGreaterThan(3);
      expect(names.filter((name) => !catalogue.some((tool) => tool.name === name))).toEqual([]);
      const folder = one.uri.replace('/SKILL.md', '');
      const { resources } = await skills.readDirectory(folder);
      expect(resources).toMatchObject([{ uri: one.uri, mimeType: 'text/markdown' }]);
    }
    const { resources } = await skills.readDirectory('skill://scalekit');
    expect(resources).toHaveLength(9);
    await client.close();
  });

  verifies('skills.served', 'is offered the skills that are about what its URL selects', async () => {
    const { client, skills } = await connect('?toolsets=mcp_servers');
    const { skills: listed } = await skills.list();
    const names = listed.map(({ frontmatter }) => frontmatter.name);
    expect(names).toContain('protect-mcp-server');
    expect(names).not.toContain('onboard-enterprise-customer');
    const { resources } = await client.listResources();
    expect(resources.filter(({ uri }) => uri.startsWith('skill:'))).toHaveLength(names.length);
    await client.close();
  });

  verifies('skills.served', 'is told with -32602 what there is not', async () => {
    const token = await server.token();
    for (const [method, uri] of [
      ['skills/get', 'skill://scalekit/none/SKILL.md'],
      ['skills/get', 'skill://scalekit/protect-mcp-server'],
      ['skills/get', 7],
      ['resources/directory/read', 'skill://'],
      ['resources/directory/read', 'skill://scalekit/none'],
      ['resources/directory/read', 'scalekit://environments'],
    ] as const) {
      const { body } = await rpc(url, era, method, { uri }, { token });
      expect([method, uri, body.error?.code]).toEqual([method, uri, -32602]);
    }
    const cursor = (await rpc(url, era, 'skills/list', { cursor: 'page-9' }, { token })).body.error.code;
    expect(cursor).toBe(-32602);
  });
});

verifies('skills.served', 'a client that knows no skills reads them as resources', async () => {
  const client = await connected('SDK 1.x', url, await server.token());
  const { resources } = await client.listResources();
  const skill = resources.find(({ uri }) => uri.endsWith('/prepare-production/SKILL.md'));
  const { contents } = await client.readResource({ uri: String(skill?.uri) });
  expect(contents).toMatchObject([
    { mimeType: 'text/markdown', text: all.find(({ uri }) => uri === skill?.uri)?.text },
  ]);
  await client.close();
});

verifies.each('skills.served', [
  ['2025-11-25', true],
  ['2025-06-18', false],
  ['2025-03-26', false],
] as const)('initialize with %s announces extensions: %s', async (protocolVersion, isAnnounced) => {
  const params = { protocolVersion, capabilities: {}, clientInfo: { name: 'test', version: '1' } };
  const headers = { 'mcp-protocol-version': protocolVersion };
  const { body } = await rpc(url, 'legacy', 'initialize', params, { token: await server.token(), headers });
  expect('extensions' in body.result.capabilities).toBe(isAnnounced);
});
