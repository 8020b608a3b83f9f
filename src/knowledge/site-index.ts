import { parseUrl } from '../core/parse-url.ts';

/** A link of the site's index, `/llms.txt`. */
export interface IndexLink {
  readonly title: string;
  /** Absolute. */
  readonly url: URL;
  readonly description: string;
}

/** What the site's index names. */
export interface SiteIndex {
  /** Text files with the pages of one part of the documentation each. */
  readonly sets: readonly IndexLink[];
  /** Single pages, in the site's order. */
  readonly pages: readonly IndexLink[];
}

/** Longer lines are no links. */
const MAX_LINE = 4_000;
const MAX_LINKS = 20_000;
/** A link of a list in Markdown, and what is said of it. */
const LINK = /^[-*+] \[([^\]]{1,300})\]\(([^()\s]{1,1000})\)(?:\s*[:–—-]\s*(.*))?$/;
/** The whole documentation in one file, and an abridged one: no parts of it. */
const ALL_IN_ONE = /\/llms(-full|-small|-medium)?\.txt$/;

/**
 * Reads the index of a site (llmstxt.org). Headings, order and wording differ from site to site, so what a link is follows
 * from its address alone: a text file holds a part, anything else is a page.
 * @param base the address of the index, for links without a host
 */
export function readSiteIndex(text: string, base: string): SiteIndex {
  const sets: IndexLink[] = [];
  const pages: IndexLink[] = [];
  for (const line of text.split('\n')) {
    const link = line.length > MAX_LINE ? undefined : linkIn(line.trim(), base);
    if (link === undefined || sets.length + pages.length >= MAX_LINKS) continue;
    const { pathname } = link.url;
    if (!pathname.endsWith('.txt')) pages.push(link);
    else if (!ALL_IN_ONE.test(pathname)) sets.push(link);
  }
  return { sets, pages };
}

function linkIn(line: string, base: string): IndexLink | undefined {
  const [, title, address, description = ''] = LINK.exec(line) ?? [];
  const url = address === undefined ? undefined : parseUrl(address, base);
  if (title === undefined || url === undefined) return undefined;
  const isOpen = url.protocol === 'https:' || url.protocol === 'http:';
  return isOpen ? { title: title.trim(), url, description: description.trim() } : undefined;
}

/** The path that identifies a page: that of its address, without the slashes around it and an extension. */
export function pathOf(address: string): string {
  return address.replace(/^\/+|\/+$/g, '').replace(/\.(md|mdx|html?|txt)$/, '');
}
