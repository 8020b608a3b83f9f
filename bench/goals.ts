import { type Row, rounded } from './table.ts';

/** What a figure must be. */
export interface Goal {
  readonly name: string;
  readonly atLeast?: number;
  readonly atMost?: number;
  readonly unit?: string;
  /** Not a number: could not be measured, which is not good enough. */
  readonly measured: number;
}

export function isMet({
  atLeast = Number.NEGATIVE_INFINITY,
  atMost = Number.POSITIVE_INFINITY,
  measured,
}: Goal): boolean {
  return measured >= atLeast && measured <= atMost;
}

/** Goal, measured, and whether one is the other. */
export function verdictOf(goal: Goal): Row {
  const { name, atLeast, atMost, unit = '', measured } = goal;
  const wanted = [
    ...(atLeast === undefined ? [] : [`≥ ${atLeast}`]),
    ...(atMost === undefined ? [] : [`≤ ${atMost}`]),
  ].join(', ');
  return {
    goal: name,
    wanted: `${wanted} ${unit}`.trim(),
    measured: Number.isNaN(measured) ? 'not measured' : `${rounded(measured, 3)} ${unit}`.trim(),
    '': isMet(goal) ? 'ok' : 'missed',
  };
}
