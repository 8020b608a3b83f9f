import MiniSearch, { type SearchResult } from 'minisearch';
import type { DocsPage, FoundPage } from '../core/documentation.ts';
import { toleranceFor } from './mistyped.ts';
import { linesOf } from './page-texts.ts';
import { saidOtherwise } from './said-otherwise.ts';
import { type Section, sectionsOf } from './sections.ts';
import type { Slices } from './slices.ts';
import { termOf, wordsOf } from './terms.ts';

/** How much more a word counts than one in the text. `npm run bench:docs` says what a change does. */
const BOOST = { title: 6, path: 3, description: 2, heading: 2, text: 1, code: 0.4 } as const;
/** So many words of a question are looked for: those that stand in the documentation least often. */
const MAX_TERMS = 6;
/** A term that stands in the documentation more often is looked for only where a page or a section is named. */
const EVERYWHERE = 2_500;
const NAMING = ['title', 'path', 'description', 'heading'];
/** How much the next best section of a page counts, in comparison to the one before it. */
const FURTHER = 0.4;
/** The power of the share of a question's words that a page has. */
const COVERAGE = 0.5;

/** The section of a page without text. */
const NOTHING: Section = { headings: [], start: 0, end: 0 };

/** A section of a page. */
interface Place {
  readonly page: DocsPage;
  readonly section: Section;
}

/** A page that has words of a question. */
export interface RankedPage {
  readonly page: DocsPage;
  /** Its best section. */
  readonly section: Section;
  /** The share of what is looked for that it has. */
  readonly coverage: number;
  /** How well it fits, in comparison to the best one, of 1. */
  readonly score: number;
}

/** What is looked for in a section. */
type Entry = { readonly id: number } & { readonly [Field in keyof typeof BOOST]: string };

/**
 * Finds pages by words. Sections are what is indexed, since they say which part of a page answers; their scores are summed
 * for each page, since a page about something speaks of it in several sections.
 */
export class SearchIndex {
  readonly #index: MiniSearch<Entry>;
  /** By the ids of entries. */
  readonly #places: readonly Place[];
  /** How often each term stands in the documentation. */
  readonly #terms: ReadonlyMap<string, number>;

  private constructor(index: MiniSearch<Entry>, places: readonly Place[], terms: ReadonlyMap<string, number>) {
    this.#index = index;
    this.#places = places;
    this.#terms = terms;
  }

  /**
   * Indexes pages.
   * @param slices gives the event loop its turn
   * @throws the reason of the slices' signal
   */
  static async of(pages: readonly DocsPage[], slices: Slices): Promise<SearchIndex> {
    const stems = new Map<string, string | null>();
    const counts = new Map<string, number>();
    const processTerm = (word: string) => {
      let term = stems.get(word);
      if (term === undefined) {
        term = termOf(word);
        stems.set(word, term);
      }
      if (term !== null) counts.set(term, (counts.get(term) ?? 0) + 1);
      return term;
    };
    const index = new MiniSearch<Entry>({ fields: Object.keys(BOOST), tokenize: wordsOf, processTerm });
    const places: Place[] = [];
    await slices.each(placesIn(pages), (place) => {
      index.add({ id: places.length, ...textsOf(place) });
      places.push(place);
    });
    stems.clear();
    return new SearchIndex(index, places, counts);
  }

  /** The pages that have words of a question, the best first. */
  rank(question: string): RankedPage[] {
    const terms = this.#termsOf(question);
    const bits = new Map(terms.map((term, i) => [term, 1 << i]));
    const found = new Map<DocsPage, Score>();
    // Sections come in the order of their scores.
    for (const { id, score, queryTerms } of this.#sections(terms)) {
      const { page, section } = this.#places[id] as Place;
      let known = found.get(page);
      if (known === undefined) {
        known = { best: section, score: 0, weight: 1, terms: 0 };
        found.set(page, known);
      }
      known.score += known.weight * score;
      known.weight *= FURTHER;
      for (const term of queryTerms) known.terms |= bits.get(term) ?? 0;
    }
    const ranked = [...found]
      .map(([page, { best, score, terms: bitsFound }]) => {
        const coverage = shareOf(bitsFound, terms.length);
        return { page, section: best, coverage, score: score * coverage ** COVERAGE };
      })
      .sort((one, other) => other.score - one.score);
    const best = ranked[0]?.score ?? 1;
    return ranked.map((page) => ({ ...page, score: page.score / best }));
  }

