import { z } from 'zod';
import type { Era } from '../core/message.ts';
import { once } from '../core/once.ts';
import type { Tool, ViewName } from '../core/tool.ts';
import { confirmation } from '../tools/fields/confirmation.ts';
import { environmentId } from '../tools/fields/ids.ts';
import { type ArgumentLimits, argumentLimitsOf } from './argument-limits.ts';
import { describedInput, type JsonSchema, type ListedTool, toListed, withHeader } from './listing.ts';
import { type Normalize, normalizerOf } from './normalize.ts';

/** A tool as one kind of surface offers it, with the arguments that it takes there. */
export interface Entry {
  readonly tool: Tool;
  readonly arguments: z.ZodObject;
  /** Turns arguments as programs send them into those that are meant. */
  readonly normalize: Normalize;
  /** How large these arguments may be. Checked before the schema sees them. */
  readonly limits: ArgumentLimits;
  /** The tools that list what arguments name, by the arguments whose description says so. */
  readonly sources: ReadonlyMap<string, string>;
  /** Whether `environmentId` is an argument here. Otherwise the environment is fixed, or the tool needs none. */
  readonly takesEnvironment: boolean;
  /** Whether `confirmation` is an argument here: of what takes something away, and of what a person has to approve. */
  readonly isConfirmable: boolean;
  /** The view of its results, `none` if it has none; undefined where the client shows no views. */
  readonly view: ViewName | 'none' | undefined;
  readonly listed: ListedTool;
  /** The same as clients of each era see it. */
  readonly listedIn: Readonly<Record<Era, ListedTool>>;
  /** The same as JSON, preceded by a comma. */
  readonly bytes: Readonly<Record<Era, Buffer>>;
}

/** What differs between the surfaces that offer a tool. */
interface Variant extends Pick<Entry, 'takesEnvironment' | 'isConfirmable'> {
  readonly origin: string | undefined;
  readonly view?: Entry['view'];
}

/** The variants of each tool. Each is made once and shared by all surfaces that show it. */
const variants = new WeakMap<Tool, Map<string, Entry>>();

/**
 * The entry of a tool.
 * @param takesEnvironment whether `environmentId` is among its arguments
 * @param isConfirmable whether `confirmation` is among them
 * @param origin of this server as clients reach it, if they do
 * @param view of its results, where the client shows views
 */
export function entryOf(tool: Tool, variant: Variant): Entry {
  const { takesEnvironment, isConfirmable, origin, view } = variant;
  const known = variants.get(tool) ?? new Map<string, Entry>();
  variants.set(tool, known);
  const key = JSON.stringify([takesEnvironment, isConfirmable, origin, view]);
  const entry = known.get(key) ?? toEntry(tool, variant);
  known.set(key, entry);
  return entry;
}

/** What a tool takes on the surfaces of one kind. */
interface Input {
  readonly schema: z.ZodObject;
  readonly described: () => JsonSchema;
  readonly normalize: () => Normalize;
  readonly limits: () => ArgumentLimits;
}

/** The inputs of each tool. They are the same at every origin, and describing them is most of the work for a list. */
const inputs = new WeakMap<Tool, Map<string, Input>>();

function inputOf(tool: Tool, { takesEnvironment, isConfirmable }: Omit<Variant, 'origin' | 'view'>): Input {
  const known = inputs.get(tool) ?? new Map<string, Input>();
  inputs.set(tool, known);
  const key = JSON.stringify([takesEnvironment, isConfirmable]);
  const input = known.get(key) ?? toInput(tool, { takesEnvironment, isConfirmable });
  known.set(key, input);
  return input;
}

function toInput(tool: Tool, { takesEnvironment, isConfirmable }: Omit<Variant, 'origin' | 'view'>): Input {
  // Strict, so that a misspelt argument is refused instead of ignored.
  const schema = z.strictObject({
    ...(takesEnvironment && { environmentId }),
    ...tool.input,
    ...(isConfirmable && { confirmation }),
  });
  // Made when they are first needed: most tools are neither listed nor called by most processes.
  const described = once(() => describedInput(schema));
  return {
    schema,
    described,
    normalize: once(() => normalizerOf(schema)),
    limits: once(() => argumentLimitsOf(described())),
  };
}

function toEntry(tool: Tool, { takesEnvironment, isConfirmable, origin, view }: Variant): Entry {
  const { schema, described, normalize, limits } = inputOf(tool, { takesEnvironment, isConfirmable });
  const listed = once(() => toListed(tool, described(), origin, view));
  const listedIn = once(() => ({ modern: withHeader(listed()), legacy: listed() }));
  const bytes = once(() => {
    const { modern, legacy } = listedIn();
    const older = bytesOf(legacy);
    return { modern: modern === legacy ? older : bytesOf(modern), legacy: older };
  });
  const sources = once(() => sourcesIn(listed().inputSchema));
  return Object.freeze({
    tool,
    arguments: schema,
    takesEnvironment,
    isConfirmable,
    view,
    get normalize() {
      return normalize();
    },
    get limits() {
      return limits();
    },
    get sources() {
      return sources();
    },
    get listed() {
      return listed();
    },
    get listedIn() {
      return listedIn();
    },
    get bytes() {
      return bytes();
    },
  });
}

function bytesOf(listed: ListedTool): Buffer {
  return Buffer.from(`,${JSON.stringify(listed)}`);
}

/** How descriptions of arguments say where their values come from. */
const FROM_TOOL = /\bfrom ([a-z]+_[a-z_]+)/i;

function sourcesIn({ properties = {} }: ListedTool['inputSchema']): ReadonlyMap<string, string> {
  const found = Object.entries(properties as Record<string, { description?: string }>).flatMap(([name, schema]) => {
    const tool = FROM_TOOL.exec(schema.description ?? '')?.[1];
    return tool === undefined ? [] : [[name, tool] as const];
  });
  return new Map(found);
}
