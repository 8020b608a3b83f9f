// Names of variables that look like one of ours. Such a setting would pass in silence, and another value would apply.
// Where that leaves a setting at its default, it is a mistake; otherwise somebody else's program may want it.

import { isWithin } from '../core/edits.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** A variable that is set and not read, and the one that was probably meant. */
export interface NearMiss {
  readonly name: string;
  readonly meant: string;
}

/** Names with this many letters may differ in this many of them. In shorter ones another word is too near: see `isSlip`. */
const TOLERANCE = [
  { letters: 12, edits: 2 },
  { letters: 8, edits: 1 },
] as const;

/** What commands for a hosted server read. It says nothing of a server here, and may be set for the whole shell. */
const HOSTED_VARIABLES: ReadonlySet<string> = new Set(['SCALEKIT_MCP_URL', 'SCALEKIT_MCP_TOKEN']);

/** Whether a variable is for a hosted server, so that it is neither missed nor strange here. */
export function isForHosted(name: string): boolean {
  return HOSTED_VARIABLES.has(name);
}

/** Whether a variable has a value. An empty one counts as unset. */
export function isSet(env: Environment, name: string): boolean {
  return (env[name] ?? '').trim() !== '';
}

/**
 * Finds variables that are set and are almost called like one that is not.
 * @param known the names of all variables that are read
 */
export function nearMisses(env: Environment, known: readonly string[]): NearMiss[] {
  return missesOf(
    env,
    known,
    known.filter((name) => !isSet(env, name)),
  );
}

/**
 * Finds variables that are set, are not read, and begin like ours or are almost called like one that is set as well: one
 * line each. What is refused as a near miss is left out.
 * @param known the names of all variables that are read
 */
export function strangers(env: Environment, known: readonly string[], refused: readonly NearMiss[]): string[] {
  const told = new Set(refused.map(({ name }) => name));
  const twins = missesOf(
    env,
    known,
    known.filter((name) => isSet(env, name)),
  );
  return Object.keys(env)
    .filter((name) => isSet(env, name) && !known.includes(name) && !told.has(name))
    .filter((name) => !isForHosted(name) && !isServiceLink(name))
    .flatMap((name) => {
      const twin = twins.find((miss) => miss.name === name)?.meant;
      if (twin !== undefined)
        return [`${name}: no variable of this server, and not read. ${twin}, which is set, counts.`];
      const alike = known.filter((other) => isOurs(wordOf(other)) && wordOf(other) === wordOf(name));
      return alike.length === 0
        ? []
        : [`${name}: no variable of this server, and not read. Those that begin so are ${alike.join(', ')}.`];
    });
}

function missesOf(env: Environment, known: readonly string[], wanted: readonly string[]): NearMiss[] {
  const others = wanted.map((name) => ({ name, letters: lettersOf(name) }));
  return Object.keys(env)
    .filter((name) => !known.includes(name) && isSet(env, name) && !isForHosted(name))
    .flatMap((name) => {
      const letters = lettersOf(name);
      const meant =
        others.find((other) => other.letters === letters) ??
        others.find((other) => isWithin(editsIn(other.letters), letters, other.letters)) ??
        others.find((other) => isSlip(letters, other.letters)) ??
        others.find((other) => isAnotherForm(name, other.name));
      return meant === undefined ? [] : [{ name, meant: meant.name }];
    });
}

/** First words that the variables of many other programs have too, `REDIS_DIGEST` of our own Compose file among them. */
const COMMON_WORDS: ReadonlySet<string> = new Set(['HOST', 'LOG', 'NODE', 'PORT', 'REDIS', 'WORKERS']);

function wordOf(name: string): string {
  return name.toUpperCase().split('_')[0] ?? '';
}

function isOurs(word: string): boolean {
  return !COMMON_WORDS.has(word);
}

/** Whether Kubernetes or Docker sets such a variable for a service of that name, which may be called like this server. */
function isServiceLink(name: string): boolean {
  return /_SERVICE_(HOST|PORT)(_\w+)?$|_PORT(_\d+_(TCP|UDP)\w*)?$/.test(name);
}

/** The name without what is most often mistaken in it: case, separators, and a word that Scalekit's own SDKs write out. */
function lettersOf(name: string): string {
  return name
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, '')
    .replace('ENVIRONMENT', 'ENV');
}

function editsIn(letters: string): number {
  return TOLERANCE.find((row) => letters.length >= row.letters)?.edits ?? 0;
}

/** Whether two letters were swapped, or one was typed twice: no other word comes about so. */
function isSlip(letters: string, meant: string): boolean {
  if (meant.length < 4) return false;
  if (letters.length === meant.length) return sorted(letters) === sorted(meant) && isWithin(1, letters, meant);
  return letters.length === meant.length + 1 && withoutDoubles(letters) === withoutDoubles(meant);
}

function withoutDoubles(letters: string): string {
  return letters.replace(/(.)\1+/g, '$1');
}

function sorted(letters: string): string {
  return [...letters].sort().join('');
}

/** Whether the names are the same but for one of several words, which begins alike, as MODE and MODUS do. */
function isAnotherForm(name: string, meant: string): boolean {
  const [words, others] = [name.toUpperCase().split('_'), meant.split('_')];
  if (others.length < 2 || words.length !== others.length) return false;
  const differing = others.flatMap((other, i) => (words[i] === other ? [] : [{ word: words[i] ?? '', other }]));
  return differing.length === 1 && differing.every(({ word, other }) => beginsAlike(word, other));
}

function beginsAlike(word: string, other: string): boolean {
  return other.length >= 4 && word.slice(0, 3) === other.slice(0, 3) && isWithin(2, word, other);
}
