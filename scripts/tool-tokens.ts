import { encode } from 'gpt-tokenizer';
import { catalogue } from '../src/tools/index.ts';
import { listedTools } from './generated-files.ts';

/**
 * How many tokens each tool that is listed by default costs a model that reads the list, without output schemas, icons
 * and what is for programs.
 */
export function toolTokens(): ReadonlyMap<string, number> {
  const optIns = new Set(catalogue.filter(({ optIn }) => optIn !== undefined).map(({ name }) => name));
  const byDefault = listedTools().filter(({ name }) => !optIns.has(name));
  return new Map(
    byDefault.map(({ outputSchema: _, icons: __, _meta: ___, ...tool }) => [
      tool.name,
      encode(JSON.stringify(tool)).length,
    ]),
  );
}

export const TOKEN_BUDGET = 10_000;
