import { expect } from 'vitest';
import { memoryCounter } from '../../../src/limits/counter.ts';
import { failuresByAddress } from '../../../src/limits/failures.ts';
import { verifies } from '../../verifies.ts';

verifies('limits.memory', 'of the addresses over the limit a bounded number is remembered at hand', async () => {
  const failures = failuresByAddress(memoryCounter({ points: 1, seconds: 60 }), 2);
  const addresses = ['192.0.2.1', '192.0.2.2', '192.0.2.3'];
  for (const address of addresses) {
    expect(await failures.count(address)).toBeUndefined();
    expect(await failures.count(address)).toBe(60);
  }
  expect(addresses.map((address) => failures.areTooMany(address))).toEqual([false, true, true]);
  // The one that is no longer at hand is still counted.
  expect(await failures.count('192.0.2.1')).toBe(60);
});
