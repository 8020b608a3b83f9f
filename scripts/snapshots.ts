import type { ListedTool } from '../src/access/listing.ts';
import type { Tool } from '../src/core/tool.ts';

export const SNAPSHOTS = 'tests/snapshots/tools';

/**
 * Two files for each toolset, by path: its tools as clients see them, and their output schemas, which usually change at
 * other times.
 */
export function snapshotsOf(
  listed: readonly ListedTool[],
  catalogue: readonly Tool[],
): readonly [path: string, text: string][] {
  const toolsets = new Map(catalogue.map(({ name, toolset }) => [name, toolset]));
  const files = new Map<string, Record<string, object>>();
  for (const { name, outputSchema, ...tool } of listed) {
    const path = `${SNAPSHOTS}/${toolsets.get(name)}`;
    for (const [file, part] of [
      [`${path}.json`, tool],
      [`${path}.output.json`, outputSchema],
    ] as const) {
      files.set(file, { ...files.get(file), [name]: part });
    }
  }
  return [...files].map(([path, tools]) => [path, `${expanded(Object.entries(tools).map(membersOf), '')}\n`]);
}

function membersOf([name, value]: [string, object]): [string, string] {
  const members = Object.entries(value).map(([member, inner]): [string, string] => [member, lines(inner, '    ')]);
  return [name, expanded(members, '  ')];
}

/** A value as JSON, with one line for each property of a schema at any depth, and one line for anything else. */
function lines(value: unknown, indent: string): string {
  if (!JSON.stringify(value).includes('"properties":')) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((inner) => lines(inner, indent)).join(', ')}]`;
  const members = Object.entries(value as object).map(([member, inner]): [string, string] => [
    member,
    member === 'properties' ? properties(inner, `${indent}  `) : lines(inner, `${indent}  `),
  ]);
  return expanded(members, indent);
}

function properties(value: object, indent: string): string {
  return expanded(
    Object.entries(value).map(([name, schema]) => [name, lines(schema, `${indent}  `)]),
    indent,
  );
}

function expanded(members: readonly (readonly [name: string, json: string])[], indent: string): string {
  if (members.length === 0) return '{}';
  const rows = members.map(([name, json]) => `${indent}  ${JSON.stringify(name)}: ${json}`);
  return `{\n${rows.join(',\n')}\n${indent}}`;
}
