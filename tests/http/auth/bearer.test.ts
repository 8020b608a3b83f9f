import express from 'express';
import supertest from 'supertest';
import { afterAll, beforeAll, beforeEach, describe, expect } from 'vitest';
import { authenticated, type BearerOptions } from '../../../src/auth/bearer.ts';
import { ProtectedResource } from '../../../src/auth/resource.ts';
import { parseConfig } from '../../../src/config/config.ts';
import { errorHandler } from '../../../src/http/middleware.ts';
import { observe } from '../../../src/http/observe.ts';
import { memoryCounter } from '../../../src/limits/counter.ts';
import { failuresByAddress, unlimitedFailures } from '../../../src/limits/failures.ts';
import { unhurried } from '../../../src/limits/limits.ts';
import { openAudit } from '../../../src/observability/audit/ledger.ts';
import type { Log } from '../../../src/observability/log/log.ts';
import { NO_METRICS } from '../../../src/observability/metrics/metrics.ts';
import { Keys } from '../../../src/scalekit/keys.ts';
import { tokenVerifier } from '../../../src/scalekit/tokens.ts';
import { refusalIn } from '../../fixtures/refusal-in.ts';
import { FakeScalekit, json, SERVER_ID, type SigningKey, signingKey } from '../../fixtures/scalekit.ts';
import { SILENT } from '../../fixtures/silent-log.ts';
import { verifies } from '../../verifies.ts';

const METADATA = 'https://mcp.example.com/.well-known/oauth-protected-resource/mcp';
const CHALLENGE = `scope="env:read org:read", resource_metadata="${METADATA}"`;

let scalekit: FakeScalekit;
let token: string;
/** Subjects of the callers that came through. */
let served: string[];
/** What is logged of requests, and what goes wrong in the server itself. */
let lines: Record<string, unknown>[];

beforeAll(async () => {
  scalekit = await FakeScalekit.start();
  token = await scalekit.mint();
});
afterAll(() => scalekit.close());
beforeEach(() => {
  served = [];
  lines = [];
});

const log: Log = {
  ...SILENT,
  info: (event, facts) => lines.push({ event, ...facts }),
  error: (event, facts) => lines.push({ event, ...facts }),
};

function verifier(now = Date.now): BearerOptions['verify'] {
  const keys = new Keys({ environmentUrl: scalekit.url, log: SILENT, now });
  return tokenVerifier({ keys, issuers: [scalekit.issuer], audiences: [SERVER_ID], now });
}

/** An endpoint behind the token check alone. */
async function endpoint(options: Partial<BearerOptions> = {}, handler = () => undefined) {
  const { audit: config } = parseConfig({ AUDIT_LOG: 'off' });
  const audit = await openAudit({ config, stderr: () => undefined, log });
  const resource = new ProtectedResource({
    config: {
      publicUrl: 'https://mcp.example.com',
      allowedHosts: [],
      expectedAudience: undefined,
      metadataOverrides: {},
    },
    port: 3002,
    authorizationServers: [],
    scopesOf: () => [],
    queryOf: () => '',
  });
  const bearer: BearerOptions = {
    verify: verifier(),
    resource,
    failures: unlimitedFailures,
    patience: unhurried,
    scopeMap: new Map(),
    initialScopes: () => ['env:read', 'org:read'],
    ...options,
  };
  const app = express().set('trust proxy', 1);
  app.use(observe({ log, audit, metrics: NO_METRICS, clean: (text) => text }));
  app.use(
    authenticated(bearer, (_request, response, caller) => {
      handler();
      served.push(caller.subject);
      response.end('served');
    }),
  );
  app.use(errorHandler(log, (text) => text));
  return supertest(app);
}

const lastLine = () => expect.poll(() => lines.filter(({ event }) => event === 'request').at(-1));

describe('a request with a good token', () => {
  verifies(['log.line', 'audit.calls'], 'is served as its caller, who is put on record', async () => {
    const at = await endpoint();
    await at.post('/mcp').set('Authorization', `Bearer ${token}`).expect(200, 'served');
    expect(served).toEqual(['usr_1']);
    await lastLine().toMatchObject({ caller: 'usr_1', client: 'm2m_1', status: 200 });
  });

  verifies.each('token.bad', ['Bearer', 'bearer', 'BEARER'])(
    'may spell the scheme %s, with spaces behind it',
    async (scheme) => {
      const at = await endpoint();
      for (const between of [' ', '   ']) {
        await at.post('/mcp').set('Authorization', `${scheme}${between}${token}`).expect(200);
      }
    },
  );

  verifies('middleware.errors', 'has its failures of any kind handed on, and is not answered twice', async () => {
    const at = await endpoint({}, () => {
      throw new TypeError('defect');
    });
    const { status, headers, body } = await at.post('/mcp').set('Authorization', `Bearer ${token}`);
    expect([status, refusalIn(body).error]).toEqual([500, 'server_error']);
    expect(headers).not.toHaveProperty('www-authenticate');
    expect(lines).toContainEqual(expect.objectContaining({ error: expect.stringContaining('TypeError: defect') }));
  });
});

