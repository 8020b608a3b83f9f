/** A part of a text that is replaced. */
export interface Cut {
  readonly start: number;
  readonly end: number;
  /** What stands there instead. */
  readonly mark: string;
}

/** Takes note of a cut. */
export type AddCut = (start: number, end: number, mark: string) => void;

/** The text with the marks of cuts in place of what they cover. Where some overlap, the first one's mark stands for all. */
export function withoutCuts(text: string, cuts: readonly Cut[]): string {
  if (cuts.length === 0) return text;
  let clean = '';
  let done = 0;
  for (const { start, end, mark } of [...cuts].sort((a, b) => a.start - b.start)) {
    if (start >= done) clean += text.slice(done, start) + mark;
    done = Math.max(done, end);
  }
  return clean + text.slice(done);
}
