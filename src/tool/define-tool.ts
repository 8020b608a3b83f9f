import type { z } from 'zod';
import type { Api } from './api.ts';
import type { Scope } from './scope.ts';

/**
 * What a call does to the platform. `overwrite` replaces something that exists, and clients are told that it is
 * destructive; `add` only brings something new.
 */
export type Effect = 'read' | 'add' | 'overwrite';

/**
 * Where a tool acts. For `environment` the surface adds the `environmentId` argument and binds `api` to it; a
 * `workspace` tool acts on the workspace as a whole.
 */
type Place = 'environment' | 'workspace';

/** Who is calling, as far as a tool may know it. */
export interface Access {
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
  readonly access: Access;
  /** Aborted when the client goes away. `api` heeds it by itself. */
  readonly signal: AbortSignal;
  /** Tells a client that asked for it how far the call has come. Does nothing for others. */
  progress(step: { readonly progress: number; readonly total?: number; readonly message?: string }): void;
}

/**
 * A tool is data with one short function. Validation, scope check, environment, limits, errors, output check, listing
 * and documentation are derived from the definition, each in one place.
 */
export interface ToolDefinition<Input extends z.core.$ZodLooseShape, Output extends z.ZodObject> {
  /** Part of the public contract: lower-case letters, digits and underscores. */
  readonly name: string;
  readonly title: string;
  /** One sentence of purpose, then only what a model cannot guess. */
  readonly description: string;
  readonly place: Place;
  /** Set for operations that Scalekit opens to workspace tokens alone: they are not listed in environment mode. */
  readonly needsWorkspaceToken?: true;
  /** The scope that a caller needs; `null` for the few tools that a valid token alone may call. */
  readonly scope: Scope | null;
  readonly effect: Effect;
  /** Whether repeating the call with the same arguments changes nothing further. */
  readonly idempotent: boolean;
  /** Whether the call reaches beyond Scalekit: mail, third-party services. */
  readonly openWorld: boolean;
  /** Set for tools that call `progress`: such a call is answered as a stream to clients that ask for progress. */
  readonly reportsProgress?: true;
  readonly input: Input;
  /** Parses the API's answer and is advertised as `outputSchema`: objects without transforms. */
  readonly output: Output;
  /** Yields the API's answer; the pipeline checks it against `output`. Throws `ToolError`. */
  run(args: z.output<z.ZodObject<Input>>, context: ToolContext): unknown;
}

/** A definition in the catalogue, its argument types erased: only the pipeline calls it, after checking them. */
export type Tool = ToolDefinition<z.core.$ZodLooseShape, z.ZodObject>;

/** Declares a tool. Throws at start when the definition contradicts itself. */
export function defineTool<const Input extends z.core.$ZodLooseShape, Output extends z.ZodObject>(
  definition: ToolDefinition<Input, Output>,
): ToolDefinition<Input, Output> {
  const { name, place, input, effect, idempotent } = definition;
  if (!/^[a-z][a-z0-9_]{2,63}$/.test(name)) throw new Error(`Tool name "${name}" is not in the form of the contract.`);
  if (place === 'environment' && 'environmentId' in input) {
    throw new Error(`${name}: the surface adds environmentId; a definition must not.`);
  }
  if (effect === 'read' && !idempotent) throw new Error(`${name}: a read is idempotent.`);
  return Object.freeze(definition);
}
