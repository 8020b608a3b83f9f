import { describe, it } from 'vitest';
import type { PromiseId } from './requirements.ts';

declare module 'vitest' {
  interface TestTags {
    promise: PromiseId;
  }
}

/** The promises that a test verifies: one of `REQUIREMENTS`, or several. Another id does not compile. */
type Promises = PromiseId | PromiseId[];

type Body = () => unknown;

/**
 * A test that verifies promises of this server. The ids become the test's tags, so that `vitest run --tags-filter
 * wire.batch` runs what verifies one promise and `'confirm.*'` what verifies a family of them.
 */
export function verifies(promises: Promises, title: string, test: Body): void {
  it(title, { tags: promises }, test);
}

/** A test for each row of a table, as `it.each`, of which each verifies the promises. */
verifies.each = each;

/** A group, as `describe`, of which each test verifies the promises. */
verifies.group = (promises: Promises, title: string, tests: () => void): void => {
  describe(title, { tags: promises }, tests);
};

type Each<Row extends readonly unknown[]> = (title: string, test: (...row: [...Row]) => unknown) => void;

function each<Row extends readonly unknown[] | readonly [unknown]>(
  promises: Promises,
  table: readonly Row[],
): Each<Row>;
function each<Value>(promises: Promises, table: readonly Value[]): Each<[value: Value]>;
function each(promises: Promises, table: readonly unknown[]): Each<unknown[]> {
  return (title, test) => it.each(table)(title, { tags: promises }, (...row) => test(...row) as Promise<void>);
}
