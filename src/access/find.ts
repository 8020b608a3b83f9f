import MiniSearch, { type SearchResult } from 'minisearch';
import type { Caller } from '../auth/caller.ts';
import { allows, neededBy } from '../auth/scopes.ts';
import type { FoundTool, Offered, Tool } from '../core/tool.ts';
import { toleranceFor } from '../knowledge/mistyped.ts';
import type { Entry } from './entry.ts';
import { effectMeant, weightOf } from './meant-effect.ts';
import { reachable, type Surface, spelled } from './surface.ts';
import { termsIn, type Wanted, wantedBy } from './words.ts';

/** How much a word counts where it stands, in comparison to one of the title. `npm run bench:tools` says what a change does. */
const BOOST = { words: 2, title: 1, description: 1.5, foundBy: 1.5, parameters: 0.5 } as const;
/** How much a word counts that is only near to one of the question. */
const NEAR = 0.4;
/** The power of the share of a question's words that a tool has, and of the share of its name's words that the question has. */
const COVERAGE = 1.25;
const NAME_COVERAGE = 0.25;
/** How much more a tool counts whose whole name is what is asked for. */
const CALLED_SO = 1.5;

/**
 * The tools by their words. One index of a whole catalogue, made when somebody first looks for something: callers choose
 * what they see of it.
 */
const indexes = new WeakMap<readonly Tool[], MiniSearch>();
/** The words of names, once somebody has looked for something. */
const nameTerms = new WeakMap<Tool, readonly string[]>();

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
  const wanted = wantedBy(query);
  const weights = new Map(wanted.flatMap(({ near }) => near.map((term) => [term, NEAR])));
  for (const { term } of wanted) weights.set(term, 1);
  const effect = effectMeant(query);
  const isAsked = (term: string) => weights.get(term) === 1;
  return indexOf(catalogue)
    .search([...weights.keys()].join(' '), {
      filter: ({ id }) => reach.has(id),
      tokenize: (terms) => terms.split(' '),
      boost: BOOST,
      boostTerm: (term) => weights.get(term) ?? 1,
      prefix: (term) => term.length > 3 && isAsked(term),
      ...toleranceFor(wanted.map(({ term }) => term)),
    })
    .map((result) => {
      const entry = reach.get(result.id) as Entry;
      const named = namedBy(weights, wanted.length, entry.tool);
      return { entry, rank: rankOf(result, wanted) * named * weightOf(entry.tool, effect) };
    })
    .sort((one, other) => other.rank - one.rank)
    .slice(0, most)
    .map(({ entry }) => entry);
}

/** The score of a tool, by how many words of the question it has, be it by a word near to one. */
function rankOf({ score, queryTerms }: SearchResult, wanted: readonly Wanted[]): number {
  const has = new Set(queryTerms);
  const had = wanted.filter(({ term, near }) => has.has(term) || near.some((each) => has.has(each)));
  // MiniSearch multiplies by the number of words, near ones too.
  return (score / queryTerms.length) * (had.length / wanted.length) ** COVERAGE;
}

/** How much of the name of a tool a question says. */
function namedBy(weights: ReadonlyMap<string, number>, wanted: number, tool: Tool): number {
  let terms = nameTerms.get(tool);
  if (terms === undefined) {
    terms = termsIn(tool.name.replaceAll('_', ' '));
    nameTerms.set(tool, terms);
  }
  const said = terms.reduce((sum, term) => sum + (weights.get(term) ?? 0), 0);
  const isAll = said === terms.length && said === wanted;
  return ((said + 0.5) / (terms.length + 0.5)) ** NAME_COVERAGE * (isAll ? CALLED_SO : 1);
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

function indexOf(catalogue: readonly Tool[]): MiniSearch {
  const known = indexes.get(catalogue);
  if (known !== undefined) return known;
  const index = new MiniSearch({ fields: Object.keys(BOOST), tokenize: termsIn, processTerm: (term) => term });
  index.addAll(catalogue.filter(({ standsForAnother }) => !standsForAnother).map(wordsOf));
  indexes.set(catalogue, index);
  return index;
}

function wordsOf({ name, title, description, foundBy, input }: Tool) {
  const parameters = Object.keys(input).join(' ');
  return { id: name, words: name.replaceAll('_', ' '), title, description, foundBy, parameters };
}
