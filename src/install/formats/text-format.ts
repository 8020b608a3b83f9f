import type { Json } from '../setup.ts';

/** A format of files, whose texts are changed so that all else stays as it is written. */
export interface TextFormat {
  /**
   * What a file holds; one with nothing in it holds nothing.
   * @throws UnreadableFile when it is not of this format, or too deep or too much for it to be read in little time
   */
  readonly read: (text: string) => Json;
  /** The text with the entry, in the place of one of that name; undefined where there is no way to write it. */
  readonly add: (text: string, member: string, name: string, entry: Json) => string | undefined;
  /** The text without the entry; undefined where its text cannot be told from that of others. */
  readonly remove: (text: string, member: string, name: string) => string | undefined;
}
