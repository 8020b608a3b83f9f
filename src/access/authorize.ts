import type { Caller } from '../auth/caller.ts';
import { allows, neededBy, type ScopedTool } from '../auth/scopes.ts';
import { brief } from '../core/brief.ts';
import { isObject } from '../core/json.ts';
import type { Message } from '../core/message.ts';
import { type Scope, spell } from '../core/scope.ts';
import type { Tool } from '../core/tool.ts';
import { environmentId } from '../tools/fields/ids.ts';
import type { ResourceEntry } from './content.ts';
import type { Entry } from './entry.ts';
import { nearestTo } from './nearest.ts';
import { type AskedPrompt, askedPrompt } from './prompts.ts';
import { completedBy, type NoSubject, readBy, type Subject } from './subject.ts';
import { reachable, type Surface, spelled, type Withheld } from './surface.ts';

declare const authorizedBrand: unique symbol;

/** The environment that a call acts in: one that the caller names, or the one that this server belongs to. */
type ResolvedEnvironment =
  | { readonly kind: 'named'; readonly id: string }
  | { readonly kind: 'own'; readonly url: string };

/** A call that `authorize` has allowed: of a tool, or of what reads a resource or completes a value. Nothing else makes one, and `run` takes nothing else. */
export interface Authorized {
  readonly [authorizedBrand]: true;
  readonly caller: Caller;
  readonly surface: Surface;
  readonly entry: Entry;
  /** The scope that this call needed. */
  readonly scope: Scope | null;
  /**
   * Where the call acts. Confirmation, audit and requests to the API all use this. Undefined for a tool that acts on
   * the workspace as a whole, and for a call that names no valid environment: its arguments are refused before it runs.
   */
  readonly environment: ResolvedEnvironment | undefined;
  /** As the client meant them (`meantBy`); not yet checked against the tool's schema. */
  readonly arguments: Readonly<Record<string, unknown>>;
  /** What is read or completed, by a name of this server; left out for a tool. */
  readonly subject?: string;
  /** The resource that is read. */
  readonly resource?: ResourceEntry;
}

/** Why a caller may not do what the message asks for. */
export interface Denial {
  readonly error: 'insufficient_scope' | 'access_denied';
  /** A sentence that a model or a person can act on. */
  readonly description: string;
  /** The settings whose lists lack a caller who is not admitted. */
  readonly missingFrom?: readonly string[];
  readonly tool?: string;
  /** What cannot be read or completed; left out for a tool. */
  readonly subject?: string;
  readonly requiredScope?: string;
  /** The scopes to ask for: those of this server that the token has, and the missing one. */
  readonly scopes: readonly string[];
}

/** What `authorize` decides about a message. */
export type Decision =
  | { readonly kind: 'call'; readonly call: Authorized }
  /** A method that needs no scope: a valid token is enough. */
  | { readonly kind: 'open' }
  | { readonly kind: 'deny'; readonly denial: Denial }
  | { readonly kind: 'prompt'; readonly asked: AskedPrompt }
  /** What does not exist here, such as an unknown tool, and params that cannot be meant: JSON-RPC -32602. */
  | { readonly kind: 'invalid'; readonly message: string }
  /** This server has no such method: JSON-RPC -32601. */
  | { readonly kind: 'unknown' };

const OPEN: Decision = { kind: 'open' };
const UNKNOWN: Decision = { kind: 'unknown' };

/** Decides about the messages of one method. */
type Judge = (caller: Caller, surface: Surface, params: Message['params']) => Decision;

const open: Judge = () => OPEN;

/**
 * Every method that this server serves, in any revision of the protocol, with the function that decides about it. A
 * method that is not in this table is refused.
 */
