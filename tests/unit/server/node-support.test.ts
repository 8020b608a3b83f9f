import { expect } from 'vitest';
import { unsupportedSince } from '../../../src/server/node-support.ts';
import { verifies } from '../../verifies.ts';

verifies.each('process.old-node', [
  ['20.20.2', '2026-04-30T12:00:00Z', undefined],
  ['20.20.2', '2026-05-01T00:00:00Z', '2026-04-30'],
  ['22.23.5', '2026-11-28T00:00:00Z', undefined],
  ['24.22.3', '2026-11-28T00:00:00Z', undefined],
  ['25.1.0', '2026-11-28T00:00:00Z', '2026-06-01'],
  ['26.0.0', '2031-01-01T00:00:00Z', undefined],
] as const)('Node.js %s on %s: %s', (version, now, since) => {
  expect(unsupportedSince(version, new Date(now))).toBe(since);
});
