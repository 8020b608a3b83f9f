import { decodeJwt } from 'jose';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ENVIRONMENT_DOMAINS } from '../../../src/sandbox/data/ids.ts';
import type { ObservedRequest } from '../../../src/sandbox/gateway/observed-request.ts';
import { type Sandbox, startSandbox } from '../../../src/sandbox/start.ts';

let sandbox: Sandbox;
let headers: Record<string, string>;
let observed: ObservedRequest[];
/** Called with the next request that the management API sees. */
let onRequest: (request: ObservedRequest) => void;

const observe = (request: ObservedRequest) => {
  observed.push(request);
  onRequest(request);
};
const nextRequest = () => new Promise<ObservedRequest>((resolve) => (onRequest = resolve));

beforeAll(async () => {
  sandbox = await startSandbox({ port: 0, resource: 'http://localhost:3002/mcp', observe });
  headers = await authorization(sandbox);
});
beforeEach(() => {
  observed = [];
  onRequest = () => undefined;
});
afterEach(() => sandbox.faults.clear());
afterAll(() => sandbox.close());

const MACHINE = { grant_type: 'client_credentials', client_id: 'sandbox-machine', client_secret: 'sandbox-secret' };

async function authorization({ url }: Sandbox): Promise<Record<string, string>> {
  const response = await fetch(`${url}/oauth/token`, { method: 'POST', body: new URLSearchParams(MACHINE) });
  const { access_token } = (await response.json()) as { access_token: string };
  return { authorization: `Bearer ${access_token}`, 'x-env-domain': ENVIRONMENT_DOMAINS.development };
}

const get = (path = '/api/v1/environments', init: RequestInit = {}) => fetch(sandbox.url + path, { headers, ...init });
const genuine = async () => (await get()).text();

describe('a fault', () => {
  it('reset: yields no byte of an answer', async () => {
    sandbox.faults.add({ kind: 'reset' });
    await expect(get()).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
    expect((await get()).status).toBe(200);
  });

  it('truncate: breaks off in the middle of the body', async () => {
    sandbox.faults.add({ kind: 'truncate', body: 'x'.repeat(1000) });
    const response = await get();
    expect([response.status, response.headers.get('content-length')]).toEqual([200, '1000']);
    let received = 0;
    const reading = (async () => {
      for await (const chunk of response.body ?? []) received += chunk.length;
    })();
    await expect(reading).rejects.toThrow();
    expect(received).toBe(500);
  });

  it('status: answers with a Status of the right code, or with the given body', async () => {
    sandbox.faults.add({ kind: 'status', status: 503 });
    const unavailable = await get();
    expect([unavailable.status, await unavailable.json()]).toEqual([
      503,
      expect.objectContaining({ code: 14, message: 'Service Unavailable' }),
    ]);
    const body = { code: 13, message: 'boom', details: [{ error_code: 'TOOL_ERROR' }] };
    sandbox.faults.add({ kind: 'status', status: 500, body });
    expect(await (await get()).json()).toEqual(body);
    sandbox.faults.add({ kind: 'status', status: 302, headers: { location: 'http://127.0.0.1:9/keys' } });
    const redirect = await get('/keys', { redirect: 'manual' });
    expect([redirect.status, redirect.headers.get('location')]).toEqual([302, 'http://127.0.0.1:9/keys']);
  });

  it('rate-limit: says when to come back, or does not', async () => {
    sandbox.faults.add({ kind: 'rate-limit', retryAfter: '7' });
    sandbox.faults.add({ kind: 'rate-limit' });
    for (const retryAfter of ['7', null]) {
      const response = await get();
      expect([response.status, response.headers.get('retry-after')]).toEqual([429, retryAfter]);
      expect(await response.json()).toMatchObject({ code: 8, details: [{ error_code: 'RATE_LIMITED' }] });
    }
  });

  it.each([200, 502] as const)('html: puts a page in place of JSON, with status %i', async (status) => {
    sandbox.faults.add({ kind: 'html', status });
    const response = await get();
    expect([response.status, response.headers.get('content-type')]).toEqual([status, 'text/html; charset=utf-8']);
    expect(await response.text()).toContain('<!doctype html>');
  });

  it('content-type: labels the answer as something else', async () => {
    const answer = await genuine();
    sandbox.faults.add({ kind: 'content-type', contentType: 'text/plain', afterOperation: true });
    const response = await get();
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/plain']);
    expect(await response.text()).toBe(answer);
  });

  it('hang: leaves the client waiting until it gives up', async () => {
    sandbox.faults.add({ kind: 'hang' });
    const giveUp = new AbortController();
    const reached = nextRequest();
    let settled = false;
    const hanging = get(undefined, { signal: giveUp.signal }).finally(() => {
      settled = true;
    });
    const outcome = hanging.catch((error: Error) => error.name);
    await reached;
    expect((await get()).status).toBe(200);
    expect(settled).toBe(false);
    giveUp.abort();
    expect(await outcome).toBe('AbortError');
  });

  it('drip: sends the answer in pieces', async () => {
    const answer = await genuine();
    sandbox.faults.add({ kind: 'drip', everyMs: 1, bytes: 50, afterOperation: true });
    const pieces: Uint8Array[] = [];
    for await (const piece of (await get()).body ?? []) pieces.push(piece);
    expect(Buffer.concat(pieces).toString()).toBe(answer);
    expect(pieces.length).toBeGreaterThan(1);
  });

  it('huge: sends 256 MiB and more', async () => {
    sandbox.faults.add({ kind: 'huge' });
    const response = await get();
    let received = 0;
    for await (const chunk of response.body ?? []) received += chunk.length;
    expect(received).toBe(256 * 1024 * 1024 + '{"padding":""}'.length);
  });

  it('huge: stops for a client that has seen enough', async () => {
    sandbox.faults.add({ kind: 'huge' });
    const enough = new AbortController();
    const response = await get(undefined, { signal: enough.signal });
    await response.body?.getReader().read();
    enough.abort();
    expect((await get()).status).toBe(200);
  });
});

