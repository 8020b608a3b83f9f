import { writeFileSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { Chain, readLine } from '../../../src/observability/audit/chain.ts';
import { readTail } from '../../../src/observability/audit/tail.ts';
import { verifyLedger } from '../../../src/observability/audit/verify.ts';
import { ledgerFolder, opened, verify } from '../../fixtures/ledger.ts';
import { verifies } from '../../verifies.ts';

const ledger = ledgerFolder();

/** A chain with records of these events and facts, as a program that makes hashes could write it. */
function chainOf(...records: readonly [event: string, facts: Record<string, unknown>][]): string {
  const chain = new Chain('one');
  return records.map(([event, facts]) => `${chain.next(event, facts)}\n`).join('');
}

async function verdictOn(content: string | Buffer) {
  writeFileSync(ledger.file(), content);
  return verifyLedger([ledger.file()], { interleaved: true });
}

const START = chainOf(['audit_started', { user_agent: 'a\ufffdb' }]);
const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
const inRecord = (text: string) => `{"event":"a","hash":"d","instance":"b","prev":"c","seq":2,"z":${text}}\n`;

describe('a ledger that somebody has forged', () => {
  verifies.each('audit.forged', [[0xff], [0xc0], [0x80]])(
    'is broken where byte %i stands for the replacement character',
    async (byte) => {
      const bytes = Buffer.from(START);
      const at = bytes.indexOf('\ufffd');
      const forged = Buffer.concat([bytes.subarray(0, at), Buffer.from([byte]), bytes.subarray(at + 3)]);
      expect(forged.toString()).toBe(START);
      expect(await verdictOn(START)).toMatchObject({ whole: true });
      const changed = { whole: false, line: 1, reason: expect.stringContaining('was changed') };
      expect(await verdictOn(forged)).toMatchObject(changed);
      expect(readTail(forged)).toBeUndefined();
    },
  );

  verifies('audit.forged', 'names nothing that a terminal would obey', async () => {
    const forged = '\u001b[2J\u009b8m\u202e\nWHOLE: 9 records';
    for (const worker of [forged, { [forged]: [forged] }]) {
      const named = { worker, worker_seq: worker, worker_hash: 'zz' };
      for (const record of [
        ['audit_started', { worker, primary: 'two' }],
        ['audit_worker_started', named],
        ['audit_worker_ended', named],
      ] as const) {
        writeFileSync(ledger.file(), chainOf(['audit_started', {}], [record[0], record[1]]));
        const { whole, reason } = { reason: '', ...(await verifyLedger([ledger.file()], { interleaved: true })) };
        expect(whole).toBe(false);
        expect(reason).toMatch(/^[\x20-\x7e]+$/);
      }
    }
    writeFileSync(ledger.file(), chainOf(['audit_worker_started', { worker: forged }]));
    const { said } = verify(ledger.file());
    expect(said).toMatch(/Named as started and never as ended/);
    expect(said).toMatch(/^[\x20-\x7e\n]+$/);
    expect(said.match(/^WHOLE/gm)).toHaveLength(1);
  });

  verifies.each('audit.forged', [
    ['lists', nested(20_000)],
    ['maps', `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`],
  ])('is broken, and not the end of the process, by nested %s', async (_, value) => {
    const forged = START + inRecord(value);
    expect(await verdictOn(forged)).toMatchObject({ whole: false, line: 2 });
    expect(readTail(Buffer.from(forged))).toBeUndefined();
    await expect(opened({ config: { to: { file: ledger.file() } } })).rejects.toThrow('does not end with a record');
  });

  verifies.each('audit.forged', [
    ['a line without an end', 'x'.repeat(50_000_000)],
    ['empty lines', `${'\n'.repeat(200_000)}x`],
    ['short lines', `${'x\n'.repeat(127_000)}{"a`],
    ['a record that is too long', inRecord(`"${'x'.repeat(70_000)}"`)],
  ])('is broken at once by %s', async (_, rest) => {
    expect(await verdictOn(START + rest)).toMatchObject({ whole: false, line: 2 });
    expect(readTail(Buffer.from((START + rest).slice(-256 * 1024)))).toBeUndefined();
  });

  verifies('audit.forged', 'cannot take back how many records were lost', async () => {
    const lost = [5, -5, -1, 2.5, '7', Number.MAX_SAFE_INTEGER + 1].map((count): [string, Record<string, unknown>] => [
      'audit_records_lost',
      { lost: count },
    ]);
    expect(await verdictOn(chainOf(['audit_started', {}], ...lost))).toMatchObject({ whole: true, lost: 5 });
  });

  verifies('audit.forged', 'is read as before where it is as long as records can be', () => {
    const record = new Chain('one').next('a', { text: 'x'.repeat(60_000) });
    expect(readLine(Buffer.from(record))).toMatchObject({ event: 'a' });
  });
});
