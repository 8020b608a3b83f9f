import { describe, expect, it } from 'vitest';
import { Deadline } from '../../../src/outgoing/deadline.ts';
import { Turns } from '../../../src/outgoing/turns.ts';
import { verifies } from '../../verifies.ts';

const MINUTE = 60_000;

/** Work that runs until it is told to end. */
function work() {
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  let hasStarted = false;
  const run = async () => {
    hasStarted = true;
    await ended;
  };
  return { run, end, hasStarted: () => hasStarted };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('work on one thing', () => {
  it('starts when all earlier work on the same thing has ended, and never waits for other things', async () => {
    const turns = new Turns();
    const [first, second, other] = [work(), work(), work()];
    const deadline = new Deadline(MINUTE, new AbortController().signal);
    const running = [turns.run('a', deadline, first.run), turns.run('a', deadline, second.run)];
    running.push(turns.run('b', deadline, other.run));
    await turn();
    expect([first.hasStarted(), second.hasStarted(), other.hasStarted()]).toEqual([true, false, true]);
    first.end();
    await turn();
    expect(second.hasStarted()).toBe(true);
    second.end();
    other.end();
    await Promise.all(running);
  });

  verifies('api.turns', 'waits for what is running, also behind somebody who has given up waiting', async () => {
    const turns = new Turns();
    const [first, second, third] = [work(), work(), work()];
    const patient = new Deadline(MINUTE, new AbortController().signal);
    const leaving = new AbortController();
    const running = turns.run('a', patient, first.run);
    const given = turns.run('a', new Deadline(MINUTE, leaving.signal), second.run);
    await turn();
    leaving.abort();
    await expect(given).rejects.toMatchObject({ code: 'cancelled' });
    const last = turns.run('a', patient, third.run);
    await turn();
    expect([second.hasStarted(), third.hasStarted()]).toEqual([false, false]);
    first.end();
    third.end();
    await Promise.all([running, last]);
    expect(second.hasStarted()).toBe(false);
  });

  it('goes on after work that has failed', async () => {
    const turns = new Turns();
    const deadline = new Deadline(MINUTE, new AbortController().signal);
    const failing = turns.run('a', deadline, () => Promise.reject(new Error('fails')));
    const next = turns.run('a', deadline, async () => 'done');
    await expect(failing).rejects.toThrow('fails');
    await expect(next).resolves.toBe('done');
  });

  it('is not done when its call ends first, and lets the next one wait for what is running', async () => {
    const turns = new Turns();
    const [first, second, third] = [work(), work(), work()];
    const leaving = new AbortController();
    const deadline = new Deadline(MINUTE, new AbortController().signal);
    const running = turns.run('a', deadline, first.run);
    const left = turns.run('a', new Deadline(MINUTE, leaving.signal), second.run);
    const last = turns.run('a', deadline, third.run);
    leaving.abort();
    await expect(left).rejects.toMatchObject({ code: 'cancelled' });
    await turn();
    expect([second.hasStarted(), third.hasStarted()]).toEqual([false, false]);
    first.end();
    await running;
    third.end();
    await last;
    expect(third.hasStarted()).toBe(true);
  });
});
