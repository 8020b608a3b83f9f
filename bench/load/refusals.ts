import { ENVIRONMENT_IDS } from '../../src/sandbox/data/ids.ts';
import type { Callers } from './callers.ts';
import type { Client } from './client.ts';
import type { Sent } from './connection.ts';
import { dataOf, expect, expectRefusal, expectRpcError, failureOf } from './expectations.ts';
import { message } from './message.ts';
import type { Scenario } from './scenario.ts';

/** The allowance of the greedy caller's tier: this many of its calls pass. */
export const GREEDY_POINTS = 50;
const MAX_BODY_BYTES = 64 * 1024;

const call = { name: 'whoami', arguments: {} };

async function noToken(client: Client): Promise<void> {
  const answer = await client.send(message(client.era(), undefined, 'tools/call', call, client.id()));
  expectRefusal(answer, 401, 'invalid_token');
  const challenge = String(answer.headers['www-authenticate']);
  expect(challenge.includes('resource_metadata="') && !challenge.includes('error="'), `the challenge ${challenge}`);
}

/** Invalid tokens, each for another reason. */
const BAD_TOKENS: readonly ((callers: Callers, client: Client) => string)[] = [
  () => 'nonsense',
  ({ foreign }) => foreign,
  ({ reader }) => reader.token.slice(0, -4),
  ({ reader, writers: [writer] }) => [...reader.token.split('.').slice(0, 2), writer?.token.split('.')[2]].join('.'),
  ({ reader }) => `${part({ alg: 'none' })}.${reader.token.split('.')[1]}.`,
  ({ reader }) => `${part({ alg: 'RS256', kid: 'unknown' })}.${reader.token.split('.').slice(1).join('.')}`,
  (_callers, client) => `${'x'.repeat(client.random.below(6000))}.y.z`,
];

function part(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

async function badToken(client: Client): Promise<void> {
  const token = client.random.of(BAD_TOKENS)(client.callers, client);
  const answer = await client.send(message(client.era(), token, 'tools/call', call, client.id()));
  expectRefusal(answer, 401, 'invalid_token');
  const challenge = String(answer.headers['www-authenticate']);
  expect(challenge.includes('error="invalid_token"'), `the challenge ${challenge}`);
}

async function noScope(client: Client): Promise<void> {
  const id = client.id();
  const args = { environmentId: ENVIRONMENT_IDS.production, name: 'Must never be' };
  const era = client.era();
  const answer = await client.call(era, client.callers.reader, 'create_organization', args, id);
  // Whoever repeats such a call within five minutes is told in its result.
  if (answer.status === 200) return void failureOf(answer, id, 'insufficient_scope');
  expectRpcError(answer, 403, era === 'modern' ? 403 : -32003, id);
  const challenge = String(answer.headers['www-authenticate']);
  const scope = /scope="([^"]*)"/.exec(challenge)?.[1]?.split(' ');
  expect(scope?.includes('organization:write') === true, `the challenge ${challenge}`);
}

const passed = new WeakMap<object, number>();

/** Its allowance is used up early, and its window does not end during a run. */
async function greedy(client: Client): Promise<void> {
  const { greedy: caller } = client.callers;
  const id = client.id();
  const answer = await client.call(client.era(), caller, 'whoami', {}, id);
  if (answer.status === 200) {
    const times = (passed.get(caller) ?? 0) + 1;
    passed.set(caller, times);
    expect(times <= GREEDY_POINTS, `${times} calls passed a limit of ${GREEDY_POINTS}`);
    expect(dataOf(answer, id)['subject'] === caller.subject, 'somebody else', answer);
    return;
  }
  client.tally.intended(answer.status);
  expectRefusal(answer, 429, 'rate_limit_exceeded');
  expect(Number(answer.headers['retry-after']) > 0, 'no Retry-After', answer);
}

interface Malformed {
  readonly name: string;
  readonly weight?: number;
  readonly status: number;
  readonly code: number;
  /** The id that the answer must have, if it can be read from the body. */
  readonly id?: number;
  readonly body?: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
  readonly chunked?: boolean;
  readonly announced?: number;
}