  /** A page with a section, or else with its beginning. */
  found(page: DocsPage, section = sectionsOf(page.text)[0] ?? NOTHING): FoundPage {
    return { page, headings: section.headings, text: textOf({ page, section }).trim() };
  }

  /** What is looked for: the words of a question that say most. */
  #termsOf(question: string): string[] {
    const { kept, said } = saidOtherwise(wordsOf(question));
    const count = (term: string) => this.#terms.get(term) ?? 0;
    const rarest = (words: readonly string[]) => termsOf(words).sort((one, other) => count(one) - count(other));
    return [...new Set([...rarest(said.flatMap(wordsOf)), ...rarest(kept)])].slice(0, MAX_TERMS);
  }

  #sections(terms: readonly string[]): SearchResult[] {
    // What is spelled as in the documentation is meant so.
    const isUnknown = (term: string) => !this.#terms.has(term);
    const isEverywhere = (term: string) => (this.#terms.get(term) ?? 0) > EVERYWHERE;
    const [everywhere, elsewhere] = [terms.filter(isEverywhere), terms.filter((term) => !isEverywhere(term))];
    // Where a term stands nearly everywhere, looking through the texts costs most and tells least.
    const isRare = elsewhere.length > 0;
    return this.#index.search(
      {
        combineWith: 'OR',
        queries: [
          { combineWith: 'OR', queries: elsewhere },
          { combineWith: 'OR', queries: everywhere, ...(isRare && { fields: NAMING }) },
        ],
      },
      {
        boost: BOOST,
        tokenize: (term) => [term],
        processTerm: (term) => term,
        prefix: (term) => term.length > 3 && isUnknown(term),
        ...toleranceFor(terms.filter(isUnknown)),
      },
    );
  }
}

function termsOf(words: readonly string[]): string[] {
  const terms = new Set(words.map(termOf));
  terms.delete(null);
  return [...terms] as string[];
}

/** What a page scores. */
interface Score {
  readonly best: Section;
  score: number;
  /** How much the next section counts. */
  weight: number;
  /** Which terms it has, as bits. */
  terms: number;
}

function shareOf(bits: number, count: number): number {
  let set = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) set += 1;
  return set / count;
}

function* placesIn(pages: readonly DocsPage[]): Generator<Place> {
  for (const page of pages) {
    const sections = sectionsOf(page.text);
    // A page without text has its title.
    for (const section of sections.length > 0 ? sections : [NOTHING]) yield { page, section };
  }
}

function textOf({ page, section: { start, end } }: Place): string {
  return page.text.slice(start, end);
}

/** The words of a section. Those of the page are the words of its first section. */
function textsOf(place: Place): Omit<Entry, 'id'> {
  const { page, section } = place;
  const { prose, code } = divided(textOf(place));
  const heading = section.headings.join(' ');
  if (section.start > 0) return { title: '', path: '', description: '', heading, text: prose, code };
  const { title, path, description } = page;
  return { title, path, description, heading, text: prose, code };
}

/** Divides Markdown into its text and its blocks of code. */
function divided(markdown: string): { readonly prose: string; readonly code: string } {
  let [prose, code, from] = ['', '', 0];
  for (const { text, start, end } of linesOf(markdown)) {
    prose += `${text}\n`;
    code += markdown.slice(from, start);
    from = end;
  }
  return { prose, code: code + markdown.slice(from) };
}
