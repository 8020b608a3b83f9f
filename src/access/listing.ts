import { z } from 'zod';
import type { Tool } from '../core/tool.ts';
import { type Icon, iconOf } from './icons.ts';

/** A tool as clients see it in `tools/list`. */
export interface ListedTool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: JsonSchema;
  readonly outputSchema: JsonSchema;
  readonly annotations: Record<string, boolean>;
  readonly icons: Icon[];
}

type JsonSchema = { type: 'object' } & Record<string, unknown>;

/**
 * Converts a tool to the form of MCP's `tools/list`.
 * @param input the arguments that it takes on the surface that lists it
 * @param origin of this server, which serves the icons
 */
export function toListed(tool: Tool, input: z.ZodObject, origin: string): ListedTool {
  return {
    name: tool.name,
    title: tool.title,
    description: tool.description,
    inputSchema: toJsonSchema(input, 'input'),
    outputSchema: toJsonSchema(tool.output, 'output'),
    annotations: {
      readOnlyHint: tool.effect === 'read',
      destructiveHint: tool.effect === 'overwrite' || tool.effect === 'destroy',
      // The hint has no meaning for reads. It is left out there, because the list costs its readers tokens.
      ...(tool.effect !== 'read' && { idempotentHint: tool.idempotent }),
      openWorldHint: tool.openWorld,
    },
    icons: [iconOf(tool.toolset, origin)],
  };
}

/**
 * Converts a schema to JSON Schema 2020-12. Leaves out what adds nothing for clients, or what some of them cannot read:
 * `$schema`, `propertyNames`, and the largest safe integer as a maximum.
 */
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
