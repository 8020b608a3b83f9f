import type { z } from 'zod';
import type { Authorized } from '../access/authorize.ts';
import { ToolError } from '../core/errors.ts';
import { type Position, resume } from '../release/long-list.ts';

/** The arguments of a call, checked and taken apart. */
export interface Arguments {
  /** As the tool takes them: without what the surface has added. */
  readonly forTool: Record<string, unknown>;
  readonly confirmation: string | undefined;
  /** Where a list goes on; set for lists alone. */
  readonly position: Position | undefined;
}

const MAX_MESSAGE = 1000;
const MAX_FIELD = 100;

/**
 * Validates the arguments and takes apart what the surface put together: the tool sees neither `environmentId` nor
 * `confirmation`, nor page tokens of ours.
 * @throws ToolError `invalid_arguments`
 */
export function readArguments({ entry, arguments: raw }: Authorized): Arguments {
  refuseUnwritable(raw, []);
  const listing = entry.tool.items === undefined ? { args: raw, position: undefined } : resume(raw);
  const parsed = entry.arguments.safeParse(listing.args);
  if (!parsed.success) throw invalidArguments(parsed.error, Object.keys(entry.arguments.shape));
  const forTool: Record<string, unknown> = parsed.data;
  // `authorize` has read it already.
  if (entry.takesEnvironment) delete forTool['environmentId'];
  if (entry.tool.preview === undefined) return { forTool, confirmation: undefined, position: listing.position };
  const confirmation = forTool['confirmation'] as string | undefined;
  delete forTool['confirmation'];
  return { forTool, confirmation, position: listing.position };
}

/**
 * Schemas drop a member called `__proto__` in silence wherever they take any name, and what a caller wants written must
 * not get lost. Where they name their members, they refuse it themselves.
 */
function refuseUnwritable(value: unknown, path: readonly string[]): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, member] of Object.entries(value)) {
    const field = [...path, name];
    if (name === '__proto__' && path.length > 0) {
      const message = `Correct the arguments and call again. ${field.join('.')}: this name cannot be written; choose another one`;
      throw new ToolError('invalid_arguments', message.slice(0, MAX_MESSAGE), {
        field: field.join('.').slice(0, MAX_FIELD),
      });
    }
    refuseUnwritable(member, field);
  }
}

/** Names every wrong argument in the message, and the first in `field`. */
function invalidArguments({ issues }: z.ZodError, known: readonly string[]): ToolError {
  const complaints = issues.map((issue) => {
    if (issue.code !== 'unrecognized_keys' || issue.path.length > 0) return `${issue.path.join('.')}: ${issue.message}`;
    return `${issue.keys.join(', ')}: not an argument of this tool, which takes ${known.join(', ') || 'none'}`;
  });
  const [first] = issues;
  const field = first?.code === 'unrecognized_keys' ? [...first.path, first.keys[0]].join('.') : first?.path.join('.');
  const message = `Correct the arguments and call again. ${complaints.join('; ')}`.slice(0, MAX_MESSAGE);
  return new ToolError('invalid_arguments', message, {
    ...(field && { field: field.slice(0, MAX_FIELD) }),
    ...(first?.code === 'invalid_value' && { allowed: first.values.map(String) }),
  });
}