describe('a request without a token', () => {
  verifies(['token.none', 'limits.failures'], 'is told where to get one, and is no failure', async () => {
    const failures = failuresByAddress(memoryCounter({ points: 1, seconds: 900 }));
    const at = await endpoint({ failures });
    for (let i = 0; i < 5; i++) {
      const { status, headers, body } = await at.post('/mcp');
      expect({ status, challenge: headers['www-authenticate'], body: refusalIn(body) }).toEqual({
        status: 401,
        challenge: `Bearer ${CHALLENGE}`,
        body: {
          error: 'invalid_token',
          error_description: 'This server needs an access token. Its resource_metadata says where to get one.',
          error_uri: expect.any(String),
        },
      });
    }
    expect(served).toEqual([]);
    await lastLine().toMatchObject({ outcome: 'no_token', reason: expect.stringContaining('needs an access token') });
  });
});

describe('a request without a usable credential', () => {
  verifies.each(
    ['token.none', 'limits.failures'],
    [
      '',
      'Bearer',
      'Bearer ',
      'bearer',
      'Basic dXNlcjpwYXNz',
      'Basic',
      'DPoP TOKEN',
      'Negotiate TOKEN',
      'Token TOKEN',
      'TOKEN',
      'BearerTOKEN',
      'xBearer TOKEN',
      'x Bearer TOKEN',
    ],
  )('%j is challenged like one without any, and is no failure, however often it comes', async (header) => {
    const failures = failuresByAddress(memoryCounter({ points: 5, seconds: 900 }));
    const at = await endpoint({ failures });
    for (let i = 0; i < 20; i++) {
      const { status, headers, body } = await at.post('/mcp').set('Authorization', header.replace('TOKEN', token));
      expect({ status, challenge: headers['www-authenticate'], why: refusalIn(body).error_description }).toEqual({
        status: 401,
        challenge: `Bearer ${CHALLENGE}`,
        why: expect.stringMatching(/holds no bearer token\. Send "Bearer"/),
      });
    }
    await lastLine().toMatchObject({ outcome: 'no_token', reason: expect.stringContaining('holds no bearer token') });
    // The next bad token is the first failure.
    await at.post('/mcp').set('Authorization', 'Bearer undefined').expect(401);
    expect(served).toEqual([]);
  });
});

describe('a request with a bad token', () => {
  const NOT_BEARER = 'The Authorization header does not hold a bearer token.';
  verifies.each('token.bad', [
    ['Bearer\tTOKEN', NOT_BEARER],
    ['Bearer TOKEN TOKEN', NOT_BEARER],
    ['Bearer TOKEN, Bearer TOKEN', NOT_BEARER],
    ['Bearer TOKEN,x', NOT_BEARER],
    ['Bearer "TOKEN"', NOT_BEARER],
    ['Bearer =TOKEN', NOT_BEARER],
    ['Bearer ==', NOT_BEARER],
    ['Bearer TOKEN=x', NOT_BEARER],
    // Of the form of a token, and yet none.
    ['Bearer x~+/-.1==', 'The access token is not a JSON Web Token.'],
    ['Bearer undefined', 'The access token is not a JSON Web Token.'],
    ['Bearer null', 'The access token is not a JSON Web Token.'],
    ['Bearer TOKENA', 'The signature of the access token does not match.'],
  ])('in the header %j is told why, with a challenge', async (header, description) => {
    const at = await endpoint();
    const { status, headers, body } = await at.post('/mcp').set('Authorization', header.replaceAll('TOKEN', token));
    expect({ status, challenge: headers['www-authenticate'], body: refusalIn(body) }).toEqual({
      status: 401,
      challenge: `Bearer error="invalid_token", error_description="${description}", ${CHALLENGE}`,
      body: { error: 'invalid_token', error_description: description, error_uri: expect.any(String) },
    });
    expect(served).toEqual([]);
    await lastLine().toMatchObject({ outcome: 'invalid_token', reason: description, status: 401 });
  });

  verifies(
    'token.bad',
    'is refused when its good token stands there twice, whatever the case of the names',
    async () => {
      const at = await endpoint();
      for (const name of ['Authorization', 'authorization', 'AUTHORIZATION']) {
        for (const second of [`Bearer ${token}`, 'Bearer x', '']) {
          const fields = [`Bearer ${token}`, second] as unknown as string;
          const { status, body } = await at.post('/mcp').set(name, fields);
          expect({ status, why: refusalIn(body).error_description }).toEqual({
            status: 401,
            why: 'The request carries more than one Authorization header.',
          });
        }
      }
      // Values of other headers are no names.
      await at.post('/mcp').set('X-Other', 'authorization').set('Authorization', `Bearer ${token}`).expect(200);
    },
  );
});

