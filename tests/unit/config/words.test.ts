import { describe, expect } from 'vitest';
import { parseConfig, VARIABLES } from '../../../src/config/config.ts';
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
  ['UPSTREAM_TIMEOUT_MS', '60s', 'UPSTREAM_TIMEOUT_MS: must be a whole number of milliseconds, in digits alone.'],
  ['AUDIT_FILE_BYTES', '50MB', 'AUDIT_FILE_BYTES: must be a whole number of bytes, in digits alone.'],
  [
    'MAX_TOKEN_LIFETIME_SECONDS',
    '1h',
    'MAX_TOKEN_LIFETIME_SECONDS: must be a whole number of seconds, in digits alone.',
  ],
  ['TRUST_PROXY', 'true', 'TRUST_PROXY: must be a whole number of proxies, in digits alone.'],
  ['RATE_LIMIT', '{"default":5}', 'RATE_LIMIT: default must be a JSON object.'],
])('%s says what may stand there, in place of %s', (name, value, problem) => {
  expect(problemsOf({ [name]: value })).toEqual([problem]);
});

const NUMBERS = [
  ...['PORT', 'METRICS_PORT', 'TRUST_PROXY', 'MAX_CALLS', 'MAX_CALLS_PER_CALLER', 'WORKERS', 'RESULT_BUDGET'],
  ...['MAX_BYTES_IN_FLIGHT', 'MAX_BYTES_IN_FLIGHT_PER_CALLER', 'AUDIT_FILE_BYTES', 'AUDIT_FILES_KEPT'],
  ...['ANSWER_TIMEOUT_MS', 'UPSTREAM_TIMEOUT_MS', 'AGENT_TOOL_TIMEOUT_MS', 'DRAIN_DELAY_MS', 'DRAIN_TIMEOUT_MS'],
  ...['MAX_TOKEN_LIFETIME_SECONDS', 'SANDBOX_PORT'],
];
const OTHER_NOTATIONS = ['1e3', '0x400', '0b11', '0o17', '+5', '-5', '-0', '5.0', '1_000', '1,000', '１０', 'Infinity'];

verifies.each('config.digits', NUMBERS)('%s is a number in decimal digits alone', (name) => {
  for (const value of OTHER_NOTATIONS) {
    expect([value, ...problemsOf({ [name]: value })]).toEqual([
      value,
      expect.stringMatching(
        new RegExp(`^${name}: must be (auto or )?a whole number( of [a-z]+| from 1 to 256)?(, in digits alone)?\\.$`),
      ),
    ]);
  }
});

verifies(
  'config.digits',
  'a number may have white space around it and zeros in front, and too large a one is one problem',
  () => {
    expect(parseConfig({ MAX_CALLS: ' 010\t' }).limits.calls).toBe(10);
    expect(parseConfig({ TRUST_PROXY: '0' }).limits.proxies).toBe(0);
    expect(problemsOf({ MAX_CALLS: '9007199254740993' })).toEqual(['MAX_CALLS: must be 10000 at most.']);
    expect(problemsOf({ AUDIT_FILE_BYTES: '9007199254740993' })).toEqual([
      'AUDIT_FILE_BYTES: must be 9007199254740991 at most.',
    ]);
  },
);

const BROKEN = [
  ['{"a":1,}', 1, 8, 'the name of a member in quotation marks should stand there'],
  ['{\n "a": 1,\n "b": 2,\n}', 4, 1, 'the name of a member in quotation marks should stand there'],
  ['{\r\n "a": s3cret}', 2, 7, 'no word of JSON stands there: names and texts need straight double quotation marks'],
  ['{a:1}', 1, 2, 'no word of JSON stands there: names and texts need straight double quotation marks'],
  ["{'a':1}", 1, 2, 'no word of JSON stands there: names and texts need straight double quotation marks'],
  ['{"a" 1}', 1, 6, ': should stand there'],
  ['{"a":1 "b":2}', 1, 8, 'a comma should stand there'],
  ['{"a":[1,]}', 1, 9, 'a value should stand there'],
  ['{"a":[1 2]}', 1, 9, 'a comma should stand there'],
  ['{"a":[,1]}', 1, 7, 'a value should stand there'],
  ['{"a":01}', 1, 7, 'a comma should stand there'],
  ['{"a":.5}', 1, 6, 'no word of JSON stands there: names and texts need straight double quotation marks'],
  ['{"a":True}', 1, 6, 'no word of JSON stands there: names and texts need straight double quotation marks'],
  [
    '{"a":"s3\ncret"}',
    1,
    6,
    'a text in quotation marks begins there that does not end, or holds what JSON does not allow',
  ],
  [
    '{"a":"s3\\cret"}',
    1,
    6,
    'a text in quotation marks begins there that does not end, or holds what JSON does not allow',
  ],
  ['{"a":"organization:read"', 1, 25, '} should stand there'],
  ['{"a":{"b":[1', 1, 13, '] should stand there'],
  ['{"a":1}}', 1, 8, 'nothing more should stand there'],
  ['{"a":1} // s3cret', 1, 9, 'JSON has no comments'],
  ['{"a":“s3cret”}', 1, 6, 'no word of JSON stands there: names and texts need straight double quotation marks'],
  ['{', 1, 2, '} should stand there'],
] as const;
const OF_JSON = ['RATE_LIMIT', 'SCOPE_MAP', 'PROTECTED_RESOURCE_METADATA'] as const;

