interface Area {
  /** The one that metadata advertises, and a short one. */
  readonly names: readonly [long: string, short: string];
  readonly read: string;
  readonly write: string;
  readonly '*': string;
}

/** What may be done in each area, as the consent page says it. */
const AREAS: readonly Area[] = [
  {
    names: ['environment', 'env'],
    read: 'See environments, with their roles, scopes, connections and MCP servers',
    write: 'Create and change roles, scopes, connections and MCP servers of environments',
    '*': 'See and change everything about environments',
  },
  {
    names: ['organization', 'org'],
    read: 'See organizations, with their users, settings and connections',
    write: 'Create and change organizations, their users, settings and portal links',
    '*': 'See and change everything about organizations',
  },
  {
    names: ['workspace', 'wks'],
    read: 'See the workspace and who works in it',
    write: 'Change the workspace and invite people to it',
    '*': 'See and change everything about the workspace',
  },
];

const IDENTITY: ReadonlyMap<string, string> = new Map([
  ['openid', 'Recognize you'],
  ['profile', 'See your name'],
  ['email', 'See your email address'],
  ['offline_access', 'Stay connected while you are away, until you withdraw this permission'],
]);

/** The resource's scopes in the spelling that its metadata advertises. */
export const RESOURCE_SCOPES: readonly string[] = AREAS.flatMap(({ names: [long] }) => [
  `${long}:read`,
  `${long}:write`,
]);

/** Scopes of OpenID Connect, granted besides those of the resource. */
export const IDENTITY_SCOPES: readonly string[] = [...IDENTITY.keys()];

/** `mcp:tools:<tool>`, `mcp:resources:<name>`; `*` for all of them. */
const MCP_SCOPE = /^mcp:(tools|resources):(\*|[A-Za-z0-9_.:-]{1,128})$/;

export interface ScopeDescription {
  readonly sentence: string;
  /** Whether it allows more than looking. */
  readonly changes: boolean;
}

/** What a person reads about a scope before granting it; `undefined` for a scope that nobody can grant here. */
export function describeScope(scope: string): ScopeDescription | undefined {
  const identity = IDENTITY.get(scope);
  if (identity !== undefined) return { sentence: identity, changes: false };
  return describeAreaScope(scope) ?? describeMcpScope(scope);
}

/** Splits a `scope` parameter (RFC 6749 §3.3) into its distinct tokens. */
export function splitScope(scope: unknown): string[] {
  return typeof scope === 'string' ? [...new Set(scope.split(' ').filter((token) => token !== ''))] : [];
}

/** The scopes of a request that a person may be asked for. Others are dropped, as RFC 6749 §3.3 permits. */
export function grantableScopes(scope: unknown): string[] {
  return splitScope(scope).filter((token) => describeScope(token) !== undefined);
}

/** Whether a machine may have the scope: it has no identity to show and no person to be away. */
export function isMachineScope(scope: string): boolean {
  return !IDENTITY.has(scope) && describeScope(scope) !== undefined;
}

function describeAreaScope(scope: string): ScopeDescription | undefined {
  const [name = '', verb, ...rest] = scope.split(':');
  const area = AREAS.find(({ names }) => names.includes(name));
  if (area === undefined || rest.length > 0) return undefined;
  if (verb !== 'read' && verb !== 'write' && verb !== '*') return undefined;
  return { sentence: area[verb], changes: verb !== 'read' };
}

function describeMcpScope(scope: string): ScopeDescription | undefined {
  const [, kind, name] = MCP_SCOPE.exec(scope) ?? [];
  if (kind === undefined) return undefined;
  if (kind === 'resources') {
    return { sentence: name === '*' ? 'Read every live resource' : `Read the resource ${name}`, changes: false };
  }
  // Which tools change something is the MCP server's knowledge; of all tools together, some surely do.
  if (name === '*') return { sentence: 'Use every tool', changes: true };
  return { sentence: `Use the tool ${name}`, changes: false };
}