export const METHODS: ReadonlyMap<string, Judge> = new Map([
  ['initialize', open],
  ['ping', open],
  ['server/discover', open],
  ['tools/list', open],
  ['tools/call', judgeCall],
  ['resources/list', open],
  ['resources/templates/list', open],
  ['resources/read', (caller, surface, params) => judgeSubject(caller, surface, readBy(params, surface))],
  ['resources/directory/read', open],
  ['skills/list', open],
  ['skills/get', open],
  ['prompts/list', open],
  ['prompts/get', judgePrompt],
  ['completion/complete', (caller, surface, params) => judgeSubject(caller, surface, completedBy(params, surface))],
  ['subscriptions/listen', open],
  ['notifications/initialized', open],
  ['notifications/cancelled', open],
  ['notifications/progress', open],
  ['notifications/roots/list_changed', open],
]);

/**
 * Decides whether a caller may do what a message asks for. No other place decides that; what nobody may do in a production
 * environment is asked later, of the API (`run/approval.ts`). The decision carries the tool,
 * the environment and the arguments of the call, so that what runs cannot differ from what was checked.
 * @param surface what the request of this caller sees
 * @param message method and params, from the one parse of the body
 */
export function authorize(
  caller: Caller,
  surface: Surface,
  { method, params }: Pick<Message, 'method' | 'params'>,
): Decision {
  const lists = listsWithout(caller, surface);
  if (lists.length > 0) {
    const missingFrom = lists.map(({ setting }) => setting);
    const description =
      'Your token is genuine, but this server is not open to you. Ask its operator to admit your user, client or organization.';
    return { kind: 'deny', denial: { error: 'access_denied', description, missingFrom, scopes: [] } };
  }
  const judge = METHODS.get(method);
  return judge === undefined ? UNKNOWN : judge(caller, surface, params);
}

function judgeCall(caller: Caller, surface: Surface, { name, arguments: args = {} }: Message['params']): Decision {
  const entry = reachable(name, surface);
  if (entry === undefined) return { kind: 'invalid', message: unknownTool(name, surface) };
  if (!isObject(args)) return { kind: 'invalid', message: 'The arguments of a tool call must be an object.' };
  const another = anotherThan(entry, surface, args);
  if (another !== undefined) return judgeCall(caller, surface, another);
  return judgeEntry(caller, surface, { entry, arguments: args });
}

/** Decides about what is to be run, whichever method asks for it. */
function judgeEntry(
  caller: Caller,
  surface: Surface,
  { entry, arguments: args, name: subject, resource }: Omit<Subject, 'name'> & { readonly name?: string },
): Decision {
  const { tool } = entry;
  const scope = requiredScope(tool, args);
  const needed = neededBy(tool, scope, subject !== undefined);
  const missing = needed.find((each) => !allows(caller.grant, each));
  if (missing !== undefined) return { kind: 'deny', denial: missingScope(caller, surface, missing, needed, subject) };
  const environment = environmentOf(entry, surface, args);
  const call = { caller, surface, entry, scope, environment, arguments: args, subject, resource };
  return { kind: 'call', call: call as Authorized };
}

function judgeSubject(caller: Caller, surface: Surface, subject: Subject | NoSubject | undefined): Decision {
  if (subject === undefined) return OPEN;
  return 'invalid' in subject ? { kind: 'invalid', message: subject.invalid } : judgeEntry(caller, surface, subject);
}

function judgePrompt(caller: Caller, surface: Surface, params: Message['params']): Decision {
  const asked = askedPrompt(params, caller, surface);
  return 'invalid' in asked ? { kind: 'invalid', message: asked.invalid } : { kind: 'prompt', asked };
}

/** The call for which a call stands, if that is one of a tool that can be reached. */
function anotherThan({ tool }: Entry, surface: Surface, args: Record<string, unknown>): Message['params'] | undefined {
  if (tool.standsForAnother !== true) return undefined;
  const { name, arguments: given = {} } = args;
  const other = reachable(name, surface);
  // Anything else in the arguments, and what is no object, is refused by the tool itself.
  const isPlain = Object.keys(args).every((key) => key === 'name' || key === 'arguments') && isObject(given);
  if (other === undefined || other.tool.standsForAnother === true || !isPlain) return undefined;
  return { name, arguments: given };
}

