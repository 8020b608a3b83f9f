import { afterAll, beforeAll, describe, expect } from 'vitest';
import { isObject } from '../../src/core/json.ts';
import type { Tool } from '../../src/core/tool.ts';
import { catalogue } from '../../src/tools/index.ts';
import { blocksBesideLinks } from '../fixtures/blocks.ts';
import { type ChangedScalekit, changedScalekit } from '../fixtures/changed-scalekit.ts';
import { exampleArguments } from '../fixtures/example-calls.ts';
import { FREE, isDecidedBy } from '../fixtures/poison.ts';
import { callTool } from '../fixtures/rpc.ts';
import { running, type TestServer } from '../fixtures/running.ts';
import { verifies } from '../verifies.ts';

/** Every tool against a Scalekit whose every answer is as long as the server reads, and slow to read. */
let scalekit: ChangedScalekit;
let server: TestServer;
/** How long answers are, in bytes, and what makes them so long. */
let swelling: { readonly bytes: number; readonly hostile: Hostile };

beforeAll(async () => {
  scalekit = await changedScalekit(() => ({
    body: (sent) => shrunk(sent),
    answer: (body, url, status) => ({ status, text: swollen(body, url) }),
  }));
  server = await running({ ...scalekit.env, AGENT_TOOL_EXECUTION: 'on' });
});
afterAll(async () => {
  await server.stop();
  await scalekit.close();
});

const MIB = 1024 * 1024;
/** The rest of an answer has room beside what makes it long. */
const REST = 32 * 1024;
/** The largest result, in characters: the budget. */
const LARGEST = 12_000;
/** The processor time in milliseconds below which two calls are as good as the same. */
const SHORT_MS = 60;

interface Hostile {
  readonly name: string;
  /** Where it is put. */
  readonly place: 'text' | 'member' | 'entries';
  /** JSON of that many bytes, or for `entries` a list made of that entry. */
  make(bytes: number, entry: string): string;
}

const ALPHABETS = [
  ...[
    '@',
    ' ',
    '"',
    'a.',
    '\\',
    '-',
    'eyJ',
    'Basic ',
    '://',
    '://a:',
    '{"',
    '[',
    'x',
    'key:',
    '"key":"',
    '%3D',
    '\u200b',
  ],
  ...['-----BEGIN A-----', ' -u a:', 'test_', 'Bearer aaaaaaaaaaaaaaaaaaa '],
  ...['name="token" value=', '\uff0cv=', '\u0430:', '%41'],
];
const times = (count: number, piece: (i: number) => string) => Array.from({ length: count }, (_, i) => piece(i));
const written = (text: string) => JSON.stringify(text).slice(1, -1);
const HOSTILE: readonly Hostile[] = [
  ...ALPHABETS.map(
    (piece): Hostile => ({
      name: `a text of ${JSON.stringify(piece)}`,
      place: 'text',
      make: (bytes) => written(piece).repeat(bytes / Buffer.byteLength(written(piece))),
    }),
  ),
  {
    name: 'very many members',
    place: 'member',
    make: (bytes) => `{${times(bytes / 24, (i) => `"key${1e7 + i}":"value"`).join(',')}}`,
  },
  {
    name: 'members that look alike',
    place: 'member',
    make: (bytes) =>
      `{${times(bytes / 110, (i) => `"k${'\\u200b'.repeat(i % 7)}${'\\u2060'.repeat(i % 5)}${i % 2 ? '' : '\\u200c'}":1`).join(',')}}`,
  },
  {
    name: 'very long keys',
    place: 'member',
    make: (bytes) => `{"${'key:'.repeat(bytes / 8)}":1,"${'eyJ'.repeat(bytes / 6)}":1}`,
  },
  {
    name: 'deep nesting',
    place: 'member',
    make: (bytes) => `{"deep":[${times(bytes / 121, () => `${'['.repeat(60)}${']'.repeat(60)}`).join(',')}]}`,
  },
  { name: 'one very deep nesting', place: 'member', make: (bytes) => '['.repeat(bytes / 2) + ']'.repeat(bytes / 2) },
  {
    name: 'very many entries',
    place: 'entries',
    make: (bytes, entry) => times(bytes / (entry.length + 1), () => entry).join(','),
  },
  { name: 'very many numbers for entries', place: 'entries', make: (bytes) => times(bytes / 2, () => '1').join(',') },
];
/** A mark that no answer holds otherwise. */
const HERE = 'put-it-here';

