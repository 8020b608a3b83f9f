import { afterEach, beforeEach, expect, vi } from 'vitest';
import type { Log } from '../../../../src/observability/log/log.ts';
import { summedLog } from '../../../../src/observability/log/strangers.ts';
import { SILENT } from '../../../fixtures/silent-log.ts';
import { verifies } from '../../../verifies.ts';

const SUM = 'strangers_summed';

beforeEach(() => void vi.useFakeTimers({ now: Date.UTC(2026, 0, 1) }));
afterEach(() => void vi.useRealTimers());

function summed() {
  const lines: { readonly event: string; readonly fields: unknown }[] = [];
  const inner: Log = { ...SILENT, info: (event, fields) => void lines.push({ event, fields }) };
  const { log, end } = summedLog(inner);
  const write = (count: number, event: string, fields?: Record<string, unknown>) => {
    for (let i = 0; i < count; i++) log.info(event, fields);
  };
  const named = (name: string) => lines.filter(({ event }) => event === name);
  return { lines, write, end, named };
}

verifies('log.strangers', 'writes 600 lines without a caller in a minute, and then their number by outcome', () => {
  const { write, named } = summed();
  write(500, 'request', { outcome: 'no_token' });
  write(100, 'requests_unhandled', { requests: 5 });
  write(700, 'request', { outcome: 'client_closed' });
  write(30, 'answer_lost', { caller: undefined });
  write(20, 'requests_unhandled', { requests: 5 });
  expect(named(SUM)).toEqual([]);
  vi.advanceTimersByTime(60_000);
  const outcomes = { client_closed: 700, answer_lost: 30, requests_unhandled: 20 };
  expect(named(SUM)).toEqual([{ event: SUM, fields: { count: 750, outcomes, since: '2026-01-01T00:00:00.000Z' } }]);
  write(1, 'request', { outcome: 'no_token' });
  expect(named('request')).toHaveLength(501);
});

verifies('log.strangers', 'sums nothing that a caller did, and nothing else', () => {
  const { lines, write, end } = summed();
  write(700, 'request', { caller: 'usr_1', outcome: 'ok' });
  write(700, 'answer_lost', { caller: 'usr_1' });
  write(700, 'management_api_back');
  end();
  expect(lines).toHaveLength(2_100);
});

verifies('log.strangers', 'sums up at the end, and only what there is', () => {
  const { write, end, named } = summed();
  write(600, 'request', {});
  end();
  write(601, 'request', {});
  end();
  end();
  expect(named(SUM)).toEqual([{ event: SUM, fields: expect.objectContaining({ count: 1, outcomes: { request: 1 } }) }]);
});
