import type { z } from 'zod';
import { ToolError } from './errors.ts';
import { withEmptyLists } from './list-answer.ts';
import { setOddEntriesAside } from './odd-entries.ts';
import type { Tool } from './tool.ts';

/** So many of the things that are wrong with an answer reach the log. */
const MAX_ISSUES = 5;

/**
 * A sentence that says what to do after a failed request to Scalekit.
 * @param safe whether sending the same request again cannot act twice
 */
export function whatNow(safe: boolean): string {
  return safe
    ? 'Repeat the call in a moment.'
    : 'The change may have been carried out or not: read the current state before you repeat the call.';
}

/**
 * Checks an answer of the API against its schema. Members that the schema does not describe are removed, because their
 * content is not known to be safe to show.
 * @param asked what the request was: after a write, the error also says that the change may have been carried out
 * @throws ToolError `unexpected_response`
 */
export function checkAnswer<Schema extends z.ZodObject>(
  schema: Schema,
  answer: unknown,
  asked: 'read' | 'write' = 'read',
): z.output<Schema> {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw unknownForm(parsed.error, asked);
}

/** An answer that was read as far as it can be. */
export interface Read {
  readonly data: Readonly<Record<string, unknown>>;
  /** Where entries are that could not be read, such as `tools.1`. */
  readonly unreadable: readonly string[];
}

/**
 * Reads the answer of a tool against its output schema, as `checkAnswer` does. A list that the answer leaves out is empty,
 * if it says so (`withEmptyLists`). An entry of a list that cannot be read does not hide the others: `{ id, unreadable:
 * true }` stands in its place.
 * @throws ToolError `unexpected_response` when something else than entries cannot be read, or no entry of the tool's list
 */
export function readAnswer({ output, items = [], effect }: Tool, given: unknown): Read {
  return readEntries(output, withEmptyLists(given, items), effect === 'read' ? 'read' : 'write', items);
}

/**
 * Reads an answer against a schema, but for the entries of its lists that cannot be read.
 * @param items the lists of which some entry has to be read
 * @throws ToolError `unexpected_response`
 */
export function readEntries(
  output: z.ZodObject,
  answer: unknown,
  asked: 'read' | 'write' = 'read',
  items: readonly string[] = [],
): Read {
  const parsed = output.safeParse(answer);
  if (parsed.success) return { data: parsed.data, unreadable: [] };
  const aside = setOddEntriesAside(answer, parsed.error.issues);
  const rest = aside && output.safeParse(aside.rest);
  if (!rest?.success) throw unknownForm(parsed.error, asked);
  const lengths = items.map((name) => (rest.data[name] as readonly unknown[] | null | undefined)?.length ?? 0);
  const isNoneLeft = lengths.every((length) => length === 0) && items.some((name) => aside?.ofLists.get(name));
  if (isNoneLeft) throw unknownForm(parsed.error, asked);
  return { data: aside?.putBack(rest.data) as Read['data'], unreadable: aside?.paths ?? [] };
}

function unknownForm({ issues }: z.ZodError, asked: 'read' | 'write'): ToolError {
  const message = 'Scalekit answered in a form that this server does not know. Report the requestId to its operator.';
  const whole = asked === 'read' ? message : `${message} ${whatNow(false)}`;
  const cause = new Error(JSON.stringify(issues.slice(0, MAX_ISSUES)));
  return new ToolError('unexpected_response', whole, {}, cause);
}