describe('the plan', () => {
  it('counts, and takes the first fault that matches', async () => {
    sandbox.faults.add({ kind: 'status', status: 503, times: 2 });
    sandbox.faults.add({ kind: 'status', status: 500 });
    const statuses: number[] = [];
    for (let i = 0; i < 4; i += 1) statuses.push((await get()).status);
    expect(statuses).toEqual([503, 503, 500, 200]);
  });

  it('can be taken back, one by one or all at once', async () => {
    const remove = sandbox.faults.add({ kind: 'status', status: 500, times: Number.POSITIVE_INFINITY });
    expect((await get()).status).toBe(500);
    remove();
    remove();
    expect((await get()).status).toBe(200);
    sandbox.faults.add({ kind: 'reset' });
    sandbox.faults.latency(60_000);
    sandbox.faults.clear();
    expect((await get()).status).toBe(200);
  });

  it('heeds method and path, whatever the query', async () => {
    sandbox.faults.add({ kind: 'status', status: 500, when: { method: 'POST' } });
    sandbox.faults.add({ kind: 'status', status: 502, when: { path: '/api/v1/organizations' } });
    sandbox.faults.add({ kind: 'status', status: 504, when: { path: /\/organizations\/org_/ } });
    expect((await get()).status).toBe(200);
    expect((await get('/api/v1/organizations?page_size=1')).status).toBe(502);
    expect((await get('/api/v1/organizations/org_1')).status).toBe(504);
    expect((await get('/api/v1/organizations?page_size=1')).status).toBe(200);
    expect((await get('/nothing', { method: 'POST' })).status).toBe(500);
  });

  it('reaches keys, metadata, registration and token endpoints', async () => {
    const issuer = `/resources/${sandbox.serverId}`;
    for (const [method, path] of [
      ['GET', '/keys'],
      ['GET', `${issuer}/.well-known/oauth-authorization-server`],
      ['POST', `/api/v1${issuer}/clients:register`],
      ['POST', `${issuer}/oauth/token`],
      ['POST', '/oauth/token'],
    ] as const) {
      sandbox.faults.add({ kind: 'html', status: 502, when: { path } });
      expect([path, (await get(path, { method })).status]).toEqual([path, 502]);
    }
    const response = await get('/oauth/token', { method: 'POST', body: new URLSearchParams(MACHINE), headers: {} });
    expect(response.status).toBe(200);
  });

  it('can lose the answer of an operation that took effect, and shows the attempt', async () => {
    const create = () => {
      const body = JSON.stringify({ display_name: 'Lost in the mail', external_id: 'lost-1' });
      return get('/api/v1/organizations', { method: 'POST', body });
    };
    sandbox.faults.add({ kind: 'reset' });
    await expect(create()).rejects.toThrow();
    sandbox.faults.add({ kind: 'reset', afterOperation: true });
    await expect(create()).rejects.toThrow();
    expect((await create()).status).toBe(409);
    expect(observed.map(({ method, url }) => `${method} ${url}`)).toEqual(Array(3).fill('POST /api/v1/organizations'));
  });
});

describe('latency', () => {
  it('delays the management API and nothing else', async () => {
    sandbox.faults.latency(60_000);
    const giveUp = new AbortController();
    const reached = nextRequest();
    const outcome = get(undefined, { signal: giveUp.signal }).catch((error: Error) => error.name);
    await reached;
    expect((await get('/keys')).status).toBe(200);
    giveUp.abort();
    expect(await outcome).toBe('AbortError');
    sandbox.faults.latency(1);
    expect((await get()).status).toBe(200);
  });
});

describe('a clock that is wrong', () => {
  it('shows in tokens, which the environment itself takes for good', async () => {
    for (const skew of [7200, -7200]) {
      sandbox.faults.clockSkew(skew);
      const now = Math.floor(Date.now() / 1000) + skew;
      const own = await authorization(sandbox);
      const { iat, nbf, exp } = decodeJwt(own['authorization']?.slice('Bearer '.length) ?? '');
      expect([iat, nbf, exp].map((time) => Math.round((Number(time) - now) / 60))).toEqual([0, 0, 60]);
      expect((await get(undefined, { headers: own })).status).toBe(200);
      expect((await get()).status).toBe(401);
    }
    sandbox.faults.clear();
    expect((await get()).status).toBe(200);
  });
});

describe('closing', () => {
  it('ends whatever hangs, drips or waits', async () => {
    const other = await startSandbox({ port: 0, resource: 'http://localhost:3002/mcp' });
    const own = await authorization(other);
    const ask = () => fetch(`${other.url}/api/v1/environments`, { headers: own });
    other.faults.add({ kind: 'drip', everyMs: 60_000 });
    const dripping = await ask();
    other.faults.add({ kind: 'hang', when: { path: '/keys' } });
    other.faults.latency(60_000);
    const outcomes = Promise.allSettled([dripping.text(), fetch(`${other.url}/keys`), ask()]);
    await fetch(`${other.url}/nothing`);
    await other.close();
    expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  });
});
