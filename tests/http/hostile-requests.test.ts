import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { callTool } from '../fixtures/rpc.ts';
import { running, type TestServer } from '../fixtures/running.ts';
import { verifies } from '../verifies.ts';

/** Paths, headers and arguments that patterns are slow on, in place of harmless ones of the same length. */
let server: TestServer;
let token: string;

beforeAll(async () => {
  server = await running();
  token = await server.token('environment:read');
});
afterAll(() => server.stop());

const UNITS = [
  ...['\\', '"d":k', '%25252541', '%5C', 'token: ', 'eyJ.', 'bearer ', 'basic abcd ', '[', '{"key":', '&quot;'],
  ...['pwd=', 'secret:""', '://a:', ' -u a:', 'SG.a', '-----BEGIN A-----'],
  ...[
    `key:${' '.repeat(110)}!value=`,
    `key:${'%20'.repeat(110)}!value=`,
    'jwt:|#,',
    `%25252541<key>${' '.repeat(90)}!</`,
  ],
];
const BEGINNINGS = ['', 'secret:{'];
const HOSTILE = BEGINNINGS.flatMap((beginning) => UNITS.map((unit) => [beginning, unit] as const));

const textOf = (beginning: string, unit: string, length: number) => (beginning + unit.repeat(length)).slice(0, length);

/** The least processor time of this process, which is client and server, for some requests, in milliseconds. */
async function costOf(ask: () => Promise<unknown>): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 5; i++) {
    const before = process.cpuUsage();
    await ask();
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, (user + system) / 1000);
  }
  return best;
}

/** Asks for something that takes no token, and waits until the request is on record too. */
function ask(path: string, userAgent: string): Promise<number> {
  return new Promise((resolve, reject) => {
    request(`${server.localUrl}/`, { path, headers: { 'user-agent': userAgent, connection: 'close' } }, (response) =>
      response.resume().on('end', () => setImmediate(resolve, response.statusCode ?? 0)),
    )
      .on('error', reject)
      .end();
  });
}

describe('without a token', () => {
  verifies.each('text.linear-requests', [
    ['a header', 56_000, (text: string) => ask('/health/live', text), 200],
    ['a path', 30_000, (text: string) => ask(`/${text.replaceAll(' ', '+').replaceAll('#', '%23')}`, 'x'), 404],
  ])('%s takes as little time as a harmless one', async (_where, length, send, status) => {
    const harmless = await costOf(() => send('x'.repeat(length)));
    for (const [beginning, unit] of HOSTILE) {
      const text = textOf(beginning, unit, length);
      expect(await send(text)).toBe(status);
      expect((await costOf(() => send(text))) / harmless, beginning + unit).toBeLessThan(10);
    }
  });
});

verifies('text.linear-requests', 'a token that is refused takes as little time, whatever it says', async () => {
  const part = (object: unknown) => Buffer.from(JSON.stringify(object)).toString('base64url');
  const present = (text: string) => {
    const header = { alg: text.slice(0, 1_000), kid: text.slice(0, 1_000), typ: text.slice(0, 1_000) };
    const claims = { iss: text, aud: Array.from({ length: 5 }, () => text.slice(0, 500)) };
    const bearer = `${part(header)}.${part(claims)}.AAAA`;
    return callTool(`${server.localUrl}/mcp`, 'modern', 'whoami', {}, { token: bearer });
  };
  const harmless = await costOf(() => present('x'.repeat(1_000)));
  for (const [beginning, unit] of HOSTILE) {
    const text = textOf(beginning, unit, 1_000);
    expect((await present(text)).status).toBe(401);
    expect((await costOf(() => present(text))) / harmless, beginning + unit).toBeLessThan(10);
  }
});

describe('with a token', () => {
  const call = async (tool: string, args: Readonly<Record<string, unknown>>) => {
    const { status, body } = await callTool(`${server.localUrl}/mcp`, 'modern', tool, args, { token });
    expect(status).toBe(200);
    expect(body.result.isError).toBe(true);
  };
  const LENGTH = 50_000;
  const named = (nameOf: (i: number) => string) =>
    Object.fromEntries(Array.from({ length: 4_000 }, (_, i) => [nameOf(i), 1]));

  verifies('text.linear-requests', 'arguments that are refused take little more time than harmless ones', async () => {
    const harmless = await costOf(() => call('whoami', { x: 'x'.repeat(LENGTH) }));
    for (const [beginning, unit] of HOSTILE) {
      const fitting = Math.floor(LENGTH / JSON.stringify(unit).slice(1, -1).length) * unit.length;
      const args = { x: textOf(beginning, unit, fitting) };
      expect((await costOf(() => call('whoami', args))) / harmless, beginning + unit).toBeLessThan(20);
    }
  });

  verifies('text.linear-requests', 'so do arguments whose names become one', async () => {
    const harmless = await costOf(() =>
      call(
        'whoami',
        named((i) => `abc-${i}`),
      ),
    );
    const one = await costOf(() =>
      call(
        'whoami',
        named((i) => `pwd=${i}`),
      ),
    );
    expect(one / harmless).toBeLessThan(20);
  });

  verifies('text.linear-requests', 'so do secrets that the caller names, and they take little memory', async () => {
    const secrets = (codeOf: (i: number) => number) =>
      JSON.stringify({
        secrets: Array.from({ length: 59 }, (_, i) =>
          String.fromCharCode(...Array.from({ length: 64 }, (_character, at) => codeOf(i * 64 + at))),
        ),
      });
    const alike = secrets(() => 0x4e00);
    const different = secrets((i) => 0x4e00 + i);
    const list = (pageToken: string) => () =>
      callTool(`${server.localUrl}/mcp`, 'modern', 'list_environments', { pageToken }, { token });
    const usual = await costOf(list(alike));
    const before = process.memoryUsage().arrayBuffers;
    await list(different)();
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 * 1024 * 1024);
    expect((await costOf(list(different))) / usual).toBeLessThan(10);
  });
});
