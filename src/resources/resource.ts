import type { Resource } from '../core/content.ts';
import type { Tool, Toolset } from '../core/tool.ts';

type Given = Pick<Resource, 'uri' | 'name' | 'title' | 'description' | 'reader'> & Partial<Resource>;

/** A resource of JSON that is read anew each time, but for what is given. */
export function resource(given: Given): Resource {
  return Object.freeze({ mimeType: 'application/json', completers: {}, ttlMs: 0, ...given });
}

/**
 * A tool that reads, as the reader of a resource.
 * @throws Error when the toolset has no such tool, or it does more than read
 */
export function readerOf({ name: toolset, tools }: Toolset, name: string): Tool {
  const tool = tools.find((one) => one.name === name);
  if (tool?.effect !== 'read') throw new Error(`The toolset ${toolset} has no tool ${name} that reads.`);
  return tool;
}
