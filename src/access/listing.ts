import { z } from 'zod';
import type { Tool } from '../core/tool.ts';
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

/**
 * Puts a tool into the form of the protocol.
 * @param input the arguments that it takes where it is listed
 */
export function toListed(tool: Tool, input: z.ZodObject): ListedTool {
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
