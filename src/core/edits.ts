/** Whether one name becomes the other by at most so many letters that are added, left out, changed or swapped. */
export function isWithin(edits: number, a: string, b: string): boolean {
  if (edits === 0 || Math.abs(a.length - b.length) > edits) return false;
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = at(row, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = isSwap ? at(before, j - 2) + 1 : Number.POSITIVE_INFINITY;
      next.push(Math.min(changed, swapped, at(row, j) + 1, at(next, j - 1) + 1));
    }
    before = row;
    row = next;
    // A swap begins in the row before the last: from two rows that are too far away nothing comes near again.
    if (Math.min(...before) > edits && Math.min(...row) > edits) return false;
  }
  return at(row, b.length) <= edits;
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
