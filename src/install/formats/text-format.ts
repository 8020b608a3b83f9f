import type { Json } from '../setup.ts';

/** The members that lead to the servers, from the top of a file: one alone, but for JSON. */
export type Path = readonly [string, ...string[]];

/** A format of files, whose texts are changed so that all else stays as it is written. */
export interface TextFormat {
  /**
   * What a file holds; one with nothing in it holds nothing.
   * @param path the members that lead to what is looked for: what is there twice on this way is refused
   * @throws UnreadableFile when it is not of this format, or too deep or too much for it to be read in little time
   */
  readonly read: (text: string, path: Path) => Json;
  /** The text with the entry, in the place of one of that name; undefined where there is no way to write it. */
  readonly add: (text: string, path: Path, name: string, entry: Json) => string | undefined;
  /** The text without the entry; undefined where its text cannot be told from that of others. */
  readonly remove: (text: string, path: Path, name: string) => string | undefined;
}
