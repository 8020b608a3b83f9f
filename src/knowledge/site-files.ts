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

/** The tags of files, without their texts. */
export function tagsOf(files: FilesByPath): Tags {
  return new Map([...files].map(([path, { tag }]) => [path, tag]));
}
