import type { Caller } from '../auth/caller.ts';
import { allows, neededBy } from '../auth/scopes.ts';
import type { FoundTool, Offered, Tool } from '../core/tool.ts';
import { rowsOf } from '../knowledge/phrases.ts';
import type { Entry } from './entry.ts';
import { SENTENCES } from './sentences.ts';
import { reachable, type Surface, spelled } from './surface.ts';
import { termsIn, type Understood, understood, type Wanted } from './understanding.ts';

/**
 * How much a term counts that stands in what people say for a tool, or in its description, in comparison to one of its name.
 * `npm run bench:tools` says what a change of these numbers does.
 */
const SAID = 0.85;
const DESCRIBED = 0.7;
/** The same for one that stands in a sentence of somebody who wants what it does. */
const IN_SENTENCE = 0.65;
/** How much it counts that a question is like such a sentence, in comparison to the other phrases. */
const SENTENCE_LIKENESS = 0.8;
/** How much a term counts that is only near to one of the question. */
const NEAR = 0.7;
/** The power of the share of a question that a tool has. */
const COVERAGE = 2;
/** How much a tool counts that does something else than what is asked for. */
const UNFIT = 0.4;
/** How much more a tool counts whose name stands in the question. */
const CALLED_SO = 3;

/** A tool by its words. */
interface Described {
  readonly tool: Tool;
  /** The first word of its name. */
  readonly verb: string;
  readonly name: readonly string[];
  /** How much each of its terms counts. */
  readonly terms: ReadonlyMap<string, number>;
  /** What people say for it, title and sentences of the description included, and how much each counts. */
  readonly phrases: readonly { readonly terms: readonly string[]; readonly counts: number }[];
}

/** The tools of a whole catalogue, of which callers choose what they see. */
interface Index {
  readonly tools: readonly Described[];
  /** How much terms say: one that few tools have says more. */
  readonly weights: ReadonlyMap<string, number>;
}

const SENTENCES_OF = new Map(rowsOf(SENTENCES));

/** Made when somebody first looks for something. */
const indexes = new WeakMap<readonly Tool[], Index>();

/**
 * Finds the tools of a surface that fit a query, the best first, as a caller is told of them. Those that the caller's token
 * lets through are not preferred: what is missing can be asked for.
 * @param query words for what is to be done
 * @param most so many at most
 */
export function findTools(query: string, most: number, surface: Surface, caller: Caller): FoundTool[] {
  return findEntries(query, most, surface).map((entry) => found(entry, surface, caller));
}

/** The same for whoever is not known. */
export function findEntries(query: string, most: number, { reach, catalogue }: Surface): Entry[] {
  const { tools, weights } = indexOf(catalogue);
  const question = weighed(understood(query), weights);
  const called = new Set(query.split(/\W+/));
  return tools
    .flatMap((described) => {
      const { name } = described.tool;
      const entry = reach.get(name);
      const score = scoreOf(described, question, weights) * (called.has(name) ? CALLED_SO : 1);
      return entry === undefined || score === 0 ? [] : [{ entry, score }];
    })
    .sort((one, other) => other.score - one.score)
    .slice(0, most)
    .map(({ entry }) => entry);
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
  const likeness = phrases.map(({ terms: some, counts }) => {
    const { part, all } = saidOf(some);
    return (counts * 2 * part) / (all + total);
  });
  const words = (had / total) ** COVERAGE + Math.max(0, ...likeness);
  const { part, all } = saidOf(name);
  const named = all === 0 ? 0 : part / all;
  const fit = fits === undefined ? 1 : (fits.get(verb) ?? 0);
  return words * (1 + named) * (UNFIT + (1 - UNFIT) * fit);
}

function found({ tool, listed }: Entry, surface: Surface, caller: Caller): FoundTool {
  const { name, toolset, description, effect } = tool;
  const needed = neededBy(tool);
  return {
    ...{ name, toolset, description, effect },
    scopes: spelled(
      surface,
      needed.map((each) => each.scope),
    ),
    isGranted: needed.every((each) => allows(caller.grant, each)),
    inputSchema: listed.inputSchema,
    outputSchema: listed.outputSchema,
  };
}

/** What a caller is offered on a surface. */
export function offeredOn(surface: Surface, caller: Caller): Offered {
  const { reach, content } = surface;
  return {
    tools: () => [...reach.values()].map((entry) => found(entry, surface, caller)),
    tool: (name) => {
      const entry = reachable(name, surface);
      return entry && found(entry, surface, caller);
    },
    resources: [...content.resources.keys()],
    prompts: [...content.prompts.keys()],
    skills: content.skills,
  };
}

/** Prepares finding tools, which takes as long as hundreds of searches: one tool for each piece. */
export function* preparingFind(catalogue: readonly Tool[]): Iterable<void> {
  for (const tool of findable(catalogue)) yield void described(tool);
  yield void indexOf(catalogue);
}

function findable(catalogue: readonly Tool[]): readonly Tool[] {
  return catalogue.filter(({ standsForAnother }) => !standsForAnother);
}

function indexOf(catalogue: readonly Tool[]): Index {
  const known = indexes.get(catalogue);
  if (known !== undefined) return known;
  const tools = findable(catalogue).map(described);
  const counts = new Map<string, number>();
  for (const term of tools.flatMap(({ terms }) => [...terms.keys()])) counts.set(term, (counts.get(term) ?? 0) + 1);
  const index = {
    tools,
    weights: new Map([...counts].map(([term, count]) => [term, Math.log(1 + tools.length / count)])),
  };
  indexes.set(catalogue, index);
  return index;
}

const descriptions = new WeakMap<Tool, Described>();

function described(tool: Tool): Described {
  const known = descriptions.get(tool) ?? describe(tool);
  descriptions.set(tool, known);
  return known;
}

function describe(tool: Tool): Described {
  const { title, description, foundBy = '' } = tool;
  const [verb = '', ...rest] = tool.name.split('_');
  const name = termsIn(rest.join(' ') || verb);
  const sentences = SENTENCES_OF.get(tool.name) ?? [];
  // Where a term stands in several of them, the last one counts.
  const terms = new Map([
    ...sentences.flatMap(termsIn).map((term) => [term, IN_SENTENCE] as const),
    ...termsIn(description).map((term) => [term, DESCRIBED] as const),
    ...[foundBy, title].flatMap(termsIn).map((term) => [term, SAID] as const),
    ...name.map((term) => [term, 1] as const),
  ]);
  const phrases = [
    ...[title, ...foundBy.split(/[,;] /), ...description.split(/[,;:.] /)].map((text) => ({ text, counts: 1 })),
    ...sentences.map((text) => ({ text, counts: SENTENCE_LIKENESS })),
  ]
    .map(({ text, counts }) => ({ terms: termsIn(text), counts }))
    .filter(({ terms: { length } }) => length > 0);
  return { tool, verb, name, terms, phrases };
}
