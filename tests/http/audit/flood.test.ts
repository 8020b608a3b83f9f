import { readFileSync } from 'node:fs';
import { describe, expect, vi } from 'vitest';
import { verifyLedger } from '../../../src/observability/audit/verify.ts';
import type { Outcome } from '../../../src/observability/outcomes.ts';
import type { RequestFacts } from '../../../src/observability/request-facts.ts';
import { callRecord, ledgerFolder, opened, recordsIn } from '../../fixtures/ledger.ts';
import { verifies } from '../../verifies.ts';

const ledger = ledgerFolder();

const START = Date.UTC(2026, 0, 1);
const SINCE = '2026-01-01T00:00:00.000Z';
const SUMMED = 'mcp_auth_failures_summed';
const REFUSALS = 'mcp_refusals_summed';

const refused = (outcome: Outcome, caller: Partial<RequestFacts> = {}): RequestFacts => ({
  requestId: 'request',
  outcome,
  durationMs: 1,
  details: {},
  ...caller,
});

/** A ledger whose clock stands still until it is set. */
async function flooded() {
  let time = START;
  const { audit } = await opened({ config: { to: { file: ledger.file() } }, now: () => time });
  return {
    audit,
    at: (ms: number) => {
      time = START + ms;
    },
    send: (count: number, record: RequestFacts) => {
      for (let sent = 0; sent < count; sent++) audit.request(record);
    },
  };
}

const named = (name: string) => ledger.records().filter(({ event }) => event === name);
const order = () => [...new Set(ledger.records().map(({ event }) => event))];

describe('refusals of nobody in particular', () => {
  verifies('audit.flood', 'are one record each up to 600 in a minute, and then one for all others', async () => {
    const { audit, at, send } = await flooded();
    send(400, refused('no_token'));
    send(200, refused('rate_limit_exceeded'));
    at(59_999);
    send(1_000, refused('invalid_token'));
    send(34, refused('overloaded'));
    at(60_000);
    send(1, refused('invalid_token'));
    await audit.close();
    expect(named('mcp_auth_failure')).toHaveLength(401);
    expect(named('mcp_limit')).toHaveLength(200);
    expect(named(SUMMED)).toEqual([expect.objectContaining({ count: 1_034, since: SINCE, seq: 602 })]);
    expect(await verifyLedger([ledger.file()])).toMatchObject({ whole: true, records: 604, lost: 0 });
  });

  verifies('audit.flood', 'are not summed up when they are 600', async () => {
    const { audit, send } = await flooded();
    send(600, refused('no_token'));
    await audit.close();
    expect(named('mcp_auth_failure')).toHaveLength(600);
    expect(named(SUMMED)).toEqual([]);
  });

  verifies('audit.flood', 'are summed up in front of whatever is written after their minute', async () => {
    const { audit, at, send } = await flooded();
    send(605, refused('no_token'));
    at(61_000);
    expect(await audit.announce(callRecord(1, { effect: 'destroy' }))).toBe(true);
    expect(order()).toEqual(['audit_started', 'mcp_auth_failure', SUMMED, 'mcp_tool_intent']);
    // The minute of the next ones begins with the first of them.
    at(90_000);
    send(601, refused('no_token'));
    at(149_999);
    send(1, callRecord(2));
    at(150_000);
    send(1, callRecord(3));
    await audit.close();
    expect(named(SUMMED).map(({ count, since }) => [count, since])).toEqual([
      [5, SINCE],
      [1, '2026-01-01T00:01:30.000Z'],
    ]);
    expect(
      ledger
        .records()
        .slice(-4)
        .map(({ event }) => event),
    ).toEqual(['mcp_tool_access', SUMMED, 'mcp_tool_access', 'audit_stopped']);
  });

  verifies('audit.flood', 'are summed up at the end, whether or not their minute is over', async () => {
    const { audit, send } = await flooded();
    send(700, refused('no_token'));
    await audit.close();
    expect(order()).toEqual(['audit_started', 'mcp_auth_failure', SUMMED, 'audit_stopped']);
    expect(named(SUMMED)).toEqual([expect.objectContaining({ count: 100, since: SINCE })]);
  });

  verifies('audit.flood', 'do not wait for a clock that was set back', async () => {
    const { audit, at, send } = await flooded();
    send(601, refused('no_token'));
    at(-3_600_000);
    send(1, refused('no_token'));
    await audit.close();
    expect(named('mcp_auth_failure')).toHaveLength(601);
    expect(named(SUMMED)).toHaveLength(1);
  });
});

