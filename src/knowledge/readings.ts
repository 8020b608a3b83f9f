import type { DocsLibrary, DocsPage, DocsTopic } from '../core/documentation.ts';
import { parseUrl } from '../core/parse-url.ts';
import { pathOf } from './site-index.ts';

/** What can be read of the documentation under one address. */
export interface Reading {
  /** `docs://…` */
  readonly uri: string;
  readonly title: string;
  /** Where people read it. */
  readonly url: string;
  /** Markdown, with the site's texts in it. */
  readonly text: string;
}

const SCHEME = 'docs://';
const PAGE = 'page/';
/** A longer list of pages says only what they are called. */
const DESCRIBED = 60;
const MAX_DESCRIPTION = 140;

/** The address of a page as a resource. */
export function uriOfPage({ path }: Pick<DocsPage, 'path'>): string {
  return `${SCHEME}${PAGE}${path.split('/').map(encodeURIComponent).join('/')}`;
}

/**
 * Finds what a text names: `index`, a topic such as `mcp-auth`, or a page by its path, its address on the site, or its
 * address as a resource.
 * @returns undefined when there is nothing like that
 */
export function readingOf(named: string, library: DocsLibrary): Reading | undefined {
  const name = nameIn(named.trim());
  if (name === 'index') return indexOf(library);
  const topic = library.topics.find((one) => one.name === name);
  if (topic !== undefined) return topicReading(topic, library);
  const page = library.page(name) ?? library.page(name.startsWith(PAGE) ? name.slice(PAGE.length) : name);
  if (page === undefined) return undefined;
  const { title, description, url, text } = page;
  return { uri: uriOfPage(page), title, url, text: [`# ${title}`, description, text].filter(Boolean).join('\n\n') };
}

/** The path in a text that may be an address. */
function nameIn(text: string): string {
  if (text.startsWith(SCHEME)) return decoded(text.slice(SCHEME.length));
  const url = /^https?:\/\//.test(text) ? parseUrl(text) : undefined;
  return url === undefined ? text : pathOf(decoded(url.pathname)) || 'index';
}

function indexOf({ topics, pages, site }: DocsLibrary): Reading {
  const lines = topics.map(
    (topic) => `- ${SCHEME}${topic.name} (${topic.pages.length} pages): ${topic.title}. ${brief(topic.description)}`,
  );
  return {
    uri: `${SCHEME}index`,
    title: 'The documentation of Scalekit',
    url: site,
    text: [`# The documentation of Scalekit`, `${pages.length} pages. Its parts:`, lines.join('\n')].join('\n\n'),
  };
}

function topicReading({ name, title, description, pages }: DocsTopic, { site }: DocsLibrary): Reading {
  const isLong = pages.length > DESCRIBED;
  const lines = pages.map((page) => {
    const link = `- [${page.title}](${uriOfPage(page)})`;
    return isLong || page.description === '' ? link : `${link}: ${brief(page.description)}`;
  });
  return {
    uri: `${SCHEME}${name}`,
    title,
    url: site,
    text: [`# ${title}`, description, lines.join('\n')].filter(Boolean).join('\n\n'),
  };
}

function brief(description: string): string {
  return description.length > MAX_DESCRIPTION ? `${description.slice(0, MAX_DESCRIPTION).trimEnd()}…` : description;
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
