import { expect } from 'vitest';
import { checkScopes } from '../../../src/diagnosis/mcp-server/scopes.ts';
import { verifies } from '../../verifies.ts';

/** Two lists of scopes that have none in common, as two servers may publish them. */
function costOf(count: number): number {
  const listOf = (letter: string) => Array.from({ length: count }, (_, i) => letter + i);
  const asked = { scopes_supported: listOf('a') };
  const offered = { scopes_supported: listOf('b') };
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 5; i++) {
    const before = process.cpuUsage();
    checkScopes(undefined, asked, offered, undefined);
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, user + system);
  }
  return best;
}

verifies(['diagnosis.safe', 'text.linear-answers'], 'scopes of two strangers are compared in linear time', () => {
  // Quadratic time would be 64 times as long.
  expect(costOf(32_000) / costOf(4_000)).toBeLessThan(30);
});

verifies('diagnosis.safe', 'a scope that is asked for many times is told once', () => {
  const asked = { scopes_supported: ['a', 'b', 'a', 'c'] };
  const [, outcome] = checkScopes(undefined, asked, { scopes_supported: ['b'] }, undefined);
  expect(outcome).toMatchObject({ found: ['a', 'c'] });
});
