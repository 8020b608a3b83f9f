import { SCOPES, type Scope } from '../tool/scope.ts';

/** How Scalekit spells the areas in the tokens it issues today. */
const SHORT_AREAS = { environment: 'env', organization: 'org', workspace: 'wks' } as const;

const BY_SPELLING: ReadonlyMap<string, readonly Scope[]> = new Map(spellings());

const TOOL_SCOPE = /^mcp:tools:([a-z][a-z0-9_]*|\*)$/;

/** All that a token grants on this server. Scopes that mean nothing here are kept in `raw` only. */
export interface Grant {
  /** As the token carries them, in its order. */
  readonly raw: readonly string[];
  readonly scopes: ReadonlySet<Scope>;
  /** Tools named by `mcp:tools:<tool>`; `*` stands for all of them. */
  readonly tools: ReadonlySet<string>;
}

/**
 * Reads scope strings in either spelling (`environment:read`, `env:read`), with wildcards (`organization:*`) and tool
 * scopes (`mcp:tools:list_organizations`, `mcp:tools:*`).
 */
export function parseGrant(raw: readonly string[]): Grant {
  const scopes = new Set<Scope>();
  const tools = new Set<string>();
  for (const entry of raw) {
    for (const scope of BY_SPELLING.get(entry) ?? []) scopes.add(scope);
    const tool = TOOL_SCOPE.exec(entry)?.[1];
    if (tool !== undefined) tools.add(tool);
  }
  return { raw, scopes, tools };
}

/** Whether a grant covers a tool: by the scope that the tool declares, or by naming the tool. */
export function allows(grant: Grant, tool: { readonly name: string; readonly scope: Scope | null }): boolean {
  if (tool.scope === null || grant.scopes.has(tool.scope)) return true;
  return grant.tools.has(tool.name) || grant.tools.has('*');
}

/** A scope as clients are asked for it. */
export function spell(scope: Scope, spelling: 'long' | 'short'): string {
  if (spelling === 'long') return scope;
  const [area, verb] = scope.split(':') as [keyof typeof SHORT_AREAS, string];
  return `${SHORT_AREAS[area]}:${verb}`;
}

function* spellings(): Iterable<[string, readonly Scope[]]> {
  for (const scope of SCOPES) {
    yield [scope, [scope]];
    yield [spell(scope, 'short'), [scope]];
  }
  for (const [long, short] of Object.entries(SHORT_AREAS)) {
    const all = SCOPES.filter((scope) => scope.startsWith(`${long}:`));
    yield [`${long}:*`, all];
    yield [`${short}:*`, all];
  }
}
