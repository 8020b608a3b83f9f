import { encode } from 'gpt-tokenizer';
import { catalogue } from '../src/tools/index.ts';
import { listedTools } from './generated-files.ts';

/** How many tokens the tools that are listed by default may cost together, and those of one toolset. */
export const TOKEN_BUDGET = 10_000;
export const TOOLSET_BUDGET = 6_000;

/** How many tokens each tool costs a model that reads the list, without output schemas, icons and what is for programs.
 * In the newer era, whose list says a little more. */
function allTokens(): ReadonlyMap<string, number> {
  return new Map(
    listedTools('modern').map(({ outputSchema: _, icons: __, _meta: ___, ...tool }) => [
      tool.name,
      encode(JSON.stringify(tool)).length,
    ]),
  );
}

/** The tokens of each tool that is listed by default. */
export function toolTokens(): ReadonlyMap<string, number> {
  const others = catalogue.filter(({ optIn, rare }) => optIn !== undefined || rare !== undefined);
  const names = new Set(others.map(({ name }) => name));
  return new Map([...allTokens()].filter(([name]) => !names.has(name)));
}

/** The tokens of all tools of each toolset. */
export function toolsetTokens(): ReadonlyMap<string, number> {
  const tokens = allTokens();
  const sums = new Map<string, number>();
  for (const { name, toolset } of catalogue) sums.set(toolset, (sums.get(toolset) ?? 0) + (tokens.get(name) ?? 0));
  return sums;
}
