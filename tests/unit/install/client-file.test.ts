import {
  chmodSync,
  existsSync,
  lutimesSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect } from 'vitest';
import { backupsOf, backupText, readClientFile, replaceClientFile } from '../../../src/install/client-file.ts';
import { type EmptyMachine, emptyMachine } from '../../fixtures/clients-machine.ts';
import { verifies } from '../../verifies.ts';

let machine: EmptyMachine;
let home: string;
beforeEach(() => {
  machine = emptyMachine();
  home = machine.home;
});
afterEach(() => machine.remove());

const read = (path: string, root = home) => readClientFile(path, [root], 'user');

describe('a file of a client', () => {
  verifies('install.kept', 'keeps its permissions, and a new one is for its owner alone', async () => {
    const path = join(home, 'mcp.json');
    await replaceClientFile(await read(path), '{}');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    chmodSync(path, 0o640);
    await replaceClientFile(await read(path), '{"a":1}');
    expect(statSync(path).mode & 0o777).toBe(0o640);
    const [backup = ''] = await backupsOf(await read(path));
    expect([readFileSync(backup, 'utf8'), statSync(backup).mode & 0o777]).toEqual(['{}', 0o640]);
  });

  verifies('install.links', 'has no copies that are links', async () => {
    const path = join(home, 'mcp.json.20260101T000000000Z.before-scalekit');
    symlinkSync('/dev/zero', path);
    expect(await backupsOf(await read(join(home, 'mcp.json')))).toEqual([path]);
    expect(await backupText(path)).toBeUndefined();
  });

  verifies('install.broken', 'is refused when it is a folder, read-only, not text or too large', async () => {
    mkdirSync(join(home, 'folder'));
    await expect(read(join(home, 'folder'))).rejects.toThrow('is no file');
    writeFileSync(join(home, 'bytes'), Buffer.from([0xff, 0xfe, 0x00]));
    await expect(read(join(home, 'bytes'))).rejects.toThrow('no text in UTF-8');
    writeFileSync(join(home, 'large'), Buffer.alloc(16 * 1024 * 1024 + 1, ' '));
    await expect(read(join(home, 'large'))).rejects.toThrow('larger than');
    const fixed = join(home, 'fixed');
    writeFileSync(fixed, '{}', { mode: 0o444 });
    await expect(replaceClientFile(await read(fixed), '{"a":1}')).rejects.toThrow('is read-only');
    expect(readFileSync(fixed, 'utf8')).toBe('{}');
  });

  verifies('install.links', 'is written where a link within the folder leads', async () => {
    mkdirSync(join(home, 'dotfiles'));
    writeFileSync(join(home, 'dotfiles/mcp.json'), '{}');
    symlinkSync(join(home, 'dotfiles/mcp.json'), join(home, 'mcp.json'));
    await replaceClientFile(await read(join(home, 'mcp.json')), '{"a":1}');
    expect(readFileSync(join(home, 'dotfiles/mcp.json'), 'utf8')).toBe('{"a":1}');
    expect(
      readdirSync(home, { withFileTypes: true })
        .find(({ name }) => name === 'mcp.json')
        ?.isSymbolicLink(),
    ).toBe(true);
  });

  verifies(
    'install.links',
    'is refused when a link, of the file or of a folder, leads out, or to nothing',
    async () => {
      writeFileSync(join(machine.project, 'secret'), 'x');
      symlinkSync(join(machine.project, 'secret'), join(home, 'file'));
      symlinkSync(machine.project, join(home, 'folder'));
      symlinkSync(join(home, 'none'), join(home, 'nowhere'));
      await expect(read(join(home, 'file'))).rejects.toThrow('leads out of');
      await expect(read(join(home, 'folder/new.json'))).rejects.toThrow('leads out of');
      await expect(read(join(home, 'nowhere'))).rejects.toThrow('a link to nothing');
      await expect(readClientFile(`${machine.project}/../home/x`, [machine.project], 'project')).rejects.toThrow(
        'leads out of',
      );
    },
  );

  verifies('install.concurrent', 'that somebody else has changed is not written', async () => {
    const path = join(home, 'mcp.json');
    const none = await read(path);
    writeFileSync(path, '{"theirs":1}');
    await expect(replaceClientFile(none, '{}')).rejects.toMatchObject({ kind: 'changed' });
    const seen = await read(path);
    writeFileSync(path, '{"theirs":2}');
    await expect(replaceClientFile(seen, '{}')).rejects.toMatchObject({ kind: 'changed' });
    await expect(replaceClientFile(seen, undefined)).rejects.toMatchObject({ kind: 'changed' });
    expect(readFileSync(path, 'utf8')).toBe('{"theirs":2}');
    expect(readdirSync(home)).toEqual(['mcp.json']);
  });

  verifies('install.concurrent', 'is written once by several that have read the same', async () => {
    const path = join(home, 'mcp.json');
    writeFileSync(path, '{}');
    const files = await Promise.all(Array.from({ length: 5 }, () => read(path)));
    const outcomes = await Promise.allSettled(files.map((file, at) => replaceClientFile(file, `{"by":${at}}`)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const winner = outcomes.findIndex(({ status }) => status === 'fulfilled');
    expect(readFileSync(path, 'utf8')).toBe(`{"by":${winner}}`);
  });

  verifies(
    'install.concurrent',
    'is written by each run that begins when the one before has just written',
    async () => {
      const path = join(home, 'mcp.json');
      writeFileSync(path, '0');
      const file = await read(path);
      const runs: Promise<unknown>[] = [];
      let failed = false;
      for (let at = 0; at < 30 && !failed; at += 1) {
        const run = replaceClientFile({ ...file, text: `${at}` }, `${at + 1}`);
        run.catch(() => {
          failed = true;
        });
        runs.push(run);
        while (!failed && readFileSync(path, 'utf8') !== `${at + 1}`) await nextTurn();
      }
      await Promise.all(runs);
      expect(readFileSync(path, 'utf8')).toBe('30');
      expect(existsSync(join(home, '.mcp.json.scalekit-mcp.tmp'))).toBe(false);
    },
  );

  verifies('install.concurrent', 'is written once by several that find what a killed run has left', async () => {
    const path = join(home, 'mcp.json');
    const left = join(home, '.mcp.json.scalekit-mcp.tmp');
    writeFileSync(left, 'half');
    utimesSync(left, 1_000, 1_000);
    const file = await read(path);
    const runs = Array.from({ length: 8 }, (_, at) => replaceClientFile(file, `{"by":${at}}`));
    const outcomes = await Promise.allSettled(runs);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const reasons = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
    expect(reasons).toEqual(reasons.map(() => expect.objectContaining({ kind: 'changed' })));
    expect(readdirSync(home)).toEqual(['mcp.json']);
  });

  verifies('install.concurrent', 'is not written by a run that another has taken for dead', async () => {
    const path = join(home, 'mcp.json');
    const unfinished = join(home, '.mcp.json.scalekit-mcp.tmp');
    const asleep = expect(replaceClientFile(await read(path), '{}')).rejects.toMatchObject({ kind: 'changed' });
    while (!existsSync(unfinished)) await nextTurn();
    renameSync(unfinished, join(home, 'aside'));
    writeFileSync(unfinished, 'half');
    await asleep;
    expect(existsSync(path)).toBe(false);
    expect(readFileSync(unfinished, 'utf8')).toBe('half');
  });

  verifies.each('install.concurrent', [
    ['a folder', (place: string) => mkdirSync(place)],
    ['a link', (place: string) => symlinkSync(home, place)],
  ])('is not written, and not waited for, while %s is in the way', async (_, make) => {
    const path = join(home, 'mcp.json');
    const inTheWay = join(home, '.mcp.json.scalekit-mcp.tmp');
    make(inTheWay);
    lutimesSync(inTheWay, 1_000, 1_000);
    await expect(replaceClientFile(await read(path), '{}')).rejects.toThrow(`${inTheWay} is in the way and no file`);
    expect(readdirSync(home)).toEqual(['.mcp.json.scalekit-mcp.tmp']);
  });

  verifies('install.concurrent', 'that was removed meanwhile counts as changed', async () => {
    const path = join(home, 'mcp.json');
    writeFileSync(path, '{}');
    const file = await read(path);
    unlinkSync(path);
    await expect(replaceClientFile(file, '{"a":1}')).rejects.toMatchObject({ kind: 'changed' });
  });

  verifies('install.concurrent', 'is not kept by a run that was killed long ago', async () => {
    const path = join(home, 'mcp.json');
    const left = join(home, '.mcp.json.scalekit-mcp.tmp');
    writeFileSync(left, 'half');
    await expect(replaceClientFile(await read(path), '{}', { turnMs: 0 })).rejects.toThrow(`delete ${left}`);
    expect(existsSync(path)).toBe(false);
    const future = Date.now() / 1000 + 86_400;
    for (const [time, text] of [
      [1_000, '{}'],
      [future, '{"a":1}'],
    ] as const) {
      writeFileSync(left, 'half');
      utimesSync(left, time, time);
      await replaceClientFile(await read(path), text, { turnMs: 0 });
      expect(readFileSync(path, 'utf8')).toBe(text);
      expect(existsSync(left)).toBe(false);
    }
  });
});
