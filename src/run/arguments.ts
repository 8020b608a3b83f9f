import type { z } from 'zod';
import type { Authorized } from '../access/authorize.ts';
import type { Entry } from '../access/entry.ts';
import type { Surface } from '../access/surface.ts';
import { brief } from '../core/brief.ts';
import { ToolError } from '../core/errors.ts';
import { boundTo, type Position, resume } from '../release/long-list.ts';
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
/** Names that no argument has are repeated in so many characters. */
const MAX_NAMES = 200;
/** How many issues of a schema are looked at. Their reasons fill the message. */
const MAX_ISSUES = 20;

/**
 * Reads the arguments of a call, in this order: what no tool takes is refused; so is what stands for a secret; the schema
 * checks them; the secrets in them are found. Then separates what the surface has added: the tool gets neither `environmentId` nor `confirmation`,
 * nor this server’s own page tokens.
 * @throws ToolError `invalid_arguments`
 */
export function readArguments(call: Authorized): Arguments {
  const { entry, arguments: raw, surface } = call;
  refuseUnbounded(raw, entry.limits);
  refuseMasked(raw, entry.tool);
  const listing = entry.tool.items === undefined ? { args: raw, position: undefined } : resume(raw);
  const parsed = entry.arguments.safeParse(listing.args);
  if (!parsed.success) throw invalidArguments(reasonsIn(parsed.error, listing.args), entry, surface);
  const forTool: Record<string, unknown> = parsed.data;
  // Once more, because JSON text consists of values now.
  refuseMasked(forTool, entry.tool);
  const secrets = secretArguments(forTool);
  const position = listing.position && positionIn(listing.position, call, forTool);
  // A page that was begun is read as it was, or it would hold other entries.
  if (position !== undefined && position.sent !== '') forTool['pageSize'] = position.size;
  // `authorize` has used it already.
  if (entry.takesEnvironment) delete forTool['environmentId'];
  if (!entry.isConfirmable) return { forTool, secrets, confirmation: undefined, position };
  const confirmation = forTool['confirmation'] as string | undefined;
  delete forTool['confirmation'];
  return { forTool, secrets, confirmation, position };
}

/**
 * Binds where a list goes on to what is listed, and for whom. The size of a page may change on the way: of a page of the
 * API that was begun, it bounds what is sent of it.
 */
function positionIn(
  position: Position,
  { entry: { tool }, environment, caller }: Authorized,
  { pageToken: _token, pageSize, ...filters }: Record<string, unknown>,
): Position {
  const list = [tool.name, environment, caller.person, Object.entries(filters).sort()];
  const bound = boundTo(position, list);
  const isOfOurs = tool.listedAtOnce || position.sent !== '';
  return isOfOurs ? { ...bound, most: pageSize as number | undefined } : bound;
}

/** What is wrong with one value. */
interface Reason {
  readonly issue: z.core.$ZodIssue;
  readonly text: string;
}

/**
 * One reason for each value. Schemas check limits even of a value of another type, and would say of a text in place of a
 * list that it is too long. So a wrong type is the only reason for its value and for what is inside.
 */
function reasonsIn({ issues: all }: z.ZodError, args: unknown): readonly Reason[] {
  const issues = all.slice(0, MAX_ISSUES);
  const keyOf = (path: readonly PropertyKey[]) => JSON.stringify(path.map(String));
  const mistyped = new Set(issues.filter(({ code }) => code === 'invalid_type').map(({ path }) => keyOf(path)));
  const seen = new Set<string>();
  return issues.flatMap((issue) => {
    const { path } = issue;
    const key = keyOf(path);
    const outranked =
      (issue.code !== 'invalid_type' && mistyped.has(key)) ||
      path.some((_, depth) => mistyped.has(keyOf(path.slice(0, depth))));
    if (outranked || seen.has(key)) return [];
    seen.add(key);
    return [{ issue, text: valueAt(args, path) === undefined ? 'is required' : textOf(issue) }];
  });
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((inside, name) => (inside as Record<PropertyKey, unknown> | undefined)?.[name], value);
}

function textOf(issue: z.core.$ZodIssue): string {
  return issue.code === 'invalid_key' ? `its name: ${issue.issues[0]?.message}` : issue.message;
}

/**
 * An error that names every wrong argument in its message, the first one in `field`, and the tool that lists its values
 * where one does.
 */
function invalidArguments(reasons: readonly Reason[], entry: Entry, { reach, fence }: Surface): ToolError {
  const known = Object.keys(entry.arguments.shape);
  const problems = reasons.map(({ issue, text }) => {
    if (issue.code !== 'unrecognized_keys' || issue.path.length > 0)
      return `${brief(issue.path.join('.'), MAX_FIELD)}: ${text}`;
    if (fence !== undefined && issue.keys.includes('environmentId'))
      return `environmentId: all calls act in ${fence} here`;
    return `${brief(issue.keys.join(', '), MAX_NAMES)}: not an argument of this tool, which takes ${known.join(', ') || 'none'}`;
  });
  const first = reasons[0]?.issue;
  const field = first?.code === 'unrecognized_keys' ? [...first.path, first.keys[0]].join('.') : first?.path.join('.');
  const message = brief(`Correct the arguments and call again. ${problems.join('; ')}`, MAX_MESSAGE);
  const source = entry.sources.get(String(first?.path[0]));
  return new ToolError('invalid_arguments', message, {
    ...(field && { field: field.slice(0, MAX_FIELD) }),
    ...(source !== undefined && reach.has(source) && { nextTool: source }),
    ...(first?.code === 'invalid_value' && { allowed: first.values.map(String) }),
  });
}