describe.each(OF_JSON)('JSON in %s', (name) => {
  verifies.each('config.json-place', BROKEN)('that is broken is told by its place: %j', (value, line, column, why) => {
    const told = problemsOf({ [name]: value });
    expect(told).toEqual([
      expect.stringMatching(
        new RegExp(`^${name}: must be .*a JSON object.*, and cannot be read at line ${line}, column ${column}: `),
      ),
    ]);
    expect(told[0]).toContain(`: ${why}.`);
    expect(told[0]).not.toMatch(/s3|quotation mark at its/);
  });

  verifies('config.json-place', 'with a member that is there twice is refused by the place of the second one', () => {
    expect(problemsOf({ [name]: '{"default":{"points":5,\n"seconds":9},"a":[{"b":1,"b":2}]}' })).toEqual([
      expect.stringMatching(
        new RegExp(
          `^${name}: must be .*, and cannot be read at line 2, column 26: the object has a member of this name already\\.$`,
        ),
      ),
    ]);
    expect(problemsOf({ [name]: '{"\\u0061":1,"a":2}' })[0]).toContain(
      'line 1, column 13: the object has a member of this name already.',
    );
  });
});

verifies('config.json-place', 'what does not begin as a JSON object is told what may stand there', () => {
  expect(problemsOf({ RATE_LIMIT: 'On' })).toEqual(['RATE_LIMIT: must be on, off or a JSON object of limits.']);
  expect(problemsOf({ SCOPE_MAP: '[]' })).toEqual(['SCOPE_MAP: must be a JSON object.']);
  expect(problemsOf({ SCOPE_MAP: `'{"a":"organization:read"}'` })).toEqual([
    expect.stringMatching(/^SCOPE_MAP: must be a JSON object\. A quotation mark at its beginning or end counts/),
  ]);
});

verifies.each('config.unseen', [
  ['LOG_LEVEL', 'wa\u200brn', 'U+200B at character 3'],
  ['ALLOWED_ORGANIZATIONS', 'org_1234567890\u200b', 'U+200B at character 15'],
  ['SCALEKIT_CLIENT_SECRET', '\u202esecret', 'U+202E at character 1'],
  ['PUBLIC_URL', 'https://mcp.exam\u00adple.com', 'U+00AD at character 17'],
  ['SCALEKIT_CLIENT_ID', 'skc_12345\u00a067890', 'U+00A0 at character 10'],
  ['REDIS_URL', 'redis://a\u0007b', 'U+0007 at character 10'],
])('%s with a character that nobody sees is told so', (name, value, which) => {
  expect(problemsOf({ [name]: value })).toContain(
    `${name}: holds a character that nobody sees: ${which}. Type the value anew.`,
  );
});

verifies('config.unseen', 'white space around a value, and line breaks in JSON, are none', () => {
  expect(
    problemsOf({
      LOG_LEVEL: '\ufeff warn\u00a0\r\n',
      RATE_LIMIT: '{\r\n\t"default": {"points": 5, "seconds": 9}\r\n}',
    }),
  ).toEqual([]);
});

verifies.each('config.unseen', ['s3\ncret', 's3\r\ncret', 's3\tcret'])('a secret is one line: %j', (value) => {
  expect(problemsOf({ SCALEKIT_CLIENT_SECRET: value })).toContain(
    'SCALEKIT_CLIENT_SECRET: has a line break or tab in its middle: give the value in one line.',
  );
  expect(problemsOf({ SCALEKIT_CLIENT_SECRET: value }).join()).not.toContain('s3');
});
