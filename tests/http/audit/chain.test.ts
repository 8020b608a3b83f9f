import { appendFileSync, chmodSync, readFileSync, renameSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { beforeEach, describe, expect } from 'vitest';
import { ConfigurationError } from '../../../src/config/error.ts';
import { sha256 } from '../../../src/core/digest.ts';
import { Chain, genesis } from '../../../src/observability/audit/chain.ts';
import { verifyLedger } from '../../../src/observability/audit/verify.ts';
import { callRecord, ledgerFolder, opened, recordsIn, verify } from '../../fixtures/ledger.ts';
import { verifies } from '../../verifies.ts';

const ledger = ledgerFolder();

/** A run of a server that writes so many records of calls. */
async function run(calls: number, config: { maxBytes?: number; keep?: number } = {}) {
  const { audit, events } = await opened({ config: { to: { file: ledger.file() }, ...config } });
  for (let number = 1; number <= calls; number++) audit.request(callRecord(number));
  await audit.close();
  return events;
}

/** Runs that write so many records of calls, each once the one before is on disk, so that files fill up one by one. */
async function runSlowly(calls: number, config: { maxBytes: number; keep?: number }) {
  const { audit, events } = await opened({ config: { to: { file: ledger.file() }, required: 'all', ...config } });
  for (let number = 1; number <= calls; number++)
    expect(await audit.announce(callRecord(number, { effect: 'read' }))).toBe(true);
  await audit.close();
  return events;
}

describe('a ledger in a file', () => {
  verifies(
    ['audit.chain', 'audit.file'],
    'is a chain from a genesis that names the instance, and for its owner alone',
    async () => {
      const events = await run(3);
      const records = ledger.records();
      expect(records.map(({ event, seq }) => [event, seq])).toEqual([
        ['audit_started', 1],
        ['mcp_tool_access', 2],
        ['mcp_tool_access', 3],
        ['mcp_tool_access', 4],
        ['audit_stopped', 5],
      ]);
      expect(records[0]?.['prev']).toBe(genesis(String(records[0]?.['instance'])).hash);
      for (const [i, { prev }] of records.slice(1).entries()) expect(prev).toBe(records[i]?.['hash']);
      const { hash, ...content } = records[1] ?? {};
      const canonical = JSON.stringify(content, Object.keys(content).sort());
      expect(hash).toBe(sha256(canonical));
      expect(statSync(ledger.file()).mode & 0o777).toBe(0o600);
      expect(verify(ledger.file())).toEqual({
        status: 0,
        said: expect.stringMatching(/^WHOLE: 5 records, 1 to 5, of 1 /),
      });
      // Whoever keeps the log elsewhere has what proves that nothing was taken from the end.
      expect(events('audit_stopped')).toEqual([expect.objectContaining({ seq: 5, hash: records[4]?.['hash'] })]);
    },
  );

  verifies('audit.restart', 'goes on where the process before has stopped', async () => {
    await run(2);
    const before = ledger.records();
    const events = await run(1);
    const records = ledger.records();
    expect(records.slice(0, 4)).toEqual(before);
    expect(records.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(events('audit')).toEqual([expect.objectContaining({ seq: 4, hash: before[3]?.['hash'] })]);
    expect(await verifyLedger([ledger.file()])).toMatchObject({ whole: true, records: 7, instances: 2 });
  });

  verifies.each<[string, () => void]>('audit.restart', [
    ['is no ledger', () => writeFileSync(ledger.file(), 'root:x:0:0\n')],
    [
      'ends with another JSON value',
      () => appendFileSync(ledger.file(), '{"event":"mcp_tool_access"}\n{"event":"audit_torn'),
    ],
    ['ends with other lines', () => appendFileSync(ledger.file(), 'root:x:0:0\n')],
    ['is no ledger and has no lines', () => writeFileSync(ledger.file(), 'x'.repeat(300_000))],
    [
      'ends with a record that was changed',
      () => writeFileSync(ledger.file(), ledger.text().replace(/"seq":4/, '"seq":5')),
    ],
  ])('is refused, not written to, when it %s', async (_name, spoil) => {
    await run(2);
    spoil();
    const before = readFileSync(ledger.file());
    await expect(run(1)).rejects.toThrow(ConfigurationError);
    await expect(run(1)).rejects.toThrow(/AUDIT_LOG: the file does not end with a record of this server/);
    expect(readFileSync(ledger.file())).toEqual(before);
  });

  verifies('audit.file', 'is closed to others when it was open to them, and so are its full files', async () => {
    await run(1);
    const full = `${ledger.file()}.000000000001`;
    renameSync(ledger.file(), full);
    await run(1);
    for (const file of [ledger.file(), full]) chmodSync(file, 0o666);
    await run(1);
    for (const file of [ledger.file(), full]) expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  verifies.each('audit.file', [
    [
      'in no folder',
      (folder: string) => `${folder}/none/audit.jsonl`,
      (folder: string) => `(ENOENT): there is no folder ${folder}/none. Create it, and make it belong to the user`,
    ],
    ['a folder', (folder: string) => folder, () => ': it is a folder. Name a file in it.'],
    [
      'below a file',
      (folder: string) => {
        writeFileSync(`${folder}/file`, '');
        return `${folder}/file/audit.jsonl`;
      },
      () => '(ENOTDIR): what should be a folder',
    ],
    [
      'a link to nowhere',
      (folder: string) => {
        symlinkSync(`${folder}/none/audit.jsonl`, `${folder}/link.jsonl`);
        return `${folder}/link.jsonl`;
      },
      () => '(ENOENT): it is a link to something that does not exist. ',
    ],
  ])('is refused at start when its place is %s, with its path and what to do', async (_name, at, why) => {
    const folder = ledger.folder();
    const place = at(folder);
    await expect(opened({ config: { to: { file: place } } })).rejects.toThrow(
      `AUDIT_LOG: ${place} cannot be written${why(folder).startsWith(':') ? '' : ' '}${why(folder)}`,
    );
  });
});

describe('the script', () => {
  beforeEach(() => run(4));

  const lines = () => ledger.text().trimEnd().split('\n');
  const forged = () => {
    const records = recordsIn(ledger.text());
    const third = records[2] ?? {};
    const { event, hash: _, seq: __, prev: ___, instance, ...facts } = third;
    const chain = new Chain(String(instance), { seq: 2, hash: String(records[1]?.['hash']) });
    return chain.next(String(event), { ...facts, user_id: 'usr_2' });
  };
  const edits: [string, (all: string[]) => (string | undefined)[], number, RegExp][] = [
    ['a changed value', (all) => all.map((l, i) => (i === 2 ? l.replace('usr_1', 'usr_2') : l)), 3, /changed/],
    ['a changed time', (all) => all.map((l, i) => (i === 1 ? l.replace(/"20\d\d/, '"1999') : l)), 2, /changed/],
    ['a changed hash', (all) => all.map((l, i) => (i === 1 ? l.replace(/"hash":"../, '"hash":"zz') : l)), 2, /changed/],
    ['a second member', (all) => all.map((l, i) => (i === 2 ? `{"user_id":"usr_2",${l.slice(1)}` : l)), 3, /form/],
    ['another spelling', (all) => all.map((l, i) => (i === 2 ? l.replace('":', '": ') : l)), 3, /form/],
    ['a record in place of another', (all) => all.map((l, i) => (i === 2 ? forged() : l)), 4, /does not follow/],
    ['a removed line', (all) => all.filter((_, i) => i !== 2), 3, /record 4 does not follow record 2: .*removed/],
    ['a removed first line', (all) => all.slice(1), 1, /begins with record 2/],
    ['an inserted line', (all) => all.toSpliced(2, 0, forged()), 4, /does not follow/],
    ['an inserted text', (all) => all.toSpliced(2, 0, 'nothing to see'), 3, /no record/],
    ['an empty line', (all) => all.toSpliced(2, 0, ''), 3, /no record/],
    ['a repeated line', (all) => all.toSpliced(2, 0, String(all[2])), 4, /record 3 does not follow record 3/],
    ['lines that changed places', (all) => [all[0], all[2], all[1], ...all.slice(3)], 2, /does not follow/],
    ['a first line at the end', (all) => [...all.slice(1), all[0]], 1, /begins with record 2/],
  ];
  verifies.each('audit.verify', edits)('finds %s, and says where', async (_name, edit, line, reason) => {
    writeFileSync(ledger.file(), `${edit(lines()).join('\n')}\n`);
    const file = ledger.file();
    expect(await verifyLedger([file])).toEqual({ whole: false, file, line, reason: expect.stringMatching(reason) });
  });

  verifies('audit.verify', 'reports the first broken link with file, line and reason, and fails', () => {
    writeFileSync(ledger.file(), ledger.text().replaceAll('usr_1', 'usr_2'));
    const said = `BROKEN at ${ledger.file()}:2: its content does not have the hash that it carries: it was changed.`;
    expect(verify(ledger.file())).toEqual({ status: 1, said });
  });

  verifies('audit.verify', 'finds a chain of another instance that was put in place of this one', async () => {
    const head = String(ledger.records()[0]?.['hash']);
    const strange = new Chain('another');
    writeFileSync(ledger.file(), `${strange.next('audit_started', {})}\n`);
    expect(await verifyLedger([ledger.file()], { after: head })).toMatchObject({ whole: false, line: 1 });
  });

  verifies(
    'audit.verify',
    'finds a first record that follows nothing, and takes an empty file for no ledger',
    async () => {
      const cut = new Chain('one', { seq: 41, hash: '' });
      writeFileSync(ledger.file(), `${cut.next('mcp_tool_access', {})}\n`);
      const reason = expect.stringContaining('begins with record 42');
      expect(await verifyLedger([ledger.file()])).toMatchObject({ whole: false, line: 1, reason });
      writeFileSync(ledger.file(), '');
      expect(verify(ledger.file())).toEqual({ status: 1, said: expect.stringContaining('NO RECORD') });
    },
  );

  verifies('audit.verify', 'says how to use it, and what it cannot read', () => {
    expect(verify()).toEqual({ status: 2, said: expect.stringContaining('Usage: npm run audit:verify') });
    expect(verify(`${ledger.file()}.none`)).toEqual({ status: 2, said: expect.stringContaining('ENOENT') });
  });

  verifies('audit.verify', 'takes the command of the documentation before the first file is full', () => {
    const pattern = `${ledger.file()}.*`;
    expect(verify(pattern, ledger.file())).toEqual({ status: 0, said: expect.stringMatching(/^WHOLE/) });
    expect(verify('--interleaved', pattern, ledger.file()).status).toBe(0);
    expect(verify(pattern)).toEqual({ status: 2, said: expect.stringContaining('ENOENT') });
    expect(verify(pattern, `${ledger.file()}.none`)).toEqual({ status: 2, said: expect.stringContaining('ENOENT') });
  });
});

describe('rotation', () => {
  verifies('audit.rotation', 'sets full files aside, and the chain goes on in the next one', async () => {
    const events = await runSlowly(100, { maxBytes: 10_000 });
    const files = ledger.files();
    expect(files.length).toBeGreaterThan(3);
    for (const file of files) {
      expect(statSync(file).size).toBeLessThanOrEqual(10_000);
      expect(statSync(file).mode & 0o777).toBe(0o600);
    }
    expect(verify(...files)).toEqual({ status: 0, said: expect.stringMatching(/^WHOLE: 102 records, 1 to 102/) });
    expect(events('audit_file_full').map(({ file }) => file)).toEqual(files.slice(0, -1));
    const [first = '', second = '', ...rest] = files;
    expect(await verifyLedger([first, ...rest])).toMatchObject({ whole: false, file: rest[0], line: 1 });
    const reason = expect.stringContaining('give the files before');
    expect(await verifyLedger([second, ...rest])).toMatchObject({ whole: false, file: second, line: 1, reason });
    const anchor = recordsIn(readFileSync(first, 'utf8')).at(-1)?.['hash'];
    expect(verify('--after', String(anchor), second, ...rest).status).toBe(0);
    expect(await verifyLedger([second, ...rest], { after: sha256('else') })).toMatchObject({ whole: false, line: 1 });
  });

  verifies('audit.rotation', 'keeps as many files as it is told to, the newest', async () => {
    const events = await runSlowly(100, { maxBytes: 10_000, keep: 2 });
    const files = ledger.files();
    expect(files).toHaveLength(3);
    const full = events('audit_file_full').map(({ file }) => file);
    expect(files.slice(0, 2)).toEqual(full.slice(-2));
    expect(events('audit_file_removed').map(({ file }) => file)).toEqual(full.slice(0, -2));
  });

  verifies(
    'audit.rotation',
    'logs the last record of a full file, which verifies what is left without it',
    async () => {
      const events = await runSlowly(100, { maxBytes: 10_000, keep: 2 });
      const files = ledger.files();
      const full = events('audit_file_full');
      for (const { file, seq, hash } of full.slice(-2))
        expect(recordsIn(readFileSync(String(file), 'utf8')).at(-1)).toMatchObject({ seq, hash });
      const removed = events('audit_file_removed');
      expect(removed.map(({ file, seq, hash }) => ({ file, seq, hash }))).toEqual(
        full.slice(0, -2).map(({ file, seq, hash }) => ({ file, seq, hash })),
      );
      expect(verify(...files).status).toBe(1);
      expect(verify('--after', String(removed.at(-1)?.['hash']), ...files)).toEqual({
        status: 0,
        said: expect.stringContaining('WHOLE'),
      });
    },
  );

  verifies('audit.rotation', 'leaves other files alone that are called alike', async () => {
    const neighbour = `${ledger.file()}.1`;
    writeFileSync(neighbour, 'the ledger of a worker\n');
    await runSlowly(100, { maxBytes: 10_000, keep: 1 });
    expect(readFileSync(neighbour, 'utf8')).toBe('the ledger of a worker\n');
  });

  verifies(
    ['audit.rotation', 'audit.restart'],
    'goes on after a process that ended right after setting a file aside',
    async () => {
      await run(3);
      renameSync(ledger.file(), `${ledger.file()}.000000000005`);
      await run(1);
      expect(ledger.records()[0]).toMatchObject({ event: 'audit_started', seq: 6 });
      expect(await verifyLedger(ledger.files())).toMatchObject({ whole: true, records: 8 });
    },
  );

  verifies('audit.rotation', 'goes on when somebody else moves the file away', async () => {
    const { audit } = await opened({ config: { to: { file: ledger.file() }, required: 'all' } });
    expect(await audit.announce(callRecord(1, { effect: 'read' }))).toBe(true);
    const moved = `${ledger.file()}.moved`;
    renameSync(ledger.file(), moved);
    await audit.close();
    expect(await verifyLedger([moved, ledger.file()])).toMatchObject({ whole: true, records: 3 });
  });
});

describe('a last line that a crash cut off', () => {
  /** What the process was about to write when it crashed. */
  const next = () => {
    const { seq, hash, instance } = ledger.records().at(-1) ?? {};
    return new Chain(String(instance), { seq: Number(seq), hash: String(hash) }).next('mcp_tool_access', { a: 'é' });
  };

  verifies.each('audit.torn', [
    ['in its middle', () => Buffer.from(next().slice(0, 50))],
    ['in a character', () => Buffer.from(next()).subarray(0, 7)],
    ['by a disk that lost power', () => Buffer.alloc(100)],
  ])('%s stays where it is, and the next record says so', async (_name, fragment) => {
    await run(1);
    const bytes = fragment();
    appendFileSync(ledger.file(), bytes);
    const file = ledger.file();
    const reason = expect.stringContaining('a crash cut it off');
    expect(await verifyLedger([file])).toEqual({ whole: false, file, line: 4, reason });
    const events = await run(1);
    const torn = { torn_bytes: bytes.length, torn_sha256: expect.any(String) };
    expect(events('audit_torn_line')).toEqual([expect.objectContaining({ level: 'warn', bytes: bytes.length })]);
    const [, , , , explanation] = ledger.text().split('\n');
    expect(JSON.parse(String(explanation))).toMatchObject({ event: 'audit_torn_line', seq: 4, ...torn });
    expect(await verifyLedger([file])).toMatchObject({ whole: true, torn: 1 });
    const changed = ledger.text().split('\n').with(3, 'something else').join('\n');
    writeFileSync(ledger.file(), changed);
    expect(await verifyLedger([file])).toMatchObject({ whole: false, line: 4 });
  });

  verifies('audit.torn', 'right before its end is a record like any other', async () => {
    await run(1);
    appendFileSync(ledger.file(), next());
    await run(1);
    expect(ledger.records().map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(await verifyLedger([ledger.file()])).toMatchObject({ whole: true, torn: 0 });
  });

  verifies('audit.torn', 'is counted for each crash, also one that cut off the record which explains it', async () => {
    await run(1);
    const before = ledger.records();
    appendFileSync(ledger.file(), `${next().slice(0, 60)}\n{"event":"audit_torn_line","inst`);
    const events = await run(1);
    expect(events('audit_torn_line')).toMatchObject([{ lines: 2, seq: 3, hash: before[2]?.['hash'] }]);
    expect(await verifyLedger([ledger.file()])).toMatchObject({ whole: true, records: 7, torn: 2 });
    appendFileSync(ledger.file(), '{"duration_ms":2');
    await run(1);
    expect(await verifyLedger([ledger.file()])).toMatchObject({ whole: true, torn: 3 });
    const { said } = verify(ledger.file());
    expect(said).toContain('3 times its end was cut off');
    // It does not claim that nothing else is gone: whoever cuts off the end may do so in the middle of a line.
    expect(said).toContain('Compare');
    const lines = ledger.text().split('\n');
    writeFileSync(ledger.file(), lines.with(4, 'something else').join('\n'));
    expect(await verifyLedger([ledger.file()])).toMatchObject({ whole: false, line: 4 });
  });

  verifies(
    'audit.torn',
    'shows in the log how far the ledger reached before, when more was cut off with it',
    async () => {
      const stop = (await run(5))('audit_stopped')[0];
      const lines = ledger.text().split('\n');
      writeFileSync(ledger.file(), `${lines.slice(0, 3).join('\n')}\n${lines[3]?.slice(0, 40)}`);
      const start = (await run(1))('audit')[0];
      expect(await verifyLedger([ledger.file()])).toMatchObject({ whole: true, torn: 1 });
      expect([stop?.['seq'], start?.['seq']]).toEqual([7, 3]);
      expect(start?.['hash']).not.toBe(stop?.['hash']);
    },
  );

  verifies('audit.torn', 'may be its first', async () => {
    writeFileSync(ledger.file(), '{"duration_ms":1');
    await run(1);
    expect(await verifyLedger([ledger.file()])).toMatchObject({ whole: true, records: 4, first: 1, torn: 1 });
  });
});
