import { expect, vi } from 'vitest';
import { memoryCounter } from '../../../src/limits/counter.ts';
import { failuresByAddress } from '../../../src/limits/failures.ts';
import { verifies } from '../../verifies.ts';

verifies('limits.memory', 'of the addresses over the limit a bounded number is remembered at hand', async () => {
  const counter = memoryCounter({ points: 1, seconds: 60 });
  const spend = vi.spyOn(counter, 'spend');
  const failures = failuresByAddress(counter, 2);
  const addresses = ['192.0.2.1', '192.0.2.2', '192.0.2.3'];
  for (const address of addresses) {
    expect(await failures.count(address)).toBeUndefined();
    expect(await failures.count(address)).toBe(60);
  }
  spend.mockClear();
  for (const address of addresses.slice(1)) expect(await failures.count(address)).toBe(60);
  expect(spend).not.toHaveBeenCalled();
  // The one that is no longer at hand is still counted.
  expect(await failures.count('192.0.2.1')).toBe(60);
  expect(spend).toHaveBeenCalledOnce();
});
