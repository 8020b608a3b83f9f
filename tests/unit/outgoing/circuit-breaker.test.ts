import { expect } from 'vitest';
import { ToolError } from '../../../src/core/errors.ts';
import { CircuitBreaker } from '../../../src/outgoing/circuit-breaker.ts';
import { SILENT } from '../../fixtures/silent-log.ts';
import { verifies } from '../../verifies.ts';

const dead = () => Promise.reject(new ToolError('upstream_unavailable', 'asked'));
const alive = () => Promise.resolve('answered');

verifies('breaker.others', 'a bounded number of persons is remembered, those who called last', async () => {
  const breaker = new CircuitBreaker({ host: 'api', log: SILENT });
  const message = (person: string) => breaker.through(dead, true, person).catch((error: Error) => error.message);
  for (let i = 0; i < 5; i++) await message('first');
  expect(await message('first')).toContain('was not sent');
  for (let i = 0; i < 1_000; i++) {
    await message(`usr_${i}`);
    await breaker.through(alive, true, 'somebody');
  }
  expect(await message('first')).toBe('asked');
});