describe('refusals of one caller', () => {
  const byCaller = (user: string) => ledger.records().filter(({ user_id: of }) => of === user);
  const limited = (caller: string) => refused('rate_limit_exceeded', { caller });

  verifies.each('audit.flood', [
    ['mcp_auth_failure', refused('access_denied', { caller: 'usr_1' })],
    ['mcp_limit', refused('overloaded', { caller: 'usr_1' })],
    ['mcp_step_up', refused('insufficient_scope', { caller: 'usr_1' })],
  ])('are one record each up to ten in a minute, and then one for the rest: %s', async (event, record) => {
    const { audit, at, send } = await flooded();
    send(10, record);
    at(59_999);
    send(9_990, record);
    at(60_000);
    send(1, record);
    await audit.close();
    expect(named(event)).toHaveLength(11);
    const sum = { refused: event, user_id: 'usr_1', count: 9_990, errors: { [String(record.outcome)]: 9_990 } };
    expect(named(REFUSALS)).toEqual([expect.objectContaining({ ...sum, since: SINCE, seq: 12 })]);
    expect(await verifyLedger([ledger.file()])).toMatchObject({ whole: true, records: 14, lost: 0 });
  });

  verifies('audit.flood', 'are counted for each caller and each kind apart, and beside those of nobody', async () => {
    const { audit, send } = await flooded();
    send(15, limited('usr_1'));
    send(600, refused('no_token'));
    send(12, limited('usr_2'));
    send(3, refused('too_many_calls', { caller: 'usr_2', client: 'another' }));
    send(11, refused('insufficient_scope', { caller: 'usr_1' }));
    await audit.close();
    expect(named('mcp_auth_failure')).toHaveLength(600);
    expect(named('mcp_step_up')).toHaveLength(10);
    expect(
      named(REFUSALS).map(({ user_id: user, refused: kind, count, errors }) => [user, kind, count, errors]),
    ).toEqual([
      ['usr_1', 'mcp_limit', 5, { rate_limit_exceeded: 5 }],
      ['usr_2', 'mcp_limit', 5, { rate_limit_exceeded: 2, too_many_calls: 3 }],
      ['usr_1', 'mcp_step_up', 1, { insufficient_scope: 1 }],
    ]);
    expect(named(SUMMED)).toEqual([]);
  });

  verifies('audit.flood', 'beyond 500 callers are one count, which says that it is of others', async () => {
    const { audit, send } = await flooded();
    for (let user = 1; user <= 500; user++) send(1, limited(`usr_${user}`));
    for (let user = 501; user <= 2_000; user++) send(1, limited(`usr_${user}`));
    send(20, limited('usr_7'));
    await audit.close();
    expect(named('mcp_limit')).toHaveLength(500 + 10 + 9);
    expect(named(REFUSALS).map(({ user_id: user, others, count }) => [user, others, count])).toEqual([
      ['usr_7', undefined, 11],
      [undefined, true, 1_490],
    ]);
  });

  verifies('audit.flood', 'leave what others did in the ledger, and their sum is right across full files', async () => {
    const config = { to: { file: ledger.file() }, required: 'all' as const, maxBytes: 10_000, keep: 2 };
    let time = START;
    const { audit } = await opened({ config, now: () => time });
    audit.request(callRecord(1));
    for (let minute = 0; minute < 3; minute++) {
      time = START + minute * 61_000;
      for (let sent = 0; sent < 10_000; sent++) audit.request(limited('usr_2'));
      // Waits until all of it is on disk, so that files fill up one by one.
      expect(await audit.announce(callRecord(2, { effect: 'read' }))).toBe(true);
    }
    await audit.close();
    const files = ledger.files();
    expect(files.length).toBeGreaterThan(1);
    const records = files.flatMap((file) => recordsIn(readFileSync(file, 'utf8')));
    expect(records.filter(({ event }) => event === 'mcp_tool_access')).toHaveLength(1);
    expect(records.filter(({ event }) => event === REFUSALS).map(({ count }) => count)).toEqual([9_990, 9_990, 9_990]);
    expect(await verifyLedger(files)).toMatchObject({ whole: true });
  });

  verifies('audit.flood', 'are summed up when their minute is over, although nothing else happens', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const { send } = await flooded();
      send(50, limited('usr_1'));
      vi.advanceTimersByTime(60_000);
      vi.useRealTimers();
      await expect.poll(() => byCaller('usr_1').at(-1)).toMatchObject({ event: REFUSALS, count: 40 });
    } finally {
      vi.useRealTimers();
    }
  });

  verifies('audit.flood', 'are summed up, but calls never are', async () => {
    const { audit, send } = await flooded();
    send(700, callRecord(1));
    await audit.close();
    expect(named('mcp_tool_access')).toHaveLength(700);
  });
});
