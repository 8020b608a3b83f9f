import type { Caller } from '../auth/caller.ts';
import type { Admission } from '../config/admission.ts';
import { type Content, NO_CONTENT } from '../core/content.ts';
import type { Era } from '../core/message.ts';
import { once } from '../core/once.ts';
import { SCOPES, type Scope, spell } from '../core/scope.ts';
import type { CallerFacts, OptIn, Tool } from '../core/tool.ts';
import { contentOn, type SurfaceContent } from './content.ts';
import { type Entry, entryOf } from './entry.ts';
import { DEFAULT_TOOLSET, EVERYTHING, type Named, type Selection, WHOLE_TOOLSET } from './selection.ts';

/** Whether calls that change something in a production environment run, are confirmed first, or are refused. */
type ProductionWrites = 'allow' | 'confirm' | 'deny';

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
  /** The origin of this server as clients reach it. Undefined over stdio, where nothing serves the icons of tools. */
  readonly origin: string | undefined;
  /** What happens to calls that change something in a production environment. Left out: they run. */
  readonly productionWrites?: ProductionWrites;
}

/** What the operator allows. No selection can exceed it. */
export interface OperatorBound {
  /** The opt-in features that the operator has switched on. */
  readonly optIns: readonly OptIn[];
  /** Toolsets that have nothing to work with here, because the operator has switched it off. Left out: none. */
  readonly without?: readonly string[];
  /** The toolsets and tools that there are at all; undefined for all. */
  readonly named?: Named | undefined;
  /** Whether nothing that changes anything is offered. */
  readonly readOnly?: boolean;
}

/**
 * Why a tool is not offered: the operator has not switched it on, has left it out, lets nothing be changed, or it needs
 * tokens of the workspace.
 */
export type Withheld = 'off' | 'left out' | 'read only' | 'workspace';

/** Parts of one text. */
type Pieces = readonly Uint8Array[];

/** What a request sees of this server. Everything expensive is computed when the surface is made, or once when it is needed. */
export interface Surface {
  readonly realm: Realm;
  /** All tools that there are, in any selection. */
  readonly catalogue: readonly Tool[];
  /** What is listed, by name, in the order of the catalogue. */
  readonly tools: ReadonlyMap<string, Entry>;
  /** What can be called: these, and everything that is offered where the tool that stands for others is among them. */
  readonly reach: ReadonlyMap<string, Entry>;
  /** The names of tools by their other names. */
  readonly aliases: ReadonlyMap<string, string>;
  /** The tools of the catalogue that this server does not offer to anybody, and why. */
  readonly withheld: ReadonlyMap<string, Withheld>;
  /** The scopes that its tools need, in the order of `SCOPES`. */
  readonly scopes: readonly Scope[];
  /** Whether nothing that changes anything is offered. */
  readonly readOnly: boolean;
  /** Whether it is that of requests without a selection, which are nearly all. */
  readonly isUsual: boolean;
  /** The id of the one environment that calls act in, where the selection names one. */
  readonly fence: string | undefined;
  /** For each era, pieces of JSON that, concatenated, are the entries of `tools/list`, separated by commas. */
  readonly list: Readonly<Record<Era, Pieces>>;
  /** What is offered beside tools. */
  readonly content: SurfaceContent;
}

/**
 * Makes the surface of a selection: a pure function of its arguments.
 * @param content what there is beside tools
 * @param views whether the client shows views: its list says which tool has one, and holds those that are made for it
 * @throws Error when two tools share a name, or two resources a URI
 */
export function narrow(
  catalogue: readonly Tool[],
  realm: Realm,
  bound: OperatorBound,
  selection: Selection = EVERYTHING,
  content: Content = NO_CONTENT,
  views = false,
): Surface {
  // In environment mode the server has only one environment, and a selection cannot change that.
  const fence = realm.mode === 'workspace' ? selection.environment : undefined;
  const withheld = new Map<string, Withheld>();
  const offered = new Map<string, Entry>();
  const readOnly = bound.readOnly === true || selection.readOnly === true;
  const isExcluded = (tool: Tool) => (readOnly && changes(tool)) || (fence !== undefined && leavesEnvironment(tool));
  for (const tool of catalogue) {
    if (offered.has(tool.name)) throw new Error(`Two tools are called ${tool.name}.`);
    const reason = withheldBy(tool, realm, bound);
    if (reason !== undefined) withheld.set(tool.name, reason);
    else if (!isExcluded(tool))
      offered.set(tool.name, entryFor(readOnly ? asReading(tool) : tool, realm, fence, views));
  }
  const isListed = listedBy(selection, bound, views);
  const entries = [...offered.values()].filter(({ tool }) => isListed(tool));
  const tools = new Map(entries.map((entry) => [entry.tool.name, entry]));
  const reach = entries.some(({ tool }) => tool.standsForAnother) ? offered : tools;
  const needed = new Set(
    entries.flatMap(({ tool: { scope, alsoNeeds = [], elevated } }) => [scope, ...alsoNeeds, elevated?.scope]),
  );
  const scopes = SCOPES.filter((scope) => needed.has(scope));
  const offersReader = (reader: Tool) =>
    withheldBy(reader, realm, bound) === undefined && !isExcluded(reader) && isNamedBy(selection, reader);
  const aliases = new Map(
    catalogue.flatMap(({ name, aliases = [] }) => aliases.map((alias) => [alias, name] as const)),
  );
  return Object.freeze({
    realm,
    catalogue,
    tools,
    reach,
    aliases,
    withheld,
    readOnly,
    isUsual: selection === EVERYTHING,
    scopes,
    fence,
    list: listOf(entries, selection),
    content: contentOn(content, {
      realm,
      offersReader,
      offersCompleter: (completer) => withheldBy(completer, realm, bound) === undefined,
      entryOf: (reader) => entryFor(reader, realm, fence, views),
      offersTool: (name) => reach.has(name),
      hasView: (view) => entries.some((entry) => entry.view === view),
    }),
  });
}

