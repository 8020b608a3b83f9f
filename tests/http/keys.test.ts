import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { issuerHealth } from '../../src/scalekit/issuer-health.ts';
import { Keys, KeysUnavailable } from '../../src/scalekit/keys.ts';
import { TokenRejected } from '../../src/scalekit/token-rejected.ts';
import { tokenVerifier } from '../../src/scalekit/tokens.ts';
import { listening } from '../fixtures/listening.ts';
import { FakeScalekit, json, SERVER_ID, signingKey } from '../fixtures/scalekit.ts';
import { SILENT } from '../fixtures/silent-log.ts';
import { verifies } from '../verifies.ts';

const MINUTE = 60_000;

let scalekit: FakeScalekit;
let clock: number;

beforeEach(async () => {
  scalekit = await FakeScalekit.start();
  clock = Date.now();
});
afterEach(() => scalekit.close());

function verifier(deadlineMs = 5_000) {
  const now = () => clock;
  const keys = new Keys({ environmentUrl: scalekit.url, log: SILENT, now, deadlineMs });
  const verify = tokenVerifier({ keys, issuers: [scalekit.url, scalekit.issuer], audiences: [SERVER_ID], now });
  return { keys, verify, health: issuerHealth({ keys, now, maxWaitMs: 200 }) };
}

const outage = (_request: unknown, response: ServerResponse) => json(response, 500, {});

