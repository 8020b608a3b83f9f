import { expect } from 'vitest';
import { isTraceState } from '../../../../src/observability/trace/state.ts';
import { verifies } from '../../../verifies.ts';

const many = (count: number) => Array.from({ length: count }, (_, i) => `k${i}=v`).join(',');

verifies.each('trace.state', [
  ['rojo=00f067aa0ba902b7', true],
  ['rojo=00f067aa0ba902b7,congo=t61rcWkgMzE', true],
  ['fw529a3039@dt=FfffffCRtZ , a=b', true],
  ['a=b,,c=d', true],
  [many(32), true],
  [many(33), false],
  [`a=${'x'.repeat(256)}`, true],
  [`a=${'x'.repeat(257)}`, false],
  [`a=${'x'.repeat(255)},b=${'x'.repeat(255)}`, false],
  ['a=b,<script>', false],
  ['A=b', false],
  ['a=b,a=c', false],
  ['a=é', false],
  ['a=b=c', false],
  ['a\r\nb: c', false],
  ['x=live_A1b2C3d4E5f6G7h8J9k0L1', false],
  ['client_secret=hunter2', false],
])('%s: %s', (text, isOne) => {
  expect(isTraceState(text)).toBe(isOne);
});
