import { describe, expect } from 'vitest';
import { BackgroundWriter } from '../../../../src/observability/log/writer.ts';
import { verifies } from '../../../verifies.ts';

/** A writer on a descriptor that takes everything, and tells so in the next turn of the event loop. */
const writer = () =>
  new BackgroundWriter({
    write: (bytes, done) => void setImmediate(done, null, bytes.length),
    onFailure: () => undefined,
    missing: (lines) => `${lines} lines are missing\n`,
  });

/** Stands in for work that keeps the event loop from turning. */
function stand(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

describe('the wait for a line', () => {
  verifies('audit.intent', 'does not run out while the event loop stands still', async () => {
    const ledger = writer();
    ledger.add(() => 'first\n');
    ledger.add(() => 'second\n');
    const isOut = ledger.isOut(50);
    stand(200);
    expect(await isOut).toBe(true);
  });

  verifies('audit.intent', 'runs out when nothing is written', async () => {
    const ledger = new BackgroundWriter({ write: () => undefined, onFailure: () => undefined, missing: () => '' });
    ledger.add(() => 'first\n');
    expect(await ledger.isOut(50)).toBe(false);
  });
});
