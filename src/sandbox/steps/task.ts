import type { Html } from '../pages/html.ts';

/** Something that a person finishes on one page, by one button. */
export interface Task {
  readonly title: string;
  /** What it is about. */
  readonly question: Html;
  readonly button: string;
  /** Does it. Returns what has come of it. */
  finish(): Html;
}
