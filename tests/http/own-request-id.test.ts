import { afterAll, beforeAll, expect } from 'vitest';
import { recordsIn } from '../fixtures/ledger.ts';
import { callTool, eraHeaders, rpcBody } from '../fixtures/rpc.ts';
import { running, type TestServer } from '../fixtures/running.ts';
import { FakeScalekit } from '../fixtures/scalekit.ts';
import { verifies } from '../verifies.ts';

let scalekit: FakeScalekit;
let server: TestServer;

beforeAll(async () => {
  scalekit = await FakeScalekit.start();
  server = await running({ ...scalekit.env, AUDIT_LOG: 'stderr' });
});
afterAll(async () => {
  await server.stop();
  await scalekit.close();
});

/** Calls a tool as a person, with the id that both of them use. */
async function call(sub: string, id: string) {
  const token = await scalekit.mint({ claims: { sub } });
  const params = { name: 'whoami', arguments: {} };
  const headers = { ...eraHeaders('legacy', 'tools/call', params), authorization: `Bearer ${token}` };
  const body = JSON.stringify(rpcBody('legacy', 'tools/call', params));
  const answer = await fetch(`${server.url}/mcp`, {
    method: 'POST',
    headers: { ...headers, 'x-request-id': id },
    body,
  });
  await answer.text();
  return { theirs: answer.headers.get('x-request-id'), own: answer.headers.get('x-server-request-id') };
}

verifies('log.own-id', 'two callers with one id are told apart in log and ledger', async () => {
  const shared = 'shared-request-id';
  const [one, two] = [await call('usr_one', shared), await call('usr_two', shared)];
  expect([one.theirs, two.theirs]).toEqual([shared, shared]);
  expect(one.own).not.toBe(two.own);
  const lines = () => server.lines.filter((line) => line['clientRequestId'] === shared && line['event'] === 'request');
  await expect.poll(lines).toHaveLength(2);
  expect(lines().map(({ caller, requestId }) => [caller, requestId])).toEqual([
    ['usr_one', one.own],
    ['usr_two', two.own],
  ]);
  const records = () => recordsIn(server.ledger()).filter(({ client_request_id: id }) => id === shared);
  await expect.poll(records).toHaveLength(2);
  expect(records().map(({ user_id: user, request_id: id }) => [user, id])).toEqual([
    ['usr_one', one.own],
    ['usr_two', two.own],
  ]);
});

verifies('log.own-id', 'an id that is a secret is neither kept nor repeated', async () => {
  const secret = 'live_A1b2C3d4E5f6G7h8J9k0L1';
  const { theirs, own } = await call('usr_1', secret);
  expect(theirs).toBe(own);
  expect(server.logText()).not.toContain(secret);
});

verifies('log.plain', 'what a token says is in no line with characters that change how it is displayed', async () => {
  const odd = 'a\u0085b\u009bc\u202ed\u2066e\u{e0041}f';
  const claims = { sub: `usr_${odd}`, client_id: `m2m_${odd}`, scope: `organization:read ${odd}` };
  const token = await scalekit.mint({ claims });
  const before = server.logText().length;
  await callTool(
    `${server.url}/mcp`,
    'legacy',
    'create_organization',
    { environmentId: 'env_1', name: 'x' },
    { token },
  );
  const line = (event: string) =>
    server.lines.find((each) => each['event'] === event && each['tool'] === 'create_organization');
  await expect.poll(() => line('request')).toMatchObject({ caller: 'usr_abcdef', client: 'm2m_abcdef' });
  expect(line('scope_check')).toMatchObject({ found: ['organization:read', 'abcdef'] });
  expect(server.logText().slice(before)).toMatch(/^[\x20-\x7e\n]*$/);
});
