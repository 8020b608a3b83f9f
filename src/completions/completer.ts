import { z } from 'zod';
import type { Area, Scope } from '../core/scope.ts';
import type { Place, Shape, Tool, ToolContext } from '../core/tool.ts';
import { toolset } from '../core/toolset.ts';

/** The most values that a completion may have (MCP, "Completion"). */
export const MOST_VALUES = 100;

/** What was found. */
export interface Found {
  readonly values: readonly string[];
  /** Whether there are more than these. */
  readonly hasMore: boolean;
  /** How many there are in all, where that is known. */
  readonly total?: number | undefined;
}

interface CompleterFacts {
  /** In the form of a tool's name. */
  readonly name: string;
  /** The toolset of the tool that lists such values. */
  readonly toolset: string;
  readonly area: Area;
  readonly place: Place;
  readonly scope?: Scope | null;
  readonly needsWorkspaceToken?: true;
  /** Other arguments that it needs, by whose values it narrows what it finds. */
  readonly input?: Shape;
  readonly find: (
    args: Readonly<Record<string, unknown>> & { readonly value: string },
    context: ToolContext,
  ) => Promise<Found> | Found;
}

/**
 * Makes what completes an argument: a tool that is in no catalogue. It is decided on, runs and is recorded as one.
 * `value` is what has been typed so far, be it empty.
 */
export function completer({
  name,
  toolset: belongsTo,
  area,
  place,
  scope,
  needsWorkspaceToken,
  input,
  find,
}: CompleterFacts): Tool {
  const { tools } = toolset(belongsTo, { area, place, ...(needsWorkspaceToken && { needsWorkspaceToken }) }, (t) => [
    t.read(name, {
      description: `Values that hold what was typed, for ${name.replace('complete_', '')}.`,
      ...(scope !== undefined && { scope }),
      input: { value: z.string().max(200), ...input },
      output: { values: z.array(z.string()), total: z.int().optional(), has_more: z.boolean() },
      run: async (args, context) => {
        const { values, hasMore, total } = await find(args as never, context);
        const shown = values.slice(0, MOST_VALUES);
        return { values: shown, total, has_more: hasMore || values.length > shown.length };
      },
    }),
  ]);
  return tools[0] as Tool;
}

/** Whether one of some texts holds what was typed, in whichever case. */
export function fits(typed: string, texts: readonly (string | null | undefined)[]): boolean {
  const wanted = typed.trim().toLowerCase();
  return wanted === '' || texts.some((text) => (text ?? '').toLowerCase().includes(wanted));
}
