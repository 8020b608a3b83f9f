import { z } from 'zod';
import type { Caller } from '../auth/caller.ts';
import type { Admission } from '../config/config.ts';
import { SCOPES, type Scope, spell } from '../core/scope.ts';
import type { Access, OptIn, Tool } from '../core/tool.ts';
import { confirmation } from '../tools/fields/confirmation.ts';
import { environmentId } from '../tools/fields/ids.ts';
import { iconOf } from './icons.ts';

/** A tool as clients see it in `tools/list`. */
export interface ListedTool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: JsonSchema;
  readonly outputSchema: JsonSchema;
  readonly annotations: Record<string, boolean>;
  readonly icons: { src: string; mimeType: string }[];
}

type JsonSchema = { type: 'object' } & Record<string, unknown>;

/** A tool on a surface: what it is, and which arguments it takes there. */
export interface SurfaceTool {
  readonly tool: Tool;
  readonly arguments: z.ZodObject;
  /** Whether `environmentId` is an argument here; otherwise the environment is fixed. */
  readonly takesEnvironment: boolean;
}

/** What requests see of this server. Everything that takes time is computed when it is built, once at start. */
export interface Surface {
  readonly mode: 'workspace' | 'environment';
  readonly tools: ReadonlyMap<string, SurfaceTool>;
  readonly listed: readonly ListedTool[];
  /** The scopes that its tools need, in the order of the contract. */
  readonly scopes: readonly Scope[];
  readonly scopeSpelling: 'long' | 'short';
  readonly environmentUrl: string;
  readonly admission: Admission;
}

export interface SurfaceOptions extends Pick<Surface, 'mode' | 'scopeSpelling' | 'environmentUrl' | 'admission'> {
  readonly catalogue: readonly Tool[];
  /** What the operator has switched on. */
  readonly optIns: readonly OptIn[];
}

/** Builds the surface of a catalogue. Throws when two tools share a name. */
export function buildSurface({ catalogue, optIns, ...rest }: SurfaceOptions): Surface {
  const visible = catalogue.filter(
    ({ needsWorkspaceToken, optIn }) =>
      (rest.mode === 'workspace' || needsWorkspaceToken === undefined) &&
      (optIn === undefined || optIns.includes(optIn)),
  );
  const tools = new Map<string, SurfaceTool>();
  for (const tool of visible) {
    if (tools.has(tool.name)) throw new Error(`Two tools are called ${tool.name}.`);
    tools.set(tool.name, place(tool, rest.mode));
  }
  const needed = new Set(visible.flatMap(({ scope, elevated }) => [scope, elevated?.scope]));
  return Object.freeze({
    ...rest,
    tools,
    listed: [...tools.values()].map(toListed),
    scopes: SCOPES.filter((scope) => needed.has(scope)),
  });
}

/** What `whoami` and its like may know of a caller on this surface. */
export function accessOf(caller: Caller, surface: Surface): Access {
  return {
    subject: caller.subject,
    clientId: caller.clientId,
    organizationId: caller.organizationId,
    tokenExpiresAt: caller.expiresAt,
    granted: caller.grant.raw,
    missing: surface.scopes
      .filter((scope) => !caller.grant.scopes.has(scope))
      .map((scope) => spell(scope, surface.scopeSpelling)),
    mode: surface.mode,
    environmentUrl: surface.environmentUrl,
  };
}

function place(tool: Tool, mode: Surface['mode']): SurfaceTool {
  const takesEnvironment = tool.place === 'environment' && mode === 'workspace';
  // Strict: an argument that is misspelt must not be dropped in silence.
  const shape = {
    ...(takesEnvironment && { environmentId }),
    ...tool.input,
    ...(tool.preview !== undefined && { confirmation }),
  };
  return { tool, arguments: z.strictObject(shape), takesEnvironment };
}

function toListed({ tool, arguments: input }: SurfaceTool): ListedTool {
  return {
    name: tool.name,
    title: tool.title,
    description: tool.description,
    inputSchema: toJsonSchema(input, 'input'),
    outputSchema: toJsonSchema(tool.output, 'output'),
    annotations: {
      readOnlyHint: tool.effect === 'read',
      destructiveHint: tool.effect === 'overwrite' || tool.effect === 'destroy',
      // Means nothing for reads, and every word of a list costs its readers.
      ...(tool.effect !== 'read' && { idempotentHint: tool.idempotent }),
      openWorldHint: tool.openWorld,
    },
    icons: [iconOf(tool.effect)],
  };
}

/** JSON Schema 2020-12, without what clients take for granted or some of them do not understand. */
function toJsonSchema(schema: z.ZodObject, io: 'input' | 'output'): JsonSchema {
  const { $schema: _, ...json } = z.toJSONSchema(schema, {
    target: 'draft-2020-12',
    io,
    override: ({ jsonSchema }) => {
      delete jsonSchema.propertyNames;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  });
  return json as JsonSchema;
}
