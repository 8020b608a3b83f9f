import type { z } from 'zod';
import type { Api, Path, Reader } from './api.ts';
import type { Documentation } from './documentation.ts';
import type { ExternalAnswer, ExternalRequest } from './external.ts';
import type { Scope } from './scope.ts';
import type { Sentence } from './sentence.ts';

/**
 * What a call does to the platform. `add` only creates something new; `overwrite` replaces something that exists, and
 * `destroy` removes it. Clients are told that the last two are destructive. A `destroy` runs only after confirmation.
 */
export type Effect = 'read' | 'add' | 'overwrite' | 'destroy';

/** Features that an operator has to switch on, because their tools can do more than the others. */
export type OptIn = 'agent_tool_execution';

/**
 * Where a tool acts. `environment`: in one environment; the surface adds the argument `environmentId` where it is
 * needed, and `api` is bound to that environment. `workspace`: on the workspace as a whole.
 */
export type Place = 'environment' | 'workspace';

/** What clients that support MCP Apps may show beside a result: the status of an environment, or what a call would take away. */
export type ViewName = 'status' | 'preview';

/** What a tool may know of its caller. */
export interface CallerFacts {
  readonly subject: string;
  /** The person's name and address, where the token says them. Nothing is decided by them. */
  readonly name?: string | undefined;
  readonly email?: string | undefined;
  readonly clientId: string | undefined;
  readonly organizationId: string | undefined;
  /** Undefined for a caller without a token. */
  readonly tokenExpiresAt: Date | undefined;
  /** The scopes of the token, unchanged. */
  readonly granted: readonly string[];
  /** The scopes that tools of this surface need and the token lacks, in the advertised spelling. */
  readonly missing: readonly string[];
  /** Whose credential reaches the management API: the caller's own, or that of this server's environment. */
  readonly mode: 'workspace' | 'environment';
  /** URL of the Scalekit environment that issued the token. */
  readonly environmentUrl: string;
  /** Whether that is the embedded sandbox, with its fictional data. */
  readonly sandbox: boolean;
  /** What the caller's request sees. */
  readonly sees: {
    /** The id of the one environment in which all calls act, if it asked for one. */
    readonly environment: string | undefined;
    /** Whether nothing that changes anything is offered. */
    readonly readOnly: boolean;
    /** The toolsets of the tools that are listed. */
    readonly toolsets: readonly string[];
  };
}

/** The client with which this server itself reaches the management API. */
export interface OwnClient {
  readonly id: string;
  /** Whether the secret that it uses ends like this. */
  usesSecretThatEnds(suffix: string): boolean;
}

/** A tool that was found. */
export interface FoundTool {
  readonly name: string;
  readonly toolset: string;
  readonly description: string;
  readonly effect: Effect;
  /** The scopes that it needs, as clients ask for them; none for a tool that needs only a valid token. */
  readonly scopes: readonly string[];
  /** Whether the caller's token lets it through. */
  readonly isGranted: boolean;
  /** Its arguments, as JSON Schema. */
  readonly inputSchema: Readonly<Record<string, unknown>>;
  /** Its result, as JSON Schema. */
  readonly outputSchema: Readonly<Record<string, unknown>>;
}

/** A skill that is offered: how a usual job is done, step by step. */
interface OfferedSkill {
  readonly uri: string;
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** The document, in Markdown. */
  readonly text: string;
}

/** What the caller's request is offered. */
export interface Offered {
  /** The tools that can be called, in the order of the catalogue. */
  tools(): readonly FoundTool[];
  /** The one of a name, be it another name of it. */
  tool(name: string): FoundTool | undefined;
  /** The URIs and templates of resources. */
  readonly resources: readonly string[];
  /** The names of prompts. */
  readonly prompts: readonly string[];
  readonly skills: readonly OfferedSkill[];
}

