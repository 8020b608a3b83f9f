import { encode } from 'gpt-tokenizer';
import { listedTools } from './generated-files.ts';

/** How many tokens each tool costs a model that reads the list, without output schemas, icons and what is for programs. */
export function toolTokens(): ReadonlyMap<string, number> {
  return new Map(
    listedTools().map(({ outputSchema: _, icons: __, _meta: ___, ...tool }) => [
      tool.name,
      encode(JSON.stringify(tool)).length,
    ]),
  );
}

export const TOKEN_BUDGET = 10_000;