function entryFor(
  tool: Tool,
  { mode, origin, productionWrites }: Realm,
  fence: string | undefined,
  views: boolean,
): Entry {
  const isOfEnvironment = tool.place === 'environment';
  const isWrite = (isOfEnvironment || 'environmentId' in tool.input) && tool.effect !== 'read';
  const isConfirmable = tool.preview !== undefined || (isWrite && productionWrites === 'confirm');
  return entryOf(tool, {
    takesEnvironment: isOfEnvironment && mode === 'workspace' && fence === undefined,
    isConfirmable,
    origin,
    ...(views && { view: tool.view ?? (isConfirmable || reachesWrites(tool) ? 'preview' : 'none') }),
  });
}

/** Whether a call may turn out to be one of a tool that has to be confirmed. */
function reachesWrites({ standsForAnother, effect }: Tool): boolean {
  return standsForAnother === true && effect !== 'read';
}

function withheldBy(
  tool: Tool,
  { mode }: Realm,
  { optIns, without, named, readOnly }: OperatorBound,
): Withheld | undefined {
  if (mode === 'environment' && tool.needsWorkspaceToken !== undefined) return 'workspace';
  if (tool.optIn !== undefined && !optIns.includes(tool.optIn)) return 'off';
  if (without?.includes(tool.toolset) === true) return 'off';
  if (named !== undefined && !names(named, tool)) return 'left out';
  return readOnly === true && changes(tool) ? 'read only' : undefined;
}

/** Whether a call of a tool may change something. The one that stands for others does no more than what it reaches. */
function changes({ effect, standsForAnother }: Tool): boolean {
  return effect !== 'read' && standsForAnother === undefined;
}

const reading = new WeakMap<Tool, Tool>();

/** The tool as it is shown where nothing can be changed. */
function asReading(tool: Tool): Tool {
  if (tool.effect === 'read') return tool;
  const known = reading.get(tool) ?? Object.freeze({ ...tool, effect: 'read' as const });
  reading.set(tool, known);
  return known;
}

/** Whether a tool acts on more than one environment. Who is calling is asked everywhere. */
function leavesEnvironment({ place, scope }: Tool): boolean {
  return place === 'workspace' && scope !== null;
}

function names({ toolsets, tools }: Named, { name, toolset, rare }: Tool): boolean {
  return (
    toolsets.includes(toolset) ||
    tools.includes(name) ||
    toolsets.includes(WHOLE_TOOLSET) ||
    (rare === undefined && toolsets.includes(DEFAULT_TOOLSET))
  );
}

/** Which of the tools that are offered are listed: what a request names, or else what the operator does, or the default. */
function listedBy({ named }: Selection, bound: OperatorBound, views: boolean): (tool: Tool) => boolean {
  if (named !== undefined) return (tool) => named.every((each) => names(each, tool));
  if (bound.named !== undefined) return () => true;
  // A client shows a view for a tool that it finds in its list alone.
  return ({ rare, view }) => rare === undefined || (views && view !== undefined);
}

/** Whether a selection is about what a tool is about, be it listed or not. */
function isNamedBy({ named = [] }: Selection, tool: Tool): boolean {
  const { rare: _, ...usual } = tool;
  return named.every((each) => names(each, usual));
}

/** Made when it is first read: many selections are called and never listed. */
function listOf(entries: readonly Entry[], selection: Selection): Surface['list'] {
  const modern = once(() => piecesOf(entries, selection, 'modern'));
  const legacy = once(() => piecesOf(entries, selection, 'legacy'));
  return {
    get modern() {
      return modern();
    },
    get legacy() {
      return legacy();
    },
  };
}

/**
 * One buffer for each tool, shared by all surfaces. For the surface of `EVERYTHING`, which nearly all requests see,
 * they are joined into one.
 */
function piecesOf(entries: readonly Entry[], selection: Selection, era: Era): Pieces {
  const pieces = entries.map(({ bytes }, i) => (i === 0 ? bytes[era].subarray(1) : bytes[era]));
  return selection === EVERYTHING ? [Buffer.concat(pieces)] : pieces;
}

/** The tool that can be called under a name on a surface, be it one of its other names. */
export function reachable(name: unknown, { reach, aliases }: Pick<Surface, 'reach' | 'aliases'>): Entry | undefined {
  if (typeof name !== 'string') return undefined;
  return reach.get(name) ?? reach.get(aliases.get(name) ?? '');
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
    sees: {
      environment: surface.fence,
      readOnly: surface.readOnly,
      toolsets: [...new Set([...surface.tools.values()].map(({ tool }) => tool.toolset))],
    },
  };
}
