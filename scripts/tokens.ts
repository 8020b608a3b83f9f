import { TOKEN_BUDGET, toolTokens } from './tool-tokens.ts';

/** Prints how many tokens each tool costs, the most expensive first. */
const tokens = [...toolTokens()].sort(([, a], [, b]) => b - a);
for (const [name, count] of tokens) console.log(`${String(count).padStart(6)}  ${name}`);
const total = tokens.reduce((sum, [, count]) => sum + count, 0);
console.log(`${String(total).padStart(6)}  all ${tokens.length} tools, of ${TOKEN_BUDGET}`);
