import { describe, expect } from 'vitest';
import { parseConfig } from '../../../src/config/config.ts';
import { problemsOf } from '../../fixtures/config.ts';
import { verifies } from '../../verifies.ts';

const limitsOf = (env: Record<string, string>) => parseConfig(env).limits;
const DEFAULTS = {
  default: { points: 1000, seconds: 900 },
  tiers: [],
  failures: { points: 100, seconds: 900 },
};

describe('RATE_LIMIT', () => {
  verifies('limits.tiers', 'is on by default, can be off, or a document whose gaps are filled', () => {
    expect(limitsOf({}).rates).toEqual(DEFAULTS);
    expect(limitsOf({ RATE_LIMIT: 'on' }).rates).toEqual(DEFAULTS);
    expect(limitsOf({ RATE_LIMIT: 'off' }).rates).toBeUndefined();
    const tiers = [
      { name: 'trusted', clients: ['m2m_1'], points: 1000, seconds: 900 },
      { name: 'writers', scopes: ['workspace:write', 'urn:example:gold'], points: 50, seconds: 900 },
    ];
    expect(limitsOf({ RATE_LIMIT: JSON.stringify({ tiers }) }).rates).toEqual({
      ...DEFAULTS,
      tiers: [
        { ...tiers[0], scopes: [] },
        { ...tiers[1], clients: [] },
      ],
    });
  });

  verifies.each(
    ['limits.tiers', 'config.problems'],
    [
      ['yes', 'RATE_LIMIT: must be on, off or a JSON object of limits.'],
      [
        '{"default":{"points":s3cret',
        'RATE_LIMIT: must be on, off or a JSON object of limits, and cannot be read at line 1, column 22: no word of JSON stands there: names and texts need straight double quotation marks.',
      ],
      [
        '{"default":{"points":4,"seconds":900}}',
        /default\.points must be 5 or more, which is what one destructive call/,
      ],
      ['{"default":{"points":5.5,"seconds":900}}', /default\.points must be a whole number/],
      ['{"default":{"points":5,"seconds":0}}', /default\.seconds must be 1 or more/],
      ['{"default":{"points":5,"seconds":86401}}', /default\.seconds must be a day at most/],
      ['{"default":{"points":5,"seconds":9,"burst":1}}', /default has no "burst"; there are points, seconds/],
      ['{"defaults":{}}', /has no "defaults"; there are default, tiers, failures/],
      ['{"failures":{"points":0,"seconds":9}}', /failures\.points must be 1 or more/],
      ['{"tiers":[{"name":"a","points":5,"seconds":9}]}', /tiers\.0 must name clients or scopes/],
      ['{"tiers":[{"name":"a","clients":[" "],"points":5,"seconds":9}]}', /tiers\.0\.clients\.0 must not be blank/],
      [
        '{"tiers":[{"name":"a","scopes":["env:read"],"points":5,"seconds":9}]}',
        /tiers\.0\.scopes\.0 must be one of env/,
      ],
      [
        '{"tiers":[{"name":"a","scopes":["environment:*"],"points":5,"seconds":9}]}',
        /tiers\.0\.scopes\.0 must be one of/,
      ],
      ['{"tiers":[{"name":"A","clients":["c"],"points":5,"seconds":9}]}', /tiers\.0\.name must be a short name/],
      ['{"tiers":[{"name":"default","clients":["c"],"points":5,"seconds":9}]}', /tiers must not be called default/],
      [
        '{"tiers":[{"name":"a","clients":["c"],"points":5,"seconds":9},{"name":"a","clients":["d"],"points":5,"seconds":9}]}',
        /tiers must have names of their own/,
      ],
    ],
  )('is refused with a reason, and never repeated: %s', (RATE_LIMIT, reason) => {
    const problems = problemsOf({ RATE_LIMIT });
    expect(problems).toEqual([typeof reason === 'string' ? reason : expect.stringMatching(reason)]);
    expect(problems.join()).not.toContain('s3cret');
  });
});

describe('the other limits', () => {
  verifies(
    ['limits.redis', 'config.problems'],
    'know a Redis by its URL, and refuse what would undo their settings',
    () => {
      for (const REDIS_URL of [
        'redis://localhost',
        'rediss://user:pass@redis.example.com:6380/2',
        'redis://[::1]:6379/',
      ]) {
        expect(limitsOf({ REDIS_URL }).redisUrl).toBe(REDIS_URL);
      }
      for (const REDIS_URL of [
        'localhost:6379',
        'http://redis',
        'redis:///0',
        'redis://s3cret@h?db=1',
        'redis://h/x',
      ]) {
        expect(problemsOf({ REDIS_URL })).toEqual([expect.stringMatching(/^REDIS_URL: must be a URL such as rediss:/)]);
        expect(problemsOf({ REDIS_URL }).join()).not.toContain('s3cret');
      }
    },
  );

  verifies(['limits.bodies', 'config.problems'], 'give one person an eighth of the memory for bodies', () => {
    const MIB = 1024 * 1024;
    expect(limitsOf({})).toMatchObject({ bytesInFlight: 64 * MIB, bytesInFlightPerCaller: 8 * MIB });
    expect(limitsOf({ MAX_BYTES_IN_FLIGHT: String(4 * MIB) })).toMatchObject({ bytesInFlightPerCaller: 2 * MIB });
    expect(problemsOf({ MAX_BYTES_IN_FLIGHT: '1000', MAX_BYTES_IN_FLIGHT_PER_CALLER: 'much' })).toEqual([
      'MAX_BYTES_IN_FLIGHT: must be 2097152 or more, which the largest bodies need.',
      expect.stringMatching(/^MAX_BYTES_IN_FLIGHT_PER_CALLER: must be a whole number/),
    ]);
    const [MAX_BYTES_IN_FLIGHT, MAX_BYTES_IN_FLIGHT_PER_CALLER] = [String(3 * MIB), String(4 * MIB)];
    expect(problemsOf({ MAX_BYTES_IN_FLIGHT, MAX_BYTES_IN_FLIGHT_PER_CALLER })).toEqual([
      'MAX_BYTES_IN_FLIGHT_PER_CALLER: more than MAX_BYTES_IN_FLIGHT, which is 3145728. Raise that, or lower this.',
    ]);
  });

  verifies(['limits.concurrency', 'config.problems'], 'give one caller half of the seats unless told otherwise', () => {
    expect(limitsOf({})).toMatchObject({ calls: 512, callsPerCaller: 256, proxies: 0, answerTimeoutMs: 60_000 });
    expect(limitsOf({ MAX_CALLS: '3' })).toMatchObject({ calls: 3, callsPerCaller: 2 });
    expect(limitsOf({ MAX_CALLS: '3', MAX_CALLS_PER_CALLER: '3' })).toMatchObject({ calls: 3, callsPerCaller: 3 });
    expect(problemsOf({ MAX_CALLS: '3', MAX_CALLS_PER_CALLER: '4' })).toEqual([
      'MAX_CALLS_PER_CALLER: more than MAX_CALLS, which is 3. Raise that, or lower this.',
    ]);
    expect(problemsOf({ MAX_CALLS: '0', TRUST_PROXY: 'true', ANSWER_TIMEOUT_MS: '0' })).toEqual([
      expect.stringMatching(/^TRUST_PROXY: must be a whole number/),
      expect.stringMatching(/^MAX_CALLS: /),
      expect.stringMatching(/^ANSWER_TIMEOUT_MS: /),
    ]);
  });
});