describe('an address from which too many bad tokens came', () => {
  const one = () => failuresByAddress(memoryCounter({ points: 1, seconds: 900 }));

  verifies('limits.failures', 'gets 429 with the reason on record, and no challenge', async () => {
    const at = await endpoint({ failures: one() });
    await at.post('/mcp').set('Authorization', 'Bearer x').expect(401);
    const { status, headers, body } = await at.post('/mcp').set('Authorization', 'Bearer x');
    expect({ status, body: refusalIn(body) }).toEqual({
      status: 429,
      body: {
        error: 'rate_limit_exceeded',
        error_description: expect.stringMatching(/^Too many bad access tokens .* in \d+ seconds/),
        error_uri: expect.any(String),
        retryAfterMs: Number(headers['retry-after']) * 1000,
      },
    });
    expect(headers).not.toHaveProperty('www-authenticate');
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    await lastLine().toMatchObject({
      outcome: 'rate_limit_exceeded',
      reason: expect.stringContaining('JSON Web Token'),
    });
    await at.post('/mcp').set('Authorization', `Bearer ${token}`).expect(200);
  });

  verifies(
    ['limits.failures', 'keys.unknown-kid', 'keys.rotation'],
    'has good tokens of a new key accepted, ten seconds after the last download',
    async () => {
      const clock = { now: Date.now() };
      const at = await endpoint({ failures: one(), verify: verifier(() => clock.now) });
      const next = await signingKey();
      const good = scalekit.keys;
      const ask = async (key: SigningKey) =>
        (await at.post('/mcp').set('Authorization', `Bearer ${await scalekit.mint({ key })}`)).status;
      expect([await ask(scalekit.key), await ask(await signingKey()), await ask(await signingKey())]).toEqual([
        200, 401, 429,
      ]);
      scalekit.keys = (_request, response) => json(response, 200, { keys: [scalekit.key.jwk, next.jwk] });
      scalekit.keyDownloads = 0;
      clock.now += 9_000;
      expect([await ask(await signingKey()), await ask(next)]).toEqual([429, 429]);
      expect(scalekit.keyDownloads).toBe(0);
      clock.now += 1_000;
      expect([await ask(await signingKey()), await ask(next)]).toEqual([429, 200]);
      expect(scalekit.keyDownloads).toBe(1);
      scalekit.keys = good;
    },
  );

  verifies(['limits.failures', 'token.long'], 'is none that sent tokens that are too long', async () => {
    const at = await endpoint({ failures: one() });
    for (let i = 0; i < 4; i++) {
      const { status, headers } = await at.post('/mcp').set('Authorization', `Bearer ${'x'.repeat(12_001)}`);
      expect([status, headers['www-authenticate']]).toEqual([401, expect.stringContaining('fewer claims')]);
    }
    await at.post('/mcp').set('Authorization', 'Bearer x').expect(401);
  });

  verifies('limits.failures', 'is counted by itself', async () => {
    const at = await endpoint({ failures: one() });
    const bad = (from: string) => at.post('/mcp').set('X-Forwarded-For', from).set('Authorization', 'Bearer x');
    await bad('192.0.2.1').expect(401);
    await bad('192.0.2.2').expect(401);
    await bad('192.0.2.1').expect(429);
  });
});

describe('a request whose token cannot be checked', () => {
  verifies(
    ['middleware.errors', 'limits.failures'],
    'because this server is broken is told that, and nothing of how',
    async () => {
      const failures = failuresByAddress(memoryCounter({ points: 1, seconds: 900 }));
      const at = await endpoint({ failures, verify: () => Promise.reject(new TypeError('inner part')) });
      for (let i = 0; i < 3; i++) {
        const { status, headers, text } = await at.post('/mcp').set('Authorization', `Bearer ${token}`);
        expect([status, refusalIn(JSON.parse(text)).error]).toEqual([500, 'server_error']);
        expect(headers).not.toHaveProperty('www-authenticate');
        expect(text).not.toContain('inner part');
      }
      expect(served).toEqual([]);
    },
  );

  verifies('keys.outage', 'is told to come back, with the same token', async () => {
    const lost = await FakeScalekit.start();
    lost.keys = (_request, response) => json(response, 500, {});
    const keys = new Keys({ environmentUrl: lost.url, log: SILENT });
    const at = await endpoint({ verify: tokenVerifier({ keys, issuers: [lost.issuer], audiences: [SERVER_ID] }) });
    const { status, headers, body } = await at.post('/mcp').set('Authorization', `Bearer ${await lost.mint()}`);
    expect({ status, retry: headers['retry-after'], body: refusalIn(body) }).toEqual({
      status: 503,
      retry: '5',
      body: {
        error: 'server_error',
        error_description: expect.stringContaining('cannot be checked for now'),
        error_uri: expect.any(String),
        retryAfterMs: 5000,
      },
    });
    expect(headers).not.toHaveProperty('www-authenticate');
    await lastLine().toMatchObject({ outcome: 'keys_unavailable', status: 503 });
    await lost.close();
  });
});
