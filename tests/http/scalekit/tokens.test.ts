import { afterAll, beforeAll, beforeEach, describe, expect } from 'vitest';
import { Keys, KeysUnavailable } from '../../../src/scalekit/keys.ts';
import { TokenRejected } from '../../../src/scalekit/token-rejected.ts';
import type { TokenRules } from '../../../src/scalekit/token-rules.ts';
import { tokenVerifier } from '../../../src/scalekit/tokens.ts';
import { FakeScalekit, json, type MintOptions, SERVER_ID, signingKey } from '../../fixtures/scalekit.ts';
import { SILENT } from '../../fixtures/silent-log.ts';
import { verifies } from '../../verifies.ts';

let scalekit: FakeScalekit;
let clock: number;

beforeAll(async () => {
  scalekit = await FakeScalekit.start();
});
afterAll(() => scalekit.close());
beforeEach(() => {
  clock = Date.now();
  scalekit.keyDownloads = 0;
  scalekit.keys = (_request, response) => json(response, 200, { keys: [scalekit.key.jwk] });
});

function verifier(rules: Partial<TokenRules> = {}) {
  const now = () => clock;
  const keys = new Keys({ environmentUrl: scalekit.url, log: SILENT, now });
  const verify = tokenVerifier({ keys, issuers: [scalekit.issuer], audiences: [SERVER_ID], now, ...rules });
  return { keys, verify };
}

const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A good token under another header, whose signature is as good as it was. */
async function withHeader(header: Record<string, unknown>): Promise<string> {
  const [, payload, signature] = (await scalekit.mint()).split('.');
  return `${encoded(header)}.${payload}.${signature}`;
}

const rejection = (why: string) => ({ name: 'TokenRejected', message: `The access token ${why}.` });

