import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, vi } from 'vitest';
import {
  GIVEN_UP_MS,
  HOLD_MS,
  LONGEST_HOLD_MS,
  MAX_HEADS_EACH,
  MAX_HELD_EACH,
  MAX_HELD_HEADS,
  Patience,
  SPACING_MS,
} from '../../../src/limits/patience.ts';
import { verifies } from '../../verifies.ts';

/** An answer that has not left, to a request whose head is so long. */
const answer = (head = 0) => {
  const req = { url: '/mcp', rawHeaders: ['x', 'a'.repeat(head)] };
  return Object.assign(new EventEmitter(), { closed: false, destroy: vi.fn(), req }) as unknown as ServerResponse;
};

/** Counts refusals, and says how many of them were held back. */
function refuse(patience: Patience, who: string, times: number): number {
  return Array.from({ length: times }, () => patience.hold(who, answer())).filter(Boolean).length;
}

/** Numbers from 0 to 1 that are the same in each run (a linear congruential generator). */
function byChance(): () => number {
  let state = 1;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

/** A connection that asks again whenever it is answered, until it is ended. */
async function goOn(patience: Patience, who: string, answered: () => void = () => undefined): Promise<void> {
  for (;;) {
    const response = answer();
    await patience.hold(who, response);
    if (vi.mocked(response.destroy).mock.calls.length > 0) return;
    answered();
  }
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('refusals of somebody who goes on', () => {
  verifies('limits.patience', 'are answered at once until there are many in a short time', () => {
    const patience = new Patience();
    expect(refuse(patience, 'anna', 20)).toBe(0);
    expect(refuse(patience, 'anna', 3)).toBe(3);
    expect(refuse(patience, 'bert', 1)).toBe(0);
    vi.advanceTimersByTime(10_000);
    expect(refuse(patience, 'anna', 1)).toBe(0);
  });

  verifies('limits.patience-heads', 'are not held where the heads of requests would fill the memory', async () => {
    const patience = new Patience({ free: 0 });
    const size = 64 * 1024;
    const held = Array.from({ length: 2 * (MAX_HELD_HEADS / size) }, (_, i) => patience.hold(`n${i}`, answer(size)));
    const waiting = held.filter(Boolean).length;
    expect(waiting * size).toBeLessThanOrEqual(MAX_HELD_HEADS);
    expect((waiting + 1) * (size + 10)).toBeGreaterThan(MAX_HELD_HEADS);
    // What has left makes room.
    await vi.advanceTimersByTimeAsync(LONGEST_HOLD_MS);
    expect(patience.hold('anna', answer(size))).toBeDefined();
  });

  verifies('limits.patience-heads', 'take each other’s places where those of one address are long', () => {
    const patience = new Patience({ free: 0 });
    const size = 64 * 1024;
    const most = Math.floor(MAX_HEADS_EACH / (size + 5));
    const answers = Array.from({ length: 3 * most }, () => answer(size));
    expect(answers.map((each) => patience.hold('anna', each)).filter(Boolean)).toHaveLength(answers.length);
    const ended = answers.map(({ destroy }) => vi.mocked(destroy).mock.calls.length);
    expect(ended).toEqual(answers.map((_, i) => (i < 2 * most ? 1 : 0)));
  });

  verifies('limits.patience', 'leave after a while', async () => {
    const patience = new Patience();
    refuse(patience, 'anna', 20);
    const left = vi.fn();
    patience.hold('anna', answer())?.then(left);
    await vi.advanceTimersByTimeAsync(HOLD_MS - 1);
    expect(left).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(left).toHaveBeenCalled();
  });

  verifies('limits.patience', 'are not held for a client that is gone, nor leave a listener behind', async () => {
    const patience = new Patience();
    refuse(patience, 'anna', 20);
    const [gone, waiting] = [answer(), answer()];
    const held = patience.hold('anna', gone);
    gone.emit('close');
    await held;
    expect(vi.getTimerCount()).toBe(0);
    const second = patience.hold('anna', waiting);
    await vi.advanceTimersByTimeAsync(HOLD_MS + SPACING_MS);
    await second;
    expect(waiting.listenerCount('close')).toBe(0);
    expect(patience.hold('anna', Object.assign(answer(), { closed: true }))).toBeUndefined();
  });

  verifies('limits.patience', 'are as many in a second, however many connections they come from', async () => {
    const patience = new Patience();
    refuse(patience, 'anna', 20);
    const left = vi.fn();
    for (let i = 0; i < 700; i++) goOn(patience, 'anna', left);
    await vi.advanceTimersByTimeAsync(HOLD_MS - 1);
    for (let second = 1; second <= 5; second++) {
      await vi.advanceTimersByTimeAsync(1_000);
      expect(left.mock.calls.length).toBeLessThanOrEqual((second * 1_000) / SPACING_MS + 1);
      expect(left.mock.calls.length).toBeGreaterThan((second * 1_000) / SPACING_MS - 10);
    }
    // Nobody else waits for that, and waiting buys no more refusals at once.
    expect(refuse(patience, 'bert', 1)).toBe(0);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(refuse(patience, 'anna', 1)).toBe(1);
  });

  verifies('limits.patience', 'of somebody else at the same address leave soon, however many others wait', async () => {
    const patience = new Patience({ random: byChance() });
    refuse(patience, 'office', 20);
    for (let i = 0; i < MAX_HELD_EACH; i++) goOn(patience, 'office');
    await vi.advanceTimersByTimeAsync(3_000);
    const waits: number[] = [];
    for (let i = 0; i < 40; i++) {
      const newcomer = answer();
      const began = Date.now();
      patience.hold('office', newcomer)?.then(() => waits.push(Date.now() - began));
      await vi.advanceTimersByTimeAsync(1_000);
    }
    await vi.advanceTimersByTimeAsync(GIVEN_UP_MS + SPACING_MS);
    const sorted = waits.sort((a, b) => a - b);
    // Those who were cut off among them.
    expect(sorted).toHaveLength(40);
    expect(sorted[20]).toBeLessThan(1_500);
    expect(sorted[30]).toBeLessThan(4_000);
    expect(sorted[39]).toBeLessThanOrEqual(GIVEN_UP_MS + SPACING_MS);
  });

  verifies('limits.patience', 'leave in the end, although others always come later', async () => {
    const patience = new Patience();
    refuse(patience, 'office', 20);
    const left = vi.fn();
    patience.hold('office', answer())?.then(left);
    for (let i = 0; i < 50; i++) goOn(patience, 'office');
    await vi.advanceTimersByTimeAsync(LONGEST_HOLD_MS + SPACING_MS);
    expect(left).toHaveBeenCalled();
  });

  verifies('limits.patience', 'that have waited too long leave one by one as well, or not at all', async () => {
    const patience = new Patience();
    refuse(patience, 'anna', 20);
    const answers = Array.from({ length: MAX_HELD_EACH }, () => answer());
    let released = 0;
    for (const each of answers) patience.hold('anna', each)?.then(() => released++);
    const cutOff = () => answers.filter(({ destroy }) => vi.mocked(destroy).mock.calls.length > 0).length;
    for (let before = 0; vi.getTimerCount() > 0; before = released - cutOff()) {
      await vi.advanceTimersToNextTimerAsync();
      expect(released - cutOff() - before).toBeLessThanOrEqual(2);
    }
    expect(released).toBe(MAX_HELD_EACH);
    const inTurns = (GIVEN_UP_MS + (GIVEN_UP_MS - LONGEST_HOLD_MS)) / SPACING_MS;
    expect(Math.abs(MAX_HELD_EACH - cutOff() - inTurns)).toBeLessThan(30);
  });

  verifies(
    'limits.patience',
    'leave in the turns of whom they are for, and so do those that are not held',
    async () => {
      const turns: string[] = [];
      const begin: (() => void)[] = [];
      const turn = (who: string) => {
        turns.push(who);
        return new Promise<void>((resolve) => void begin.push(resolve));
      };
      const patience = new Patience({ free: 0, turn });
      const left = vi.fn();
      patience.hold('anna', answer())?.then(left);
      await vi.advanceTimersByTimeAsync(HOLD_MS);
      expect([turns, left.mock.calls.length]).toEqual([['anna'], 0]);
      begin[0]?.();
      await vi.advanceTimersByTimeAsync(0);
      expect(left).toHaveBeenCalled();
      patience.hold('bert', answer(MAX_HELD_HEADS))?.then(left);
      new Patience({ turn }).hold('carl', answer());
      expect(turns).toEqual(['anna', 'bert', 'carl']);
    },
  );

  verifies(
    'limits.patience',
    'are held in a bounded number, beyond which the connection ends that waited longest',
    async () => {
      const patience = new Patience();
      refuse(patience, 'anna', 20);
      const oldest = answer();
      patience.hold('anna', oldest);
      expect(refuse(patience, 'anna', MAX_HELD_EACH - 1)).toBe(MAX_HELD_EACH - 1);
      expect(oldest.destroy).not.toHaveBeenCalled();
      const beyond = answer();
      expect(patience.hold('anna', beyond)).toBeInstanceOf(Promise);
      expect(oldest.destroy).toHaveBeenCalled();
      expect(beyond.destroy).not.toHaveBeenCalled();
    },
  );

  verifies('limits.patience', 'notifications are let through more often', () => {
    expect(refuse(Patience.withWhatIsFree(), 'anna', 210)).toBe(10);
  });
});
