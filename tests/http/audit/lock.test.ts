import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, linkSync, readdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect } from 'vitest';
import { ledgerLock } from '../../../src/config/ledger-files.ts';
import { thisProcess } from '../../../src/core/holder.ts';
import { takeLock } from '../../../src/observability/audit/lock.ts';
import { verifyLedger } from '../../../src/observability/audit/verify.ts';
import { callRecord, ledgerFolder, opened } from '../../fixtures/ledger.ts';
import { verifies } from '../../verifies.ts';

const ledger = ledgerFolder();
const open = (file = ledger.file(), lockWatchMs = 300) => opened({ config: { to: { file } }, lockWatchMs });
const lock = () => ledgerLock(ledger.file());
const left = () => readdirSync(ledger.folder()).sort();

/** Leaves the lock of a process in the folder. */
const leave = (holder: object) => writeFileSync(lock(), JSON.stringify({ ...thisProcess(), ...holder }));

/** A process that has ended. */
async function dead() {
  const child = spawn(process.execPath, ['-e', '0']);
  await once(child, 'close');
  return Number(child.pid);
}

describe('a ledger that has a writer', () => {
  verifies(
    'audit.one-writer',
    'is refused to a second one, which is told why, until the first one has closed it',
    async () => {
      const first = await open();
      await expect(open()).rejects.toThrow(
        new RegExp(`AUDIT_LOG: process ${process.pid} of .* writes to this file, and a chain has only one writer`),
      );
      first.audit.request(callRecord(1));
      await first.audit.close();
      expect(left()).toEqual([basename(ledger.file())]);
      await (await open()).audit.close();
      expect(await verifyLedger([ledger.file()])).toMatchObject({ whole: true, records: 5, instances: 2 });
    },
  );

  verifies('audit.file', 'is refused where its lock cannot be made, with the folder and what to do', async () => {
    const folder = join(ledger.folder(), 'none');
    await expect(takeLock(ledgerLock(join(folder, 'audit.jsonl')))).rejects.toThrow(
      `AUDIT_LOG: the lock beside the file, which keeps a second process from writing to it, cannot be made. ${folder}/.audit.jsonl.lock cannot be written (ENOENT): there is no folder ${folder}. Create it`,
    );
  });

  verifies('audit.one-writer', 'is refused by the name of a link too', async () => {
    const { audit } = await open();
    const alias = join(ledger.folder(), 'alias.jsonl');
    symlinkSync(ledger.file(), alias);
    await expect(open(alias)).rejects.toThrow(/AUDIT_LOG: process/);
    await audit.close();
    await (await open(alias)).audit.close();
    expect(await verifyLedger([ledger.file()])).toMatchObject({ whole: true, instances: 2 });
  });

  verifies(
    'audit.one-writer',
    'is refused when it has a second name, where another could write beside its lock',
    async () => {
      await (await open()).audit.close();
      linkSync(ledger.file(), join(ledger.folder(), 'other.jsonl'));
      await expect(open()).rejects.toThrow(/AUDIT_LOG: the file has a second name/);
    },
  );

  verifies('audit.one-writer', 'of another machine is refused while its lock is renewed', async () => {
    leave({ place: 'elsewhere', pid: 1 });
    let seconds = 1_000;
    const renewal = setInterval(() => utimesSync(lock(), ++seconds, seconds), 50);
    await expect(open(ledger.file(), 60_000)).rejects.toThrow(/AUDIT_LOG: process 1 of elsewhere writes to this file/);
    clearInterval(renewal);
  });

  verifies('audit.one-writer', 'is left alone when it is no ledger, and its lock is not', async () => {
    writeFileSync(ledger.file(), 'root:x:0:0\n');
    await expect(open()).rejects.toThrow(/does not end with a record/);
    expect(existsSync(lock())).toBe(false);
  });
});

describe('a lock that is left over', () => {
  verifies.each<[string, () => Promise<unknown> | unknown]>('audit.one-writer', [
    ['a process that has ended', async () => leave({ pid: await dead() })],
    ['an earlier process with the id of one that runs', () => leave({ started: '1' })],
    ['a process of another machine that has stopped renewing it', () => leave({ place: 'elsewhere' })],
    ['a crash while it was written', () => writeFileSync(lock(), '{"pi')],
  ])('by %s is taken over', async (_name, leaveIt) => {
    await leaveIt();
    const { audit } = await open();
    expect(JSON.parse(readFileSync(lock(), 'utf8'))).toMatchObject({ pid: process.pid });
    await audit.close();
    expect(left()).toEqual([basename(ledger.file())]);
  });

  verifies('audit.one-writer', 'is taken over by one of several processes that want it', async () => {
    leave({ pid: await dead() });
    const attempts = await Promise.allSettled(Array.from({ length: 8 }, () => open()));
    const won = attempts.filter(({ status }) => status === 'fulfilled');
    expect(won).toHaveLength(1);
    for (const attempt of won) if (attempt.status === 'fulfilled') await attempt.value.audit.close();
    expect(left()).toEqual([basename(ledger.file())]);
    expect(await verifyLedger([ledger.file()])).toMatchObject({ whole: true, records: 2 });
  });
});
