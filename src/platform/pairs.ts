import { type Asked, namedOf } from './came-true.ts';

/** Key-value pairs that a customer's application keeps with something. */
export type Pairs = Readonly<Record<string, string>>;

type Shown = Pairs | null | undefined;

/**
 * All pairs as they are to be written, because the API replaces them as a whole: those that are there, with the changes.
 * An empty value takes its pair away: the API knows no empty values.
 */
export function withPairs(before: Shown, changes: Pairs = {}): Pairs {
  const pairs = new Map([...Object.entries(before ?? {}), ...Object.entries(changes)]);
  return Object.fromEntries([...pairs].filter(([, value]) => value !== ''));
}

/** The pairs that a call named beside what the API shows of them. */
export function askedPairs(changes: Pairs | undefined, shown: Shown): Asked {
  return { asked: changes, shown: namedOf(changes, shown), isTold: shown !== undefined && shown !== null };
}

/** Whether pairs that were written are still there, whatever somebody else may have set them to by now. */
export function areThere(written: Pairs, shown: Shown): boolean {
  return Object.keys(written).every((name) => Object.hasOwn(shown ?? {}, name));
}
