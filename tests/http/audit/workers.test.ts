import { writeFileSync } from 'node:fs';
import { beforeEach, describe, expect } from 'vitest';
import { verifyLedger } from '../../../src/observability/audit/verify.ts';
import type { Position } from '../../../src/observability/audit/workers.ts';
import { callRecord, ledgerFolder, opened, recordsIn, verify } from '../../fixtures/ledger.ts';
import { verifies } from '../../verifies.ts';

const ledger = ledgerFolder();
/** What a primary and its workers have written to one stderr. */
let lines: string[];

const stderr = (bytes: Buffer, done: (error: null, written: number) => void) => {
  lines.push(...bytes.toString().trimEnd().split('\n'));
  done(null, bytes.length);
};

/** A worker that records some calls. */
async function worker(number: number, primary: string | undefined) {
  const { audit } = await opened({ stderr, worker: number, primary });
  const first = await audit.written();
  for (let call = 1; call <= 3; call++) audit.request(callRecord(call));
  return { audit, first, end: () => audit.close().then(() => audit.written()) };
}

/** A primary with two workers, of which the second one ends without a word. */
beforeEach(async () => {
  lines = [];
  const { audit } = await opened({ stderr });
  const [one, two] = [await worker(1, audit.instance), await worker(2, audit.instance)];
  const seen = (number: number, at: Position | undefined) => ({ worker: number, pid: number, at });
  audit.workerStarted(seen(1, one.first));
  audit.workerStarted(seen(2, two.first));
  audit.workerEnded({ ...seen(2, undefined), code: null, signal: 'SIGKILL' });
  audit.workerEnded({ ...seen(1, await one.end()), code: 0, signal: null });
  await audit.close();
});

const parsed = () => recordsIn(lines.join('\n'));
const instanceOf = (worker?: number) =>
  parsed().find((record) => record['event'] === 'audit_started' && record['worker'] === worker)?.['instance'];
const without = (...workers: (number | undefined)[]) => {
  const gone = workers.map(instanceOf);
  return lines.filter((line) => !gone.includes(recordsIn(line)[0]?.['instance']));
};

async function verdictOn(left: readonly string[]) {
  writeFileSync(ledger.file(), `${left.join('\n')}\n`);
  return verifyLedger([ledger.file()], { interleaved: true });
}

describe('what a primary and its workers have written', () => {
  verifies('audit.workers', 'names each other, and is whole', async () => {
    expect(await verdictOn(lines)).toMatchObject({ whole: true, chains: 3, workers: 2 });
    const events = parsed().filter(({ event }) => String(event).startsWith('audit_worker'));
    const [first, last] = ['audit_started', 'audit_stopped'].map((name) =>
      parsed().find(({ event, instance }) => event === name && instance === instanceOf(1)),
    );
    const named = { worker_instance: instanceOf(1), worker: 1, pid: 1 };
    expect(events[0]).toMatchObject({ ...named, worker_seq: first?.['seq'], worker_hash: first?.['hash'] });
    expect(events[2]).toMatchObject({ event: 'audit_worker_ended', worker: 2, signal: 'SIGKILL' });
    expect(events[2]).not.toHaveProperty('worker_hash');
    expect(events[3]).toMatchObject({ ...named, code: 0, worker_seq: last?.['seq'], worker_hash: last?.['hash'] });
  });

  verifies.each<[string, () => string[], RegExp]>('audit.workers', [
    ['all records of a worker', () => without(1), /names record 1 of worker 1, which is not there/],
    ['all records of one that crashed', () => without(2), /names record 1 of worker 2, which is not there/],
    ['the last records of a worker', () => withoutLast(1, 2), /names record 5 of worker 1, which is not there/],
    ['the chain of the primary', () => without(undefined), /worker 1 has begun here, and no record of its primary/],
    ['that and a worker', () => without(undefined, 1), /worker 2 has begun here, and no record of its primary/],
  ])('is broken without %s', async (_name, taken, reason) => {
    expect(await verdictOn(taken())).toMatchObject({ whole: false, reason: expect.stringMatching(reason) });
  });

  verifies('audit.workers-unended', 'names a worker that began and never ended', async () => {
    expect(await verdictOn(lines)).toMatchObject({ whole: true, unended: [] });
    const isEnd = (line: string) => line.includes('"event":"audit_worker_ended"') || line.includes('audit_stopped');
    const primary = lines.filter((line) => recordsIn(line)[0]?.['instance'] === instanceOf() && !isEnd(line));
    // As a primary leaves its ledger that was killed.
    const left = [...primary, ...without(undefined)];
    expect(await verdictOn(left)).toMatchObject({ whole: true, unended: [{ worker: '1' }, { worker: '2' }] });
    const { status, said } = verify('--interleaved', ledger.file());
    expect(status).toBe(0);
    expect(said).toContain('never as ended: worker 1 (record 2), worker 2 (record 3).');
  });

  verifies('audit.workers', 'is said to be incomplete where it is not verified together', async () => {
    writeFileSync(ledger.file(), `${without(1, 2).join('\n')}\n`);
    const { status, said } = verify(ledger.file());
    expect({ status, said }).toEqual({ status: 0, said: expect.stringContaining('It names 2 chains of workers') });
  });
});

function withoutLast(worker: number, count: number): string[] {
  const own = lines.filter((line) => recordsIn(line)[0]?.['instance'] === instanceOf(worker));
  return lines.filter((line) => !own.slice(-count).includes(line));
}
