import MiniSearch from 'minisearch';
import type { Caller } from '../auth/caller.ts';
import { allows } from '../auth/scopes.ts';
import type { FoundTool, Offered, Tool } from '../core/tool.ts';
import { neededBy } from './authorize.ts';
import type { Entry } from './entry.ts';
import { reachable, type Surface, spelled } from './surface.ts';

/** How much a word counts that stands in a name, in comparison to one in a description or in the name of an argument. */
const BOOST = { words: 2, title: 1, description: 1.5, parameters: 0.5 } as const;
/** How much more a list and what only reads count: whoever names a thing alone wants to see it, or which there are. */
const LISTS = 1.25;
const READS = 1.15;
/** One letter in five may differ. */
const FUZZY = 0.2;

/**
 * The tools by their words. One index of a whole catalogue, made when somebody first looks for something: callers choose
 * what they see of it.
 */
const indexes = new WeakMap<readonly Tool[], MiniSearch>();

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
  const options = {
    filter: ({ id }: { readonly id: string }) => reach.has(id),
    boost: BOOST,
    boostDocument: (id: string) => weightOf(reach.get(id)?.tool),
    prefix: (term: string) => term.length > 3,
    fuzzy: (term: string) => term.length > 4 && FUZZY,
  };
  return indexOf(catalogue)
    .search(query, options)
    .slice(0, most)
    .map(({ id }) => reach.get(id) as Entry);
}

function weightOf(tool: Tool | undefined): number {
  if (tool?.items !== undefined) return LISTS;
  return tool?.effect === 'read' ? READS : 1;
}

function found({ tool, listed }: Entry, surface: Surface, caller: Caller): FoundTool {
  const { name, toolset, description, effect, scope } = tool;
  const needed = scope === null ? [] : neededBy(tool, scope);
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
  };
}

function indexOf(catalogue: readonly Tool[]): MiniSearch {
  const known = indexes.get(catalogue);
  if (known !== undefined) return known;
  const index = new MiniSearch({ fields: Object.keys(BOOST), processTerm: stemOf });
  index.addAll(catalogue.filter(({ standsForAnother }) => !standsForAnother).map(wordsOf));
  indexes.set(catalogue, index);
  return index;
}

function wordsOf({ name, title, description, input }: Tool) {
  const parameters = Object.keys(input)
    .join(' ')
    .replace(/([a-z])(?=[A-Z])/g, '$1 ');
  return { id: name, words: name.replaceAll('_', ' '), title, description, parameters };
}

/** Words that stand in questions of all kinds. */
const SAY_NOTHING: ReadonlySet<string> = new Set(
  'a an and are as at be but by can do does for from has have how i if in into is it its me my no not of on or our so that the their them there these they this to us was we what when where which who will with you your'.split(
    ' ',
  ),
);

/** A word in small letters, without what makes it a plural; `null` for one that says nothing. */
function stemOf(term: string): string | null {
  const word = term.toLowerCase();
  if (SAY_NOTHING.has(word)) return null;
  return word.length > 3 && word.endsWith('s') && !word.endsWith('ss') ? word.slice(0, -1) : word;
}
