import type { DocsPage, FoundPage } from '../core/documentation.ts';
import { PageNames } from './page-names.ts';
import { SearchIndex } from './search-index.ts';
import type { Slices } from './slices.ts';
import { Subjects } from './subjects.ts';

/** How much it counts that a question is about a page by its subject, beside its words. `npm run bench:docs` says what a change does. */
const SUBJECT = 1.6;
/** The same for what the page is called, and the power of that: part of a name is in many questions. */
const NAMED = { weight: 6, power: 3 } as const;

/** Finds the pages that answer a question: by their words, their names, and what people ask who have not read them. */
export class PageFinder {
  readonly #index: SearchIndex;
  readonly #subjects: Subjects;
  readonly #names: PageNames;

  private constructor(index: SearchIndex, subjects: Subjects, names: PageNames) {
    this.#index = index;
    this.#subjects = subjects;
    this.#names = names;
  }

  /**
   * Prepares to find pages.
   * @param slices gives the event loop its turn
   * @throws the reason of the slices' signal
   */
  static async of(pages: readonly DocsPage[], slices: Slices): Promise<PageFinder> {
    const index = await SearchIndex.of(pages, slices);
    return new PageFinder(index, await Subjects.of(index, slices), await PageNames.of(pages, slices));
  }

  /** The pages that fit a question, the best first, each with its best section. */
  search(question: string, most: number): FoundPage[] {
    const subjects = this.#subjects.pagesFor(question);
    const byWords = new Map(this.#index.rank(question).map((ranked) => [ranked.page, ranked]));
    const names = this.#names.likeness(question);
    const scoreOf = (page: DocsPage) =>
      (byWords.get(page)?.score ?? 0) +
      SUBJECT * (subjects.get(page) ?? 0) +
      NAMED.weight * (names.get(page) ?? 0) ** NAMED.power;
    return [...new Set([...byWords.keys(), ...subjects.keys()])]
      .map((page) => ({ page, score: scoreOf(page) }))
      .sort((one, other) => other.score - one.score)
      .slice(0, most)
      .map(({ page }) => this.#index.found(page, byWords.get(page)?.section));
  }
}
