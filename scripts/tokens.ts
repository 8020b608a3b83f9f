import { TOKEN_BUDGET, TOOLSET_BUDGET, toolsetTokens, toolTokens } from './tool-tokens.ts';

/** Prints how many tokens each tool that is listed by default costs, and then each toolset, the most expensive first. */
const tokens = print(toolTokens());
const total = tokens.reduce((sum, [, count]) => sum + count, 0);
console.log(`${padded(total)}  all ${tokens.length} tools that are listed by default, of ${TOKEN_BUDGET}\n`);
const toolsets = print(toolsetTokens());
console.log(`${' '.repeat(6)}  each of ${toolsets.length} toolsets, of ${TOOLSET_BUDGET}`);

function print(counts: ReadonlyMap<string, number>): (readonly [string, number])[] {
  const sorted = [...counts].sort(([, a], [, b]) => b - a);
  for (const [name, count] of sorted) console.log(`${padded(count)}  ${name}`);
  return sorted;
}

function padded(count: number): string {
  return String(count).padStart(6);
}
