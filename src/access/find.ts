import type { Caller } from '../auth/caller.ts';
import { allows, neededBy } from '../auth/scopes.ts';
import type { FoundTool, Offered, Tool } from '../core/tool.ts';
import type { Entry } from './entry.ts';
import { reachable, type Surface, spelled } from './surface.ts';
import { termsIn, type Understood, understood, type Wanted } from './understanding.ts';

/** How much a term counts that stands in a text of a tool, in comparison to one of its name. `npm run bench:tools` says what a change does. */
const TEXTS = { title: 0.9, foundBy: 0.85, description: 0.75, parameters: 0.4 } as const;
/** How much a term counts that is only near to one of the question. */
const NEAR = 0.65;
/** How much "environment" counts in a name: it mostly tells where a tool acts, not what it is about. */
const PLACE = 0.3;
/** The power of the share of a question that a tool has. */
const COVERAGE = 2;
/** How much the one phrase counts that is most like the question, in comparison to all words of a tool together. */
const LIKEST = 0.8;
/** The power of the share of a name that the question says, and what is added to that share. */
const NAMED = 0.5;
const UNNAMED = 0.5;
/** How much a tool counts that does something else than what is asked for. */
const UNFIT = 0.4;
/** How much lists count where nothing is said of what is to be done: whoever names things wants to see which there are. */
const LISTS = 1.05;
/** How much more a tool counts whose name stands in the question. */
const CALLED_SO = 3;
/** How much tools count that few need. */
const RARE = 0.95;

/** A tool by its words. */
interface Described {
  readonly tool: Tool;
  /** The first word of its name. */
  readonly verb: string;
  readonly name: readonly string[];
  /** How much each of its terms counts. */
  readonly terms: ReadonlyMap<string, number>;
  /** What people say for it, title and sentences of the description included. */
  readonly phrases: readonly (readonly string[])[];
}

/** The tools of a whole catalogue, of which callers choose what they see. */
interface Index {
  readonly tools: readonly Described[];
  /** How much terms say: one that few tools have says more. */
  readonly weights: ReadonlyMap<string, number>;
}

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
  return tools
    .flatMap((described) => {
      const entry = reach.get(described.tool.name);
      const called = query.includes(described.tool.name) ? CALLED_SO : 1;
      const score = entry === undefined ? 0 : called * scoreOf(described, question, weights);
      return entry === undefined || score === 0 ? [] : [{ entry, score }];
    })
    .sort((one, other) => other.score - one.score)
    .slice(0, most)
    .map(({ entry }) => entry);
}

/** A question with how much each of its parts counts. */
interface Question {
  readonly about: readonly (Wanted & { readonly weight: number })[];
  readonly total: number;
  /** How much terms count that it says, or that are near to those. */
  readonly said: ReadonlyMap<string, number>;
  readonly fits: Understood['fits'];
}

function weighed({ about, fits }: Understood, weights: ReadonlyMap<string, number>): Question {
  const weightOf = (term: string) => weights.get(term) ?? 0;
  const parts = about.map(({ term, near }) => ({
    ...{ term, near },
    weight: Math.max(weightOf(term), ...near.map((each) => NEAR * weightOf(each))),
  }));
  const said = new Map(about.flatMap(({ near }) => near.map((term) => [term, NEAR])));
  for (const { term } of about) said.set(term, 1);
  return { about: parts, total: parts.reduce((sum, { weight }) => sum + weight, 0), said, fits };
}

/** How well a tool fits a question: by what it is about, and by what it does. 0 where it has none of its words. */
function scoreOf(
  { tool, verb, name, terms, phrases }: Described,
  question: Question,
  weights: ReadonlyMap<string, number>,
): number {
  const { about, total, said, fits } = question;
  const has = (term: string) => terms.get(term) ?? 0;
  const had = about.reduce(
    (sum, { term, near, weight }) => sum + weight * Math.max(has(term), ...near.map((each) => NEAR * has(each))),
    0,
  );
  if (had === 0) return 0;
  /** How much of some terms the question says, and how much they are. */
  const saidOf = (some: readonly string[]) => {
    let [of, all] = [0, 0];
    for (const term of some) {
      const weight = (weights.get(term) ?? 0) * (some === name && term === 'environment' ? PLACE : 1);
      all += weight;
      of += weight * (said.get(term) ?? 0);
    }
    return { of, all };
  };
  let likest = 0;
  for (const phrase of phrases) {
    const { of, all } = saidOf(phrase);
    // The harmonic mean of the shares that each has of the other.
    if (of > 0) likest = Math.max(likest, (2 * of) / (all + Math.max(total, of)));
  }
  const { of, all } = saidOf(name);
  const words = (had / total) ** COVERAGE + LIKEST * likest;
  const named = (UNNAMED + (all === 0 ? 0 : of / all)) ** NAMED;
  return words * named * fitOf(tool, fits && (fits.get(verb) ?? 0)) * (tool.rare ? RARE : 1);
}

/** How much a tool counts by what it does. */
function fitOf({ items }: Tool, fit: number | undefined): number {
  if (fit === undefined) return items === undefined ? 1 : LISTS;
  return UNFIT + (1 - UNFIT) * fit;
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

/** Prepares finding tools, which takes as long as hundreds of searches. */
export function prepareFind(catalogue: readonly Tool[]): void {
  indexOf(catalogue);
}

function indexOf(catalogue: readonly Tool[]): Index {
  const known = indexes.get(catalogue);
  if (known !== undefined) return known;
  const tools = catalogue.filter(({ standsForAnother }) => !standsForAnother).map(described);
  const counts = new Map<string, number>();
  for (const term of tools.flatMap(({ terms }) => [...terms.keys()])) counts.set(term, (counts.get(term) ?? 0) + 1);
  const index = {
    tools,
    weights: new Map([...counts].map(([term, count]) => [term, Math.log(1 + tools.length / count)])),
  };
  indexes.set(catalogue, index);
  return index;
}

function described(tool: Tool): Described {
  const { title, description, foundBy = '' } = tool;
  const [verb = '', ...rest] = tool.name.split('_');
  const name = termsIn(rest.length === 0 ? verb : rest.join(' '));
  const terms = new Map<string, number>();
  const texts = { parameters: Object.keys(tool.input).join(' '), description, foundBy, title };
  for (const [where, text] of Object.entries(texts)) {
    for (const term of termsIn(text))
      terms.set(term, Math.max(terms.get(term) ?? 0, TEXTS[where as keyof typeof TEXTS]));
  }
  for (const term of name) terms.set(term, 1);
  const phrases = [title, ...foundBy.split(/[,;] /), ...description.split(/[,;:.] /)].map(termsIn);
  return { tool, verb, name, terms, phrases: phrases.filter(({ length }) => length > 0) };
}
