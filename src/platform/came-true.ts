import { ToolError } from '../core/errors.ts';
import { readBack } from './read-back.ts';

/** What a call asked for one argument, and what the API shows for it afterwards. */
export interface Asked {
  /** `undefined`: the call did not name the argument. */
  readonly asked: unknown;
  readonly shown: unknown;
  /** Whether the answer shows it. Usually a member that is left out does so only for a call that unset it. */
  readonly isTold?: boolean;
}

/**
 * Compares what a call asked for with what the API shows afterwards, so that no change is told as a success unseen: the
 * API may ignore what it does not heed, an empty text above all, and answer 200 all the same. What is unset, empty and
 * left out is one; a number is its text; white space around a text, the order of a list and entries that occur twice do
 * not count.
 * @param fields by the names of the arguments
 * @param nextTool the tool that shows the current state
 * @throws ToolError `not_applied` that names every argument that did not come true
 */
export function requireCameTrue(fields: Readonly<Record<string, Asked>>, nextTool: string): void {
  const kept = notCameTrue(fields);
  const [first] = kept;
  if (first === undefined) return;
  const [names, them] = [kept.join(', '), kept.length === 1 ? 'it' : 'them'];
  const message = `Scalekit accepted the change, but ${names} did not come true. Do not repeat the call: change ${them} in the Scalekit dashboard. What else the call named is done.`;
  throw new ToolError('not_applied', message, { field: first, nextTool });
}

/**
 * The same for an answer that may not be whole. Where it leaves out a member that was asked for, what was written is read
 * once and that is compared: neither is a success told as a failure, nor the other way round.
 * @param fieldsOf what was asked for beside what an answer shows
 * @param read reads what was written
 * @returns the answer that was compared
 * @throws ToolError `not_applied`; or that of the read, which says that the write was accepted
 */
export async function requireTold<Answer>(
  fieldsOf: (answer: Answer) => Readonly<Record<string, Asked>>,
  answer: Answer,
  read: () => Promise<Answer>,
  nextTool: string,
): Promise<Answer> {
  const whole = isUntold(fieldsOf(answer)) ? await readBack(read(), nextTool) : answer;
  requireCameTrue(fieldsOf(whole), nextTool);
  return whole;
}

/**
 * What a call does not name is to be as it was. It is not written again when it is not: what is there now may be what
 * somebody else wants.
 * @param fields what was there before as `asked`
 * @throws ToolError `not_applied`
 */
export function requireAsBefore(fields: Readonly<Record<string, Asked>>, nextTool: string): void {
  const lost = notCameTrue(fields);
  const [first] = lost;
  if (first === undefined) return;
  const message = `Scalekit accepted the change, but these are not as before it: ${lost.join(', ')}. Do not repeat the call: look at what is there, and ask the person what is right.`;
  throw new ToolError('not_applied', message, { field: first, nextTool });
}

/** Whether an answer leaves out something that a call named. What a call unset is left out by rights. */
export function isUntold(fields: Readonly<Record<string, Asked>>): boolean {
  return Object.values(fields).some(({ asked, shown, isTold }) => {
    if (asked === undefined) return false;
    return !(isTold ?? (isUnset(asked) || (shown !== undefined && shown !== null)));
  });
}

/** The names of the arguments that a call named and that did not come true. */
export function notCameTrue(fields: Readonly<Record<string, Asked>>): string[] {
  const kept = Object.entries(fields).filter(([, { asked, shown }]) => asked !== undefined && !isSame(asked, shown));
  return kept.map(([name]) => name);
}

/** Of the members that the API shows those that a call named: it may keep some of its own beside them. */
export function namedOf(asked: Members | undefined, shown: Members | null | undefined): Members {
  return Object.fromEntries(Object.keys(asked ?? {}).map((name) => [name, shown?.[name]]));
}

type Members = Readonly<Record<string, unknown>>;

/** Whether two values mean the same, although the API may write one of them in another form. */
function isSame(asked: unknown, shown: unknown): boolean {
  return meaningOf(asked) === meaningOf(shown);
}

/** A text that values share if and only if they mean the same. Each is looked at once, since lists may be long. */
function meaningOf(value: unknown): string {
  if (isUnset(value)) return '';
  if (Array.isArray(value)) return `[${[...new Set(value.map(meaningOf))].sort().join()}]`;
  if (typeof value !== 'object') return JSON.stringify(String(value).trim());
  const members = Object.entries(value as Members).filter(([, member]) => !isUnset(member));
  const texts = members.map(([name, member]) => `${JSON.stringify(name)}:${meaningOf(member)}`);
  return `{${texts.sort().join()}}`;
}

/** The API does not tell these apart: protobuf has no null, and leaves out what has the default of its type. */
function isUnset(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === 0) return true;
  if (typeof value === 'string') return value.trim() === '';
  return typeof value === 'object' && Object.values(value).every(isUnset);
}