describe('the key set', () => {
  verifies('keys.single-flight', 'is downloaded once for 50 cold requests', async () => {
    const { verify } = verifier();
    const tokens = await Promise.all(
      Array.from({ length: 50 }, (_, i) => scalekit.mint({ claims: { sub: `usr_${i}` } })),
    );
    const verified = await Promise.all(tokens.map((token) => verify(token)));
    expect(verified.map(({ claims }) => claims.sub)).toEqual(tokens.map((_, i) => `usr_${i}`));
    expect(scalekit.keyDownloads).toBe(1);
  });

  it('is not downloaded for what could never be a good token', async () => {
    const { verify } = verifier();
    for (const token of ['x', 'a.b.c', await scalekit.mint({ claims: { iss: 'https://evil.example.com' } })]) {
      await expect(verify(token)).rejects.toBeInstanceOf(TokenRejected);
    }
    expect(scalekit.keyDownloads).toBe(0);
  });

  verifies('keys.rotation', 'gives way to a rotated one without restart', async () => {
    const { verify } = verifier();
    await verify(await scalekit.mint());
    const next = await signingKey();
    scalekit.keys = (_request, response) => json(response, 200, { keys: [scalekit.key.jwk, next.jwk] });
    clock += 10_000;
    const { claims } = await verify(await scalekit.mint({ key: next, claims: { sub: 'usr_new' } }));
    expect(claims.sub).toBe('usr_new');
    expect(scalekit.keyDownloads).toBe(2);
  });

  verifies(
    ['keys.rotation', 'token.cache'],
    'stops accepting a withdrawn key within five minutes, verified tokens included',
    async () => {
      const { verify } = verifier();
      const token = await scalekit.mint();
      await verify(token);
      const next = await signingKey();
      scalekit.keys = (_request, response) => json(response, 200, { keys: [next.jwk] });
      clock += 5 * MINUTE - 1;
      await verify(token);
      clock += 1;
      await expect(verify(token)).rejects.toThrow('not published');
      await verify(await scalekit.mint({ key: next }));
    },
  );

  verifies('keys.outage', 'serves up to 60 minutes while it is away, then nobody', async () => {
    const { verify, health } = verifier();
    const start = clock;
    const token = await scalekit.mint({ claims: { exp: Math.floor(Date.now() / 1000) + 7200 } });
    await verify(token);
    expect(await health()).toBe('healthy');
    scalekit.keys = outage;
    for (const minutes of [6, 30, 59]) {
      clock = start + minutes * MINUTE;
      await verify(token);
    }
    expect(await health()).toBe('degraded');
    clock = start + 60 * MINUTE;
    await expect(verify(token)).rejects.toBeInstanceOf(KeysUnavailable);
    expect(await health()).toBe('unhealthy');
    scalekit.keys = (_request, response) => json(response, 200, { keys: [scalekit.key.jwk] });
    clock += MINUTE;
    await verify(token);
    expect(await health()).toBe('healthy');
  });

  verifies('keys.outage', 'does not make every request wait for a key set that hangs', async () => {
    const { verify } = verifier();
    const token = await scalekit.mint();
    await verify(token);
    scalekit.keys = outage;
    clock += 6 * MINUTE;
    await verify(token);
    const downloads = scalekit.keyDownloads;
    scalekit.keys = () => undefined;
    await Promise.all(Array.from({ length: 20 }, () => verify(token)));
    expect(scalekit.keyDownloads).toBe(downloads);
  });

  verifies.each<[string, (response: ServerResponse) => void]>('keys.broken', [
    ['an HTML page', (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html></html>')],
    ['an empty object', (response) => json(response, 200, {})],
    ['no keys', (response) => json(response, 200, { keys: [] })],
    ['keys that are text', (response) => json(response, 200, { keys: 'none' })],
    ['a key without an id', (response) => json(response, 200, { keys: [{ ...scalekit.key.jwk, kid: undefined }] })],
    ['a key without its modulus', (response) => json(response, 200, { keys: [{ ...scalekit.key.jwk, n: undefined }] })],
    ['only a symmetric key', (response) => json(response, 200, { keys: [{ kty: 'oct', k: 'AAAA', kid: 'a' }] })],
    [
      'more than it should ever hold',
      (response) => json(response, 200, { keys: [scalekit.key.jwk], padding: 'x'.repeat(300_000) }),
    ],
    ['an error', (response) => json(response, 503, {})],
    ['a reset connection', (response) => response.destroy()],
  ])('that is %s is an outage, and a good one is used once it is back', async (_name, broken) => {
    const { verify } = verifier();
    const token = await scalekit.mint();
    const good = scalekit.keys;
    scalekit.keys = (_request, response) => broken(response);
    await expect(verify(token)).rejects.toBeInstanceOf(KeysUnavailable);
    scalekit.keys = good;
    clock += 2_000;
    expect((await verify(token)).claims.sub).toBe('usr_1');
  });

  verifies('keys.broken', 'does not follow a redirect to keys of somebody else', async () => {
    const evil = await signingKey();
    const elsewhere = await listening((_request, response) => json(response, 200, { keys: [evil.jwk] }));
    scalekit.keys = (_request, response) => {
      response.writeHead(302, { location: `${elsewhere.url}/keys` }).end();
    };
    await expect(verifier().verify(await scalekit.mint({ key: evil }))).rejects.toBeInstanceOf(KeysUnavailable);
    await elsewhere.close();
  });

  verifies('keys.broken', 'that drips is given up at the deadline of the whole download', async () => {
    scalekit.keys = (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const drip = setInterval(() => response.write(' '), 200);
      response.on('close', () => clearInterval(drip));
    };
    await expect(verifier(500).verify(await scalekit.mint())).rejects.toBeInstanceOf(KeysUnavailable);
  });

  verifies(
    ['keys.unknown-kid', 'keys.rotation'],
    'shows a new key within 15 seconds although made-up key ids come all the time',
    async () => {
      const { verify } = verifier();
      await verify(await scalekit.mint());
      const start = clock;
      const stranger = await signingKey();
      const next = await signingKey();
      const made = { count: 0 };
      const flood = async () => {
        const token = await scalekit.mint({ key: { ...stranger, kid: `snk_${made.count++}` } });
        await expect(verify(token)).rejects.toBeInstanceOf(TokenRejected);
      };
      const exp = Math.floor(start / 1000) + 600;
      for (const rotatedAfter of [0, 31]) {
        clock = start + rotatedAfter * 1000;
        for (let i = 0; i < 6; i++) await flood();
        const kid = `snk_next_${rotatedAfter}`;
        scalekit.keys = (_request, response) => json(response, 200, { keys: [scalekit.key.jwk, { ...next.jwk, kid }] });
        const token = await scalekit.mint({ key: { ...next, kid }, claims: { exp } });
        const worksAfter = async () => {
          for (let ms = 0; ; ms += 500) {
            await flood();
            if (await verify(token).catch(() => undefined)) return ms;
            clock += 500;
          }
        };
        expect(await worksAfter()).toBeLessThanOrEqual(10_000);
      }
    },
  );

  verifies('keys.unknown-kid', 'is downloaded seven times in a minute at most, for whatever reason', async () => {
    const { verify, health } = verifier();
    await verify(await scalekit.mint());
    const stranger = await signingKey();
    const start = clock;
    for (let ms = 0; ms <= MINUTE; ms += 250) {
      clock = start + ms;
      const token = await scalekit.mint({ key: { ...stranger, kid: `snk_${ms}` } });
      await expect(verify(token)).rejects.toBeInstanceOf(TokenRejected);
      if (ms % 1_000 === 0) await health();
    }
    expect(scalekit.keyDownloads).toBe(7);
  });

  verifies(
    ['keys.rotation', 'keys.unknown-kid'],
    'is asked once for many tokens with the same new key, and all of them are good',
    async () => {
      const { verify } = verifier();
      await verify(await scalekit.mint());
      const next = await signingKey();
      scalekit.keys = (_request, response) => json(response, 200, { keys: [scalekit.key.jwk, next.jwk] });
      clock += 10_000;
      const tokens = await Promise.all(
        Array.from({ length: 50 }, (_, i) => scalekit.mint({ key: next, claims: { sub: `usr_${i}` } })),
      );
      const verified = await Promise.all(tokens.map((token) => verify(token)));
      expect(verified.map(({ claims }) => claims.sub)).toEqual(tokens.map((_, i) => `usr_${i}`));
      expect(scalekit.keyDownloads).toBe(2);
    },
  );

  verifies(
    ['keys.unknown-kid', 'keys.outage'],
    'that is away costs unknown key ids none of their downloads',
    async () => {
      const { verify } = verifier();
      await verify(await scalekit.mint());
      const next = await signingKey();
      const token = await scalekit.mint({ key: next });
      scalekit.keys = outage;
      clock += 10_000;
      for (let i = 0; i < 20; i++) await expect(verify(token)).rejects.toBeInstanceOf(KeysUnavailable);
      expect(scalekit.keyDownloads).toBe(2);
      scalekit.keys = (_request, response) => json(response, 200, { keys: [scalekit.key.jwk, next.jwk] });
      clock += 10_000;
      await verify(token);
    },
  );
});

describe('the health of the issuer', () => {
  const good = (_request: unknown, response: ServerResponse) => json(response, 200, { keys: [scalekit.key.jwk] });

  verifies('middleware.health', 'does not suffer from a time without requests', async () => {
    const { verify, keys, health } = verifier();
    await verify(await scalekit.mint());
    clock += 61 * MINUTE;
    expect(await health()).toBe('healthy');
    expect([keys.fresh() !== undefined, scalekit.keyDownloads]).toEqual([true, 2]);
  });

  verifies(
    ['middleware.health', 'health.issuer', 'keys.outage'],
    'turns with the issuer although only probes come',
    async () => {
      const { health } = verifier();
      scalekit.keys = outage;
      expect(await health()).toBe('unhealthy');
      scalekit.keys = good;
      clock += 9_999;
      expect(await health()).toBe('unhealthy');
      expect(scalekit.keyDownloads).toBe(1);
      clock += 1;
      expect(await health()).toBe('healthy');
      expect(scalekit.keyDownloads).toBe(2);

      scalekit.keys = outage;
      clock += 9_999;
      expect(await health()).toBe('healthy');
      clock += 1;
      expect(await health()).toBe('degraded');
      clock += 59 * MINUTE;
      expect(await health()).toBe('degraded');
      clock += MINUTE;
      expect(await health()).toBe('unhealthy');
    },
  );

  verifies('health.issuer', 'costs one download in ten seconds at most, however many ask', async () => {
    const { health } = verifier();
    for (const answer of [good, outage, good]) {
      scalekit.keys = answer;
      clock += 10_000;
      const before = scalekit.keyDownloads;
      await Promise.all(Array.from({ length: 100 }, () => health()));
      for (let i = 0; i < 9; i++) {
        clock += 1_000;
        await health();
      }
      expect(scalekit.keyDownloads - before).toBe(1);
    }
  });

  verifies('health.issuer', 'is bad, and told soon, while an issuer hangs', async () => {
    const { keys, health } = verifier(30_000);
    const held: ServerResponse[] = [];
    scalekit.keys = (_request, response) => {
      held.push(response);
    };
    expect(await Promise.all([health(), health()])).toEqual(['unhealthy', 'unhealthy']);
    expect(held).toHaveLength(1);
    for (const response of held) good(undefined, response);
    await expect.poll(() => keys.fresh()).toBeDefined();
    expect(await health()).toBe('healthy');

    scalekit.keys = () => undefined;
    clock += 10_000;
    expect(await health()).toBe('degraded');
  });

  verifies('health.issuer', 'shows that an unknown key could not be asked for; known ones serve on', async () => {
    const { verify, health } = verifier();
    const token = await scalekit.mint();
    await verify(token);
    scalekit.keys = outage;
    clock += 10_000;
    const unknown = await scalekit.mint({ key: await signingKey() });
    await expect(verify(unknown)).rejects.toBeInstanceOf(KeysUnavailable);
    expect(await health()).toBe('degraded');
    await verify(token);
    scalekit.keys = good;
    clock += 10_000;
    expect(await health()).toBe('healthy');
    await expect(verify(unknown)).rejects.toBeInstanceOf(TokenRejected);
  });
});

describe('verified tokens', () => {
  verifies('token.cache', 'are remembered, but never past their expiry', async () => {
    const { verify } = verifier();
    const token = await scalekit.mint();
    const first = await verify(token);
    expect(await verify(token)).toBe(first);
    clock += MINUTE;
    expect(await verify(token)).not.toBe(first);

    const brief = await scalekit.mint({ claims: { exp: Math.floor(Date.now() / 1000) + 30 } });
    const verified = await verify(brief);
    clock = Date.now() + 31_000;
    expect(await verify(brief)).not.toBe(verified);
  });
});
