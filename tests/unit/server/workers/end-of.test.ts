import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, vi } from 'vitest';
import { endOf } from '../../../../src/server/workers/end-of.ts';
import { verifies } from '../../../verifies.ts';

describe('the end of a worker', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  const KILLED = { code: null, signal: 'SIGKILL' };

  verifies('audit.workers', 'is waited for until its channel has closed, whichever comes first', async () => {
    for (const events of [
      ['exit', 'disconnect'],
      ['disconnect', 'exit'],
    ] as const) {
      const worker = new EventEmitter();
      const ended = vi.fn();
      void endOf(worker).then(ended);
      worker.emit(events[0], null, 'SIGKILL');
      await vi.advanceTimersByTimeAsync(999);
      expect(ended).not.toHaveBeenCalled();
      worker.emit(events[1], null, 'SIGKILL');
      await vi.advanceTimersByTimeAsync(0);
      expect(ended).toHaveBeenCalledWith(KILLED);
    }
  });

  verifies('audit.workers', 'is known although nothing says that its channel has closed', async () => {
    const worker = new EventEmitter();
    const ended = endOf(worker);
    worker.emit('exit', null, 'SIGKILL');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await ended).toEqual(KILLED);
  });
});
