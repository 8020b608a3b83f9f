import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, vi } from 'vitest';
import { HOLD_MS, Patience } from '../../../src/limits/patience.ts';
import { verifies } from '../../verifies.ts';

/** An answer that has not left. */
const answer = (): ServerResponse => Object.assign(new EventEmitter(), { closed: false }) as unknown as ServerResponse;

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
    await vi.advanceTimersByTimeAsync(HOLD_MS);
    await second;
    expect(waiting.listenerCount('close')).toBe(0);
    expect(patience.hold('anna', Object.assign(answer(), { closed: true }))).toBeUndefined();
  });

  verifies('limits.patience', 'are held in a bounded number, and again once those have left', async () => {
    const patience = new Patience();
    refuse(patience, 'anna', 20);
    expect(refuse(patience, 'anna', 600)).toBe(500);
    await vi.advanceTimersByTimeAsync(HOLD_MS);
    expect(refuse(patience, 'anna', 1)).toBe(1);
  });
});
