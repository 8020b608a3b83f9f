import { z } from 'zod';
import type { Api, Path } from '../core/api.ts';
import { checkAnswer } from '../core/check-answer.ts';
import { type Asked, isUntold, notCameTrue, requireAsBefore, requireCameTrue } from './came-true.ts';
import { wordOf } from './enum-words.ts';
import { LostUpdate, readBack, untilItStands } from './read-back.ts';
import { aboutArguments, requireChange } from './refusal.ts';

type Value = string | number | boolean;
type Values = Readonly<Record<string, Value | undefined>>;
type Shown = Readonly<Record<string, unknown>>;

/** Settings that are read and written as a whole. */
interface Settings<Schema extends z.ZodObject> {
  readonly at: Path;
  /** The member of the answers that holds them. */
  readonly member: string;
  readonly schema: Schema;
  /** The words of those settings that are enums, by their names. */
  readonly words: Readonly<Record<string, readonly string[]>>;
  /** The tool that shows them. */
  readonly tool: string;
}

/**
 * Changes some of the settings at a path (GET and PATCH). The operation has no field mask, and a word that is left out
 * cannot be told from one that is unset: so all are read, written as a whole, and read again.
 * @param changes by the names of the arguments, each with the settings that it sets
 * @returns the settings before and after
 * @throws ToolError `invalid_arguments` when nothing is to change; `not_applied` for what the API kept, and for what has
 *   changed beside it; LostUpdate when others go on changing them at the same time
 */
export function changeSettings<Schema extends z.ZodObject>(
  api: Api,
  settings: Settings<Schema>,
  changes: Readonly<Record<string, Values | undefined>>,
) {
  const [first = ''] = Object.keys(changes);
  requireChange(changes, first);
  return api.inTurn(settings.at, () => untilItStands(() => changeOnce(api, settings, changes)));
}

async function changeOnce<Schema extends z.ZodObject>(
  api: Api,
  settings: Settings<Schema>,
  changes: Readonly<Record<string, Values | undefined>>,
) {
  const { at, member, tool } = settings;
  const read = async () => shownIn(settings, await api.get(at));
  const before = await read();
  const set: Values = Object.assign({}, ...Object.values(changes));
  const written = await api.patch(at, { ...writable(settings, before), ...set }).catch((refusal) => {
    throw aboutArguments(refusal, originsOf(member, changes));
  });
  const asked = (shown: Shown) => askedOf(settings, changes, shown);
  const told = asked(shownIn(settings, written, 'write'));
  const isTold = !isUntold(told);
  if (isTold) requireCameTrue(told, tool);
  const now = await readBack(read(), tool);
  if (!isTold) requireCameTrue(asked(now), tool);
  if (notCameTrue(asked(now)).length > 0) {
    throw new LostUpdate('What this call set is something else again.', tool);
  }
  refuseOtherThanBefore(settings, { before, now, set });
  return { before, now };
}

function shownIn<Schema extends z.ZodObject>(
  { member, schema }: Settings<Schema>,
  answer: unknown,
  kind: 'read' | 'write' = 'read',
): z.output<Schema> {
  return checkAnswer(z.object({ [member]: schema }), answer, kind)[member] as z.output<Schema>;
}

/** All settings that a request may hold, as they are. A word that this server does not know is left out. */
function writable({ words }: Pick<Settings<z.ZodObject>, 'words'>, before: Shown): Values {
  const kept = Object.entries(before).flatMap(([name, value]): [string, Value][] => {
    if (value === null || value === undefined) return [];
    const known = words[name];
    const word = known === undefined ? value : wordOf(known, String(value));
    return known === undefined || known.includes(String(word)) ? [[name, word as Value]] : [];
  });
  return Object.fromEntries(kept);
}

/** What a call asked for each argument: all of the settings that it sets. */
function askedOf(
  { words }: Pick<Settings<z.ZodObject>, 'words'>,
  changes: Readonly<Record<string, Values | undefined>>,
  shown: Shown,
): Readonly<Record<string, Asked>> {
  return Object.fromEntries(
    Object.entries(changes).map(([argument, values]) => {
      const own = Object.keys(values ?? {}).map((name) => [name, plain(words[name], shown[name])] as const);
      const isTold = own.every(([, value]) => value !== undefined && value !== null);
      return [argument, { asked: values, shown: Object.fromEntries(own), isTold: values === undefined || isTold }];
    }),
  );
}

function plain(words: readonly string[] | undefined, value: unknown): unknown {
  return words !== undefined && typeof value === 'string' ? wordOf(words, value) : value;
}

/**
 * What a call does not name is to be as it was. It is not written again when it is not: what is there now may be what
 * somebody else wants.
 * @throws ToolError `not_applied`
 */
function refuseOtherThanBefore(
  { words, tool }: Pick<Settings<z.ZodObject>, 'words' | 'tool'>,
  { before, now, set }: { readonly before: Shown; readonly now: Shown; readonly set: Values },
): void {
  const others = Object.keys(before).filter((name) => !(name in set));
  const fields = others.map((name): [string, Asked] => [
    name,
    { asked: plain(words[name], before[name]) ?? '', shown: plain(words[name], now[name]) },
  ]);
  requireAsBefore(Object.fromEntries(fields), tool);
}

function originsOf(member: string, changes: Readonly<Record<string, Values | undefined>>) {
  return Object.entries(changes).flatMap(([field, values]) =>
    Object.keys(values ?? {}).map((name) => ({ at: `${member}.${name}`, field })),
  );
}
