import { afterAll, beforeAll, describe, expect } from 'vitest';
import type { Tool } from '../../src/core/tool.ts';
import { catalogue } from '../../src/tools/index.ts';
import { type ExampleCalls, exampleArguments, exampleCalls } from '../fixtures/example-calls.ts';
import { failureIn } from '../fixtures/failure-in.ts';
import { hostileTexts } from '../fixtures/hostile-texts.ts';
import { rpc } from '../fixtures/rpc.ts';
import { running, type TestServer } from '../fixtures/running.ts';
import { type JsonSchema, type Placed, withEntries, withText } from '../fixtures/text-arguments.ts';
import { verifies } from '../verifies.ts';

/**
 * Every text argument of every tool, nested ones too, with texts that patterns and parsers are slow on, from end to end.
 * `tests/unit/run/hostile-arguments.test.ts` tries all texts at all places, also those that are not too long.
 */
let server: TestServer;
let calls: ExampleCalls;
let schemas: ReadonlyMap<string, JsonSchema>;

beforeAll(async () => {
  server = await running({ AGENT_TOOL_EXECUTION: 'on' });
  calls = await exampleCalls(server);
  const token = await server.token();
  const { body } = await rpc(`${server.localUrl}/mcp?toolsets=all`, 'modern', 'tools/list', {}, { token });
  const tools = body.result.tools as { name: string; inputSchema: JsonSchema }[];
  schemas = new Map(tools.map(({ name, inputSchema }) => [name, inputSchema]));
});
afterAll(() => server.stop());

/** As much as a body can hold: longer ones are refused by their size. One tool takes larger ones. */
const maxBodyBytes = (tool: string) => (tool === 'execute_agent_tool' ? 450_000 : 65_536);
const TEXTS = hostileTexts(200_000);

const fittingTexts = new Map<string, string>();

/** As much of a text as fits into a body, beside the rest of the message. */
function fitting(text: string, maxBytes: number): string {
  const key = `${maxBytes} ${text}`;
  const known = fittingTexts.get(key) ?? cut(text, maxBytes);
  fittingTexts.set(key, known);
  return known;
}

function cut(text: string, maxBytes: number): string {
  const bytes = Buffer.byteLength(JSON.stringify(text));
  return text.slice(0, Math.floor((text.length * (maxBytes - 2_000)) / Math.max(bytes, maxBytes)));
}

/**
 * The processor time that a call may take in all, in milliseconds: much less than what grows faster than its text takes for
 * texts as long as these. Client, server and what runs beside them are one process here; that the server's own part is below
 * 50 ms is shown by the unit test of the same name.
 */
const LONGEST_MS = 400;

const ENTRIES = 2_500;
const WRONG_ENTRIES = ['\u200b', 7, { a: 1 }];

/** The places where arguments of the same form stand, in the order in which they were found. */
const places = new Map<string, string[]>();
/** So many texts are tried at each place, if not all. */
const FEW = 2;

/**
 * Whether a text is to be tried at a place. Many arguments have the same form, and what is tested comes before all else
 * that may become of them: the first place of a form tries all texts, and each other one some of them, in turn.
 */
function isDue({ path, schema: { description: _, ...form } }: Placed, text: number, tool: string): boolean {
  const key = `${JSON.stringify(form)} ${maxBodyBytes(tool)}`;
  const place = `${tool} ${path.join('.')}`;
  const alike = places.get(key) ?? [];
  places.set(key, alike);
  if (!alike.includes(place)) alike.push(place);
  const turn = alike.indexOf(place);
  return turn === 0 || (text + FEW * turn) % TEXTS.length < FEW;
}

/** How many requests the API has got for calls. What looks after the API has no credential. */
function requestsOfCalls(): number {
  return server.exchanges.filter(({ request }) => request.principal !== undefined).length;
}

/** The processor time of this process during a call, in milliseconds: the best of five. */
async function costOf(tool: Tool, args: Record<string, unknown>): Promise<{ ms: number; error: unknown }> {
  let best = { ms: Number.POSITIVE_INFINITY, error: undefined as unknown };
  for (let attempt = 0; attempt < 5 && best.ms > LONGEST_MS; attempt++) {
    const before = process.cpuUsage();
    const { body } = await calls.call(tool, args);
    const { user, system } = process.cpuUsage(before);
    best = { ms: Math.min(best.ms, (user + system) / 1000), error: failureIn(body.result) };
  }
  return best;
}

describe.each(catalogue.map((tool) => [tool.name, tool] as const))('%s', (name, tool) => {
  verifies(
    'arguments.bounded',
    'refuses texts that are too long, by name and limit, without working on them',
    async () => {
      const schema = schemas.get(name) as JsonSchema;
      const asked = requestsOfCalls();
      for (const [index, long] of TEXTS.entries()) {
        const text = fitting(long, maxBodyBytes(name));
        for (const placed of withText(schema, exampleArguments(tool), text)) {
          if (!isDue(placed, index, name)) continue;
          const { path, args } = placed;
          const { ms, error } = await costOf(tool, args as Record<string, unknown>);
          const what = `${path.join('.')}: ${JSON.stringify(text.slice(0, 20))}`;
          expect(error, what).toMatchObject({
            code: 'invalid_arguments',
            field: path.join('.'),
            message: expect.stringMatching(/must be at most \d+ characters/),
          });
          expect(ms, what).toBeLessThan(LONGEST_MS);
        }
      }
      expect(requestsOfCalls()).toBe(asked);
    },
  );

  verifies('arguments.entries', 'refuses too many entries, by name and limit, without working on them', async () => {
    const schema = schemas.get(name) as JsonSchema;
    const asked = requestsOfCalls();
    // What another tool takes is bounded there.
    for (const entry of tool.standsForAnother ? [] : WRONG_ENTRIES) {
      for (const { path, args } of withEntries(schema, exampleArguments(tool), ENTRIES, entry)) {
        // What no argument of the tool is called is one reason, however much there is of it.
        if (path.length === 0) continue;
        const { ms, error } = await costOf(tool, args as Record<string, unknown>);
        const what = `${path.join('.')}: ${JSON.stringify(entry)}`;
        expect(error, what).toMatchObject({
          code: 'invalid_arguments',
          field: path.join('.'),
          message: expect.stringMatching(/must have at most \d+ entries/),
        });
        expect(ms, what).toBeLessThan(LONGEST_MS);
      }
    }
    expect(requestsOfCalls()).toBe(asked);
  });
});
