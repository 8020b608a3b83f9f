import { expect } from 'vitest';
import { VARIABLES } from '../../../src/config/config.ts';
import { problemsOf } from '../../fixtures/config.ts';
import { verifies } from '../../verifies.ts';

/** Values that some variable or other takes, and most do not. */
const VALUES = [
  'many',
  '60s',
  '-1',
  '1.5',
  '1e99',
  'true',
  ',',
  '{}',
  '[]',
  'null',
  '{"a":1}',
  '{"a":[]}',
  '{"default":5}',
  '{"default":{}}',
  '{"tiers":5}',
  '{"tiers":[5]}',
  '{"tiers":[{}]}',
  '{"tiers":[{"name":5,"clients":5,"scopes":5,"points":"5","seconds":null}]}',
  '{"tiers":[{"name":"a","clients":[5],"scopes":[5],"points":5,"seconds":9}]}',
  '{"failures":null}',
  '{"authorization_servers":5}',
] as const;

/** What the library of schemas says by itself. */
const OF_THE_LIBRARY = /\b(invalid|expected|received|unrecognized|too (small|big))\b/i;

verifies.each(['config.words', 'config.problems'], Object.keys(VARIABLES))('%s is refused in our own words', (name) => {
  const told = VALUES.flatMap((value) => problemsOf({ [name]: value }));
  for (const problem of told) {
    expect(problem).not.toMatch(OF_THE_LIBRARY);
    expect(problem).toMatch(/^[A-Z_]+((,| and| or) [A-Z_]+)*: \S.*\.$/);
  }
});

verifies.each('config.words', [
  ['LOG_LEVEL', 'verbose', 'LOG_LEVEL: must be error, warn, info or debug.'],
  ['READ_ONLY', 'true', 'READ_ONLY: must be on or off.'],
  ['DOCS_URL', 'OFF', 'DOCS_URL: must be off in small letters.'],
  ['UPSTREAM_TIMEOUT_MS', '60s', 'UPSTREAM_TIMEOUT_MS: must be a number of milliseconds, in digits alone.'],
  ['AUDIT_FILE_BYTES', '50MB', 'AUDIT_FILE_BYTES: must be a number of bytes, in digits alone.'],
  ['MAX_TOKEN_LIFETIME_SECONDS', '1h', 'MAX_TOKEN_LIFETIME_SECONDS: must be a number of seconds, in digits alone.'],
  ['TRUST_PROXY', 'true', 'TRUST_PROXY: must be a number of proxies, in digits alone.'],
  ['RATE_LIMIT', '{"default":5}', 'RATE_LIMIT: default must be a JSON object.'],
])('%s says what may stand there, in place of %s', (name, value, problem) => {
  expect(problemsOf({ [name]: value })).toEqual([problem]);
});
