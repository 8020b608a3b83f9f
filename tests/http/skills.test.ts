import { createHash } from 'node:crypto';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { SkillsClient } from '@modelcontextprotocol/client/ext/skills';
import { Client as Client1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as Transport1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { z } from 'zod';
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

describe('a client of SDK 1.x', () => {
  const Answer = z.looseObject({});

  async function connect(query = '') {
    const client = new Client1({ name: 'test', version: '1' });
    const headers = { authorization: `Bearer ${await server.token('mcp:tools:none_such')}` };
    // This release of the SDK is written without exactOptionalPropertyTypes.
    const transport = new Transport1(new URL(url + query), { requestInit: { headers } });
    await client.connect(transport as Parameters<Client1['connect']>[0]);
    // biome-ignore lint/suspicious/noExplicitAny: answers of an extension are looked into freely.
    const ask = (method: string, params: object = {}): Promise<any> =>
      client.request({ method, params: { ...params } }, Answer);
    return { client, ask };
  }

  verifies('skills.served', 'lists skills by hand, and finds each document by its URI, size and digest', async () => {
    const { client, ask } = await connect();
    expect(client.getServerCapabilities()).toMatchObject({ extensions: { 'io.modelcontextprotocol/skills': {} } });
    const { skills: listed, ...rest } = await ask('skills/list');
    expect(listed.map(({ uri }: { uri: string }) => uri)).toEqual(all.map(({ uri }) => uri));
    // Members of the newer era are not for a client of this one.
    expect(rest).toEqual({});
    for (const entry of listed) {
      expect((await ask('skills/get', { uri: entry.uri })).skill).toEqual(entry);
      const { contents } = await client.readResource({ uri: entry.uri });
      const text = String((contents as { text: string }[])[0]?.text);
      const digest = `sha256:${createHash('sha256').update(text).digest('hex')}`;
      const listing = JSON.stringify(entry);
      expect(listing).toContain(digest);
      const folder = String(entry.uri).replace('/SKILL.md', '');
      const { resources } = await ask('resources/directory/read', { uri: folder });
      expect(resources).toEqual([
        { uri: entry.uri, name: 'SKILL.md', mimeType: 'text/markdown', size: Buffer.byteLength(text) },
      ]);
    }
    await client.close();
  });

  verifies('skills.served', 'gets what its URL selects alone, by every way to a skill', async () => {
    const { client, ask } = await connect('?toolsets=mcp_servers');
    const { skills: listed } = await ask('skills/list');
    const uris = listed.map(({ uri }: { uri: string }) => uri);
    const { resources } = await client.listResources();
    expect(resources.map(({ uri }) => uri).filter((uri) => uri.startsWith('skill:'))).toEqual(uris);
    const others = all.filter(({ uri }) => !uris.includes(uri));
    expect(others.length).toBeGreaterThan(0);
    for (const { uri } of others) {
      await expect(ask('skills/get', { uri })).rejects.toMatchObject({ code: -32602 });
      await expect(client.readResource({ uri })).rejects.toMatchObject({ code: -32602 });
      const folder = uri.replace('/SKILL.md', '');
      await expect(ask('resources/directory/read', { uri: folder })).rejects.toMatchObject({ code: -32602 });
    }
    await client.close();
  });

  verifies('skills.served', 'is told with -32602 what there is not', async () => {
    const { client, ask } = await connect();
    for (const [method, params] of [
      ['skills/get', { uri: 'skill://scalekit/none/SKILL.md' }],
      ['skills/get', {}],
      ['resources/directory/read', { uri: 'skill://scalekit/none' }],
      ['skills/list', { cursor: 'page-9' }],
    ] as const) {
      await expect(ask(method, params)).rejects.toMatchObject({ code: -32602 });
    }
    await client.close();
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
