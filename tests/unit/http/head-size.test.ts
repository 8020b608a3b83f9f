import { expect } from 'vitest';
import { headSize } from '../../../src/http/head-size.ts';
import { verifies } from '../../verifies.ts';

verifies('limits.patience-heads', 'count headers by the memory that they take, however short they are', () => {
  const one = headSize({ url: '/mcp', rawHeaders: ['authorization', 'x'.repeat(10_000)] });
  const many = headSize({ url: '/mcp', rawHeaders: Array.from({ length: 2 * 1_990 }, () => 'a') });
  expect(one).toBeGreaterThan(10_000);
  // Twenty bytes for each name and value were measured.
  expect(many).toBeGreaterThan(20 * 2 * 1_990);
});
