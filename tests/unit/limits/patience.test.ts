import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, vi } from 'vitest';
import { HOLD_MS, MAX_HELD_EACH, Patience, SPACING_MS } from '../../../src/limits/patience.ts';
import { verifies } from '../../verifies.ts';

/** An answer that has not left. */
const answer = () =>
  Object.assign(new EventEmitter(), { closed: false, destroy: vi.fn() }) as unknown as ServerResponse;

/** Counts refusals, and says how many of them were held back. */
function refuse(patience: Patience, who: string, times: number): number {
  return Array.from({ length: times }, () => patience.hold(who, answer())).filter(Boolean).length;
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
    for (let i = 0; i < 700; i++) patience.hold('anna', answer())?.then(left);
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

  verifies('limits.patience', 'are held in a bounded number, beyond which connections end', async () => {
    const patience = new Patience();
    refuse(patience, 'anna', 20);
    expect(refuse(patience, 'anna', MAX_HELD_EACH)).toBe(MAX_HELD_EACH);
    const beyond = answer();
    expect(patience.hold('anna', beyond)).toBeUndefined();
    expect(beyond.destroy).toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(HOLD_MS);
    expect(refuse(patience, 'anna', 1)).toBe(1);
  });

  verifies('limits.patience', 'notifications are let through more often', () => {
    expect(refuse(Patience.withNotifications(), 'anna', 210)).toBe(10);
  });
});
