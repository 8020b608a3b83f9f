import type { z } from 'zod';
import type { Authorized } from '../access/authorize.ts';
import { ToolError } from '../core/errors.ts';
import { type Position, resume } from '../release/long-list.ts';
import { secretArguments } from '../release/secret-arguments.ts';
import { refuseUnbounded } from './bounds.ts';
import { refuseMasked } from './masked.ts';

/** The checked arguments of a call, separated by who uses them. */
export interface Arguments {
  /** The tool's own arguments, without those that the surface has added. */
  readonly forTool: Record<string, unknown>;
  /** The secrets among them, which nothing that leaves may quote. */
  readonly secrets: readonly string[];
  readonly confirmation: string | undefined;
  /** Where the list continues; set only for lists. */
  readonly position: Position | undefined;
}

const MAX_MESSAGE = 1000;
const MAX_FIELD = 100;

/**
 * Reads the arguments of a call, in this order: what no tool takes is refused; so is what stands for a secret; the schema
 * checks them; the secrets in them are found. Then separates what the surface has added: the tool gets neither `environmentId` nor `confirmation`,
 * nor this server’s own page tokens.
 * @throws ToolError `invalid_arguments`
 */
export function readArguments({ entry, arguments: raw }: Authorized): Arguments {
  refuseUnbounded(raw, entry.textLimits);
  refuseMasked(raw, entry.tool);
  const listing = entry.tool.items === undefined ? { args: raw, position: undefined } : resume(raw);
  const parsed = entry.arguments.safeParse(listing.args);
  if (!parsed.success) throw invalidArguments(parsed.error, Object.keys(entry.arguments.shape));
  const forTool: Record<string, unknown> = parsed.data;
  // Once more, because JSON text consists of values now.
  refuseMasked(forTool, entry.tool);
  const secrets = secretArguments(forTool);
  // `authorize` has used it already.
  if (entry.takesEnvironment) delete forTool['environmentId'];
  if (entry.tool.preview === undefined)
    return { forTool, secrets, confirmation: undefined, position: listing.position };
  const confirmation = forTool['confirmation'] as string | undefined;
  delete forTool['confirmation'];
  return { forTool, secrets, confirmation, position: listing.position };
}

/** An error that names every wrong argument in its message, and the first one in `field`. */
function invalidArguments({ issues }: z.ZodError, known: readonly string[]): ToolError {
  const problems = issues.map((issue) => {
    if (issue.code !== 'unrecognized_keys' || issue.path.length > 0) return `${issue.path.join('.')}: ${issue.message}`;
    return `${issue.keys.join(', ')}: not an argument of this tool, which takes ${known.join(', ') || 'none'}`;
  });
  const [first] = issues;
  const field = first?.code === 'unrecognized_keys' ? [...first.path, first.keys[0]].join('.') : first?.path.join('.');
  const message = `Correct the arguments and call again. ${problems.join('; ')}`.slice(0, MAX_MESSAGE);
  return new ToolError('invalid_arguments', message, {
    ...(field && { field: field.slice(0, MAX_FIELD) }),
    ...(first?.code === 'invalid_value' && { allowed: first.values.map(String) }),
  });
}
