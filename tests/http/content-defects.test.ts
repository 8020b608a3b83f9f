import { afterAll, beforeAll, describe, expect } from 'vitest';
import { content } from '../../src/resources/index.ts';
import { catalogue } from '../../src/tools/index.ts';
import { CLIENTS, connected } from '../fixtures/content-clients.ts';
import { rpc } from '../fixtures/rpc.ts';
import { running, type TestServer } from '../fixtures/running.ts';
import { verifies } from '../verifies.ts';

/** What a prompt and a skill fail with, as a defect of this server would: nobody but the operator may read it. */
const PRIVATE = 'the private text of a defect';

let server: TestServer;

beforeAll(async () => {
  const fail = () => {
    throw new TypeError(PRIVATE);
  };
  const [prompt] = content.prompts;
  const [skill] = content.skills;
  if (prompt === undefined || skill === undefined) throw new Error('There is nothing to spoil.');
  const prompts = [{ ...prompt, arguments: [], write: fail }, ...content.prompts.slice(1)];
  const spoiled = Object.defineProperty({ ...skill }, 'text', { get: fail });
  const skills = [spoiled, ...content.skills.slice(1)];
  server = await running({}, catalogue, { ...content, prompts, skills });
});
afterAll(() => server.stop());

const defects = () => server.lines.filter(({ event }) => event === 'request_defect');

describe.each(['legacy', 'modern'] as const)('a defect, %s', (era) => {
  const ask = async (method: string, params: Record<string, unknown>) =>
    rpc(`${server.localUrl}/mcp`, era, method, params, { token: await server.token() });

  verifies('wire.defects', 'of a prompt is told as one, and logged', async () => {
    const before = defects().length;
    const { body } = await ask('prompts/get', { name: content.prompts[0]?.name, arguments: {} });
    expect(body.error).toMatchObject({ code: -32603, message: expect.stringContaining('This server failed') });
    expect(JSON.stringify(body)).not.toContain(PRIVATE);
    expect(defects().slice(before)).toMatchObject([
      { method: 'prompts/get', requestId: expect.any(String), error: expect.stringContaining(PRIVATE) },
    ]);
  });

  verifies('wire.defects', 'of a skill is told as one, and logged', async () => {
    const before = defects().length;
    const { body } = await ask('skills/get', { uri: content.skills[0]?.uri });
    expect(body.error).toMatchObject({ code: -32603 });
    expect(JSON.stringify(body)).not.toContain(PRIVATE);
    expect(defects().slice(before)).toMatchObject([{ method: 'skills/get', error: expect.stringContaining(PRIVATE) }]);
  });

  verifies('wire.defects', 'is not what params are that do not fit', async () => {
    const before = defects().length;
    for (const [method, params] of [
      ['prompts/get', { name: 7 }],
      ['skills/get', { uri: 7 }],
      ['resources/read', {}],
    ] as const) {
      expect((await ask(method, params)).body.error).toMatchObject({ code: -32602 });
    }
    expect(defects().slice(before)).toEqual([]);
  });
});

verifies('wire.defects', 'spoils nothing else', async () => {
  const client = await connected(CLIENTS[0], `${server.localUrl}/mcp`, await server.token());
  const [, second] = content.prompts;
  await expect(client.getPrompt({ name: content.prompts[0]?.name ?? '', arguments: {} })).rejects.toMatchObject({
    code: -32603,
  });
  expect((await client.listPrompts()).prompts.map(({ name }) => name)).toContain(second?.name);
});
