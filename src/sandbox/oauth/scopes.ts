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
    read: 'See environments, with roles, scopes, connections, MCP servers and connected accounts',
    write:
      'Create, change and delete roles, scopes, connections, redirect addresses, MCP servers and connected accounts; make tokens and links that act as your users; run tools in their accounts, where that is switched on',
    '*': 'See and change everything about environments, tokens that act as your users and running tools in their accounts included',
  },
  {
    names: ['organization', 'org'],
    read: 'See organizations, with their users, settings and connections',
    write:
      'Create, change and delete organizations, their users, connections and API clients; make portal links by which whoever has one sets up how they sign in',
    '*': 'See and change everything about organizations, portal links included',
  },
  {
    names: ['workspace', 'wks'],
    read: 'See the workspace and who works in it',
    write: 'Invite people to the workspace, administrators among them, and remove them',
    '*': 'See the workspace and who works in it; invite people, administrators among them, and remove them',
  },
];

const IDENTITY: ReadonlyMap<string, string> = new Map([
  ['openid', 'Recognize you'],
  ['profile', 'See your name'],
  ['email', 'See your email address'],
  ['offline_access', 'Stay connected while you are away'],
]);

/** The resource's scopes in the spelling that its metadata advertises. */
export const RESOURCE_SCOPES: readonly string[] = AREAS.flatMap(({ names: [long] }) => [
  `${long}:read`,
  `${long}:write`,
]);

/**
 * Scopes of OpenID Connect, granted besides those of the resource. At Scalekit they stay granted whatever a person
 * unticks (documented), so that they are shown to people and not offered.
 */
export const IDENTITY_SCOPES: readonly string[] = [...IDENTITY.keys()];

/** `mcp:tools:<tool>`, `mcp:resources:<name>`; `*` for all of them. */
const MCP_SCOPE = /^mcp:(tools|resources):(\*|[A-Za-z0-9_.:-]{1,128})$/;

/** What the tools that change nothing are called. Which others do is the MCP server's knowledge, so all others may. */
const LOOKS = /^(whoami$|(list|get|search|find|check|diagnose)_)/;

/** These make links: that act as a user, when they are asked to, or that open a portal. */
const MAKE_LINKS: readonly string[] = [
  'list_mcp_config_connected_accounts',
  'get_mcp_instance_auth_state',
  'get_webhook_portal_url',
];

export interface ScopeDescription {
  readonly sentence: string;
  /** Whether it allows more than looking. */
  readonly changes: boolean;
}

/** What a person reads about a scope of the own server; `undefined` for one that it does not have. */
export function describeScope(scope: string): ScopeDescription | undefined {
  const identity = IDENTITY.get(scope);
  if (identity !== undefined) return { sentence: identity, changes: false };
  return describeAreaScope(scope) ?? describeMcpScope(scope);
}

/** The scopes of one MCP server. */
export interface ScopeCatalogue {
  /** What its metadata advertise, and what a request means that names no scope. */
  readonly usual: readonly string[];
  /** Whether people choose among what is asked for; otherwise they allow all of it or nothing. */
  readonly selectable: boolean;
  /** What a person reads about a scope before granting it; `undefined` for a scope that nobody can grant here. */
  describe(scope: string): ScopeDescription | undefined;
}

/** Those of the MCP server that manages this environment. */
export const OWN_SCOPES: ScopeCatalogue = { usual: RESOURCE_SCOPES, selectable: true, describe: describeScope };

/** Those of a server that somebody has registered, whose meaning only their descriptions tell. */
export function registeredScopes(
  scopes: readonly { readonly name: string; readonly description: string }[],
  selectable: boolean,
): ScopeCatalogue {
  const sentences = new Map([
    ...scopes.map(({ name, description }) => [name, description || name] as const),
    ...IDENTITY,
  ]);
  return {
    usual: scopes.map(({ name }) => name),
    selectable,
    describe: (scope) => {
      const sentence = sentences.get(scope);
      return sentence === undefined ? undefined : { sentence, changes: false };
    },
  };
}

/** Splits a `scope` parameter (RFC 6749 §3.3) into its distinct tokens. */
export function splitScope(scope: unknown): string[] {
  return typeof scope === 'string' ? [...new Set(scope.split(' ').filter((token) => token !== ''))] : [];
}

/** The scopes of a request that a person may be asked for. Others are dropped, as RFC 6749 §3.3 permits. */
export function grantableScopes(scope: unknown, { describe }: ScopeCatalogue): string[] {
  return splitScope(scope).filter((token) => describe(token) !== undefined);
}

/** Whether it is a scope of OpenID Connect, which every server has. */
export function isIdentityScope(scope: string): boolean {
  return IDENTITY.has(scope);
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
  if (name === '*') return { sentence: 'Use every tool', changes: true };
  return { sentence: `Use the tool ${name}`, changes: !LOOKS.test(String(name)) || MAKE_LINKS.includes(String(name)) };
}
