import { ToolError } from '../core/errors.ts';

/** What a call asked for one argument, and what the API shows for it afterwards. */
export interface Asked {
  /** `undefined`: the call did not name the argument. */
  readonly asked: unknown;
  readonly shown: unknown;
}

/**
 * Compares what a call asked for with what the API shows afterwards, so that no change is told as a success unseen: the
 * API may ignore what it does not heed, an empty text above all, and answer 200 all the same. What is unset, empty and
 * left out is one; a number is its text; the order of a list and entries that occur twice do not count.
 * @param fields by the names of the arguments
 * @param nextTool the tool that shows the current state
 * @throws ToolError `not_applied` that names every argument that did not come true
 */
export function requireCameTrue(fields: Readonly<Record<string, Asked>>, nextTool: string): void {
  const kept = namesOfDiffering(fields);
  const [first] = kept;
  if (first === undefined) return;
  const [names, them] = [kept.join(', '), kept.length === 1 ? 'it' : 'them'];
  const message = `Scalekit accepted the change, but ${names} did not come true. Do not repeat the call: change ${them} in the Scalekit dashboard. What else the call named is done.`;
  throw new ToolError('not_applied', message, { field: first, nextTool });
}

/** The names of the arguments that were asked for and show as something else. */
export function namesOfDiffering(fields: Readonly<Record<string, Asked>>): string[] {
  return Object.entries(fields)
    .filter(([, { asked, shown }]) => asked !== undefined && !isSame(asked, shown))
    .map(([name]) => name);
}

/** Whether two values mean the same, although the API may write one of them in another form. */
function isSame(asked: unknown, shown: unknown): boolean {
  if (isUnset(asked) || isUnset(shown)) return isUnset(asked) && isUnset(shown);
  if (Array.isArray(asked)) return Array.isArray(shown) && isSameSet(asked, shown);
  if (typeof asked === 'object' && typeof shown === 'object') {
    return isSameObject(asked as Members, shown as Members);
  }
  return String(asked) === String(shown);
}

type Members = Readonly<Record<string, unknown>>;

function isSameObject(asked: Members, shown: Members): boolean {
  return Object.keys({ ...asked, ...shown }).every((name) => isSame(asked[name], shown[name]));
}

function isSameSet(asked: readonly unknown[], shown: readonly unknown[]): boolean {
  return [
    [asked, shown],
    [shown, asked],
  ].every(([some, others]) => some?.every((one) => others?.some((other) => isSame(one, other))));
}

/** The API does not tell these apart: protobuf has no null, and leaves out what has the default of its type. */
function isUnset(value: unknown): boolean {
  if (value === undefined || value === null || value === '' || value === false || value === 0) return true;
  return typeof value === 'object' && Object.values(value).every(isUnset);
}
