import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect } from 'vitest';
import { failureIn } from '../fixtures/failure-in.ts';
import { callTool } from '../fixtures/rpc.ts';
import { running, type TestServer } from '../fixtures/running.ts';
import { FakeScalekit, json } from '../fixtures/scalekit.ts';
import { verifies } from '../verifies.ts';

/** A quarter of the connections. */
const SHARE = 64;
const CALLS = 250;
/** More than get a place twice over. */
const AWAITED = 2 * SHARE + 8;

let scalekit: FakeScalekit;
let server: TestServer;
/** What the API was asked and has not answered, in order; also what was given up. */
let held: ServerResponse[];
let greedy: string;
let honest: string;

beforeEach(async () => {
  scalekit = await FakeScalekit.start();
  held = [];
  scalekit.serveApi(({ url, body }, response) => {
    if (body !== '') names.set(response, JSON.parse(body).display_name);
    if (url.includes('hanging') || body.includes('hanging')) held.push(response);
    else answer(response);
  });
  const scope = 'environment:read environment:write organization:read organization:write';
  greedy = await scalekit.mint({ claims: { sub: 'usr_greedy', scope } });
  honest = await scalekit.mint({ claims: { sub: 'usr_honest', scope } });
});
afterEach(async () => {
  await server.stop();
  await scalekit.close();
});

/** What requests that create an organization call it. */
const names = new WeakMap<ServerResponse, string>();
const answer = (response: ServerResponse) =>
  json(response, 200, { organization: { id: 'org_1', display_name: names.get(response) } });
/** What hangs: who gave up a request has closed its connection. */
const hanging = () => held.filter(({ destroyed, closed }) => !destroyed && !closed);

const MODES = ['workspace', 'environment'] as const;
type Mode = (typeof MODES)[number];

async function serve(mode: Mode, env: Record<string, string> = {}): Promise<void> {
  const { SCALEKIT_API_URL: _, ...ownEnvironment } = scalekit.env;
  const ofClient = {
    ...ownEnvironment,
    SCALEKIT_CLIENT_ID: 'skc_1',
    SCALEKIT_CLIENT_SECRET: 's'.repeat(20),
    ALLOWED_ORGANIZATIONS: 'org_1',
  };
  server = await running({
    ...(mode === 'workspace' ? scalekit.env : ofClient),
    UPSTREAM_TIMEOUT_MS: '120000',
    ...env,
  });
}

type Operation = (of: string) => { readonly name: string; readonly args: Record<string, string> };
const READ: Operation = (of) => ({ name: 'get_organization_details', args: { organizationId: `org_${of}` } });
const WRITE: Operation = (of) => ({ name: 'create_organization', args: { name: of } });
/** The caller chooses the third party for which the API waits. */
const EXECUTE: Operation = (of) => ({
  name: 'execute_agent_tool',
  args: { toolName: of, connectedAccountId: 'ca_71204418093065101' },
});

/** `ok`, or what went wrong; `gone` when the client left. */
async function call(mode: Mode, token: string, { name, args }: ReturnType<Operation>, signal?: AbortSignal) {
  const all = mode === 'workspace' ? { environmentId: 'env_1', ...args } : args;
  const answered = callTool(`${server.url}/mcp`, 'modern', name, all, { token, ...(signal && { signal }) });
  return answered.then(
    ({ body }) => (body.result?.isError === true ? failureIn(body.result) : 'ok'),
    () => 'gone',
  );
}

/** Calls of one person that the API does not answer: as many as its share are sent, all others wait. */
async function hang(mode: Mode, { of = READ, signal }: { of?: Operation; signal?: AbortSignal } = {}) {
  // What calls share, an environment's domain or a token, is known from the first on.
  expect(await call(mode, greedy, READ('1'))).toBe('ok');
  const calls = Array.from({ length: CALLS }, () => call(mode, greedy, of('hanging'), signal));
  await expect.poll(() => hanging().length).toBe(SHARE);
  return calls;
}