describe('a token', () => {
  verifies(['token.issuers', 'token.audiences'], 'that is good comes with its claims, and as it came', async () => {
    const { verify } = verifier({ issuers: ['https://a.example', scalekit.issuer], audiences: ['a', SERVER_ID] });
    const token = await scalekit.mint({ claims: { aud: ['x', SERVER_ID] } });
    const { claims, bearer } = await verify(token);
    expect(claims).toMatchObject({ iss: scalekit.issuer, sub: 'usr_1', client_id: 'm2m_1', aud: ['x', SERVER_ID] });
    expect(claims.exp).toBeGreaterThan(clock / 1000);
    expect(bearer()).toBe(token);
  });

  verifies('token.bad', 'names a person, a client, or both', async () => {
    const { verify } = verifier();
    for (const name of ['sub', 'client_id']) {
      await expect(verify(await scalekit.mint({ without: [name] }))).resolves.toBeDefined();
    }
    for (const options of [
      { without: ['sub', 'client_id'] },
      { claims: { sub: '', client_id: '' } },
      { claims: { sub: '' }, without: ['client_id'] },
    ]) {
      await expect(verify(await scalekit.mint(options))).rejects.toMatchObject(rejection('names nobody'));
    }
  });

  verifies.each<[string, MintOptions]>('token.bad', [
    ['never expires', { without: ['exp'] }],
    ['has expired', { claims: { exp: Math.floor(Date.now() / 1000) } }],
    ['has expired', { claims: { exp: 1, nbf: 9_999_999_999 } }],
    ['is not valid yet', { claims: { nbf: Math.floor(Date.now() / 1000) + 60 } }],
    ['comes from an issuer that this server does not accept', { without: ['iss'] }],
    ['comes from an issuer that this server does not accept', { claims: { iss: '' } }],
    ['comes from an issuer that this server does not accept', { claims: { iss: 'https://evil.example' } }],
    ['was issued for another audience', { without: ['aud'] }],
    ['was issued for another audience', { claims: { aud: [] } }],
    ['was issued for another audience', { claims: { aud: 'res_1' } }],
    ['was issued for another audience', { claims: { aud: [`${SERVER_ID}0`, SERVER_ID.slice(0, -1)] } }],
    ['does not name its key', { header: { kid: undefined } }],
    ['does not name its key', { header: { kid: 7 } }],
  ])('that %s is refused, and told why', async (why, options) => {
    await expect(verifier().verify(await scalekit.mint(options))).rejects.toMatchObject(rejection(why));
  });

  verifies('token.audiences', 'has no audience but a text, whatever rule there is for it', async () => {
    const { verify } = verifier({ audiences: { includes: () => true } });
    for (const aud of [7, null, { a: 1 }, [7], [null]]) {
      const token = await scalekit.mint({ claims: { aud: aud as unknown as string } });
      await expect(verify(token)).rejects.toMatchObject(rejection('was issued for another audience'));
    }
  });

  verifies.each('token.bad', [
    'none',
    'HS256',
    'RS384',
    'RS512',
    'PS256',
    'ES256',
    'rs256',
    '',
    undefined,
    7,
    ['RS256'],
  ])('signed with %j is refused before anything else is done with it', async (alg) => {
    const token = await withHeader({ alg, kid: scalekit.key.kid });
    await expect(verifier().verify(token)).rejects.toMatchObject(rejection('is not signed with RS256'));
    expect(scalekit.keyDownloads).toBe(0);
  });

  verifies.each('token.bad', [
    '',
    'x',
    'a.b.c',
    `${encoded({ alg: 'RS256' })}.x.y`,
    `${encoded({ alg: 'RS256' })}.${encoded([])}.`,
  ])('that is none is refused: %j', async (token) => {
    await expect(verifier().verify(token)).rejects.toMatchObject(rejection('is not a JSON Web Token'));
  });

  verifies(
    'token.long',
    'is read up to 12,000 characters, as many as a role with all its permissions takes',
    async () => {
      const { verify } = verifier();
      await expect(verify('x'.repeat(12_000))).rejects.toMatchObject(rejection('is not a JSON Web Token'));
      const empty = (await scalekit.mint({ claims: { padding: '' } })).length;
      const long = await scalekit.mint({ claims: { padding: 'x'.repeat(Math.floor(((12_000 - empty) * 3) / 4)) } });
      expect([long.length, (await verify(long)).bearer()]).toEqual([expect.toSatisfy((n) => n > 11_990), long]);
      const longer = await scalekit.mint({ claims: { padding: 'x'.repeat(9_000) } });
      for (const token of ['x'.repeat(12_001), longer]) {
        await expect(verify(token)).rejects.toMatchObject({
          message: expect.stringMatching(/is too long.*12000 characters.*fewer claims/),
          isFailure: false,
        });
      }
    },
  );

  verifies.each<[string, Record<string, unknown>]>('token.times', [
    ['The expiry of the access token (exp) is out of range', { exp: 8_640_000_000_001 }],
    ['The expiry of the access token (exp) is out of range', { exp: 9_007_199_254_740_991 }],
    ['The expiry of the access token (exp) is out of range', { exp: 1e308 }],
    ['The expiry of the access token (exp) is out of range', { exp: 253_402_300_800 }],
    ['The expiry of the access token (exp) is out of range', { exp: -1 }],
    ['The expiry of the access token (exp) is not a number', { exp: '1795873000' }],
    ['The expiry of the access token (exp) is not a number', { exp: null }],
    ['The expiry of the access token (exp) is not a number', { exp: {} }],
    ['The start of the access token (nbf) is out of range', { nbf: 1e308 }],
    ['The start of the access token (nbf) is not a number', { nbf: '1' }],
    ['The time of issue of the access token (iat) is out of range', { iat: 1e308 }],
    ['The time of issue of the access token (iat) is not a number', { iat: [1] }],
  ])('is refused when it has a time that no date can hold: %s, %j', async (why, claims) => {
    await expect(verifier().verify(await scalekit.mint({ claims }))).rejects.toMatchObject({
      name: 'TokenRejected',
      message: expect.stringContaining(why),
    });
    expect(scalekit.keyDownloads).toBe(0);
  });

  verifies('token.times', 'may be valid until the last second of the year 9999', async () => {
    const { verify } = verifier();
    const { claims } = await verify(await scalekit.mint({ claims: { exp: 253_402_300_799 } }));
    expect(new Date(claims.exp * 1000).toISOString()).toBe('9999-12-31T23:59:59.000Z');
  });

  verifies(
    ['token.times', 'token.lifetime'],
    'is not issued in the future, however short its life is then',
    async () => {
      const now = Math.floor(clock / 1000);
      for (const rules of [{}, { maxLifetimeSeconds: 3_600 }]) {
        const { verify } = verifier(rules);
        for (const [ahead, life] of [
          [62, 60],
          [86_400, 3_600],
          [300_000_000, 1],
        ] as const) {
          const token = await scalekit.mint({ claims: { iat: now + ahead, exp: now + ahead + life } });
          await expect(verify(token)).rejects.toThrow('was issued in the future (iat)');
          clock += 1000 * ahead;
          await expect(verify(token)).resolves.toBeDefined();
          clock -= 1000 * ahead;
        }
        // The clocks of two machines differ a little.
        await expect(
          verify(await scalekit.mint({ claims: { iat: now + 59, exp: now + 3_659 } })),
        ).resolves.toBeDefined();
      }
    },
  );

  verifies('token.lifetime', 'lives as long as its issuer says, or not longer than the operator accepts', async () => {
    const now = Math.floor(clock / 1000);
    const day = await scalekit.mint({ claims: { iat: now, exp: now + 86_400 } });
    const hour = await scalekit.mint({ claims: { iat: now, exp: now + 3_600 } });
    // What is left of it counts for nothing: it has been in the world for as long as it was made for.
    const late = await scalekit.mint({ claims: { iat: now - 3_600, exp: now + 60 } });
    const unknown = await scalekit.mint({ without: ['iat'] });
    const { verify } = verifier();
    for (const token of [day, hour, late, unknown]) await expect(verify(token)).resolves.toBeDefined();
    const strict = verifier({ maxLifetimeSeconds: 3_600 });
    await expect(strict.verify(hour)).resolves.toBeDefined();
    for (const token of [day, late]) {
      await expect(strict.verify(token)).rejects.toThrow('valid for more than the 3600 seconds');
    }
    await expect(strict.verify(unknown)).rejects.toThrow('does not say when it was issued');
  });

  verifies.each<[string, MintOptions]>('token.kinds', [
    ['an ID token', { header: { typ: 'JWT' }, claims: { nonce: 'n', at_hash: 'h', aud: ['skc_1', SERVER_ID] } }],
    ['an ID token', { claims: { at_hash: 'h' } }],
    ['an ID token', { claims: { nonce: null as unknown as string } }],
    ['an ID token', { claims: { c_hash: 'h' } }],
    ['an ID token', { claims: { s_hash: 'h' } }],
    ['an ID token', { claims: { sub_jwk: { kty: 'RSA' } } }],
    ['another type', { claims: { token_use: 'id' } }],
    ['another type', { claims: { token_type: 'refresh' } }],
    ['another type', { claims: { token_type: 'Refresh_Token' } }],
    ['another type', { claims: { typ: 'ID' } }],
    ['another type', { claims: { typ: 'Offline' } }],
    ['another type', { claims: { typ: 'refresh+jwt' } }],
    ['another type', { claims: { token_type: 'urn:ietf:params:oauth:token-type:id_token' } }],
    ['asks for more', { header: { cty: 'JWT' } }],
    ['asks for more', { header: { b64: false } }],
    ['asks for more', { header: { b64: true } }],
    ['a logout or event token', { claims: { events: { 'http://schemas.openid.net/event/backchannel-logout': {} } } }],
    ['another type', { header: { typ: 'logout+jwt' } }],
    ['another type', { header: { typ: 'secevent+jwt' } }],
    ['another type', { header: { typ: 'application/dpop+jwt' } }],
    ['another type', { header: { typ: 'id_token' } }],
    ['another type', { header: { typ: '' } }],
    ['another type', { header: { typ: 7 } }],
    ['bound to a key', { claims: { cnf: { jkt: 'x' } } }],
    ['bound to a key', { header: { typ: 'at+jwt' }, claims: { cnf: { 'x5t#S256': 'x' } } }],
    ['a session token of an MCP config', { claims: { mcp_cfg: 'mcp_1' } }],
    ['a session token of an MCP config', { claims: { conn_id: 'conn_1' } }],
    ['a session token of an MCP config', { claims: { ca_ids: ['ca_1'] } }],
    ['the token of a login that an IdP began', { claims: { login_hint: 'a@b.example', connection_id: 'conn_1' } }],
  ])('that is %s is no access token', async (kind, options) => {
    await expect(verifier().verify(await scalekit.mint(options))).rejects.toMatchObject({
      name: 'TokenRejected',
      message: expect.stringContaining(kind),
    });
    expect(scalekit.keyDownloads).toBe(0);
  });

  verifies.each<MintOptions>('token.kinds', [
    {},
    ...['JWT', 'jwt', 'at+jwt', 'AT+JWT', 'application/at+jwt'].map((typ) => ({ header: { typ } })),
    { claims: { login_hint: 'a@b.example' } },
    { claims: { typ: 'Bearer', token_use: 'access', token_type: 'access_token' } },
    { claims: { connection_id: 'conn_1', sid: 'ses_1', jti: 'x', auth_time: 1 } },
  ])('that is an access token is known for one: %j', async (options) => {
    await expect(verifier().verify(await scalekit.mint(options))).resolves.toBeDefined();
  });

  verifies.each<unknown>('token.subject', [5, {}, [], ['usr_1'], true, null])(
    'whose subject is no text is refused: %j',
    async (sub) => {
      const token = await scalekit.mint({ claims: { sub: sub as string } });
      await expect(verifier().verify(token)).rejects.toThrow('(sub) is not a text');
    },
  );

  verifies('token.subject', 'is about its subject, or else about its client', async () => {
    const { verify } = verifier();
    expect((await verify(await scalekit.mint())).subject).toBe('usr_1');
    expect((await verify(await scalekit.mint({ without: ['sub'] }))).subject).toBe('m2m_1');
    await expect(verify(await scalekit.mint({ claims: { sub: '' } }))).rejects.toMatchObject(rejection('names nobody'));
    for (const client of [7, ['m2m_1'], {}]) {
      const token = await scalekit.mint({ claims: { client_id: client as unknown as string }, without: ['sub'] });
      await expect(verify(token)).rejects.toMatchObject(rejection('names nobody'));
    }
  });

  verifies('token.spelling', 'has one spelling', async () => {
    const { verify } = verifier();
    const token = await scalekit.mint();
    await verify(token);
    const alphabet = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'];
    const bytes = (text: string) => Buffer.from(text.split('.')[2] ?? '', 'base64url').toString('hex');
    const same = alphabet.map((last) => token.slice(0, -1) + last).filter((other) => bytes(other) === bytes(token));
    expect(same).toHaveLength(16);
    const [header = '', payload = '', signature = ''] = token.split('.');
    const others = [
      ...same.filter((other) => other !== token),
      `${token}=`,
      `${token}==`,
      `${header}=.${payload}.${signature}`,
      `${header}.${payload}.${signature.replaceAll('_', '/').replaceAll('-', '+')}/`,
      `${header}.${payload}.${signature.slice(0, 4)}~${signature.slice(4)}`,
      `${header}.${payload}.${signature.slice(0, 4)}\n${signature.slice(4)}`,
      `${token}.`,
    ];
    for (const other of others)
      await expect(verify(other), other).rejects.toMatchObject(rejection('is not a JSON Web Token'));
  });

  verifies('token.bad', 'that was changed or signed by somebody else is refused', async () => {
    const { verify } = verifier();
    const forged = await scalekit.mint({ key: { ...(await signingKey()), kid: scalekit.key.kid } });
    const valid = await scalekit.mint({ claims: { nbf: 1 }, key: { ...(await signingKey()), kid: scalekit.key.kid } });
    const [header, , signature] = (await scalekit.mint()).split('.');
    const changed = `${header}.${(await scalekit.mint({ claims: { sub: 'usr_admin' } })).split('.')[1]}.${signature}`;
    for (const token of [forged, valid, changed]) {
      await expect(verify(token)).rejects.toMatchObject({
        name: 'TokenRejected',
        message: 'The signature of the access token does not match.',
      });
    }
  });

  verifies(
    'keys.unknown-kid',
    'with an unknown key is refused, and asks for the key ten seconds after the last time',
    async () => {
      const { verify } = verifier();
      await verify(await scalekit.mint());
      const token = await scalekit.mint({ key: await signingKey() });
      const why = rejection('is signed with a key that is not published');
      for (const [ms, downloads] of [
        [9_999, 1],
        [1, 2],
        [9_999, 2],
        [1, 3],
      ] as const) {
        clock += ms;
        await expect(verify(token)).rejects.toMatchObject(why);
        expect(scalekit.keyDownloads).toBe(downloads);
      }
    },
  );

  verifies('keys.broken', 'that nobody can check for now is no bad one', async () => {
    const { verify, keys } = verifier();
    const token = await scalekit.mint();
    const { client } = await keys.obtain();
    const cause = new TypeError('It broke inside.');
    client.validateToken = () => Promise.reject(cause);
    const error = await verify(token).catch((failure: unknown) => failure);
    expect(error).toBeInstanceOf(KeysUnavailable);
    expect(error).not.toBeInstanceOf(TokenRejected);
    expect(error).toMatchObject({ cause, retryAfterSeconds: 5 });
  });
});

