/** The six scopes of this server, in their canonical spelling. Write does not imply read. */
export const SCOPES = [
  'environment:read',
  'environment:write',
  'organization:read',
  'organization:write',
  'workspace:read',
  'workspace:write',
] as const;

/** A scope of this server that an access token can grant. */
export type Scope = (typeof SCOPES)[number];

/** The short spelling of the areas, which Scalekit uses in the tokens that it issues today. */
const SHORT_AREAS = { environment: 'env', organization: 'org', workspace: 'wks' } as const;

/** The area that a scope covers. Each area has one scope to read and one to write. */
export type Area = keyof typeof SHORT_AREAS;

const BY_SPELLING: ReadonlyMap<string, readonly Scope[]> = new Map(spellings());

const TOOL_SCOPE = /^mcp:tools:([a-z][a-z0-9_]*|\*)$/;
const RESOURCES_SCOPE = 'mcp:resources:*';

/** What one scope string grants: some of the six scopes, one tool (`*` for all tools), or all resources. */
export interface ScopeMeaning {
  readonly scopes: readonly Scope[];
  readonly tool?: string;
  readonly resources?: true;
}

/**
 * Reads one scope string in either spelling (`environment:read`, `env:read`), a wildcard (`organization:*`), a tool
 * scope (`mcp:tools:list_organizations`, `mcp:tools:*`), or the scope of all resources (`mcp:resources:*`).
 * @returns undefined for a scope that has no meaning on this server
 */
export function meaningOf(entry: string): ScopeMeaning | undefined {
  const scopes = BY_SPELLING.get(entry);
  if (scopes !== undefined) return { scopes };
  if (entry === RESOURCES_SCOPE) return { scopes: [], resources: true };
  const tool = TOOL_SCOPE.exec(entry)?.[1];
  return tool === undefined ? undefined : { scopes: [], tool };
}

/** A scope in the given spelling. */
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
