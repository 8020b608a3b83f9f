import { once } from '../core/once.ts';
import { type Named, Phrases, rowsOf, stemsOf } from '../knowledge/phrases.ts';
import { add, type Said, saidBy } from '../knowledge/sayings.ts';
import { saysNothing } from '../knowledge/terms.ts';
import { ACTIONS, FITS, NEAR, SAME, TYPED } from './thesaurus.ts';

/** What a question is about: a term, and those that may be meant by it, which count less. */
export interface Wanted {
  readonly term: string;
  readonly near: readonly string[];
}

/** A text as it is understood. */
export interface Understood {
  /** Its words, by their stems. */
  readonly words: readonly string[];
  readonly about: readonly Wanted[];
  /**
   * How well a tool fits whose name begins with a verb, of 1, by what is to be done; `undefined` where nothing is said of
   * that. Verbs that are not there do not fit.
   */
  readonly fits: ReadonlyMap<string, number> | undefined;
}

/** Longer questions are cut: so many characters hold what is looked for. */
const MAX_QUESTION = 400;
/** So many words may be mended: each is compared with all that are known. */
const MOST_MENDED = 3;
const SHORTEST_MENDED = 5;

/** How much each further verb counts, in comparison to the one before it. */
const FURTHER = 0.6;
/** How much a verb counts that only looks at something, in comparison to one that does something, unless a question asks. */
const LOOKING = 0.4;
const IS_ASKED =
  /(?:^|[,;.:?!] )(?:which|who|whose|when|why|is|are|was|did|does|has|have|how (?:many|much|long|often))\b/i;

/** How much a term counts beside the word that it is for, one that may be meant, and a verb, in what a text says. */
const SAID = { term: 1, near: 0.5, verb: 1 } as const;

/** What a word may be that is written like a name. */
const NAMED: readonly string[] = ['organization', 'user'];
/** What only looks. */
const LOOKS: ReadonlySet<string> = new Set(['list', 'get', 'search', 'count', 'check', 'diagnose', 'verify']);

/** The thesaurus as it is looked into. Made when it is first needed. */
const thesaurus = once(() => {
  const near = new Phrases(rowsOf(NEAR));
  // The names of rows are phrases of theirs.
  const same = new Phrases([
    ...rowsOf(SAME),
    ...[...rowsOf(SAME), ...rowsOf(NEAR)].map(([name]) => [name, [name.replaceAll('_', ' ')]] as const),
  ]);
  const actions = new Phrases(rowsOf(ACTIONS));
  const single = rowsOf(ACTIONS).flatMap(([, phrases]) => phrases.filter((each) => !each.includes(' ')));
  const actionWords: ReadonlySet<string> = new Set(single.flatMap(stemsOf));
  const vocabulary: ReadonlySet<string> = new Set([same, near, actions].flatMap((phrases) => phrases.words()));
  return { near, same, actions, actionWords, vocabulary };
});

/** Understands a question by the thesaurus. */
export function understood(question: string): Understood {
  const text = question.slice(0, MAX_QUESTION);
  return understoodBy(mended(stemsOf(plain(text))), text);
}

/** The same for a text of this server, in which no letter is wrong. */
export function understoodAsWritten(text: string): Understood {
  return understoodBy(stemsOf(plain(text)), text);
}

function understoodBy(words: readonly string[], text: string): Understood {
  return { words, about: aboutOf(words, namesIn(text)), fits: fitsOf(text.trim(), words) };
}

/** What an understood text says: its words, terms and verbs. */
export function saidIn({ words, about, fits }: Understood): Said {
  const said = saidBy(words);
  for (const { term, near } of about) {
    add(said, term, SAID.term);
    for (const other of near) add(said, other, SAID.near);
  }
  for (const [verb, fit] of fits ?? []) add(said, `to ${verb}`, SAID.verb * fit);
  return said;
}

/** The words of an understood text that say something; none twice. */
export function wordsSaidIn({ words }: Understood): string[] {
  return [...new Set(words)].filter((word) => !saysNothing(word));
}

/** The terms by which a text of a tool is found. */
export function termsIn(text: string): string[] {
  return aboutOf(stemsOf(plain(text)), new Set()).map(({ term }) => term);
}

