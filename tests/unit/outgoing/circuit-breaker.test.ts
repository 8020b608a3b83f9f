import { expect } from 'vitest';
import { ToolError } from '../../../src/core/errors.ts';
import { personKey } from '../../../src/core/person.ts';
import type { Log } from '../../../src/observability/log/log.ts';
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

verifies(
  'breaker.caller',
  'the log names the person as their requests do, and nobody for this server itself',
  async () => {
    const lines: Record<string, unknown>[] = [];
    const tell: Log['info'] = (event, fields) => lines.push({ event, ...fields });
    const breaker = new CircuitBreaker({ host: 'api', log: { ...SILENT, warn: tell, info: tell } });
    const subject = `usr_1\u202e${'x'.repeat(300)}`;
    for (const person of [personKey('https://issuer.example', subject), '']) {
      for (let i = 0; i < 5; i++) {
        await breaker.through(dead, true, person).catch(() => undefined);
        // Somebody else gets an answer, so that it does not open for all.
        await breaker.through(alive, true, 'somebody');
      }
    }
    const shown = `usr_1${'x'.repeat(194)}`;
    expect(lines).toMatchObject([{ event: 'circuit_open', of: 'person', caller: shown }, { of: 'person' }]);
    expect(lines[1]?.['caller']).toBeUndefined();
    expect(JSON.stringify(lines)).not.toContain('issuer.example');
  },
);