/** Says what there is instead. The name that came is a stranger's text, and is not repeated. */
function unknownTool(name: unknown, { reach, withheld }: Surface): string {
  const reason = typeof name === 'string' ? withheld.get(name) : undefined;
  if (reason !== undefined) return `Unknown tool: ${WITHHELD[reason]}`;
  const nearest = typeof name === 'string' ? nearestTo(name, reach.keys()) : [];
  const meant = nearest.length > 0 ? ` Did you mean ${nearest.join(' or ')}?` : '';
  return `Unknown tool.${meant} tools/list names the tools of this server.`;
}

const WITHHELD: Readonly<Record<Withheld, string>> = {
  off: 'it is switched off by the operator of this server.',
  'left out': 'the operator of this server does not offer it.',
  'read only': 'the operator of this server lets nothing be changed.',
  workspace: 'this server acts in one environment, and the tool works only where people act with their own rights.',
};

/** The lists of callers: the setting, the list, and what of a caller has to be on it. */
const LISTS = [
  { setting: 'ALLOWED_SUBJECTS', list: 'subjects', value: 'subject' },
  { setting: 'ALLOWED_CLIENTS', list: 'clients', value: 'clientId' },
  { setting: 'ALLOWED_ORGANIZATIONS', list: 'organizations', value: 'organizationId' },
] as const;

/** The configured lists that lack the caller. A list that is not configured admits all callers. */
function listsWithout(caller: Caller, { realm: { admission } }: Surface) {
  return LISTS.filter(({ list, value }) => admission[list]?.some((entry) => entry === caller[value]) === false);
}

/**
 * The scope that a call needs. Its arguments are not checked yet, so any value of the elevating argument except `false`
 * counts as true.
 */
function requiredScope({ scope, elevated }: Tool, args: Record<string, unknown>): Scope | null {
  if (elevated === undefined) return scope;
  const value = args[elevated.argument];
  return value === undefined || value === false ? scope : elevated.scope;
}

/** Where a call acts: the server's own environment, the one of the selection, or the one that an argument names. */
function environmentOf(
  { tool, takesEnvironment }: Entry,
  { fence, realm }: Surface,
  args: Record<string, unknown>,
): ResolvedEnvironment | undefined {
  if (tool.place !== 'environment') return undefined;
  if (realm.mode === 'environment') return { kind: 'own', url: realm.environmentUrl };
  if (!takesEnvironment) return fence === undefined ? undefined : { kind: 'named', id: fence };
  const named = environmentId.safeParse(args['environmentId']);
  return named.success ? { kind: 'named', id: named.data } : undefined;
}

function missingScope(
  caller: Caller,
  surface: Surface,
  { name, scope }: ScopedTool,
  needed: readonly ScopedTool[],
  subject: string | undefined,
): Denial {
  const required = spell(scope, surface.realm.scopeSpelling);
  const granted = [
    ...spelled(surface, [...caller.grant.scopes]),
    ...[...caller.grant.tools].map((tool) => `mcp:tools:${tool}`),
    ...(caller.grant.resources ? ['mcp:resources:*'] : []),
  ];
  // All of them at once, so that nobody is asked twice.
  const all = needed.map((each) => spell(each.scope, surface.realm.scopeSpelling));
  const scopes = [...new Set([...granted, ...all])];
  const description = `The ${subject ?? `tool ${name}`} needs the scope ${required}, which this token lacks. Authorize again for: ${scopes.join(' ')}`;
  return {
    error: 'insufficient_scope',
    // It is in the challenge as well, which names all scopes beside it.
    description: brief(description),
    ...(subject === undefined ? { tool: name } : { subject }),
    requiredScope: required,
    scopes,
  };
}
