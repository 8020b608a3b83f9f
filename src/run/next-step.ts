import type { Authorized } from '../access/authorize.ts';
import type { Surface } from '../access/surface.ts';
import { ToolError } from '../core/errors.ts';
import type { Tool } from '../core/tool.ts';

/** Tells in which workspace or environment all tools act. */
const WHERE = 'whoami';
/** Failures after which the caller has to look at what there is. */
const LOOK_FIRST: ReadonlySet<string> = new Set(['not_found', 'conflict']);

/**
 * Adds to a failure where to look: to what is not found the argument that named it, where there is only one, and the tool
 * that lists such things; to a conflict the tool that lists what there is. What a tool has said itself stays, unless it
 * names a tool that this surface does not have.
 */
export function withNextStep(error: unknown, call: Authorized): unknown {
  if (!(error instanceof ToolError)) return error;
  const { nextTool, ...recovery } = error.recovery;
  const isLookFirst = LOOK_FIRST.has(error.code);
  if (nextTool === undefined ? !isLookFirst : call.surface.reach.has(nextTool)) return error;
  const step = isLookFirst ? nextStepOf(error.code, call) : {};
  return new ToolError(error.code, error.message, { ...step, ...recovery }, error.cause);
}

interface NextStep {
  readonly field?: string;
  readonly nextTool?: string;
}

function nextStepOf(code: string, { entry, arguments: args, surface }: Authorized): NextStep {
  const named = [...entry.sources].filter(([name, tool]) => args[name] !== undefined && surface.reach.has(tool));
  // What is missing is rather in the environment than the environment itself.
  const inside = named.filter(([name]) => name !== 'environmentId');
  const [first, ...others] = inside.length > 0 ? inside : named;
  if (code === 'conflict' || first === undefined) {
    const nextTool = showsSuch(entry.tool, surface) ?? first?.[1];
    return nextTool === undefined ? {} : { nextTool };
  }
  const [field, nextTool] = others.at(-1) ?? first;
  return others.length === 0 ? { field, nextTool } : { nextTool };
}

/** The tool of a toolset that shows what its other tools act on; else the one that says where all of them act. */
function showsSuch({ name, toolset }: Tool, { reach }: Surface): string | undefined {
  const siblings = [...reach.values()].map(({ tool }) => tool).filter((tool) => tool.toolset === toolset);
  const shows =
    siblings.find(({ items }) => items) ?? siblings.find((tool) => tool.effect === 'read' && tool.name !== name);
  return shows?.name ?? (reach.has(WHERE) ? WHERE : undefined);
}
