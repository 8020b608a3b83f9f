import { digestOf } from '../core/digest.ts';
import { type DocsLibrary, type DocsPage, type DocsTopic, TOPICS, type TopicName } from '../core/documentation.ts';
import { PageFinder } from './page-finder.ts';
import { type PageText, pagesIn } from './page-texts.ts';
import { type FilesByPath, INDEX_PATH, WHOLE_PATH } from './site-files.ts';
import { type IndexLink, pathOf, readSiteIndex } from './site-index.ts';
import type { Slices } from './slices.ts';
import { topicOf } from './topics.ts';

/** So many pages are kept, in all. */
const MAX_PAGES = 5_000;

/**
 * Makes the library of a site's files: finds out which pages there are, and where each belongs, and indexes them.
 * @param origin the site's, for what it names without a host
 * @param slices gives the event loop its turn
 * @throws Error when the files hold no page, or the reason of the slices' signal
 */
export async function makeLibrary(files: FilesByPath, origin: string, slices: Slices): Promise<DocsLibrary> {
  const textAt = (path: string) => files.get(path)?.text ?? '';
  const index = readSiteIndex(textAt(INDEX_PATH), origin);
  const shelf = new Shelf(index.pages);
  await slices.each(pagesIn(textAt(WHOLE_PATH)), (page) => shelf.add(page, `${origin}${WHOLE_PATH}`));
  const parts = new Map<TopicName, { readonly link: IndexLink; readonly pages: Set<DocsPage> }>();
  for (const link of index.sets) {
    const name = topicOf(link);
    const part = (name && parts.get(name)) ?? { link, pages: new Set<DocsPage>() };
    await slices.each(pagesIn(textAt(link.url.pathname)), (page) => {
      for (const one of shelf.find(page) ?? shelf.add(page, link.url.href)) part.pages.add(one);
    });
    if (name !== undefined && part.pages.size > 0) parts.set(name, part);
  }
  const byPath = shelf.pages;
  const pages = [...byPath.values()];
  if (pages.length === 0) throw new Error('The text files of the documentation hold no page.');
  const finder = await PageFinder.of(pages, slices);
  return {
    site: origin,
    pages,
    topics: TOPICS.flatMap((name) => topicFrom(name, parts.get(name))),
    page: (path) => byPath.get(pathOf(path)),
    search: (question, most) => finder.search(question, most),
  };
}

function topicFrom(
  name: TopicName,
  part: { readonly link: IndexLink; readonly pages: ReadonlySet<DocsPage> } | undefined,
): DocsTopic[] {
  if (part === undefined) return [];
  const { title, description } = part.link;
  return [{ name, title, description, pages: [...part.pages] }];
}

/** The pages that were found so far. The same page may stand in several files. */
class Shelf {
  /** By path. */
  readonly pages = new Map<string, DocsPage>();
  /** The addresses that the site's index names and no page has so far, by title. */
  readonly #addresses = new Map<string, IndexLink[]>();
  /** By what they say. Two pages may say the same. */
  readonly #alike = new Map<string, DocsPage[]>();

  constructor(links: readonly IndexLink[]) {
    for (const link of links) addTo(this.#addresses, link.title, link);
  }

  /** The pages that say the same, if there are any. */
  find(page: PageText): readonly DocsPage[] | undefined {
    return this.#alike.get(keyOf(page));
  }

  /**
   * @param file the address of what it stands in
   * @returns the page; nothing where there are too many
   */
  add(written: PageText, file: string): readonly DocsPage[] {
    if (this.pages.size >= MAX_PAGES) return [];
    const { title, description, text } = written;
    const link = this.#addressFor(title, description);
    const named = link === undefined ? '' : pathOf(decoded(link.url.pathname));
    const page: DocsPage = {
      path: this.#free(named === '' ? slugOf(title) : named),
      title,
      description: description === '' ? (link?.description ?? '') : description,
      url: link?.url.href.replace(/\.mdx?$/, '') ?? file,
      text,
    };
    this.pages.set(page.path, page);
    addTo(this.#alike, keyOf(written), page);
    return [page];
  }

  /** The address of a page with this title: that with the same description, or else the first that is left. */
  #addressFor(title: string, description: string): IndexLink | undefined {
    const left = this.#addresses.get(title) ?? [];
    const same = left.findIndex((link) => link.description === description);
    return left.splice(Math.max(0, same), 1)[0];
  }

  /** A path that no other page has. */
  #free(path: string): string {
    let free = path;
    for (let count = 2; this.pages.has(free); count++) free = `${path}-${count}`;
    return free;
  }
}

function addTo<Value>(map: Map<string, Value[]>, key: string, value: Value): void {
  const values = map.get(key);
  if (values === undefined) map.set(key, [value]);
  else values.push(value);
}

function keyOf({ title, description, text }: PageText): string {
  return digestOf(`${title}\n${description}\n${text}`);
}

function slugOf(title: string): string {
  const words = title.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? ['page'];
  // The cut may halve a character, which no address could hold.
  return words.join('-').slice(0, 100).toWellFormed();
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