describe('verified tokens', () => {
  verifies('token.cache', 'are remembered for a minute, side by side', async () => {
    const { verify } = verifier();
    const tokens = [await scalekit.mint(), await scalekit.mint({ claims: { sub: 'usr_2' } })] as const;
    const [first, second] = [await verify(tokens[0]), await verify(tokens[1])];
    clock += 59_999;
    expect([await verify(tokens[0]), await verify(tokens[1])]).toEqual([first, second]);
    expect(await verify(tokens[0])).toBe(first);
    expect(await verify(tokens[1])).toBe(second);
    clock += 1;
    expect(await verify(tokens[0])).not.toBe(first);
  });

  verifies('token.cache', 'are forgotten when they expire, and not before', async () => {
    const { verify } = verifier();
    const exp = Math.floor(clock / 1000) + 30;
    const token = await scalekit.mint({ claims: { exp } });
    const first = await verify(token);
    clock = exp * 1000 - 1;
    expect(await verify(token)).toBe(first);
    clock = exp * 1000;
    expect(await verify(token)).not.toBe(first);
  });

  verifies(
    ['token.cache', 'keys.rotation'],
    'are forgotten when the keys change, and then remembered again',
    async () => {
      const { verify } = verifier();
      const token = await scalekit.mint({ claims: { exp: Math.floor(clock / 1000) + 3_600 } });
      const first = await verify(token);
      const next = await signingKey();
      scalekit.keys = (_request, response) => json(response, 200, { keys: [scalekit.key.jwk, next.jwk] });
      clock += 10_000;
      await verify(await scalekit.mint({ key: next }));
      const second = await verify(token);
      expect(second).not.toBe(first);
      expect(await verify(token)).toBe(second);
      // Back to the first keys: nothing of then is good any more.
      scalekit.keys = (_request, response) => json(response, 200, { keys: [scalekit.key.jwk] });
      clock += 5 * 60_000;
      expect(await verify(token)).not.toBe(second);
      await expect(verify(await scalekit.mint({ key: next }))).rejects.toBeInstanceOf(TokenRejected);
    },
  );

  verifies(
    ['token.cache', 'keys.rotation'],
    'are forgotten with their key, although nobody else has come since',
    async () => {
      const { verify } = verifier();
      const token = await scalekit.mint();
      await verify(token);
      const next = await signingKey();
      scalekit.keys = (_request, response) => json(response, 200, { keys: [next.jwk] });
      clock += 10_000;
      for (const gone of [await scalekit.mint({ key: await signingKey() }), token]) {
        await expect(verify(gone)).rejects.toMatchObject(rejection('is signed with a key that is not published'));
      }
    },
  );

  verifies('token.cache', 'are remembered up to a number of characters, the latest ones', async () => {
    const tokens = await Promise.all(['usr_1', 'usr_2', 'usr_3'].map((sub) => scalekit.mint({ claims: { sub } })));
    const { verify } = verifier({ cacheSize: 2 * String(tokens[0]).length });
    const verified = [];
    for (const token of tokens) verified.push(await verify(token));
    expect(await verify(String(tokens[2]))).toBe(verified[2]);
    expect(await verify(String(tokens[1]))).toBe(verified[1]);
    expect(await verify(String(tokens[0]))).not.toBe(verified[0]);
  });

  verifies(['token.cache', 'token.bad'], 'are nobody’s when they were refused', async () => {
    const { verify } = verifier();
    const token = await scalekit.mint({ without: ['sub', 'client_id'] });
    for (let i = 0; i < 2; i++) await expect(verify(token)).rejects.toMatchObject(rejection('names nobody'));
  });
});
