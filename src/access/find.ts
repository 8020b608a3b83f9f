import type { Caller } from '../auth/caller.ts';
import type { FoundTool } from '../core/tool.ts';
import type { Entry } from './entry.ts';
import { toldOf } from './offered.ts';
import type { Surface } from './surface.ts';
import { type Described, indexOf } from './tool-index.ts';
import { saidIn, type Understood, understood, type Wanted, wordsSaidIn } from './understanding.ts';

/**
 * How much a term counts that is only near to one of the question. `npm run bench:tools` says what a change of these numbers
 * does.
 */
const NEAR = 0.7;
/** The power of the share of a question that a tool has. */
const COVERAGE = 2;
/** How much a tool counts that does something else than what is asked for. */
const UNFIT = 0.4;
/** How much more a tool counts whose name stands in the question. */
const CALLED_SO = 10;
/** How much a tool counts for its words alone that has none of a question, in comparison to the one that has most. */
const WITHOUT_WORDS = 0.05;
/** How much a tool counts that changes something, where nothing is said of what is to be done. */
const UNSAID = 0.9;
/** How much a tool counts then that lists: things are mostly named to see them. */
const NAMED_ALONE = 1.3;
/** The power of how likely a question is for a tool, by what people say for each. */
const LIKELIHOOD = 0.15;
/** How much more a tool counts of which somebody says just what is asked. */
const SAID_SO = 2;

/**
 * Finds the tools of a surface that fit a query, the best first, as a caller is told of them. Those that the caller's token
 * lets through are not preferred: what is missing can be asked for.
 * @param query words for what is to be done
 * @param most so many at most
 */
export function findTools(query: string, most: number, surface: Surface, caller: Caller): FoundTool[] {
  return findEntries(query, most, surface).map((entry) => toldOf(entry, surface, caller));
}

/** The same for whoever is not known. */
export function findEntries(query: string, most: number, { reach, catalogue }: Surface): Entry[] {
  const { tools, weights, sayings, nearest } = indexOf(catalogue);
  const meant = understood(query);
  const question = weighed(meant, weights);
  const scores = tools.map((described) => scoreOf(described, question, weights));
  const best = Math.max(...scores);
  if (best === 0 && !meant.about.some(({ term }) => sayings.knows(term))) return [];
  const likelihoods = sayings.likelihoods(saidIn(meant));
  const likeness = nearest.likeness(new Set(wordsSaidIn(meant)));
  const called = new Set(query.split(/\W+/));
  return tools
    .flatMap(({ tool, verb }, at) => {
      const { name } = tool;
      const entry = reach.get(name);
      if (entry === undefined) return [];
      const byWords = WITHOUT_WORDS + (best === 0 ? 0 : (scores[at] as number) / best);
      const byCall = called.has(name) ? CALLED_SO : meant.fits === undefined ? unsaid(verb, tool) : 1;
      const bySayings =
        Math.exp(LIKELIHOOD * (likelihoods[at] as number)) * (1 + SAID_SO * (likeness[at] as number) ** 2);
      const score = byWords * bySayings * byCall;
      return [{ entry, score }];
    })
    .sort((one, other) => other.score - one.score)
    .slice(0, most)
    .map(({ entry }) => entry);
}

/** How much a tool counts where nothing is said of what is to be done. */
function unsaid(verb: string, { effect }: Described['tool']): number {
  if (effect !== 'read') return UNSAID;
  return verb === 'list' ? NAMED_ALONE : 1;
}

/** Terms, and how much each counts. */
type Terms = ReadonlyMap<string, number>;

/** A question with how much each of its parts counts. */
interface Question {
  /** What it is about: terms that stand for it, with how much each counts for that, and how much it counts itself. */
  readonly about: readonly { readonly terms: readonly (readonly [string, number])[]; readonly weight: number }[];
  readonly total: number;
  /** All these terms together. */
  readonly said: Terms;
  readonly fits: Understood['fits'];
}

function weighed({ about, fits }: Understood, weights: Terms): Question {
  const nearTo = ({ near }: Wanted) => near.map((term) => [term, NEAR] as const);
  const itself = ({ term }: Wanted) => [term, 1] as const;
  const parts = about.map((wanted) => {
    const terms = [...nearTo(wanted), itself(wanted)];
    return { terms, weight: bestOf(terms, weights) };
  });
  return {
    about: parts,
    total: parts.reduce((sum, { weight }) => sum + weight, 0),
    said: new Map([...about.flatMap(nearTo), ...about.map(itself)]),
    fits,
  };
}

/** The most that one of some terms counts, by how much all count. */
function bestOf(terms: Question['about'][number]['terms'], all: Terms): number {
  return terms.reduce((best, [term, counts]) => Math.max(best, counts * (all.get(term) ?? 0)), 0);
}

/** How well a tool fits a question: by what it is about, and by what it does. 0 where it has none of its words. */
function scoreOf({ verb, name, terms, phrases }: Described, question: Question, weights: Terms): number {
  const { about, total, said, fits } = question;
  const had = about.reduce((sum, part) => sum + part.weight * bestOf(part.terms, terms), 0);
  if (had === 0) return 0;
  /** How much of some terms the question says, and how much they are. */
  const saidOf = (some: readonly string[]) => {
    let [part, all] = [0, 0];
    for (const term of some) {
      const weight = weights.get(term) ?? 0;
      all += weight;
      part += weight * (said.get(term) ?? 0);
    }
    return { part, all };
  };
  // One phrase counts beside all words: the one that is most like the question, by what both have of what both are.
  const likeness = phrases.map((phrase) => {
    const { part, all } = saidOf(phrase);
    return (2 * part) / (all + total);
  });
  const words = (had / total) ** COVERAGE + Math.max(0, ...likeness);
  const { part, all } = saidOf(name);
  const named = all === 0 ? 0 : part / all;
  const fit = fits === undefined ? 1 : (fits.get(verb) ?? 0);
  return words * (1 + named) * (UNFIT + (1 - UNFIT) * fit);
}