const good = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: call });
const deep = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
const many = (value: string) => good.replace('"arguments":{}', `"arguments":{"x":[${`${value},`.repeat(15_000)}1]}`);
const large = ` ${good}`.padStart(MAX_BODY_BYTES + 1);

const MALFORMED: readonly Malformed[] = [
  { name: 'half', status: 400, code: -32700, body: good.slice(0, 30) },
  { name: 'empty', status: 400, code: -32700, body: '' },
  { name: 'a BOM', status: 400, code: -32700, body: `\ufeff${good}` },
  { name: 'not UTF-8', status: 400, code: -32700, body: Buffer.from(good).fill(0xff, 20, 22) },
  { name: 'an array', status: 400, code: -32600, body: `[${good},${good}]` },
  { name: 'a number', status: 400, code: -32600, body: '7' },
  { name: 'nested 10,000 deep', status: 400, code: -32600, body: deep(10_000) },
  { name: 'nested 170,000 deep', weight: 0.2, status: 400, code: -32600, body: deep(170_000) },
  { name: 'of 70,000 arrays in a row', weight: 0.2, status: 400, code: -32600, body: `[${'[],'.repeat(70_000)}[]]` },
  { name: 'of 15,000 objects', weight: 0.2, status: 400, code: -32600, body: many('{}') },
  { name: 'of 15,000 texts', weight: 0.2, status: 400, code: -32600, body: many('"x"') },
  { name: 'of another protocol', status: 400, code: -32600, id: 1, body: good.replace('"2.0"', '"1.0"') },
  { name: 'an id that is null', status: 400, code: -32600, body: good.replace('"id":1', '"id":null') },
  { name: 'text', status: 415, code: -32000, body: good, headers: { 'content-type': 'text/plain' } },
  { name: 'compressed', status: 415, code: -32000, body: good, headers: { 'content-encoding': 'gzip' } },
  { name: 'too large, as it says', status: 413, code: -32000, announced: large.length },
  { name: 'too large, as it turns out', weight: 0.3, status: 413, code: -32000, body: large, chunked: true },
];

async function malformed(client: Client): Promise<void> {
  const { random } = client;
  const {
    body = good,
    headers,
    status,
    code,
    id = null,
    ...rest
  } = random.weighted(MALFORMED, (kind) => kind.weight ?? 1);
  const { token } = client.anybody();
  const base = message('legacy', token, 'tools/call', call).headers;
  const sent: Sent = { headers: { ...base, ...headers }, body, ...rest };
  expectRpcError(await client.send(sent), status, code, id);
}

/** Messages that are well formed but wrong. */
async function mistaken(client: Client): Promise<void> {
  const id = client.id();
  const caller = client.anybody();
  const kind = client.random.below(4);
  if (kind === 0) {
    const { headers, body } = message('modern', caller.token, 'tools/call', call, id);
    const answer = await client.send({ headers: { ...headers, 'mcp-name': 'list_organizations' }, body });
    return expectRpcError(answer, 400, -32020, id);
  }
  if (kind === 1) {
    return expectRpcError(await client.ask('modern', caller, 'tools/steal', {}, id), 404, -32601, id);
  }
  if (kind === 2) {
    const answer = await client.call(client.era(), caller, '__proto__', {}, id);
    return expectRpcError(answer, answer.status === 400 ? 400 : 200, -32602, id);
  }
  const args = { environmentId: ENVIRONMENT_IDS.production, pageSize: 'many' };
  const answer = await client.call(client.era(), caller, 'list_organizations', args, id);
  failureOf(answer, id, 'invalid_arguments');
}

export const refusals: readonly Scenario[] = [
  { group: 'bad token', name: 'no token', weight: 4, run: noToken },
  { group: 'bad token', name: 'a token that is not good', weight: 6, run: badToken },
  { group: 'no scope', name: 'a write by one who may read', weight: 4, run: noScope },
  { group: 'malformed', name: 'no message', weight: 6, run: malformed },
  { group: 'malformed', name: 'a message that is mistaken', weight: 4, run: mistaken },
  { group: 'over the limit', name: 'whoami, too often', weight: 2, run: greedy },
];
