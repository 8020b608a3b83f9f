import { z } from 'zod';
import { viewUri } from '../core/content.ts';
import { isObject } from '../core/json.ts';
import { LIMITS_IN_WORDS } from '../core/limits-in-words.ts';
import { ENVIRONMENT_PARAM } from '../core/message.ts';
import type { Tool, ViewName } from '../core/tool.ts';
import { type Icon, iconOf } from '../icons/icons.ts';

/** A tool as clients see it in `tools/list`. */
export interface ListedTool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: JsonSchema;
  readonly outputSchema: JsonSchema;
  readonly annotations: Record<string, boolean>;
  readonly icons?: Icon[];
  readonly _meta?: Record<string, unknown>;
}

/**
 * Tells Claude Code, whose model otherwise sees no more than the names of tools at first, to show one whole. There is no hint
 * for its search (`anthropic/searchHint`): descriptions hold the words that people use, for every program.
 */
const ALWAYS_LOAD = 'anthropic/alwaysLoad';

export type JsonSchema = { type: 'object' } & Record<string, unknown>;

/**
 * The arguments of a tool as JSON Schema, which says their limits twice: by keywords, and in words. Clients are shown the
 * words alone (`toListed`).
 */
export function describedInput(input: z.ZodObject): JsonSchema {
  return toJsonSchema(input, 'input');
}

/** Results as JSON Schema, by their schemas: every list that a tool is in says the same of them. */
const outputs = new WeakMap<z.ZodObject, JsonSchema>();

function describedOutput(output: z.ZodObject): JsonSchema {
  const known = outputs.get(output) ?? withUnreadable(toJsonSchema(output, 'output'));
  outputs.set(output, known);
  return known;
}

/**
 * Converts a tool to the form of MCP's `tools/list`.
 * @param input the arguments that it takes on the surface that lists it, as `describedInput` returns them
 * @param origin of this server, which serves the icons; without it, there are none
 * @param view of its results; undefined where the client shows no views
 */
export function toListed(
  tool: Tool,
  input: JsonSchema,
  origin: string | undefined,
  view?: ViewName | 'none',
): ListedTool {
  const meta = { ...(tool.alwaysLoad && { [ALWAYS_LOAD]: true }), ...(view !== undefined && { ui: viewOf(view) }) };
  return {
    name: tool.name,
    title: tool.title,
    description: tool.description,
    inputSchema: withoutLimits(input) as JsonSchema,
    outputSchema: describedOutput(tool.output),
    annotations: {
      readOnlyHint: tool.effect === 'read',
      destructiveHint: tool.effect === 'overwrite' || tool.effect === 'destroy',
      // Left out where it says nothing: it has no meaning for reads, and false is its default. The list costs tokens.
      ...(tool.effect !== 'read' && tool.idempotent && { idempotentHint: true }),
      openWorldHint: tool.openWorld,
    },
    ...(origin !== undefined && { icons: [iconOf(tool.toolset, origin)] }),
    ...(Object.keys(meta).length > 0 && { _meta: meta }),
  };
}

/**
 * What MCP Apps (2026-01-26) wants to know of a tool: the document that shows its results, and who may call it. A view may
 * call what it asks its person to confirm, and nothing else.
 */
function viewOf(view: ViewName | 'none'): object {
  return {
    ...(view !== 'none' && { resourceUri: viewUri(view) }),
    visibility: view === 'preview' ? ['model', 'app'] : ['model'],
  };
}

/**
 * The same for clients of the 2026-07-28 revision: they state the environment of a call in a header too, so that something
 * in front of this server can tell where a call goes. Older revisions know no such member of a schema.
 */
export function withHeader(listed: ListedTool): ListedTool {
  const properties = listed.inputSchema['properties'] as Readonly<Record<string, object>>;
  const { environmentId } = properties;
  if (environmentId === undefined) return listed;
  const stated = { ...environmentId, 'x-mcp-header': ENVIRONMENT_PARAM };
  return { ...listed, inputSchema: { ...listed.inputSchema, properties: { ...properties, environmentId: stated } } };
}

