import { describe, expect } from 'vitest';
import { brief, withBriefTexts } from '../../../src/core/brief.ts';
import { verifies } from '../../verifies.ts';

describe('a text that may repeat what somebody sent', () => {
  verifies('refusal.brief', 'keeps its beginning and its end', () => {
    expect(brief('short')).toBe('short');
    expect(brief('x'.repeat(500))).toBe('x'.repeat(500));
    const text = brief(`The name ${'x'.repeat(1_000)} is wrong. Choose another one.`);
    expect(text).toMatch(/^The name x+…x+ is wrong\. Choose another one\.$/);
    expect(text).toHaveLength(500);
    expect(brief('abcdefghij', 7)).toBe('abcd…ij');
  });

  verifies('refusal.brief', 'is cut between characters', () => {
    const text = brief('😀'.repeat(400), 100);
    expect(text.isWellFormed()).toBe(true);
    expect(text.length).toBeLessThanOrEqual(100);
  });

  verifies('refusal.brief', 'is brief wherever it stands', () => {
    const long = 'x'.repeat(5_000);
    const value = { a: [long, { b: long }], count: 1, none: null };
    const text = `${'x'.repeat(349)}…${'x'.repeat(150)}`;
    expect(withBriefTexts(value)).toEqual({ a: [text, { b: text }], count: 1, none: null });
  });
});
