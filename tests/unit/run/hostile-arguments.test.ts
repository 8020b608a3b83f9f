import { describe, expect } from 'vitest';
import { LONGEST_TEXT } from '../../../src/access/argument-limits.ts';
import { authorize } from '../../../src/access/authorize.ts';
import { meantBy } from '../../../src/access/meant.ts';
import { WHOLE_TOOLSET } from '../../../src/access/selection.ts';
import { narrow } from '../../../src/access/surface.ts';
import type { Caller } from '../../../src/auth/caller.ts';
import { parseGrant } from '../../../src/auth/scopes.ts';
import { ToolError } from '../../../src/core/errors.ts';
import type { Tool } from '../../../src/core/tool.ts';
import { readArguments } from '../../../src/run/arguments.ts';
import { catalogue } from '../../../src/tools/index.ts';
import { exampleArguments } from '../../fixtures/example-calls.ts';
import { hostileTexts } from '../../fixtures/hostile-texts.ts';
import { type JsonSchema, withText } from '../../fixtures/text-arguments.ts';
import { verifies } from '../../verifies.ts';

/*
 * Every text argument of every tool, nested ones too, with every text that patterns and parsers are slow on: as long as a
 * body may be, and as long as the argument may be, which is what schemas and what comes after them work on.
 */

const realm = {
  mode: 'workspace',
  scopeSpelling: 'long',
  environmentUrl: 'https://acme.scalekit.dev',
  origin: '',
  admission: { subjects: undefined, clients: undefined, organizations: undefined },
} as const;
const optIns = [...new Set(catalogue.flatMap(({ optIn }) => optIn ?? []))];
const surface = narrow(catalogue, realm, { optIns }, { named: [{ toolsets: [WHOLE_TOOLSET], tools: [] }] });
const caller: Caller = {
  key: 'mira',
  person: 'mira',
  subject: 'usr_1',
  clientId: 'm2m_1',
  organizationId: 'org_1',
  grant: parseGrant(['mcp:tools:*']),
  expiresAt: new Date(0),
  bearer: () => 'the-token-of-mira',
};

/** The longest time for which the arguments of a call may keep the event loop busy, in milliseconds. */
const LONGEST_MS = 50;
const TOO_LONG = hostileTexts(200_000);
const lengths = new Map<number, readonly string[]>();

/** The same texts of another length. */
function textsOf(length: number): readonly string[] {
  const known = lengths.get(length) ?? hostileTexts(length);
  lengths.set(length, known);
  return known;
}

/** What is wrong with the arguments of a call, found by all that looks at them before anything is sent. */
function wrongWith(tool: Tool, args: unknown): ToolError | undefined {
  const { message } = meantBy({ method: 'tools/call', params: { name: tool.name, arguments: args } }, surface);
  const decision = authorize(caller, surface, message);
  if (decision.kind !== 'call') throw new Error(`${tool.name} is ${decision.kind}.`);
  try {
    const { forTool } = readArguments(decision.call);
    decision.call.entry.tool.does?.(forTool);
    return undefined;
  } catch (error) {
    if (error instanceof ToolError) return error;
    throw error;
  }
}

/** The processor time of that, in milliseconds: the best of five, since other work of the process counts as well. */
function costOf(work: () => void): number {
  let best = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < 5 && best > LONGEST_MS; attempt++) {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, (user + system) / 1000);
  }
  return best;
}

describe.each(catalogue.map((tool) => [tool.name, tool] as const))('%s', (name, tool) => {
  const entry = surface.reach.get(name);
  const schema = entry?.listed.inputSchema as JsonSchema;
  const example = exampleArguments(tool);

  verifies('arguments.bounded', 'refuses every text that is too long, wherever it stands, and at once', () => {
    for (const text of TOO_LONG) {
      for (const { path, args } of withText(schema, example, text)) {
        const what = `${path.join('.')}: ${JSON.stringify(text.slice(0, 20))}`;
        expect(wrongWith(tool, args)?.recovery.field, what).toBe(path.join('.'));
        expect(
          costOf(() => wrongWith(tool, args)),
          what,
        ).toBeLessThan(LONGEST_MS);
      }
    }
  });

  verifies('arguments.bounded', 'reads every text of the longest length at once, wherever it stands', () => {
    for (const index of TOO_LONG.keys()) {
      // The text is chosen by what its place allows.
      for (const { path, schema: place } of withText(schema, example, '')) {
        const text = textsOf(Math.max(place.maxLength ?? 0, LONGEST_TEXT))[index] as string;
        const placed = [...withText(schema, example, text)].find((one) => one.path.join('.') === path.join('.'));
        const what = `${path.join('.')}: ${JSON.stringify(text.slice(0, 20))}`;
        expect(
          costOf(() => wrongWith(tool, placed?.args)),
          what,
        ).toBeLessThan(LONGEST_MS);
      }
    }
  });
});
