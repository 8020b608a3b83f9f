import { afterEach, beforeEach, describe, expect, vi } from 'vitest';
import { memoryStepUps } from '../../../src/limits/step-ups.ts';
import { verifies } from '../../verifies.ts';

/** A caller of a token of its own. */
const anna = () => ({ person: 'anna', clientId: 'm2m_1' });

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('who was told of a missing scope', () => {
  verifies('token.repeated', 'is remembered for five minutes from then, by person, client and tool', async () => {
    const stepUps = memoryStepUps();
    expect(await stepUps.told(anna(), 'one')).toBe(false);
    vi.advanceTimersByTime(299_999);
    expect(await stepUps.told(anna(), 'one')).toBe(true);
    expect(await stepUps.told(anna(), 'two')).toBe(false);
    expect(await stepUps.told({ ...anna(), clientId: 'm2m_2' }, 'one')).toBe(false);
    expect(await stepUps.told({ ...anna(), person: 'ben' }, 'one')).toBe(false);
    vi.advanceTimersByTime(1);
    expect(await stepUps.told(anna(), 'one')).toBe(false);
    expect(await stepUps.told(anna(), 'one')).toBe(true);
  });

  verifies('token.repeated', 'is forgotten once a call has passed', async () => {
    const stepUps = memoryStepUps();
    for (const tool of ['one', 'two']) await stepUps.told(anna(), tool);
    stepUps.passed(anna(), 'one');
    expect(await stepUps.told(anna(), 'one')).toBe(false);
    expect(await stepUps.told(anna(), 'two')).toBe(true);
  });

  verifies('token.repeated', 'is a bounded number of callers, of whom the oldest is forgotten', async () => {
    const stepUps = memoryStepUps(3);
    for (const tool of ['a', 'b', 'c', 'd']) await stepUps.told(anna(), tool);
    expect(await stepUps.told(anna(), 'd')).toBe(true);
    expect(await stepUps.told(anna(), 'a')).toBe(false);
  });
});
