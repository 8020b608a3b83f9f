import { expect } from 'vitest';
import { z } from 'zod';
import { entryOf } from '../../../src/access/entry.ts';
import { normalizerOf } from '../../../src/access/normalize.ts';
import { catalogue } from '../../../src/tools/index.ts';
import { verifies } from '../../verifies.ts';

const normalize = normalizerOf(
  z.strictObject({
    id: z.string().regex(/^org_\d+$/),
    pageSize: z.int().min(1).max(100).optional(),
    pageToken: z.string().max(500).optional(),
    externalId: z.string().min(1).max(50).optional(),
    description: z.string().max(50).optional(),
    uri: z.string().max(50).optional(),
    confirmation: z.string().min(1).optional(),
    send: z.boolean().default(false),
    kind: z.enum(['a', 'b']).optional(),
    roles: z.array(z.string()).optional(),
    feature: z.array(z.strictObject({ name: z.string().min(1), enabled: z.boolean().optional() })).optional(),
    config: z.strictObject({ name: z.string().min(1).optional(), size: z.int().optional() }).optional(),
    metadata: z.record(z.string(), z.string().max(50)).optional(),
    paramsJson: z
      .string()
      .transform((text) => text)
      .optional(),
  }),
);
const meant = (args: Record<string, unknown>) => normalize(args).arguments;

verifies.each('arguments.null', [
  [{ pageSize: null, pageToken: null, send: null, kind: null, roles: null, config: null, confirmation: null }, {}],
  [{ id: null }, { id: null }],
  [{ config: { name: null, size: 1 } }, { config: { size: 1 } }],
  [{ feature: [{ name: 'x', enabled: null }] }, { feature: [{ name: 'x' }] }],
  [{ feature: [{ name: null }] }, { feature: [{ name: null }] }],
  [{ metadata: { plan: null } }, { metadata: { plan: null } }],
  [{ unknown: null }, { unknown: null }],
])('null is "left out" for optional arguments alone: %j', (args, expected) => {
  expect(meant(args)).toEqual(expected);
});

verifies.each('arguments.empty', [
  [{ externalId: '', kind: '', pageSize: '', roles: '', feature: '', config: '', send: '', confirmation: '' }, {}],
  [{ config: { name: '', size: '' } }, { config: {} }],
  [{ description: '' }, { description: '' }],
  [{ id: '' }, { id: '' }],
  [{ feature: [{ name: '' }] }, { feature: [{ name: '' }] }],
  [{ metadata: { plan: '' } }, { metadata: { plan: '' } }],
])('empty text is "left out" where it cannot be a value: %j', (args, expected) => {
  expect(meant(args)).toEqual(expected);
});

const same = (args: Record<string, unknown>) => [args, args] as const;

verifies.each('arguments.types', [
  [{ pageSize: '5' }, { pageSize: 5 }],
  [{ pageSize: '-3' }, { pageSize: -3 }],
  [{ pageSize: '9007199254740991' }, { pageSize: 9007199254740991 }],
  ...['5.0', ' 5 ', '3600s', '0x5', '05', '-0x1', '1e3', '9007199254740992', '+5', 'five'].map((pageSize) =>
    same({ pageSize }),
  ),
  [{ send: 'true' }, { send: true }],
  [{ send: 'false' }, { send: false }],
  ...['True', 'yes', '1', 1, 0, [], {}].map((send) => same({ send })),
  [{ roles: '["member"]' }, { roles: ['member'] }],
  ...['member', 'openid email', '{"a":1}', '"member"', '[', 7].map((roles) => same({ roles })),
  [{ feature: '[{"name":"x","enabled":"true"}]' }, { feature: [{ name: 'x', enabled: true }] }],
  [{ feature: { name: 'x' } }, { feature: [{ name: 'x' }] }],
  [{ feature: '{"name":"x"}' }, { feature: [{ name: 'x' }] }],
  [{ config: '{"size":"7"}' }, { config: { size: 7 } }],
  ...['[]', 'null', '7', 'x'].map((config) => same({ config })),
  [{ metadata: '{"plan":"pro"}' }, { metadata: { plan: 'pro' } }],
  [{ metadata: { seats: 480 } }, { metadata: { seats: '480' } }],
  ...[1.5, true, null, {}].map((seats) => same({ metadata: { seats } })),
  [
    { externalId: 1001, pageToken: 1 },
    { externalId: '1001', pageToken: '1' },
  ],
  ...[1.5, true, 2 ** 53, {}].map((externalId) => same({ externalId })),
  same({ id: 1001 }),
  same({ uri: 1001, confirmation: 1001 }),
  [{ paramsJson: { a: 1 } }, { paramsJson: '{"a":1}' }],
  same({ paramsJson: '{"a":1}' }),
] as const)('a value in another JSON type is meant where it has one meaning: %j', (args, expected) => {
  expect(meant(args as Record<string, unknown>)).toEqual(expected);
});

verifies('arguments.types', 'JSON inside a string has the limits of a message', () => {
  const deep = `${'['.repeat(100)}${']'.repeat(100)}`;
  expect(meant({ roles: deep })).toEqual({ roles: deep });
  const long = `[${'"a",'.repeat(20_000)}"a"]`;
  expect(meant({ roles: long })).toEqual({ roles: long });
  expect(JSON.stringify(meant(JSON.parse('{"metadata":"{\\"__proto__\\":\\"x\\"}"}')))).toContain('__proto__');
});

verifies('arguments.types', 'arguments that are meant as they came are not copied', () => {
  const args = { id: 'org_1', config: { size: 1 }, metadata: { a: 'b' }, feature: [{ name: 'x' }] };
  expect(normalize(args).arguments).toBe(args);
});

verifies('arguments.hosts', 'members of programs are dropped, misspelt ones are not', () => {
  const args = { id: 'org_1', task_progress: '- [x] a', toolCallId: 'c', sessionId: 's', wait_for_previous: true };
  expect(normalize(args)).toEqual({
    arguments: { id: 'org_1' },
    dropped: ['task_progress', 'toolCallId', 'sessionId', 'wait_for_previous'],
  });
  for (const name of ['task_progres', 'random_string', 'pagesize', '__proto__', 'toString', 'constructor']) {
    const odd = JSON.parse(`{"id":"org_1","${name}":"x"}`);
    expect(normalize(odd)).toEqual({ arguments: odd, dropped: [] });
  }
  expect(normalizerOf(z.strictObject({}))({ random_string: '' })).toEqual({
    arguments: {},
    dropped: ['random_string'],
  });
  const owner = normalizerOf(z.strictObject({ sessionId: z.string() }));
  expect(owner({ sessionId: 's' })).toEqual({ arguments: { sessionId: 's' }, dropped: [] });
});

const optionals = catalogue.flatMap((tool) => {
  const entry = entryOf(tool, { takesEnvironment: true, isConfirmable: tool.preview !== undefined, origin: '' });
  return Object.entries(entry.arguments.shape)
    .filter(([, schema]) => schema instanceof z.ZodOptional || schema instanceof z.ZodDefault)
    .map(([name]) => [tool.name, name, entry] as const);
});

verifies.each('arguments.null', optionals)('%s: %s may be null', (_, name, entry) => {
  expect(entry.normalize({ [name]: null }).arguments).toEqual({});
});
