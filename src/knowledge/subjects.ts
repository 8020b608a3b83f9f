import type { DocsPage } from '../core/documentation.ts';
import { conceptsIn } from './concepts.ts';
import { NearestSaying, type Saying } from './nearest-saying.ts';
import { rowsOf, stemmed } from './phrases.ts';
import { saidOtherwise } from './said-otherwise.ts';
import { add, type Said, Sayings, saidBy, saidByAll } from './sayings.ts';
import type { RankedPage, SearchIndex } from './search-index.ts';
import type { Slices } from './slices.ts';
import { SUBJECT_QUESTIONS } from './subject-questions.ts';
import { saysNothing, wordsOf } from './terms.ts';

/** How much of what is said for all subjects is taken to be said for each. */
const PRIOR = 200;
/**
 * How much a word that says something counts beside others, what one means, and one that the documentation has in place of
 * some.
 */
const SAYS_MORE = 0.5;
const MEANS = 1.5;
const IN_PLACE = 1;
/** How much the title and the description of its first page count for a subject, beside a question. */
const TITLE = 0.5;
/** So many pages are of a subject, by the power of how well its words fit them. */
const PAGES = 3;
const FIT = 3;
/** How much the likeness to a single question counts for a subject, beside how likely it is by all; and the power of that. */
const NEAREST = { weight: 0.6, power: 2 } as const;
/** How likely it is that a question is about none of the subjects. */
const NONE = Math.E;
/** A subject that counts less is none. */
const LEAST = 0.01;

/** A subject of the documentation. */
interface Subject {
  /** Its pages, and how much each is about it. */
  readonly pages: readonly (readonly [DocsPage, number])[];
}

/** Which pages a question is about by what people say who mean the same; see `subject-questions.ts`. */
export class Subjects {
  readonly #subjects: readonly Subject[];
  readonly #sayings: Sayings;
  readonly #nearest: NearestSaying;

  private constructor(subjects: readonly Subject[], sayings: Sayings, nearest: NearestSaying) {
    this.#subjects = subjects;
    this.#sayings = sayings;
    this.#nearest = nearest;
  }

  /**
   * Finds the pages of each subject. One that no page has all words of has none: what is said of it says nothing of others.
   * @param slices gives the event loop its turn
   * @throws the reason of the slices' signal
   */
  static async of(index: SearchIndex, slices: Slices): Promise<Subjects> {
    const subjects: Subject[] = [];
    const said: Said[] = [];
    const single: Saying[] = [];
    await slices.each(rowsOf(SUBJECT_QUESTIONS), ([words, questions]) => {
      const found = index.rank(words).slice(0, PAGES);
      const isThere = found[0]?.coverage === 1;
      const { title, description } = isThere ? (found[0] as RankedPage).page : { title: '', description: '' };
      const texts = [words, ...questions].map(read);
      single.push(...texts.map((text) => ({ thing: subjects.length, words: [...wordsSaidIn(text)] })));
      subjects.push({ pages: isThere ? found.map(({ page, score }) => [page, score ** FIT]) : [] });
      said.push(saidByAll([...texts.map(saidIn), scaled(saidIn(read(`${title} ${description}`)), TITLE)]));
    });
    const made: Subjects[] = [];
    function* making() {
      const sayings = yield* Sayings.of(said, PRIOR);
      made.push(new Subjects(subjects, sayings, yield* NearestSaying.of(subjects.length, single)));
    }
    await slices.each(making(), () => {});
    return made[0] as Subjects;
  }

  /** How much a question is about each page by its subject; pages of subjects that are not likely are left out. */
  pagesFor(question: string): Map<DocsPage, number> {
    const pages = new Map<DocsPage, number>();
    const text = read(question);
    const words = wordsSaidIn(text);
    if (![...words].some((word) => this.#sayings.knows(word))) return pages;
    const likelihoods = this.#sayings.likelihoods(saidIn(text)).map(Math.exp);
    const total = likelihoods.reduce((sum, likelihood) => sum + likelihood, NONE);
    const nearest = this.#nearest.likeness(words);
    for (const [place, subject] of this.#subjects.entries()) {
      const likelihood = likelihoods[place] as number;
      const byAll = likelihood > NONE ? likelihood / total : 0;
      const byOne = NEAREST.weight * (nearest[place] as number) ** NEAREST.power;
      if (byAll + byOne < LEAST) continue;
      for (const [page, fit] of subject.pages) pages.set(page, (pages.get(page) ?? 0) + (byAll + byOne) * fit);
    }
    return pages;
  }
}

/** A question, or something that people say. */
interface Text {
  readonly written: readonly string[];
  /** Their stems. */
  readonly words: readonly string[];
  readonly concepts: ReturnType<typeof conceptsIn>;
}

function read(text: string): Text {
  const written = wordsOf(text);
  const words = written.map(stemmed);
  return { written, words, concepts: conceptsIn(words) };
}

/** The words of a text that say something, or what they mean. */
function wordsSaidIn({ words, concepts }: Text): ReadonlySet<string> {
  const taken = new Set(concepts.flatMap(({ places }) => places));
  return new Set([
    ...words.filter((word, place) => !saysNothing(word) && !taken.has(place)),
    ...concepts.flatMap(({ names }) => names),
  ]);
}

/** What a text says. */
function saidIn({ written, words, concepts }: Text): Said {
  const said = saidBy(words);
  for (const word of words) if (!saysNothing(word)) add(said, word, SAYS_MORE);
  for (const { names } of concepts) for (const name of names) add(said, name, MEANS);
  for (const word of saidOtherwise(written).said.flatMap(wordsOf)) add(said, stemmed(word), IN_PLACE);
  return said;
}

function scaled(said: Said, by: number): Said {
  return new Map([...said].map(([part, counts]) => [part, counts * by]));
}
