import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { describe, expect } from 'vitest';
import { parseConfig } from '../../../src/config/config.ts';
import { problemsOf } from '../../fixtures/config.ts';
import { verifies } from '../../verifies.ts';

const instancesOf = (env: Record<string, string>) => parseConfig(env).scaling;

verifies('instances.config', 'is one process that shares nothing, and ends when its calls do', () => {
  expect(instancesOf({})).toEqual({
    workers: 1,
    drain: { delayMs: 0, timeoutMs: 65_000 },
    confirmationKeys: undefined,
  });
  const several = { WORKERS: '3', REDIS_URL: 'redis://127.0.0.1' };
  expect(instancesOf({ ...several, DRAIN_DELAY_MS: '5000', DRAIN_TIMEOUT_MS: '0' })).toMatchObject({
    workers: 3,
    drain: { delayMs: 5_000, timeoutMs: 0 },
  });
  expect(instancesOf({ ...several, WORKERS: 'auto' }).workers).toBe(availableParallelism());
});

verifies('config.drain', 'leaves every call the time that it may take, unless told otherwise', () => {
  for (const UPSTREAM_TIMEOUT_MS of ['100', '15000', '60000', '120000']) {
    const { scaling, upstreamTimeoutMs, warnings } = parseConfig({ UPSTREAM_TIMEOUT_MS });
    expect(scaling.drain.timeoutMs).toBeGreaterThan(Math.max(upstreamTimeoutMs, 60_000));
    expect(warnings).toEqual([]);
  }
  const hasty = { AGENT_TOOL_TIMEOUT_MS: '14000' };
  for (const env of [{ DRAIN_TIMEOUT_MS: '60000' }, { DRAIN_TIMEOUT_MS: '15000', ...hasty }]) {
    expect(parseConfig(env).warnings).toEqual([]);
  }
  for (const [longest, env] of [
    ['AGENT_TOOL_TIMEOUT_MS', { DRAIN_TIMEOUT_MS: '59999' }],
    ['UPSTREAM_TIMEOUT_MS', { DRAIN_TIMEOUT_MS: '14999', ...hasty }],
    ['UPSTREAM_TIMEOUT_MS', { DRAIN_TIMEOUT_MS: '65000', UPSTREAM_TIMEOUT_MS: '65001' }],
  ] as const) {
    expect(parseConfig(env).warnings).toEqual([
      expect.stringMatching(new RegExp(`^DRAIN_TIMEOUT_MS: .*${longest}, \\d+`)),
    ]);
  }
});

verifies('workers.redis', 'demands a Redis for more than one process, and says what to do', () => {
  const [problem, ...others] = problemsOf({ WORKERS: '2' });
  expect(problem).toMatch(/^WORKERS: 2 processes .*REDIS_URL.*WORKERS=1.*containers.*\.$/);
  expect(others).toEqual([]);
  expect(problemsOf({ WORKERS: '1' })).toEqual([]);
  expect(problemsOf({ WORKERS: 'auto' })).toHaveLength(availableParallelism() > 1 ? 1 : 0);
});

verifies.each('instances.config', [
  [{ WORKERS: '0' }, 'WORKERS: must be auto or a whole number from 1 to 256.'],
  [{ WORKERS: '1.5' }, 'WORKERS: must be auto or a whole number from 1 to 256.'],
  [{ WORKERS: 'many' }, 'WORKERS: must be auto or a whole number from 1 to 256.'],
  [{ DRAIN_DELAY_MS: '-1' }, 'DRAIN_DELAY_MS: must be a whole number of milliseconds, in digits alone.'],
  [{ DRAIN_TIMEOUT_MS: '600001' }, 'DRAIN_TIMEOUT_MS: must be 600000 at most.'],
])('refuses %o', (env, complaint) => {
  expect(problemsOf(env)).toEqual([complaint]);
});

describe('CONFIRMATION_KEYS', () => {
  const bytes = [randomBytes(32), Buffer.alloc(32, 0xff)];
  const NO_KEYS = 'CONFIRMATION_KEYS: must be keys of 32 bytes each, in base64.';

  verifies.each('instances.config', ['base64', 'base64url'] as const)('are read in %s, in their order', (encoding) => {
    const keys = instancesOf({ CONFIRMATION_KEYS: bytes.map((key) => key.toString(encoding)).join(', ') });
    expect(keys.confirmationKeys?.map((key) => key.export())).toEqual(bytes);
  });

  verifies('instances.config', 'do not show in the configuration', () => {
    const [key] = bytes.map((each) => each.toString('base64'));
    const config = parseConfig({ CONFIRMATION_KEYS: String(key) });
    expect(JSON.stringify(config)).not.toContain(String(key));
  });

  const good = randomBytes(32).toString('base64');
  verifies.each('instances.config', [
    ['a short one', randomBytes(31).toString('base64'), NO_KEYS],
    ['a long one', randomBytes(33).toString('base64'), NO_KEYS],
    ['a strange character', `!${good.slice(1)}`, NO_KEYS],
    ['one more character', `${good}A`, NO_KEYS],
    ['bits too many', `${'A'.repeat(42)}B=`, NO_KEYS],
    ['a bad one behind a good one', `${good},secret`, NO_KEYS],
    ['the same twice', `${good},${good.replace(/=$/, '')}`, 'CONFIRMATION_KEYS: names a key twice.'],
  ])('refuse %s, without quoting it', (_, value, complaint) => {
    expect(problemsOf({ CONFIRMATION_KEYS: value })).toEqual([complaint]);
  });
});