/** What a tool gets in addition to its arguments. */
export interface ToolContext {
  readonly api: Api;
  readonly caller: CallerFacts;
  /** The id of the environment that the call acts in. Undefined in environment mode, and for calls on the whole workspace. */
  readonly environmentId: string | undefined;
  /** Without it no tool works for anybody. `undefined` where this server acts with the tokens of its callers. */
  readonly ownClient: OwnClient | undefined;
  /**
   * Reads in one environment of the workspace, with the rights of the caller: for tools whose place is the workspace, which
   * nobody is offered whom a request or an operator keeps in one environment. Throws `ToolError` when the domain is none.
   */
  readIn(environment: { readonly id: string; readonly domain: string }): Reader;
  /** The URL of the environment that the call acts in, where its OAuth endpoints are. Throws `ToolError`. */
  environmentUrl(): Promise<string>;
  /**
   * Reads a document that the environment publishes for everybody at its own address. No token goes along. Throws
   * `ToolError` when the call is over, or the environment cannot be looked up.
   */
  readPublic(at: Path): Promise<PublicAnswer>;
  /**
   * Asks a server that is not Scalekit's, at an address that anybody may have chosen. No credential goes along, and only the
   * public internet is reached, or this machine as well where Scalekit is the sandbox. Throws `ToolError` when the call is
   * over.
   */
  fetchExternal(request: ExternalRequest): Promise<ExternalAnswer>;
  /**
   * Finds the one of some texts of the platform that an argument names: the equal one, or else the only one that results
   * show like that, without secrets and invisible characters. Throws `ToolError` when several are shown like that.
   * @param argument the name of the argument
   */
  findAsShown(argument: string, shown: string, texts: readonly string[]): string | undefined;
  /**
   * Finds tools by what they do, the best first, among those that the caller's request can reach.
   * @param most so many at most
   */
  findTools(query: string, most: number): Promise<readonly FoundTool[]>;
  /** What the caller's request is offered. */
  readonly offered: Offered;
  /** The documentation of the platform. */
  readonly documentation: Documentation;
  /** The longest text of a result, in characters of JSON. */
  readonly resultBudget: number;
  /** Aborted when the client disconnects. Requests through `api` are aborted with it. */
  readonly signal: AbortSignal;
  /**
   * Reports the progress of the call to a client that asked for it (MCP `notifications/progress`); otherwise a no-op.
   */
  progress(step: { readonly progress: number; readonly total?: number; readonly message?: string }): void;
}

/** What came of reading such a document. */
export interface PublicAnswer {
  readonly url: string;
  /** Unset: there was no answer. */
  readonly status?: number;
  /** The code of the failure, when there was no answer. */
  readonly error?: string;
  /** The JSON value of its body, if it is JSON. */
  readonly document?: unknown;
}

/** Schemas by the names of arguments, or of members of an answer. */
export type Shape = z.ZodRawShape;

/**
 * A tool of the catalogue: data with one short function, made by `toolset`. Validation, scope check, environment,
 * limits, errors, output check, listing and documentation are derived from it, each in one place. The types of its
 * arguments are erased: only the pipeline runs a tool, after it has checked the arguments against `input`.
 */
