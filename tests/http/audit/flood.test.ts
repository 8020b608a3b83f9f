import { describe, expect } from 'vitest';
import { verifyLedger } from '../../../src/observability/audit/verify.ts';
import type { Outcome } from '../../../src/observability/outcomes.ts';
import type { RequestFacts } from '../../../src/observability/request-facts.ts';
import { callRecord, ledgerFolder, opened } from '../../fixtures/ledger.ts';
import { verifies } from '../../verifies.ts';

const ledger = ledgerFolder();

const START = Date.UTC(2026, 0, 1);
const SINCE = '2026-01-01T00:00:00.000Z';
const SUMMED = 'mcp_auth_failures_summed';

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

describe('what has a caller', () => {
  verifies.each('audit.flood', [
    ['mcp_auth_failure', refused('access_denied', { caller: 'usr_1' })],
    ['mcp_limit', refused('rate_limit_exceeded', { caller: 'usr_1' })],
    ['mcp_step_up', refused('insufficient_scope', { caller: 'usr_1' })],
    ['mcp_tool_access', callRecord(1)],
  ])('is never summed up: %s', async (event, record) => {
    const { audit, send } = await flooded();
    send(700, record);
    send(601, refused('keys_unavailable'));
    send(700, record);
    await audit.close();
    expect(named(event).filter(({ user_id: user }) => user === 'usr_1')).toHaveLength(1_400);
    expect(named(SUMMED)).toEqual([expect.objectContaining({ count: 1 })]);
  });
});
