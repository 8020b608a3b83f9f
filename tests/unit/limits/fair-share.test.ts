import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import { AT_ONCE, FairShare, LONG_TURN_MS } from '../../../src/limits/fair-share.ts';
import { verifies } from '../../verifies.ts';

/** Turns are short as long as the clock stands still, however busy the machine is. */
const still = () => 0;

describe('requests that arrive together', () => {
  verifies(
    'limits.fair-share',
    'of one person begin a few in each turn of the event loop, in their order',
    async () => {
      const share = new FairShare(still);
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

  verifies(
    'limits.fair-share',
    'of strangers begin a few in each turn, from however many networks they come',
    async () => {
      const share = new FairShare(still);
      const networks = Array.from({ length: 3 * AT_ONCE }, (_, i) => `network-${i}`);
      const begun: string[] = [];
      for (const network of [...networks, 'network-0', 'network-0'])
        void (share.strangersTurn(network) ?? Promise.resolve()).then(() => begun.push(network));
      // Persons do not wait for them.
      expect(share.turn('anna')).toBeUndefined();
      const expected = [...networks.slice(0, AT_ONCE), ...networks.slice(AT_ONCE), 'network-0', 'network-0'];
      for (const count of [1, 2, 3]) {
        await Promise.resolve();
        expect(begun).toEqual(expected.slice(0, count * AT_ONCE));
        await nextTurn();
      }
      await nextTurn();
      expect(begun).toEqual(expected);
      await nextTurn();
      expect(share.strangersTurn('network-0')).toBeUndefined();
    },
  );

  verifies('limits.fair-share', 'leave those of others where they are', async () => {
    const share = new FairShare(still);
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

  verifies(
    'limits.fair-share',
    'begin fewer at a time while turns are long, and more again when they are short',
    async () => {
      let [now, length] = [0, LONG_TURN_MS + 1];
      const share = new FairShare(() => {
        now += length;
        return now;
      });
      let begun = 0;
      const begunInTurn = async () => {
        const before = begun;
        await nextTurn();
        return begun - before;
      };
      for (let i = 0; i < 10 * AT_ONCE; i++) void share.turn('anna')?.then(() => begun++);
      const counts = [];
      for (let turn = 0; turn < 4; turn++) counts.push(await begunInTurn());
      length = 0;
      for (let turn = 0; turn < 4; turn++) counts.push(await begunInTurn());
      expect(counts).toEqual([4, 2, 1, 1, 2, 4, 8, 8]);
    },
  );
});
