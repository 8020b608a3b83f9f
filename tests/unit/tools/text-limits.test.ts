import { describe, expect } from 'vitest';
import { entryOf } from '../../../src/access/entry.ts';
import { isLonger } from '../../../src/core/text-length.ts';
import { catalogue } from '../../../src/tools/index.ts';
import { EXAMPLES } from '../../fixtures/examples/index.ts';
import { type JsonSchema, withText } from '../../fixtures/text-arguments.ts';
import { verifies } from '../../verifies.ts';

const FISH = '🐟';

/** The longest text of an argument, as its description or its schema says. */
const longest = ({ maxLength, description = '' }: JsonSchema) =>
  maxLength ?? Number(/(?:at most|to) (\d+) characters/.exec(description)?.[1]);

describe.each(catalogue.map((tool) => [tool.name, tool] as const))('%s', (_, tool) => {
  verifies('arguments.code-points', 'counts the characters of its texts as people do', () => {
    const entry = entryOf(tool, {
      takesEnvironment: false,
      isConfirmable: tool.preview !== undefined,
      origin: 'https://mcp.example.com',
    });
    const schema = entry.listed.inputSchema as JsonSchema;
    const reasonsFor = (text: (max: number) => string) =>
      [...withText(schema, EXAMPLES[tool.name]?.arguments ?? {}, '')].flatMap(({ path, schema: inner }) => {
        const max = longest(inner);
        if (!Number.isFinite(max)) return [];
        const placed = [...withText(schema, EXAMPLES[tool.name]?.arguments ?? {}, text(max))];
        const { args } = placed.find((one) => one.path.join() === path.join()) ?? {};
        const issues = entry.arguments.safeParse(args).error?.issues ?? [];
        const told = issues.filter((issue) => issue.path.join('.').startsWith(path.slice(0, -1).join('.')));
        const isTooLong = told.some(({ message }) => /characters|Too big/.test(message));
        return [{ path: path.join('.'), isTooLong, isRefused: issues.length > 0 }];
      });
    expect(reasonsFor((max) => FISH.repeat(max)).filter(({ isTooLong }) => isTooLong)).toEqual([]);
    expect(reasonsFor((max) => FISH.repeat(max + 1)).filter(({ isRefused }) => !isRefused)).toEqual([]);
  });
});

verifies.each('arguments.code-points', [
  ['', 0, false],
  ['a', 0, true],
  [FISH.repeat(3), 3, false],
  [FISH.repeat(4), 3, true],
  [`a${FISH}`, 2, false],
  ['abcd', 3, true],
])('%s has more than %i characters: %s', (text, max, isMore) => {
  expect(isLonger(text, max)).toBe(isMore);
});
