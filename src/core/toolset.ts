import { verbsOf } from './declare.ts';
import { titleOf } from './title.ts';
import type { Place, Tool, Toolset } from './tool.ts';
import type { ToolsetDefaults, Verbs } from './verbs.ts';

const NAME = /^[a-z][a-z0-9_]{2,63}$/;

/**
 * Declares tools that belong together.
 * @param tools makes the tools with the verbs `t`, in the order in which clients see them
 * @throws Error for what types cannot express: a name in another form, or two tools with the same name
 */
export function toolset<const Tools extends readonly Tool[], P extends Place = 'environment'>(
  name: string,
  defaults: ToolsetDefaults<P>,
  tools: (t: Verbs<P>) => Tools,
): Toolset<Tools> {
  const declared = tools(verbsOf(name, defaults));
  requireNames([name, ...declared.flatMap((tool) => [tool.name, ...(tool.aliases ?? [])])]);
  requireDistinct('tools', namesOf(declared));
  for (const tool of declared) Object.freeze(tool);
  return Object.freeze({ name, title: defaults.title ?? titleOf(name), tools: Object.freeze(declared) });
}

/**
 * The tools of all toolsets, in their order.
 * @throws Error when two toolsets or two tools share a name
 */
export function catalogueOf(toolsets: readonly Toolset[]): readonly Tool[] {
  const tools = toolsets.flatMap((one) => one.tools);
  requireDistinct('toolsets', toolsets);
  requireDistinct('tools', namesOf(tools));
  return Object.freeze(tools);
}

/** All names under which tools can be called. */
function namesOf(tools: readonly Tool[]): { readonly name: string }[] {
  return tools.flatMap(({ name, aliases = [] }) => [name, ...aliases].map((each) => ({ name: each })));
}

function requireNames(names: readonly string[]): void {
  const wrong = names.find((name) => !NAME.test(name));
  if (wrong !== undefined) throw new Error(`The name "${wrong}" is not in the form of the contract.`);
}

function requireDistinct(kind: string, named: readonly { readonly name: string }[]): void {
  const names = named.map(({ name }) => name);
  const twin = names.find((name, i) => names.indexOf(name) !== i);
  if (twin !== undefined) throw new Error(`Two ${kind} are called ${twin}.`);
}
