import { isObject } from '../core/json.ts';

/** Names of tools in groups: that of the connector, or by what stands before the first part of a name. */
export function inGroups(answer: unknown, connector: string | undefined): unknown {
  if (!isObject(answer) || !Array.isArray(answer['tool_names'])) return answer;
  const { tool_names: names, ...rest } = answer;
  const groups = new Map<string, unknown[]>();
  for (const name of names as readonly unknown[]) {
    const group = connector ?? (typeof name === 'string' ? (name.split('_', 1)[0] as string) : '');
    const others = groups.get(group);
    if (others === undefined) groups.set(group, [name]);
    else others.push(name);
  }
  return { ...rest, groups: [...groups].map(([group, tool_names]) => ({ connector: group, tool_names })) };
}