export interface Tool {
  /** Part of the public contract: lower-case letters, digits and underscores. */
  readonly name: string;
  /** Other names under which it can be called, and which are not listed: earlier ones, and those that others give it. */
  readonly aliases?: readonly string[];
  /** The name of the toolset that it belongs to. */
  readonly toolset: string;
  readonly title: string;
  readonly description: string;
  /** Words of people for what it does that the description lacks. `find_tools` finds it by them; nobody is shown them. */
  readonly foundBy?: string;
  readonly place: Place;
  /** Set for operations that Scalekit allows only with workspace tokens. They are not listed in environment mode. */
  readonly needsWorkspaceToken?: true;
  /** The scope that a caller needs; `null` for the few tools that need only a valid token. */
  readonly scope: Scope | null;
  /** Further scopes that a caller needs as well, for a tool that reads what lies in several areas. */
  readonly alsoNeeds?: readonly Scope[];
  /** A boolean argument with which the call does more, and the scope that it needs then. */
  readonly elevated?: { readonly argument: string; readonly scope: Scope };
  readonly effect: Effect;
  /** Whether repeating the call with the same arguments has no further effect. */
  readonly idempotent: boolean;
  /** Whether the call has effects outside Scalekit: mail, third-party services. */
  readonly openWorld: boolean;
  /** Set for tools that few conversations need. They are not listed by default, but found (`find_tools`) and selected. */
  readonly rare?: true;
  /** Set for the one tool that stands for another, which its arguments name. `authorize` decides about that one instead. */
  readonly standsForAnother?: true;
  /** Set for tools that are left out unless the operator switches this feature on. */
  readonly optIn?: OptIn;
  /**
   * The members of `output` that hold the entries of a list, usually one. A list that is too long for one result is cut
   * between two entries, and a page token continues it.
   */
  readonly items?: readonly string[];
  /** Set for a list that the API returns at once. Its pages are made here. */
  readonly listedAtOnce?: true;
  /**
   * Secrets that this tool exists to return, as dotted paths in `output`. They are not redacted, and results flag them.
   */
  readonly discloses?: readonly string[];
  /** Its answer is a document of this server, which programs use, and which is nothing without its end: it is never cut. */
  readonly isWhole?: true;
  /**
   * Texts that are published for everybody, as dotted paths in `output`: examples of code in them look like secrets and are
   * none. They are not redacted by name or shape; the secrets of the call itself are.
   */
  readonly publishes?: readonly string[];
  /**
   * Arguments that name something as results show it (see `findAsShown`). They may hold the mark of redaction, which
   * nothing else may that is not read only.
   */
  readonly namesAsShown?: readonly string[];
  /** For tools that change something: says in one sentence, with the values in it, what a call is about to do. */
  readonly does?: (args: Readonly<Record<string, unknown>>) => Sentence;
  /** For `destroy`: reads what would be lost. It is shown before the person or the model confirms, and read again then. */
  readonly preview?: Preview;
  /**
   * Set for the few tools that nearly every conversation needs. Programs that load tools when they are searched for load
   * these at once.
   */
  readonly alwaysLoad?: true;
  /** The view of its results, for clients that show views. Left out where it follows from the effect, or there is none. */
  readonly view?: ViewName;
  /** Set for tools behind which third parties may be at work, whose calls have a longer deadline of their own. */
  readonly patient?: true;
  /** Set for tools that call `progress`. Clients that ask for progress get the answer to such a call as a stream. */
  readonly reportsProgress?: true;
  readonly input: Shape;
  /** Parses the API's answer, and is advertised as `outputSchema`. It must not contain transforms. */
  readonly output: z.ZodObject;
  /** Returns the API's answer, which the pipeline then checks against `output`. Throws `ToolError`. */
  readonly run: Run;
}

/** Reads what a call would destroy. Throws `ToolError`, for instance `not_found`. */
export interface Preview {
  readonly output: z.ZodObject;
  readonly run: Run;
  /** What stops working with it, in one sentence. */
  readonly stopsWorking: string;
  /**
   * The members of `output` that come and go by what the person concerned does, such as their sessions. All of them are lost
   * whatever they are then, so that a change there is none of what was agreed to: nobody could keep a call from being
   * confirmed by signing in again and again.
   */
  readonly comesAndGoes?: readonly string[];
}

type Run = (args: Readonly<Record<string, unknown>>, context: ToolContext) => unknown;

/** Tools that belong together. Requests can select them by toolset, and the documentation groups them so. */
export interface Toolset<Tools extends readonly Tool[] = readonly Tool[]> {
  /** Part of the public contract; has the form of a tool's name. */
  readonly name: string;
  readonly title: string;
  readonly tools: Tools;
}
