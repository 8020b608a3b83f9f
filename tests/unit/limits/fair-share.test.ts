import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import { AT_ONCE, FairShare } from '../../../src/limits/fair-share.ts';
import { verifies } from '../../verifies.ts';

describe('requests that arrive together', () => {
  verifies(
    'limits.fair-share',
    'of one person begin a few in each turn of the event loop, in their order',
    async () => {
      const share = new FairShare();
      const begun: number[] = [];
      for (let i = 0; i < 3 * AT_ONCE; i++) {
        const turn = share.turn('anna');
        expect(turn === undefined).toBe(i < AT_ONCE);
        if (turn === undefined) begun.push(i);
        else void turn.then(() => begun.push(i));
      }
      for (const count of [1, 2, 3]) {
        expect(begun).toEqual(Array.from({ length: count * AT_ONCE }, (_, i) => i));
        await nextTurn();
      }
      await nextTurn();
      expect(share.turn('anna')).toBeUndefined();
    },
  );

  verifies('limits.fair-share', 'leave those of others where they are', async () => {
    const share = new FairShare();
    const order: string[] = [];
    for (let i = 0; i < 100; i++) void share.turn('anna')?.then(() => order.push('anna'));
    expect(share.turn('bert')).toBeUndefined();
    for (let i = 1; i < AT_ONCE; i++) share.turn('bert');
    void share.turn('bert')?.then(() => order.push('bert'));
    // Whoever comes later does not overtake those of the same person that wait.
    await nextTurn();
    await nextTurn();
    expect(order.indexOf('bert')).toBeLessThanOrEqual(AT_ONCE);
    const last = share.turn('anna')?.then(() => order.push('last'));
    await last;
    expect(order.at(-1)).toBe('last');
  });
});
