import { encode } from 'gpt-tokenizer';
import { catalogue } from '../src/tools/index.ts';
import { listedTools } from './generated-files.ts';

/**
 * How many tokens each tool that is listed by default costs a model that reads the list, without output schemas, icons
 * and what is for programs.
 */
export function toolTokens(): ReadonlyMap<string, number> {
  const others = catalogue.filter(({ optIn, rare }) => optIn !== undefined || rare !== undefined);
  const names = new Set(others.map(({ name }) => name));
  const byDefault = listedTools().filter(({ name }) => !names.has(name));
  return new Map(
    byDefault.map(({ outputSchema: _, icons: __, _meta: ___, ...tool }) => [
      tool.name,
      encode(JSON.stringify(tool)).length,
    ]),
  );
}

export const TOKEN_BUDGET = 10_000;
