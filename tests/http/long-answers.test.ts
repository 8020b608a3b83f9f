import { afterEach, beforeEach, describe, expect } from 'vitest';
import { running, type TestServer } from '../fixtures/running.ts';
import { FakeScalekit, json } from '../fixtures/scalekit.ts';
import { toolCaller } from '../fixtures/tool-caller.ts';
import { verifies } from '../verifies.ts';

const ENVIRONMENT = { environment: { id: 'env_1', domain: 'env-1.example.com' } };
const ORGANIZATION = { id: 'org_1', display_name: 'Acme', create_time: '2026-01-01T00:00:00Z', region_code: 'US' };
/** Two of them are more than one person may have. */
const LONG = JSON.stringify({ organizations: [ORGANIZATION], unknown: 'a'.repeat(3.5 * 1024 * 1024) });
const SHORT = JSON.stringify({ organizations: [ORGANIZATION] });
const LAST_BYTES = 10;

let scalekit: FakeScalekit;
let server: TestServer;
/** Sends the last bytes of each answer that has begun. */
let finish: () => void;
/** What is answered next. */
let answer: string;
let isHeldBack: boolean;

beforeEach(async () => {
  scalekit = await FakeScalekit.start();
  const ends: (() => void)[] = [];
  finish = () => {
    for (const end of ends.splice(0)) end();
  };
  answer = LONG;
  isHeldBack = true;
  scalekit.api = ({ url }, response) => {
    if (url.startsWith('/api/v1/environments/')) return json(response, 200, ENVIRONMENT);
    response.writeHead(200, { 'content-type': 'application/json' });
    if (!isHeldBack) return void response.end(answer);
    response.write(answer.slice(0, -LAST_BYTES));
    ends.push(() => response.end(answer.slice(-LAST_BYTES)));
  };
  server = await running(scalekit.env);
});
afterEach(async () => {
  await server.stop();
  await scalekit.close();
});

async function person(sub: string) {
  const call = toolCaller(server.localUrl, await scalekit.mint({ claims: { sub } }));
  return (args = {}) => call('list_organizations', { environmentId: 'env_1', ...args });
}

describe('long answers of the API', () => {
  verifies('api.answers-in-memory', 'of one person find room until it is used up, and others find theirs', async () => {
    const greedy = await person('usr_greedy');
    const calls = [greedy(), greedy()];
    const { error } = await Promise.race(calls);
    expect(error).toMatchObject({ code: 'server_error', retryable: true, retryAfterMs: 1_000 });
    expect(error?.message).toContain('fewer calls at the same time or a smaller page');

    isHeldBack = false;
    answer = SHORT;
    expect((await greedy()).error).toBeUndefined();
    answer = LONG;
    const honest = await person('usr_honest');
    expect((await honest()).error).toBeUndefined();

    finish();
    const outcomes = await Promise.all(calls);
    expect(outcomes.filter((outcome) => outcome.error === undefined)).toHaveLength(1);
    expect((await greedy()).error).toBeUndefined();
    expect((await greedy()).error).toBeUndefined();
  });

  verifies('api.answers-in-memory', 'give their room back when their calls are cancelled', async () => {
    const greedy = await person('usr_greedy');
    const token = await scalekit.mint({ claims: { sub: 'usr_greedy' } });
    const leaving = new AbortController();
    const left = fetch(`${server.localUrl}/mcp`, {
      method: 'POST',
      signal: leaving.signal,
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
      },
      body: JSON.stringify({
        ...{ jsonrpc: '2.0', id: 1, method: 'tools/call' },
        params: { name: 'list_organizations', arguments: { environmentId: 'env_1' } },
      }),
    });
    await expect.poll(() => scalekit.operations.length).toBe(1);
    leaving.abort();
    await expect(left).rejects.toThrow();
    isHeldBack = false;
    await expect.poll(async () => (await greedy()).error).toBeUndefined();
  });
});
