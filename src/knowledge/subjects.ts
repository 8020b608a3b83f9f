import type { DocsPage } from '../core/documentation.ts';
import { rowsOf, stemmed } from './phrases.ts';
import { saidOtherwise } from './said-otherwise.ts';
import { add, type Said, Sayings, saidBy, saidByAll } from './sayings.ts';
import type { SearchIndex } from './search-index.ts';
import type { Slices } from './slices.ts';
import { SUBJECT_QUESTIONS } from './subject-questions.ts';
import { saysNothing, wordsOf } from './terms.ts';

/** How much a word that says something counts beside others, and one that the documentation has in place of some. */
const SAYS_MORE = 0.5;
const IN_PLACE = 1;
/** How much the title and the description of its first page count for a subject, beside a question. */
const TITLE = 0.5;
/** So many pages are of a subject, by the power of how well its words fit them. */
const PAGES = 3;
const FIT = 3;
/** How likely it is that a question is about none of the subjects. */
const NONE = Math.E;

/** A subject of the documentation. */
interface Subject {
  /** Its pages, and how much each is about it. */
  readonly pages: readonly (readonly [DocsPage, number])[];
}

/** Which pages a question is about by what people say who mean the same; see `subject-questions.ts`. */
export class Subjects {
  readonly #subjects: readonly Subject[];
  readonly #sayings: Sayings;

  private constructor(subjects: readonly Subject[], sayings: Sayings) {
    this.#subjects = subjects;
    this.#sayings = sayings;
  }

  /**
   * Finds the pages of each subject. One that no page has all words of is left out.
   * @param slices gives the event loop its turn
   * @throws the reason of the slices' signal
   */
  static async of(index: SearchIndex, slices: Slices): Promise<Subjects> {
    const subjects: Subject[] = [];
    const said: Said[] = [];
    await slices.each(rowsOf(SUBJECT_QUESTIONS), ([words, questions]) => {
      const found = index.rank(words).slice(0, PAGES);
      const [first] = found;
      if (first?.coverage !== 1) return;
      const { title, description } = first.page;
      subjects.push({ pages: found.map(({ page, score }) => [page, score ** FIT]) });
      said.push(saidByAll([...[words, ...questions].map(saidIn), scaled(saidIn(`${title} ${description}`), TITLE)]));
    });
    const making = Sayings.of(said);
    let sayings = making.next();
    while (!sayings.done) sayings = making.next();
    return new Subjects(subjects, sayings.value);
  }

  /** How likely a question is about each page, of 1; pages of subjects that are not likely are left out. */
  pagesFor(question: string): Map<DocsPage, number> {
    const pages = new Map<DocsPage, number>();
    const said = saidIn(question);
    if (![...said.keys()].some((part) => !part.includes(' ') && !saysNothing(part) && this.#sayings.knows(part)))
      return pages;
    const likelihoods = this.#sayings.likelihoods(said).map(Math.exp);
    const total = likelihoods.reduce((sum, likelihood) => sum + likelihood, NONE);
    for (const [place, subject] of this.#subjects.entries()) {
      const likelihood = likelihoods[place] as number;
      if (likelihood <= NONE) continue;
      for (const [page, fit] of subject.pages) pages.set(page, (pages.get(page) ?? 0) + (likelihood / total) * fit);
    }
    return pages;
  }
}

/** What a question says. */
function saidIn(question: string): Said {
  const written = wordsOf(question);
  const words = written.map(stemmed);
  const said = saidBy(words);
  for (const word of words) if (!saysNothing(word)) add(said, word, SAYS_MORE);
  for (const word of saidOtherwise(written).said.flatMap(wordsOf)) add(said, stemmed(word), IN_PLACE);
  return said;
}

function scaled(said: Said, by: number): Said {
  return new Map([...said].map(([part, counts]) => [part, counts * by]));
}
