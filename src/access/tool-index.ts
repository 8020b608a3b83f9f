import type { Tool } from '../core/tool.ts';
import { NearestSaying, type Saying } from '../knowledge/nearest-saying.ts';
import { rowsOf } from '../knowledge/phrases.ts';
import { type Said, Sayings, saidByAll } from '../knowledge/sayings.ts';
import { SENTENCES } from './sentences.ts';
import { saidIn, termsIn, understoodAsWritten, wordsSaidIn } from './understanding.ts';

/**
 * How much a term counts that stands in what people call a tool, or in its description, in comparison to one of its name.
 * `npm run bench:tools` says what a change of these numbers does.
 */
const CALLED = 0.85;
const DESCRIBED = 0.7;
/** How much of what is said for all tools is taken to be said for each. */
const PRIOR = 100;

/** A tool by its words. */
export interface Described {
  readonly tool: Tool;
  /** The first word of its name. */
  readonly verb: string;
  readonly name: readonly string[];
  /** How much each of its terms counts. */
  readonly terms: ReadonlyMap<string, number>;
  /** The terms of what people call it, title and sentences of the description included. */
  readonly phrases: readonly (readonly string[])[];
}

/** The tools of a whole catalogue, of which callers choose what they see. */
export interface ToolIndex {
  readonly tools: readonly Described[];
  /** How much terms say: one that few tools have says more. */
  readonly weights: ReadonlyMap<string, number>;
  /** What is said for each of the tools, in their order. */
  readonly sayings: Sayings;
  /** What is said for them, one by one. */
  readonly nearest: NearestSaying;
}

/** An index that is made tool by tool, and at once when somebody looks for something. */
class Making {
  readonly #steps: Generator<undefined, ToolIndex>;
  #made: ToolIndex | undefined;

  constructor(catalogue: readonly Tool[]) {
    this.#steps = steps(catalogue);
  }

  /** Whether it is made now. */
  goOn(): boolean {
    if (this.#made !== undefined) return true;
    const { done, value } = this.#steps.next();
    if (done) this.#made = value;
    return done === true;
  }

  made(): ToolIndex {
    while (!this.goOn());
    return this.#made as ToolIndex;
  }
}

const makings = new WeakMap<readonly Tool[], Making>();

/** The index of a catalogue, made when it is first asked for. */
export function indexOf(catalogue: readonly Tool[]): ToolIndex {
  return makingOf(catalogue).made();
}

/** Prepares the index of a catalogue, which takes as long as hundreds of searches: one tool for each piece. */
export function* preparingIndex(catalogue: readonly Tool[]): Iterable<void> {
  const making = makingOf(catalogue);
  while (!making.goOn()) yield;
}

function makingOf(catalogue: readonly Tool[]): Making {
  const known = makings.get(catalogue);
  if (known !== undefined) return known;
  const making = new Making(catalogue);
  makings.set(catalogue, making);
  return making;
}

function* steps(catalogue: readonly Tool[]): Generator<undefined, ToolIndex> {
  const sentences = new Map(rowsOf(SENTENCES));
  const tools: Described[] = [];
  const said: Said[] = [];
  const single: Saying[] = [];
  for (const tool of catalogue) {
    if (tool.standsForAnother) continue;
    tools.push(described(tool));
    const texts = [tool.name.replaceAll('_', ' '), ...phrasesOf(tool), ...(sentences.get(tool.name) ?? [])];
    const meant = texts.map(understoodAsWritten);
    said.push(saidByAll(meant.map(saidIn)));
    single.push(...meant.map((each) => ({ thing: said.length - 1, words: wordsSaidIn(each) })));
    yield;
  }
  return {
    tools,
    weights: weightsIn(tools),
    sayings: yield* Sayings.of(said, PRIOR),
    nearest: yield* NearestSaying.of(tools.length, single),
  };
}

function described(tool: Tool): Described {
  const { title, description, foundBy = '' } = tool;
  const [verb = '', ...rest] = tool.name.split('_');
  const name = termsIn(rest.join(' ') || verb);
  // Where a term stands in several of them, the last one counts.
  const terms = new Map([
    ...termsIn(description).map((term) => [term, DESCRIBED] as const),
    ...[foundBy, title].flatMap(termsIn).map((term) => [term, CALLED] as const),
    ...name.map((term) => [term, 1] as const),
  ]);
  const phrases = phrasesOf(tool)
    .map(termsIn)
    .filter(({ length }) => length > 0);
  return { tool, verb, name, terms, phrases };
}

/** What a tool is called, by people and by itself. */
function phrasesOf({ title, description, foundBy = '' }: Tool): string[] {
  return [title, ...foundBy.split(/[,;] /), ...description.split(/[,;:.] /)];
}

function weightsIn(tools: readonly Described[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const term of tools.flatMap(({ terms }) => [...terms.keys()])) counts.set(term, (counts.get(term) ?? 0) + 1);
  return new Map([...counts].map(([term, count]) => [term, Math.log(1 + tools.length / count)]));
}