/** Answers what hangs, and what follows it, until all is answered. */
async function letAllGo(calls: readonly Promise<unknown>[]) {
  let isDone = false;
  const all = Promise.all(calls).finally(() => {
    isDone = true;
  });
  await expect
    .poll(() => {
      for (const response of held.splice(0)) answer(response);
      return isDone;
    })
    .toBe(true);
  return new Set(await all);
}

describe.each(MODES)('calls of one person that hang (%s mode)', (mode) => {
  verifies('api.share', 'hold up nobody else, and go on as soon as some of them end', async () => {
    await serve(mode);
    const calls = await hang(mode);
    expect(await call(mode, honest, READ('1'))).toBe('ok');
    expect(hanging()).toHaveLength(SHARE);
    const first = held.slice(0, 10);
    first.forEach(answer);
    await expect.poll(() => held.length).toBe(SHARE + 10);
    expect(await call(mode, honest, READ('1'))).toBe('ok');
    held = held.slice(10);
    expect(await letAllGo(calls)).toEqual(new Set(['ok']));
    expect(await call(mode, greedy, READ('1'))).toBe('ok');
  });

  verifies(['api.share', 'wire.early-close'], 'free all their places when their clients leave', async () => {
    await serve(mode);
    for (let round = 0; round < 2; round++) {
      const client = new AbortController();
      const gone = await hang(mode, { signal: client.signal });
      client.abort();
      expect(new Set(await Promise.all(gone))).toEqual(new Set(['gone']));
      await expect.poll(() => hanging().length).toBe(0);
    }
    expect(await letAllGo(await hang(mode))).toEqual(new Set(['ok']));
  });

  verifies.each<[string, Operation, boolean]>('api.share', [
    ['reads', READ, true],
    ['writes', WRITE, false],
  ])('free all their places at their deadline, and %s that were never sent say so', async (_, of, mayRepeat) => {
    // All of them arrive before the first of them has hung for so long, on a busy machine too.
    await serve(mode, { UPSTREAM_TIMEOUT_MS: '10000' });
    const failures = await Promise.all(Array.from({ length: AWAITED }, () => call(mode, greedy, of('hanging'))));
    const wasSent = ({ message }: { message: string }) => !message.includes('was not sent');
    const sent = failures.filter(wasSent);
    expect(sent.length).toBeLessThan(2 * SHARE);
    for (const each of sent) expect(each).toMatchObject({ code: 'upstream_timeout', retryable: mayRepeat });
    const waited = failures.filter((each) => !wasSent(each));
    for (const each of waited) expect(each).toMatchObject({ retryable: true });
    expect(waited.map(({ code }) => code)).toContain('upstream_timeout');
    // That person's circuit may have opened; nobody else's has.
    expect(await call(mode, honest, READ('1'))).toBe('ok');
    await expect.poll(() => call(mode, greedy, READ('1'))).toBe('ok');
    expect(await letAllGo(await hang(mode))).toEqual(new Set(['ok']));
  });

  verifies('api.share', 'free all their places when they fail', async () => {
    await serve(mode);
    const calls = await hang(mode);
    for (const response of held.splice(0))
      json(response, 404, { code: 5, message: 'no', details: [{ '@type': 'x', error_code: 'y' }] });
    await expect.poll(() => held.length).toBe(SHARE);
    await letAllGo(calls);
    expect(await letAllGo(await hang(mode))).toEqual(new Set(['ok']));
  });

  verifies.each<[string, Operation]>('api.share', [
    ['writes', WRITE],
    ['tools of third parties', EXECUTE],
  ])('hold up nobody else when they are %s', async (_, of) => {
    await serve(mode, { AGENT_TOOL_EXECUTION: 'on' });
    const calls = await hang(mode, { of });
    for (const other of [READ('1'), WRITE('Acme'), EXECUTE('other')])
      expect(await call(mode, honest, other)).toBe('ok');
    expect(hanging()).toHaveLength(SHARE);
    expect(await letAllGo(calls)).toEqual(new Set(['ok']));
  });
});
