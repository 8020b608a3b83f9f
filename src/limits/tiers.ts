import type { Tier } from '../config/limits.ts';
import type { Tool } from '../core/tool.ts';

/** The facts about a tool that tiers use. */
export type TieredTool = Pick<Tool, 'name' | 'scope' | 'alsoNeeds' | 'elevated'>;

/** The facts about a caller that tiers use. */
export interface TieredCaller {
  readonly clientId: string | undefined;
  readonly grant: {
    readonly raw: readonly string[];
    readonly scopes: ReadonlySet<string>;
    /** The tools that the token names; `*` stands for all tools. */
    readonly tools: ReadonlySet<string>;
  };
}

/** Whether a tier names a caller. */
export type Names = (tier: Tier, caller: TieredCaller) => boolean;

/**
 * Makes the rule by which a tier names callers: their client, a scope of their token, or a scope of a tool that the
 * token reaches by the tool's name. Otherwise `mcp:tools:*` would evade the tier of every scope that it stands for.
 */
export function tierRule(tools: readonly TieredTool[]): Names {
  const scopesOf = (reached: readonly TieredTool[]) =>
    new Set<string | null | undefined>(
      reached.flatMap(({ scope, alsoNeeds = [], elevated }) => [scope, ...alsoNeeds, elevated?.scope]),
    );
  const byTool = new Map([
    ['*', scopesOf(tools)],
    ...tools.map((tool): [string, Set<string | null | undefined>] => [tool.name, scopesOf([tool])]),
  ]);
  return ({ clients, scopes }, { clientId, grant }) => {
    if (clientId !== undefined && clients.includes(clientId)) return true;
    const reaches = (scope: string) => [...grant.tools].some((tool) => byTool.get(tool)?.has(scope) === true);
    return scopes.some((scope) => grant.scopes.has(scope) || grant.raw.includes(scope) || reaches(scope));
  };
}
