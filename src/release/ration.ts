/** Stands for what is left out where a result has no room for it. */
export const CUT_OFF = '[cut off]';

/**
 * So many characters behind a cut are cleaned as well, and so many before the end of what was cleaned are left out: a
 * secret that a cut would halve is recognized, or left out with its beginning. No secret that is recognized by what
 * stands at its end alone is nearly as long.
 */
const MARGIN = 4_096;

/** So many members of objects are kept behind a cut, which is more than the schema of any answer requires. */
const MEMBERS_BEHIND = 200;

/**
 * How much of what the platform has answered is cleaned for one result: in characters of its texts and names, and entries
 * of lists. It bounds how long that keeps the event loop busy, whatever the platform answers. What does not fit is left
 * out.
 */
export class Ration {
  readonly #size: number;
  readonly #longest: number;
  #left: number;
  #membersLeft = MEMBERS_BEHIND;

  /** @param longest how many characters of each text are kept */
  constructor(size: number, longest: number) {
    this.#size = size;
    this.#longest = longest;
    this.#left = size;
  }

  /** Whether something did not fit. */
  get isSpent(): boolean {
    return this.#left < 0;
  }

  /** Takes room that is needed in any case. */
  take(length: number): void {
    this.#left -= length;
  }

  /** Cleans a text, or its beginning where the whole does not fit. */
  fit(text: string, clean: (text: string) => string): string {
    const room = this.#left;
    const longest = this.#longest;
    this.#left -= Math.min(text.length, longest + MARGIN);
    if (text === '') return text;
    if (room <= 0) return CUT_OFF;
    if (text.length > longest) return beginningOf(text, longest, clean);
    return text.length <= room ? clean(text) : cutOff(text, room, clean);
  }

  /** Cleans a text that must not be missing, or its beginning where it alone would not fit. */
  fitAlone(text: string, clean: (text: string) => string): string {
    return text.length <= this.#size ? clean(text) : cutOff(text, this.#size, clean);
  }

  /** Takes note of another member of an object, and says whether it is left out. */
  isBeyond(): boolean {
    return this.isSpent && this.#membersLeft-- <= 0;
  }
}

/** The beginning of a text, cleaned, and a mark that it is not the whole. */
function cutOff(text: string, longest: number, clean: (text: string) => string): string {
  return `${beginningOf(text, longest, clean)} ${CUT_OFF}`;
}

/** The beginning of a text that is longer than that, cleaned, without looking at what follows but for the margin. */
export function beginningOf(text: string, longest: number, clean: (text: string) => string): string {
  const end = longest + MARGIN;
  const window = clean(text.slice(0, end));
  const kept = text.length <= end ? longest : Math.max(0, Math.min(longest, window.length - MARGIN));
  return window.slice(0, kept).replace(/[\ud800-\udbff]$/, '');
}
