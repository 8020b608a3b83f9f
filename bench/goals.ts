import { type Row, rounded } from './table.ts';

/** A goal, and the figure that was measured for it. */
export interface Goal {
  readonly name: string;
  readonly atLeast?: number;
  readonly atMost?: number;
  readonly unit?: string;
  /** NaN: could not be measured; then the goal is missed. */
  readonly measured: number;
}

export function isMet({
  atLeast = Number.NEGATIVE_INFINITY,
  atMost = Number.POSITIVE_INFINITY,
  measured,
}: Goal): boolean {
  return measured >= atLeast && measured <= atMost;
}

/** A row of the table of goals: goal, measured figure, and whether the goal is met. */
export function goalRow(goal: Goal): Row {
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
