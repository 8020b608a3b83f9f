import type { Caller } from '../auth/caller.ts';
import { allows, neededBy } from '../auth/scopes.ts';
import type { FoundTool, Offered } from '../core/tool.ts';
import type { Entry } from './entry.ts';
import { reachable, type Surface, spelled } from './surface.ts';

/** What a caller is told of a tool. */
export function toldOf({ tool, listed }: Entry, surface: Surface, caller: Caller): FoundTool {
  const { name, toolset, description, effect } = tool;
  const needed = neededBy(tool);
  return {
    ...{ name, toolset, description, effect },
    scopes: spelled(
      surface,
      needed.map((each) => each.scope),
    ),
    isGranted: needed.every((each) => allows(caller.grant, each)),
    inputSchema: listed.inputSchema,
    outputSchema: listed.outputSchema,
  };
}

/** What a caller is offered on a surface. */
export function offeredOn(surface: Surface, caller: Caller): Offered {
  const { reach, content } = surface;
  return {
    tools: () => [...reach.values()].map((entry) => toldOf(entry, surface, caller)),
    tool: (name) => {
      const entry = reachable(name, surface);
      return entry && toldOf(entry, surface, caller);
    },
    resources: [...content.resources.keys()],
    prompts: [...content.prompts.keys()],
    skills: content.skills,
  };
}
