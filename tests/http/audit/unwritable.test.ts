import { symlinkSync, unlinkSync } from 'node:fs';
import { describe, expect } from 'vitest';
import type { Effect } from '../../../src/core/tool.ts';
import { verifyLedger } from '../../../src/observability/audit/verify.ts';
import type { WriteSome } from '../../../src/observability/log/writer.ts';
import { callRecord, ledgerFolder, opened, recordsIn } from '../../fixtures/ledger.ts';
import { verifies } from '../../verifies.ts';

const ledger = ledgerFolder();

const EFFECTS: readonly Effect[] = ['read', 'add', 'overwrite', 'destroy'];

/** The effects of calls that may run. */
async function allowed({ audit }: Awaited<ReturnType<typeof opened>>): Promise<Effect[]> {
  const answers = await Promise.all(EFFECTS.map((effect) => audit.announce(callRecord(1, { effect }))));
  return EFFECTS.filter((_, i) => answers[i]);
}

/** A descriptor that fails as it is told to, and takes few bytes at a time. */
function descriptor() {
  let failure: string | undefined;
  let text = '';
  const write: WriteSome = (bytes, done) => {
    if (failure !== undefined) return setImmediate(done, Object.assign(new Error(failure), { code: failure }), 0);
    const taken = bytes.subarray(0, 1_000);
    text += taken;
    return setImmediate(done, null, taken.length);
  };
  return { write, fail: (code?: string) => (failure = code), records: () => recordsIn(text), text: () => text };
}

describe('a full disk', () => {
  const full = { to: { file: '/dev/full' } } as const;

  verifies(
    'audit.required',
    'stops what overwrites and what destroys, from the first call on, and says so',
    async () => {
      // Longer than the test may take: nobody waits for a disk that has failed.
      const ledgerOnFullDisk = await opened({ config: full, recordDeadlineMs: 600_000 });
      expect(await allowed(ledgerOnFullDisk)).toEqual(['read', 'add']);
      expect(await allowed(ledgerOnFullDisk)).toEqual(['read', 'add']);
      const { events } = ledgerOnFullDisk;
      const reason = expect.stringContaining('ENOSPC');
      expect(events('audit_unavailable')).toEqual([expect.objectContaining({ level: 'error', reason })]);
    },
  );

  verifies('audit.required', 'stops all calls, or none, where the operator says so', async () => {
    expect(await allowed(await opened({ config: { ...full, required: 'all' } }))).toEqual([]);
    expect(await allowed(await opened({ config: { ...full, required: 'none' } }))).toEqual(EFFECTS);
  });

  verifies('audit.required', 'stops nothing where there is no ledger', async () => {
    expect(await allowed(await opened({ config: { to: 'off' } }))).toEqual(EFFECTS);
  });

  verifies('audit.recovery', 'delays the records, and loses none, until it is mended', async () => {
    symlinkSync('/dev/full', ledger.file());
    const opening = await opened({ config: { to: { file: ledger.file() } } });
    expect(await allowed(opening)).toEqual(['read', 'add']);
    for (let number = 1; number <= 50; number++) opening.audit.request(callRecord(number));
    unlinkSync(ledger.file());
    await expect.poll(() => opening.events('audit_recovered')).toHaveLength(1);
    expect(await allowed(opening)).toEqual(EFFECTS);
    await opening.audit.close();
    expect(await verifyLedger([ledger.file()])).toMatchObject({ whole: true, lost: 0, torn: 0 });
    const ids = ledger.records().flatMap(({ event, request_id: id }) => (event === 'mcp_tool_access' ? [id] : []));
    expect(ids).toEqual(Array.from({ length: 50 }, (_, i) => `request-${i + 1}`));
    expect(opening.events('audit_records_lost')).toEqual([]);
  });
});

describe('a ledger that cannot be written', () => {
  verifies('audit.recovery', 'keeps a bounded number of records, and says how many are lost', async () => {
    const { write, fail, text } = descriptor();
    fail('EIO');
    const { audit, events } = await opened({ stderr: write, writing: { maxWaiting: 20_000 } });
    for (let number = 1; number <= 1_000; number++) audit.request(callRecord(number));
    expect(await audit.announce(callRecord(0, { effect: 'destroy' }))).toBe(false);
    fail();
    await expect.poll(() => recordsIn(text()).at(-1)?.['event']).toBe('audit_records_lost');
    audit.request(callRecord(1_001));
    await audit.close();
    const records = recordsIn(text());
    const kept = records.filter(({ event }) => event === 'mcp_tool_access').length - 1;
    expect(kept).toBeGreaterThan(10);
    const lost = 1_000 - kept + 1;
    expect(records.slice(-3).map(({ event, lost: missing }) => [event, missing])).toEqual([
      ['audit_records_lost', lost],
      ['mcp_tool_access', undefined],
      ['audit_stopped', undefined],
    ]);
    expect(events('audit_records_lost')).toEqual([expect.objectContaining({ level: 'error', lost })]);
  });

  verifies('audit.recovery', 'says what is lost when the process ends before it can be written', async () => {
    const { write, fail } = descriptor();
    fail('EIO');
    const { audit, events } = await opened({ stderr: write, writing: { flushDeadlineMs: 1 } });
    for (let number = 1; number <= 3; number++) audit.request(callRecord(number));
    await audit.close();
    expect(events('audit_records_lost')).toEqual([expect.objectContaining({ level: 'error', lost: 5 })]);
  });

  verifies(
    'audit.required',
    'stops destructive calls when its reader pauses for long, and lets them go on after it',
    async () => {
      const { write, fail } = descriptor();
      fail('EAGAIN');
      const opening = await opened({ stderr: write, recordDeadlineMs: 1 });
      expect(await allowed(opening)).toEqual(['read', 'add']);
      fail();
      await expect.poll(() => allowed(opening)).toEqual(EFFECTS);
      expect(opening.events('audit_unavailable')).toEqual([]);
    },
  );

  verifies('audit.required', 'stops destructive calls for good when its reader is gone, and says so', async () => {
    const { write, fail } = descriptor();
    fail('EPIPE');
    const opening = await opened({ stderr: write });
    expect(await allowed(opening)).toEqual(['read', 'add']);
    fail();
    expect(await allowed(opening)).toEqual(['read', 'add']);
    expect(opening.events('audit_unavailable')).toEqual([expect.objectContaining({ level: 'error' })]);
    await opening.audit.close();
    expect(opening.events('audit_records_lost')).toHaveLength(1);
  });
});

verifies('audit.intent', 'a call that must be on record runs only once its record is written, whole', async () => {
  const { write, text } = descriptor();
  const { audit } = await opened({ stderr: write });
  const announced = audit.announce(callRecord(7, { effect: 'destroy', argumentsSha256: 'x'.repeat(3_000) }));
  expect(text()).not.toContain('request-7');
  expect(await announced).toBe(true);
  expect(recordsIn(text()).at(-1)).toMatchObject({ event: 'mcp_tool_intent', request_id: 'request-7' });
});