/** The JSON of an answer with something very long in it. */
function swollen(answer: unknown, url: string): string {
  const { bytes, hostile } = swelling;
  // The look-up of an environment comes before every call, and is kept.
  if (/^\/api\/v1\/environments\/\w+$/.test(url)) return JSON.stringify(answer);
  const entry = mark(answer, url, hostile.place);
  const text = JSON.stringify(answer);
  const long = made(hostile, bytes - REST, entry ?? '{}');
  // A function, because `$` means something in a replacement.
  if (hostile.place === 'text') return text.replace(HERE, () => long);
  return text.replace(`"${HERE}"`, () => long);
}

/** What has been made, because it takes as long as the call. */
const ready = new Map<string, string>();

function made({ name, make }: Hostile, bytes: number, entry: string): string {
  const key = `${name} ${bytes} ${entry}`;
  const long = ready.get(key) ?? make(bytes, entry);
  ready.set(key, long);
  return long;
}

const FITS: Record<Hostile['place'], (name: string, member: unknown) => boolean> = {
  text: (_name, member) => typeof member === 'string',
  member: (name, member) => FREE.has(name) && isObject(member),
  entries: (_name, member) => Array.isArray(member) && member.length > 0,
};

/** Puts the mark into an answer. Returns the JSON of the entry that it replaces. */
function mark(value: unknown, url: string, place: Hostile['place']): string | undefined {
  for (const { holder, name, member } of placesIn(value, url)) {
    if (!FITS[place](name, member)) continue;
    const [entry] = Array.isArray(member) ? member : [];
    if (place === 'text') holder[name] = `${member}${HERE}`;
    else holder[name] = place === 'entries' ? [HERE] : HERE;
    return entry && JSON.stringify(entry);
  }
  if (isObject(value)) value['more'] = HERE;
  return undefined;
}

interface Place {
  readonly holder: Record<string, unknown>;
  readonly name: string;
  readonly member: unknown;
}

/** The members of a value by which the server does not decide what to do, outermost first. */
function* placesIn(value: unknown, url: string): Iterable<Place> {
  if (Array.isArray(value)) for (const entry of value) yield* placesIn(entry, url);
  if (!isObject(value)) return;
  const names = Object.keys(value).filter((name) => !/page_token$/.test(name) && !isDecidedBy(url, name));
  for (const name of names) yield { holder: value, name, member: value[name] };
  for (const name of names) yield* placesIn(value[name], url);
}

/** What the server has read is written back: the sandbox takes no such bodies. */
function shrunk(sent: unknown): unknown {
  const text = JSON.stringify(sent);
  return text.length < REST ? sent : {};
}

async function call(tool: Tool, hostile: Hostile, bytes: number) {
  swelling = { hostile, bytes };
  const before = process.cpuUsage();
  const { status, body } = await callTool(`${server.localUrl}/mcp`, 'modern', tool.name, exampleArguments(tool), {
    token: scalekit.token,
  });
  const { user, system } = process.cpuUsage(before);
  expect(status).toBe(200);
  expect(blocksBesideLinks(body.result)).toHaveLength(1);
  const { isError = false, content } = body.result;
  return { ms: (user + system) / 1000, length: content[0].text.length, isError };
}

/** Calls with answers of twice the length until the longest, and again where the time has grown by more than that. */
async function expectLinear(tool: Tool, hostile: Hostile): Promise<void> {
  const best = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const isLinear = () => best.every((ms, i) => i === 0 || ms < 3 * Math.max(best[i - 1] as number, SHORT_MS));
  for (let attempt = 0; attempt === 0 || (attempt < 8 && !isLinear()); attempt++) {
    for (const [i, mib] of [1, 2, 4].entries()) {
      const { ms, length, isError } = await call(tool, hostile, mib * MIB);
      if (hostile.place === 'text' && THOROUGH.includes(tool.name)) expect(isError).toBe(false);
      expect(length, `${mib} MiB`).toBeLessThanOrEqual(LARGEST);
      best[i] = Math.min(best[i] as number, ms);
    }
  }
  expect(isLinear(), `processor time for 1, 2 and 4 MiB: ${best.map((ms) => ms.toFixed()).join(', ')} ms`).toBe(true);
}

const rotation = catalogue.map((tool, i) => {
  const hostile = HOSTILE[i % HOSTILE.length] as Hostile;
  return [tool.name, hostile.name, tool, hostile] as const;
});
const THOROUGH = ['list_organizations', 'get_organization_details', 'execute_agent_tool'];
const thorough = catalogue
  .filter(({ name }) => THOROUGH.includes(name))
  .flatMap((tool) => HOSTILE.map((hostile) => [tool.name, hostile.name, tool, hostile] as const));

describe('an answer of the API of up to 4 MiB', () => {
  verifies.each('text.linear-answers', [...rotation, ...thorough])(
    'to %s with %s is worked on in time that grows with its length alone, and yields a result of bounded size',
    async (_tool, _hostile, tool, hostile) => {
      await expectLinear(tool, hostile);
    },
  );
});
