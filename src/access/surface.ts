import type { Caller } from '../auth/caller.ts';
import type { Admission } from '../config/admission.ts';
import { SCOPES, type Scope, spell } from '../core/scope.ts';
import type { CallerFacts, OptIn, Tool } from '../core/tool.ts';
import { type Entry, entryOf } from './entry.ts';
import { EVERYTHING, type Selection } from './selection.ts';

/** What is the same for all requests of this process. */
export interface Realm {
  /** Whose credential reaches the management API: the caller's own, or that of this server's environment. */
  readonly mode: 'workspace' | 'environment';
  /** Which callers this server is open to. */
  readonly admission: Admission;
  /** How scopes are spelt for clients. */
  readonly scopeSpelling: 'long' | 'short';
  /** URL of the Scalekit environment that issues the tokens. */
  readonly environmentUrl: string;
  /** Whether that is the embedded sandbox, with its fictional data. */
  readonly sandbox?: boolean;
  /** The origin of this server as clients reach it. */
  readonly origin: string;
}

/** What the operator allows. No selection can exceed it. */
export interface OperatorBound {
  /** The opt-in features that the operator has switched on. */
  readonly optIns: readonly OptIn[];
}

/** What a request sees of this server. Everything expensive is computed when the surface is made. */
export interface Surface {
  readonly realm: Realm;
  /** By name, in the order of the catalogue. */
  readonly tools: ReadonlyMap<string, Entry>;
  /** The scopes that its tools need, in the order of `SCOPES`. */
  readonly scopes: readonly Scope[];
  /** The id of the one environment that calls act in, where the selection names one. */
  readonly fence: string | undefined;
  /** Pieces of JSON that, concatenated, are the entries of `tools/list`, separated by commas. */
  readonly list: readonly Uint8Array[];
}

/**
 * Makes the surface of a selection: a pure function of its arguments.
 * @throws Error when two tools share a name
 */
export function narrow(
  catalogue: readonly Tool[],
  realm: Realm,
  bound: OperatorBound,
  selection: Selection = EVERYTHING,
): Surface {
  // In environment mode the server has only one environment, and a selection cannot change that.
  const fence = realm.mode === 'workspace' ? selection.environment : undefined;
  const tools = new Map<string, Entry>();
  for (const tool of catalogue) {
    if (!isAllowed(tool, realm, bound) || !isSelected(tool, selection)) continue;
    if (tools.has(tool.name)) throw new Error(`Two tools are called ${tool.name}.`);
    const takesEnvironment = tool.place === 'environment' && realm.mode === 'workspace' && fence === undefined;
    tools.set(tool.name, entryOf(tool, takesEnvironment, realm.origin));
  }
  const entries = [...tools.values()];
  const needed = new Set(entries.flatMap(({ tool: { scope, elevated } }) => [scope, elevated?.scope]));
  const scopes = SCOPES.filter((scope) => needed.has(scope));
  return Object.freeze({ realm, tools, scopes, fence, list: piecesOf(entries, selection) });
}

function isAllowed({ needsWorkspaceToken, optIn }: Tool, { mode }: Realm, { optIns }: OperatorBound): boolean {
  if (mode === 'environment' && needsWorkspaceToken !== undefined) return false;
  return optIn === undefined || optIns.includes(optIn);
}

function isSelected(tool: Tool, { toolsets, tools, readOnly }: Selection): boolean {
  if (readOnly === true && tool.effect !== 'read') return false;
  if (toolsets === undefined && tools === undefined) return true;
  return toolsets?.includes(tool.toolset) === true || tools?.includes(tool.name) === true;
}

/**
 * One buffer for each tool, shared by all surfaces. For the surface of `EVERYTHING`, which nearly all requests see,
 * they are joined into one.
 */
function piecesOf(entries: readonly Entry[], selection: Selection): readonly Uint8Array[] {
  const pieces = entries.map(({ bytes }, i) => (i === 0 ? bytes.subarray(1) : bytes));
  return selection === EVERYTHING ? [Buffer.concat(pieces)] : pieces;
}

/** Scopes in the spelling in which clients are to ask for them. */
export function spelled({ realm }: Pick<Surface, 'realm'>, scopes: readonly Scope[]): string[] {
  return scopes.map((scope) => spell(scope, realm.scopeSpelling));
}

/** What a tool such as `whoami` may know of a caller on this surface. */
export function callerFactsOf(caller: Caller, surface: Surface): CallerFacts {
  return {
    subject: caller.subject,
    name: caller.name,
    email: caller.email,
    clientId: caller.clientId,
    organizationId: caller.organizationId,
    tokenExpiresAt: caller.expiresAt,
    granted: caller.grant.raw,
    missing: spelled(
      surface,
      surface.scopes.filter((scope) => !caller.grant.scopes.has(scope)),
    ),
    mode: surface.realm.mode,
    environmentUrl: surface.realm.environmentUrl,
    sandbox: surface.realm.sandbox === true,
  };
}
