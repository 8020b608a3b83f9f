import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect } from 'vitest';
import { confirmCopy, DamagedCopy, readCopy, TooLargeToKeep, writeCopy } from '../../../src/knowledge/disk-copy.ts';
import { verifies } from '../../verifies.ts';

const SITE = 'https://docs.example.com';
const readAt = new Date('2026-11-30T10:00:00Z');
const files = new Map([
  ['/llms.txt', { text: '# Index “quoted”', tag: '"one"' }],
  ['/_llms-txt/a.txt', { text: '# Page', tag: undefined }],
]);

let above: string;
let folder: string;
beforeEach(async () => {
  above = await mkdtemp(join(tmpdir(), 'docs-copy-'));
  folder = join(above, 'made', 'here');
});
afterEach(() => rm(above, { recursive: true }));

const texts = async () => (await readdir(folder)).filter((name) => name.endsWith('.txt')).sort();

verifies('docs.copy', 'is read as it was written, in a folder for this user alone', async () => {
  expect(await readCopy(folder, SITE)).toBeUndefined();
  await writeCopy(folder, SITE, { files, readAt });
  expect(await readCopy(folder, SITE)).toEqual({ files, readAt });
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
  for (const name of await readdir(folder)) expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
});

verifies('docs.copy', 'keeps the files of what has not changed', async () => {
  await writeCopy(folder, SITE, { files, readAt });
  const nodesOf = async (names: readonly string[]) =>
    Promise.all(names.map(async (name) => [name, (await stat(join(folder, name))).ino] as const));
  const before = await nodesOf(await texts());
  const newer = new Map([...files, ['/_llms-txt/new.txt', { text: '# New', tag: undefined }]]);
  await writeCopy(folder, SITE, { files: newer, readAt });
  await confirmCopy(folder, SITE, new Map([...newer].map(([path, { tag }]) => [path, tag])), new Date());
  expect(await nodesOf(before.map(([name]) => name))).toEqual(before);
  expect(await texts()).toHaveLength(before.length + 1);
});

verifies('docs.copy', 'of another site is none', async () => {
  await writeCopy(folder, SITE, { files, readAt });
  expect(await readCopy(folder, 'https://other.example.com')).toBeUndefined();
});

verifies.each('docs.copy', [
  ['a text is cut', async () => writeFile(join(folder, (await texts())[0] ?? ''), '# Ind')],
  [
    'a text is another one of the same length',
    async () => {
      const file = join(folder, (await texts())[0] ?? '');
      const { size } = await stat(file);
      await writeFile(file, '?'.repeat(size));
    },
  ],
  ['a text is gone', async () => rm(join(folder, (await texts())[0] ?? ''))],
  ['the manifest is cut', () => writeFile(join(folder, 'documentation.json'), '{"version":1,"si')],
  [
    'the manifest leads elsewhere',
    async () => {
      const manifest = join(folder, 'documentation.json');
      const text = await readFile(manifest, 'utf8');
      await writeFile(manifest, text.replace(/"sha256":"[^"]+"/, '"sha256":"../../../etc/passwd"'));
    },
  ],
  ['the manifest is huge', () => writeFile(join(folder, 'documentation.json'), `"${'x'.repeat(70_000)}"`)],
  [
    'the index is missing',
    () => writeFile(join(folder, 'documentation.json'), JSON.stringify({ version: 1, site: SITE, readAt, files: [] })),
  ],
] as [string, () => Promise<void>][])(
  'is damaged when %s, and whole once it was written again',
  async (_name, damage) => {
    await writeCopy(folder, SITE, { files, readAt });
    await damage();
    await expect(readCopy(folder, SITE)).rejects.toBeInstanceOf(DamagedCopy);
    await writeCopy(folder, SITE, { files, readAt });
    expect(await readCopy(folder, SITE)).toEqual({ files, readAt });
  },
);

verifies(
  'docs.copy',
  'leaves nothing behind: what no manifest names goes after a while, what is not ours stays',
  async () => {
    await writeCopy(folder, SITE, { files, readAt });
    const before = await texts();
    const draft = `${'0'.repeat(64)}.txt.${'a'.repeat(12)}`;
    for (const name of [draft, 'notes.txt']) await writeFile(join(folder, name), 'x');
    const newer = new Map([...files, ['/_llms-txt/a.txt', { text: '# Page, changed', tag: undefined }]]);
    await writeCopy(folder, SITE, { files: newer, readAt });
    expect(await readdir(folder)).toEqual(expect.arrayContaining([...before, draft, 'notes.txt']));
    const longAgo = new Date(Date.now() - 2 * 60 * 60_000);
    for (const name of await readdir(folder)) await utimes(join(folder, name), longAgo, longAgo);
    await writeCopy(folder, SITE, { files: newer, readAt });
    expect(await readdir(folder)).toHaveLength(4);
    expect(await readdir(folder)).toContain('notes.txt');
  },
);

verifies('docs.copy', 'is whole whatever happens: several writers at the same time', async () => {
  await Promise.all(Array.from({ length: 8 }, () => writeCopy(folder, SITE, { files, readAt })));
  expect(await readCopy(folder, SITE)).toEqual({ files, readAt });
});

verifies('docs.copy', 'cannot be written where the folder cannot', async () => {
  await writeFile(join(above, 'file'), 'x');
  await expect(writeCopy(join(above, 'file', 'in'), SITE, { files, readAt })).rejects.toThrow(/ENOTDIR/);
});

verifies('docs.copy', 'is confirmed by the site, later than before, and only where the files are these', async () => {
  const tags = new Map([...files].map(([path, { tag }]) => [path, tag]));
  const later = new Date('2026-11-30T11:00:00Z');
  await confirmCopy(folder, SITE, tags, later);
  expect(await readCopy(folder, SITE)).toBeUndefined();
  await writeCopy(folder, SITE, { files, readAt });
  await confirmCopy(folder, 'https://other.example.com', tags, later);
  await confirmCopy(folder, SITE, new Map([...tags, ['/llms.txt', '"two"']]), later);
  await confirmCopy(folder, SITE, new Map([...tags].slice(1)), later);
  expect((await readCopy(folder, SITE))?.readAt).toEqual(readAt);
  await confirmCopy(folder, SITE, tags, later);
  expect(await readCopy(folder, SITE)).toEqual({ files, readAt: later });
  await confirmCopy(folder, SITE, tags, readAt);
  expect((await readCopy(folder, SITE))?.readAt).toEqual(later);
});

verifies.each('docs.copy', [
  [
    'long names',
    new Map(Array.from({ length: 90 }, (_, i) => [`/${'x'.repeat(1_000)}${i}`, { text: '', tag: undefined }])),
  ],
  ['many files', new Map(Array.from({ length: 101 }, (_, i) => [`/${i}`, { text: '', tag: undefined }]))],
  [
    'a text that grows when it is written',
    new Map([['/a.txt', { text: '\ufffd'.repeat(6 * 1024 * 1024), tag: undefined }]]),
  ],
])('is not written where it could not be read again: %s', async (_name, others) => {
  await writeCopy(folder, SITE, { files, readAt });
  const tooLarge = new Map([...files, ...others]);
  await expect(writeCopy(folder, SITE, { files: tooLarge, readAt })).rejects.toBeInstanceOf(TooLargeToKeep);
  expect(await readCopy(folder, SITE)).toEqual({ files, readAt });
});