/**
 * What the words of a text are about.
 * @param names those that may be names of customers or people
 */
function aboutOf(words: readonly string[], names: ReadonlySet<string>): Wanted[] {
  const wanted = new Map<string, readonly string[]>();
  const want = (term: string, others: readonly string[]) => wanted.set(term, [...(wanted.get(term) ?? []), ...others]);
  const nouns = thesaurus().same.in(words);
  for (const name of nouns.flatMap((noun) => noun.names)) want(name, nearTo([name], 0).names);
  const taken = placesIn(nouns);
  for (const [place, word] of words.entries()) {
    if (taken.has(place)) continue;
    const found = nearTo(words, place);
    for (const each of found.places) taken.add(each);
    if (isTerm(word)) want(word, found.names.length === 0 && names.has(word) ? NAMED : found.names);
    // No tool is found by this word, but by what stands for it.
    else if (found.names.length > 0) want(found.names.join(' '), found.names);
  }
  return [...wanted].map(([term, others]) => ({ term, near: others }));
}

function nearTo(words: readonly string[], place: number): Named {
  return thesaurus().near.at(words, place) ?? { names: [], places: [] };
}

function isTerm(word: string): boolean {
  return word.length > 1 && !saysNothing(word) && !thesaurus().actionWords.has(word);
}

function placesIn(found: readonly Named[]): Set<number> {
  return new Set(found.flatMap(({ places }) => places));
}

/** How well each verb of tools fits what a question wants done. */
function fitsOf(question: string, words: readonly string[]): ReadonlyMap<string, number> | undefined {
  const looking = IS_ASKED.test(question) ? 1 : LOOKING;
  const fits = new Map<string, number>();
  let strength = 1;
  const { actions, same } = thesaurus();
  for (const { names } of actions.in(words, 1, placesIn(same.in(words, 2)))) {
    const counts = strength * (names.every((name) => LOOKS.has(name)) ? looking : 1);
    strength *= FURTHER;
    for (const [verb, fit] of names.flatMap((name) => Object.entries(FITS[name] ?? {}))) {
      fits.set(verb, (fits.get(verb) ?? 0) + fit * counts);
    }
  }
  if (fits.size === 0) return undefined;
  const best = Math.max(...fits.values());
  return new Map([...fits].map(([verb, fit]) => [verb, fit / best]));
}

/** Small letters, names in code as words, and for what is no word what it is. */
function plain(text: string): string {
  let written = text.replace(/\b[a-z]+(?:[A-Z][a-z]+)+/g, (name) => name.replace(/(?=[A-Z])/g, ' ')).toLowerCase();
  for (const [typed, words] of TYPED) written = written.replace(typed, words);
  return written;
}

/** The words that are written like names. */
function namesIn(text: string): Set<string> {
  return new Set((text.match(/\b[A-Z][a-z]{2,20}\b/g) ?? []).flatMap(stemsOf));
}

/** The words of a question, those with a wrong letter as they are known. */
function mended(words: readonly string[]): string[] {
  const { vocabulary } = thesaurus();
  let most = MOST_MENDED;
  return words.map((word) => {
    if (most === 0 || word.length < SHORTEST_MENDED || vocabulary.has(word) || saysNothing(word)) return word;
    most -= 1;
    const again = word.startsWith('re') ? word.slice(2) : word;
    if (vocabulary.has(again)) return again;
    for (const known of vocabulary) if (isNearly(word, known)) return known;
    return word;
  });
}

/** Whether words begin with the same letter and differ by one, or by the order of two. */
function isNearly(word: string, other: string): boolean {
  if (word[0] !== other[0] || other.length < SHORTEST_MENDED || Math.abs(word.length - other.length) > 1) return false;
  const shorter = Math.min(word.length, other.length);
  let start = 1;
  while (start < shorter && word[start] === other[start]) start += 1;
  let end = 0;
  while (end < shorter - start && word.at(-1 - end) === other.at(-1 - end)) end += 1;
  const [one, another] = [word.slice(start, word.length - end), other.slice(start, other.length - end)];
  return (one.length <= 1 && another.length <= 1) || (one.length === 2 && one === [...another].reverse().join(''));
}
