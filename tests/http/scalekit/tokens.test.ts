import { afterAll, beforeAll, beforeEach, describe, expect } from 'vitest';
import { Keys, KeysUnavailable } from '../../../src/scalekit/keys.ts';
import { TokenRejected, type TokenRules, tokenVerifier } from '../../../src/scalekit/tokens.ts';
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

  verifies('token.bad', 'is looked at up to a length only', async () => {
    const { verify } = verifier();
    await expect(verify('x'.repeat(8_192))).rejects.toMatchObject(rejection('is not a JSON Web Token'));
    await expect(verify('x'.repeat(8_193))).rejects.toMatchObject(rejection('is too long'));
    const long = await scalekit.mint({ claims: { padding: 'x'.repeat(8_000) } });
    await verify(await scalekit.mint());
    await expect(verify(long)).rejects.toMatchObject(rejection('is too long'));
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

  verifies('keys.unknown-kid', 'with an unknown key is refused, and asks for the key where it may', async () => {
    const { verify } = verifier();
    await verify(await scalekit.mint());
    const token = await scalekit.mint({ key: await signingKey() });
    const why = rejection('is signed with a key that is not published');
    await expect(verify(token, { asksForUnknownKeys: false })).rejects.toMatchObject(why);
    expect(scalekit.keyDownloads).toBe(1);
    await expect(verify(token, { asksForUnknownKeys: true })).rejects.toMatchObject(why);
    expect(scalekit.keyDownloads).toBe(2);
    await expect(verify(token)).rejects.toMatchObject(why);
    expect(scalekit.keyDownloads).toBe(3);
  });

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
      await verify(await scalekit.mint({ key: next }));
      const second = await verify(token);
      expect(second).not.toBe(first);
      expect(await verify(token)).toBe(second);
      // Back to the first keys: nothing of then is good any more.
      scalekit.keys = (_request, response) => json(response, 200, { keys: [scalekit.key.jwk] });
      clock += 5 * 60_000;
      expect(await verify(token)).not.toBe(second);
      await expect(verify(await scalekit.mint({ key: next }), { asksForUnknownKeys: false })).rejects.toBeInstanceOf(
        TokenRejected,
      );
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
      for (const gone of [await scalekit.mint({ key: await signingKey() }), token]) {
        await expect(verify(gone)).rejects.toMatchObject(rejection('is signed with a key that is not published'));
      }
    },
  );

  verifies('token.cache', 'are remembered in a bounded number, the latest ones', async () => {
    const { verify } = verifier({ cacheSize: 2 });
    const tokens = await Promise.all(['usr_1', 'usr_2', 'usr_3'].map((sub) => scalekit.mint({ claims: { sub } })));
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