/**
 * Converts a schema to JSON Schema 2020-12. Leaves out what adds nothing for clients, or what some of them cannot read:
 * `$schema`, `propertyNames`, and the largest safe integer as a maximum. Says the limits of arguments in words as well:
 * some programs show models nothing else of a schema than types and descriptions.
 */
function toJsonSchema(schema: z.ZodObject, io: 'input' | 'output'): JsonSchema {
  const { $schema: _, ...json } = z.toJSONSchema(schema, {
    target: 'draft-2020-12',
    io,
    override: ({ jsonSchema }) => {
      delete jsonSchema.propertyNames;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (io === 'input') sayLimits(jsonSchema);
      if (io === 'input' && takesAnything(jsonSchema.additionalProperties)) delete jsonSchema.additionalProperties;
    },
  });
  return withoutWords(json) as JsonSchema;
}

/**
 * Allows for entries that could not be read: `{ id, unreadable: true }` stands for such a one, in every list of objects
 * (`readAnswer`). Clients check results against this schema.
 */
function withUnreadable<Value>(schema: Value): Value {
  return JSON.parse(JSON.stringify(schema), (_name, member) => {
    const entry = member?.type === 'array' ? member.items : undefined;
    if (entry?.type !== 'object' || entry.properties === undefined) return member;
    const { required: _, properties, ...others } = entry;
    return { ...member, items: { ...others, properties: { id: ID, ...properties, unreadable: UNREADABLE } } };
  });
}

const ID = { type: 'string' };
const UNREADABLE = { type: 'boolean', description: 'true: Scalekit sent it in a form that is not known' };

/** Whether that is the schema `{}`, which goes without saying for further members, and has no type for its readers. */
function takesAnything(schema: unknown): boolean {
  return typeof schema === 'object' && schema !== null && Object.keys(schema).length === 0;
}

/** Removes the members with limits in words. They are removed last, since a schema passes them on to what it is part of. */
function withoutWords<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value, (name, member) => (name === LIMITS_IN_WORDS ? undefined : member)));
}

const LIMITS = new Set(['minimum', 'maximum', 'minLength', 'maxLength', 'minItems', 'maxItems']);

/** A copy of a schema without the keywords whose limits its descriptions say. They are checked all the same. */
function withoutLimits(schema: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const kept = Object.entries(schema).filter(([keyword]) => !LIMITS.has(keyword));
  return Object.fromEntries(kept.map(([keyword, value]) => [keyword, withoutLimitsInside(keyword, value)]));
}

function withoutLimitsInside(keyword: string, value: unknown): unknown {
  if (keyword === 'anyOf' && Array.isArray(value)) return value.map(withoutLimits);
  if (!isObject(value)) return value;
  if (keyword === 'items' || keyword === 'additionalProperties') return withoutLimits(value);
  if (keyword !== 'properties') return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, isObject(member) ? withoutLimits(member) : member]),
  );
}

function sayLimits(schema: Record<string, unknown>): void {
  const said = schema[LIMITS_IN_WORDS] ?? limitsOf(schema);
  const { description } = schema;
  const isKnown =
    said === undefined || said === '' || (typeof description === 'string' && description.includes(String(said)));
  if (!isKnown) schema['description'] = typeof description === 'string' ? `${description}; ${said}` : said;
}

/** The limits of a schema in words. That something is not empty, or a number not 0, goes without saying where it is all. */
function limitsOf(schema: Record<string, unknown>): string | undefined {
  const { type } = schema;
  if (type === 'integer') return range(schema['minimum'], schema['maximum'], '');
  if (type === 'string') return range(schema['minLength'], schema['maxLength'], ' characters');
  return type === 'array' ? range(schema['minItems'], schema['maxItems'], ' entries') : undefined;
}

function range(least: unknown, most: unknown, unit: string): string | undefined {
  if (most === undefined) return least === undefined || least === 1 ? undefined : `${least} or more${unit}`;
  return least === undefined ? `at most ${most}${unit}` : `${least} to ${most}${unit}`;
}
