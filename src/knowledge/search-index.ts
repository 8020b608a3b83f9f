import type { DocsPage, FoundPage } from '../core/documentation.ts';
import { mistypedOf } from './mistyped.ts';
import { linesOf } from './page-texts.ts';
import { saidOtherwise } from './said-otherwise.ts';
import { type Section, sectionsOf } from './sections.ts';
import type { Slices } from './slices.ts';
import { termsIn, wordsOf } from './terms.ts';
import { type Field, type Tally, WordIndex } from './word-index.ts';

/** How much more a word counts than one in the text. `npm run bench:docs` says what a change does. */
const FIELDS: readonly Field[] = [
  // Title, path, description, headings, text, code.
  { boost: 6, isName: true },
  { boost: 3, isName: true },
  { boost: 2, isName: true },
  { boost: 2, isName: true },
  { boost: 1, isName: false },
  { boost: 0.4, isName: false },
];
/** So many words of a question are looked for: those that stand in the documentation least often. */
const MAX_TERMS = 6;
/** A term that stands in the documentation more often is looked for only where a page or a section is named. */
const EVERYWHERE = 2_500;
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

/**
 * Finds pages by words. Sections are what is indexed, since they say which part of a page answers; their scores are summed
 * for each page, since a page about something speaks of it in several sections.
 */
export class SearchIndex {
  readonly #words: WordIndex;
  /** The sections of all pages, page by page. */
  readonly #places: readonly Place[];

  private constructor(words: WordIndex, places: readonly Place[]) {
    this.#words = words;
    this.#places = places;
  }

  /**
   * Indexes pages.
   * @param slices gives the event loop its turn
   * @throws the reason of the slices' signal
   */
  static async of(pages: readonly DocsPage[], slices: Slices): Promise<SearchIndex> {
    const places: Place[] = [];
    function* texts() {
      for (const place of placesIn(pages)) {
        places.push(place);
        yield textsOf(place);
      }
    }
    const words = await WordIndex.of(texts(), FIELDS, slices);
    return new SearchIndex(words, places);
  }

  /** The pages that have words of a question, the best first. */
  rank(question: string): RankedPage[] {
    const terms = this.#termsOf(question);
    const ranked = this.#scored(this.#found(terms))
      .map(({ page, best, score, terms: bits }) => {
        const coverage = countOf(bits) / terms.length;
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
    const count = (term: string) => this.#words.count(term);
    const rarest = (words: readonly string[]) =>
      termsIn(words.join(' ')).sort((one, other) => count(one) - count(other));
    return [...new Set([...rarest(said), ...rarest(kept)])].slice(0, MAX_TERMS);
  }

  /** What each section has of some terms. */
  #found(terms: readonly string[]): Tally {
    // What is spelled as in the documentation is meant so.
    const mistyped = mistypedOf(terms.filter((term) => this.#words.count(term) === 0));
    // Where a term stands nearly everywhere, looking through the texts tells least.
    const isEverywhere = (term: string) => this.#words.count(term) > EVERYWHERE;
    const isRare = !terms.every(isEverywhere);
    return this.#words.find(
      terms.map((term) => ({ term, isInNames: isRare && isEverywhere(term), isMistyped: mistyped.has(term) })),
    );
  }

  /** The pages that have something, by their sections. */
  #scored({ scores, terms }: Tally): Scored[] {
    const scored: Scored[] = [];
    for (let at = 0; at < this.#places.length; ) {
      const { page } = this.#places[at] as Place;
      let [best, most, all] = [at, 0, 0];
      const each: number[] = [];
      for (; this.#places[at]?.page === page; at++) {
        const bits = terms[at] as number;
        if (bits === 0) continue;
        const score = (scores[at] as number) * countOf(bits);
        each.push(score);
        all |= bits;
        if (score > most) [best, most] = [at, score];
      }
      if (all !== 0)
        scored.push({ page, best: (this.#places[best] as Place).section, score: summed(each), terms: all });
    }
    return scored;
  }
}

/** What a page scores. */
interface Scored {
  readonly page: DocsPage;
  readonly best: Section;
  readonly score: number;
  /** Which terms it has, as bits. */
  readonly terms: number;
}

/** The scores of a page's sections together. */
function summed(scores: number[]): number {
  let [sum, weight] = [0, 1];
  for (const score of scores.sort((one, other) => other - one)) {
    sum += weight * score;
    weight *= FURTHER;
  }
  return sum;
}

/** How many bits are set. */
function countOf(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count += 1;
  return count;
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

/** The texts of a section. Those of the page are texts of its first section. */
function textsOf(place: Place): string[] {
  const { page, section } = place;
  const { prose, code } = divided(textOf(place));
  const ofPage = section.start > 0 ? ['', '', ''] : [page.title, page.path, page.description];
  return [...ofPage, section.headings.join(' '), prose, code];
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
