import type { Caller } from '../auth/caller.ts';
import { allows, type ScopedTool } from '../auth/scopes.ts';
import { isObject } from '../core/json.ts';
import type { Message } from '../core/message.ts';
import { type Scope, spell } from '../core/scope.ts';
import type { Tool } from '../core/tool.ts';
import type { Surface, SurfaceTool } from './surface.ts';

declare const authorizedBrand: unique symbol;

/** A tool call that `authorize` has allowed. Nothing else makes one, and `runTool` takes nothing else. */
export interface Authorized {
  readonly [authorizedBrand]: true;
  readonly caller: Caller;
  readonly entry: SurfaceTool;
  /** The scope that this call needed. */
  readonly scope: Scope | null;
  /** As the client sent them: not checked against the tool's schema yet. */
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** Why a caller may not do what the message asks for. */
export interface Denial {
  readonly error: 'insufficient_scope' | 'access_denied';
  /** A sentence that a model or a person can act on. */
  readonly description: string;
  readonly tool?: string;
  readonly requiredScope?: string;
  /** What to ask for: everything granted of ours, and what was missing. */
  readonly scopes: readonly string[];
}

export type Decision =
  | { readonly kind: 'call'; readonly call: Authorized }
  /** Not a tool call: a valid token is enough. */
  | { readonly kind: 'pass' }
  | { readonly kind: 'deny'; readonly denial: Denial }
  /** A tool call that means nothing here: JSON-RPC -32602. */
  | { readonly kind: 'invalid'; readonly message: string };

/**
 * The one place that decides who may do what. It is given the message that was parsed once, and what it allows carries
 * the tool and the arguments that will run, so that what was checked and what is dispatched cannot differ.
 */
export function authorize(
  caller: Caller,
  surface: Surface,
  { method, params }: Pick<Message, 'method' | 'params'>,
): Decision {
  if (!isAdmitted(caller, surface)) {
    const description =
      'Your token is genuine, but this server is not open to you. Ask its operator to admit your user, client or organization.';
    return { kind: 'deny', denial: { error: 'access_denied', description, scopes: [] } };
  }
  if (method !== 'tools/call') return { kind: 'pass' };
  const { name, arguments: args = {} } = params;
  const entry = typeof name === 'string' ? surface.tools.get(name) : undefined;
  if (entry === undefined)
    return { kind: 'invalid', message: 'Unknown tool. tools/list names the tools of this server.' };
  if (!isObject(args)) return { kind: 'invalid', message: 'The arguments of a tool call must be an object.' };
  const scope = requiredScope(entry.tool, args);
  if (scope !== null) {
    const needed = { name: entry.tool.name, scope };
    if (!allows(caller.grant, needed)) return { kind: 'deny', denial: missingScope(caller, surface, needed) };
  }
  return { kind: 'call', call: { caller, entry, scope, arguments: args } as Authorized };
}

/** Every list that is configured must hold the caller's value. */
function isAdmitted(caller: Caller, { admission }: Surface): boolean {
  const holds = (allowed: readonly string[] | undefined, value: string | undefined) =>
    allowed === undefined || allowed.some((entry) => entry === value);
  return (
    holds(admission.subjects, caller.subject) &&
    holds(admission.clients, caller.clientId) &&
    holds(admission.organizations, caller.organizationId)
  );
}

/** The scope of a call. The arguments are unchecked as yet: all but a plain no counts as a yes. */
function requiredScope({ scope, elevated }: Tool, args: Record<string, unknown>): Scope | null {
  if (elevated === undefined) return scope;
  const value = args[elevated.argument];
  return value === undefined || value === false ? scope : elevated.scope;
}

function missingScope(caller: Caller, surface: Surface, { name, scope }: ScopedTool): Denial {
  const spelled = (wanted: Scope) => spell(wanted, surface.scopeSpelling);
  const required = spelled(scope);
  const granted = [
    ...[...caller.grant.scopes].map(spelled),
    ...[...caller.grant.tools].map((tool) => `mcp:tools:${tool}`),
  ];
  const scopes = [...new Set([...granted, required])];
  return {
    error: 'insufficient_scope',
    description: `The tool ${name} needs the scope ${required}, which this token lacks. Authorize again for: ${scopes.join(' ')}`,
    tool: name,
    requiredScope: required,
    scopes,
  };
}
