import type { DocsPage } from '../core/documentation.ts';
import type { Slices } from './slices.ts';
import { termsIn } from './terms.ts';

/** How much a term of a question counts that is in no name. `npm run bench:docs` says what a change does. */
const UNNAMED = 1.5;

/** What a page is called. */
interface Name {
  readonly page: DocsPage;
  readonly terms: readonly string[];
  /** How much they are together. */
  readonly weight: number;
}

/** Finds pages by what they are called: their titles and paths. */
export class PageNames {
  readonly #names: readonly Name[];
  /** How much terms say: one that few pages have in their names says more. */
  readonly #weights: ReadonlyMap<string, number>;

  private constructor(names: readonly Omit<Name, 'weight'>[]) {
    const counts = new Map<string, number>();
    for (const term of names.flatMap(({ terms }) => terms)) counts.set(term, (counts.get(term) ?? 0) + 1);
    this.#weights = new Map([...counts].map(([term, count]) => [term, Math.log(1 + names.length / count)]));
    this.#names = names.map((name) => ({ ...name, weight: this.#weightOf(name.terms) }));
  }

  /**
   * Reads what pages are called.
   * @param slices gives the event loop its turn
   * @throws the reason of the slices' signal
   */
  static async of(pages: readonly DocsPage[], slices: Slices): Promise<PageNames> {
    const names: Omit<Name, 'weight'>[] = [];
    await slices.each(pages, (page) => names.push({ page, terms: termsIn(`${page.title} ${page.path}`) }));
    return new PageNames(names);
  }

  /** How much of a question and of the name of each page is the same, of 1; pages that share no term are left out. */
  likeness(question: string): Map<DocsPage, number> {
    const asked = new Set(termsIn(question));
    const total = this.#weightOf([...asked]);
    const alike = new Map<DocsPage, number>();
    for (const { page, terms, weight } of this.#names) {
      const same = this.#weightOf(terms.filter((term) => asked.has(term)));
      if (same > 0) alike.set(page, (2 * same) / (total + weight));
    }
    return alike;
  }

  #weightOf(terms: readonly string[]): number {
    return terms.reduce((sum, term) => sum + (this.#weights.get(term) ?? UNNAMED), 0);
  }
}
