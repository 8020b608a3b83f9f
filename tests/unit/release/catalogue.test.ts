import { describe, expect } from 'vitest';
import { z } from 'zod';
import { listedTools } from '../../../scripts/generated-files.ts';
import { parseConfig } from '../../../src/config/config.ts';
import type { Tool } from '../../../src/core/tool.ts';
import { toCallToolResult } from '../../../src/mcp/protocol/wire.ts';
import { Cleaner } from '../../../src/release/clean.ts';
import { release, type Unreleased } from '../../../src/release/release.ts';
import type { Schema } from '../../fixtures/schema-paths.ts';
import { TOOLS_OF_THE_API } from '../../fixtures/tools-of-the-api.ts';
import { verifies } from '../../verifies.ts';

const { resultBudget: budget } = parseConfig({});
const CONFIRMATION = { confirmation: 'x'.repeat(500), confirmationExpiresAt: new Date(0).toISOString() };

/** The sizes of answers, from many small entries to a few very long ones. */
const SIZES = [
  { entries: 300, text: 20, members: 3 },
  { entries: 100, text: 300, members: 40 },
  { entries: 2, text: 20_000, members: 3 },
  { entries: 1, text: 20, members: 5_000 },
];
type Size = (typeof SIZES)[number];

/** An answer of that schema in which everything has that size. */
function answerOf(schema: Schema, size: Size, depth = 0): unknown {
  if (schema.anyOf !== undefined) return answerOf(schema.anyOf[0] ?? {}, size, depth);
  const type = [schema.type].flat()[0];
  if (schema['enum'] !== undefined) return (schema['enum'] as unknown[])[0];
  if (type === 'array') {
    const count = depth > 2 ? Math.min(size.entries, 20) : size.entries;
    return Array.from({ length: count }, () => answerOf(schema.items ?? {}, size, depth + 1));
  }
  if (type === 'string') return '"é'.repeat(size.text / 2);
  if (type === 'boolean') return false;
  if (type === 'integer') return 7;
  const named = Object.entries(schema.properties ?? {}).filter(
    ([name]) => name !== 'truncated' || schema.required?.includes(name),
  );
  const members = named.map(([name, member]) => [name, answerOf(member, size, depth + 1)]);
  const isFree = type === undefined || typeof schema.additionalProperties === 'object';
  const others = Array.from({ length: isFree ? size.members : 0 }, (_, i) => [`member_${i}`, 'x'.repeat(size.text)]);
  return Object.fromEntries([...members, ...others]);
}

const jsonSchema = (schema: z.ZodObject) => z.toJSONSchema(schema, { io: 'output' }) as unknown as Schema;

/** The text of a result as clients count it: all text content. */
function textOf(unreleased: Unreleased, tool: Tool): string {
  const result = release(unreleased, { tool, cleaner: new Cleaner([]), budget, requestId: crypto.randomUUID() });
  const { content } = toCallToolResult(result, 'modern');
  return content.map((block) => (block.type === 'text' ? block.text : '')).join('');
}

verifies('result.budget', 'the budget is 12,000 characters by default', () => {
  expect(budget).toBe(12_000);
});

describe.each(TOOLS_OF_THE_API.map((tool) => [tool.name, tool] as const))('%s', (name, tool) => {
  const listed = listedTools().find((one) => one.name === name);
  const isCut = 'truncated' in tool.output.shape;

  verifies.each('result.budget', SIZES)('has no longer result at the default: %j', (size) => {
    const data = answerOf(listed?.outputSchema as Schema, size);
    const position =
      tool.items === undefined ? undefined : { token: undefined, size: undefined, skip: 0, sent: '', list: '' };
    const text = textOf({ kind: 'success', data: data as Record<string, never>, position }, tool);
    expect(text.length).toBeLessThanOrEqual(12_000);
    const released = JSON.parse(text);
    expect(tool.output.safeParse(released).success).toBe(true);
    // What holds neither lists nor objects of any form loses the ends of texts alone.
    if (isCut && JSON.stringify(data).length > 12_000) {
      expect(released.truncated).toBe(true);
      const last = Object.keys(released).slice(-2);
      expect(last).toContain('truncated');
      if (released.next_page_token !== undefined) expect(last).toContain('next_page_token');
    }
  });

  if (tool.preview === undefined) return;
  const { output, stopsWorking } = tool.preview;

  verifies.each('result.budget', SIZES)('has no longer preview at the default: %j', (size) => {
    const shown = answerOf(jsonSchema(output), size) as Record<string, never>;
    const confirmable = { preview: { ...shown, stops_working: stopsWorking }, ...CONFIRMATION };
    const text = textOf({ kind: 'preview', confirmable, hasChanged: true }, tool);
    expect(text.length).toBeLessThanOrEqual(12_000);
    expect(text).toContain(stopsWorking);
  });
});
