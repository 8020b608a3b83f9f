import { readSiteIndex } from './site-index.ts';

/** A text file as the site answered it. */
export interface SiteFile {
  readonly text: string;
  /** With which the site says whether the file has changed (`ETag`); undefined where it sends none. */
  readonly tag: string | undefined;
}

/** The text files of a site by their paths. What the site does not have is left out. */
export type FilesByPath = ReadonlyMap<string, SiteFile>;

/** Names the other files, and the pages (llmstxt.org). */
export const INDEX_PATH = '/llms.txt';
/** Holds all pages; not every site has it. */
export const WHOLE_PATH = '/llms-full.txt';

/** What the site says files by, by their paths. */
export type Tags = ReadonlyMap<string, string | undefined>;

/** What is known of the files of a site, without their texts. */
export interface Known {
  readonly tags: Tags;
  /** The paths of files that the index names, and that the site did not have. */
  readonly missing: readonly string[];
}

/** So many parts are read, whatever a site names. */
const MAX_SETS = 40;
/** A part with a longer path, in characters, is not read: no site has one, and what is kept of a site has an end. */
const MAX_PATH = 500;

/**
 * The paths of the files that an index leads to, but for its own.
 * @param origin of the site
 */
export function pathsIn(index: string, origin: string): readonly string[] {
  const paths = readSiteIndex(index, origin).sets.map(({ url }) => url.pathname);
  return [...new Set([WHOLE_PATH, ...paths.filter((path) => path.length <= MAX_PATH).slice(0, MAX_SETS)])];
}

/**
 * What is known by the files that were read.
 * @param origin of the site
 */
export function knownBy(files: FilesByPath, origin: string): Known {
  const tags = new Map([...files].map(([path, { tag }]) => [path, tag]));
  const named = pathsIn(files.get(INDEX_PATH)?.text ?? '', origin);
  return { tags, missing: named.filter((path) => !files.has(path)) };
}
