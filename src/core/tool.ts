import type { z } from 'zod';
import type { Api } from './api.ts';
import type { Scope } from './scope.ts';

/**
 * What a call does to the platform. `add` only brings something new; `overwrite` replaces something that exists and
 * `destroy` takes it away, and clients are told that both are destructive. A `destroy` runs only once it is confirmed.
 */
export type Effect = 'read' | 'add' | 'overwrite' | 'destroy';

/** Tools that an operator has to switch on, because they reach further than the rest. */
export type OptIn = 'agent_tool_execution';

/**
 * Where a tool acts. For `environment` the surface adds the `environmentId` argument and binds `api` to it; a
 * `workspace` tool acts on the workspace as a whole.
 */
export type Place = 'environment' | 'workspace';

/** Who is calling, as far as a tool may know it. */
export interface CallerFacts {
  readonly subject: string;
  readonly clientId: string | undefined;
  readonly organizationId: string | undefined;
  readonly tokenExpiresAt: Date;
  /** Scopes as the token carries them. */
  readonly granted: readonly string[];
  /** Scopes that tools of this surface need and the caller lacks, in the advertised spelling. */
  readonly missing: readonly string[];
  /** Whose credential reaches the management API: the caller's own, or that of this server's environment. */
  readonly mode: 'workspace' | 'environment';
  /** URL of the Scalekit environment that issued the token. */
  readonly environmentUrl: string;
}

/** What a tool gets beside its arguments. */
export interface ToolContext {
  readonly api: Api;
  readonly caller: CallerFacts;
  /** URL of the environment that the call names, where its own OAuth endpoints are. Throws `ToolError`. */
  environmentUrl(): Promise<string>;
  /** Aborted when the client goes away. `api` heeds it by itself. */
  readonly signal: AbortSignal;
  /** Tells a client that asked for it how far the call has come. Does nothing for others. */
  progress(step: { readonly progress: number; readonly total?: number; readonly message?: string }): void;
}

/** Schemas by the names of arguments, or of members of an answer. */
export type Shape = z.ZodRawShape;

/**
 * A tool as the catalogue holds it: data with one short function. Validation, scope check, environment, limits, errors,
 * output check, listing and documentation are derived from it, each in one place. `toolset` makes them. The types of
 * its arguments are erased: only the pipeline runs a tool, after checking what it is given against `input`.
 */
export interface Tool {
  /** Part of the public contract: lower-case letters, digits and underscores. */
  readonly name: string;
  /** The name of the toolset that it belongs to. */
  readonly toolset: string;
  readonly title: string;
  readonly description: string;
  readonly place: Place;
  /** Set for operations that Scalekit opens to workspace tokens alone: they are not listed in environment mode. */
  readonly needsWorkspaceToken?: true;
  /** The scope that a caller needs; `null` for the few tools that a valid token alone may call. */
  readonly scope: Scope | null;
  /** A boolean argument that makes the call more than it usually is, and the scope that it then needs. */
  readonly elevated?: { readonly argument: string; readonly scope: Scope };
  readonly effect: Effect;
  /** Whether repeating the call with the same arguments changes nothing further. */
  readonly idempotent: boolean;
  /** Whether the call reaches beyond Scalekit: mail, third-party services. */
  readonly openWorld: boolean;
  /** Set for tools that are left out unless the operator asks for them. */
  readonly optIn?: OptIn;
  /**
   * The members of `output` that hold the entries of a list, mostly one. A list that is too long for one result is cut
   * between entries, with a token to go on.
   */
  readonly items?: readonly string[];
  /** Secrets that this tool exists to hand out, as dotted paths in `output`. Results flag them. */
  readonly discloses?: readonly string[];
  /** For `destroy`: what would be lost, shown before the person or the model confirms. */
  readonly preview?: Preview;
  /** Set for tools that call `progress`: such a call is answered as a stream to clients that ask for progress. */
  readonly reportsProgress?: true;
  readonly input: Shape;
  /** Parses the API's answer and is advertised as `outputSchema`: objects without transforms. */
  readonly output: z.ZodObject;
  /** Yields the API's answer; the pipeline checks it against `output`. Throws `ToolError`. */
  readonly run: Run;
}

/** Reads what a call would destroy. Throws `ToolError`, for instance when there is nothing. */
interface Preview {
  readonly output: z.ZodObject;
  readonly run: Run;
}

type Run = (args: Readonly<Record<string, unknown>>, context: ToolContext) => unknown;

/** Tools that belong together: what a request can choose, and how documentation groups them. */
export interface Toolset<Tools extends readonly Tool[] = readonly Tool[]> {
  /** Part of the public contract, in the form of a tool's name. */
  readonly name: string;
  readonly title: string;
  readonly tools: Tools;
}
