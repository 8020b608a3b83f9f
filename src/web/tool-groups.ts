import type { Surface } from '../access/surface.ts';
import { titleOf } from '../core/title.ts';
import type { Tool } from '../core/tool.ts';
import { toolsets } from '../tools/index.ts';
import { offeredBy } from './front.ts';

/** A toolset, with those of its tools that this server offers. */
export interface ToolGroup {
  readonly name: string;
  readonly title: string;
  readonly tools: readonly Tool[];
}

const TITLES: ReadonlyMap<string, string> = new Map(toolsets.map(({ name, title }) => [name, title]));

/** The tools that a server offers by toolset, in the order of its catalogue. */
export function groupsOf(surface: Surface): readonly ToolGroup[] {
  const groups = new Map<string, Tool[]>();
  for (const tool of offeredBy(surface)) {
    const known = groups.get(tool.toolset);
    if (known === undefined) groups.set(tool.toolset, [tool]);
    else known.push(tool);
  }
  return [...groups].map(([name, tools]) => ({ name, title: TITLES.get(name) ?? titleOf(name), tools }));
}
