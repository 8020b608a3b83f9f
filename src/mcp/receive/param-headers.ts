import type { Entry } from '../../access/entry.ts';

/** The beginning of the headers that state arguments (MCP 2026-07-28), in lower case. */
export const PARAM_PREFIX = 'mcp-param-';

const argumentNames = new WeakMap<Entry, ReadonlyMap<string, string>>();

/**
 * The argument of a tool that a header states: `Mcp-Param-Environment-Id` is for `environmentId`, and
 * `Mcp-Param-Access-Token-Expiry` for `access_token_expiry`.
 * @param header in lower case, with `PARAM_PREFIX`
 * @returns undefined when the tool has no such argument: gateways may have headers of their own
 */
export function statedArgument(entry: Entry, header: string): string | undefined {
  let names = argumentNames.get(entry);
  if (names === undefined) {
    names = new Map(Object.keys(entry.arguments.shape).map((name) => [folded(name), name]));
    argumentNames.set(entry, names);
  }
  return names.get(folded(header.slice(PARAM_PREFIX.length)));
}

/** A name as headers can spell it: without case, hyphens and underscores. */
export function folded(name: string): string {
  return name.toLowerCase().replace(/[-_]/g, '');
}
