import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'dotenv';
import { afterEach, beforeEach, expect } from 'vitest';
import type { Authorized } from '../../../src/access/authorize.ts';
import { thisProcess } from '../../../src/core/holder.ts';
import { success } from '../../../src/core/result.ts';
import { SecretsFile } from '../../../src/stdio/secrets-file.ts';
import { SILENT } from '../../fixtures/silent-log.ts';
import { verifies } from '../../verifies.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'secrets-file-'));
  path = join(folder, '.env');
});
afterEach(() => rmSync(folder, { recursive: true }));

const CALL = { entry: { tool: { name: 'create_x_client', discloses: ['plain_secret'] } } } as unknown as Authorized;

/** Hands a secret over. @returns what the result holds instead */
async function handOver(secret: string, log = SILENT) {
  const data = { plain_secret: secret };
  const result = await new SecretsFile(path, log).take(success(data, '', ['plain_secret']), CALL);
  return result.kind === 'success' ? result.data['plain_secret'] : result;
}

verifies('cli.secrets', 'a shell that reads the file executes nothing of a secret', async () => {
  const secret = 'a`echo b`$(echo c)"$HOME\\d';
  expect(await handOver(secret)).toBe('[not shown: X_CLIENT_SECRET in .env]');
  expect(parse(readFileSync(path))).toEqual({ X_CLIENT_SECRET: secret });
  const read = execFileSync('sh', ['-c', '. ./.env; printf %s "$X_CLIENT_SECRET"'], { cwd: folder, encoding: 'utf8' });
  expect(read).toBe(secret);
});

verifies.each('cli.secrets', ["it's `id`", "'", 'a\\'])(
  'what has no such quotes is not written: %s',
  async (secret) => {
    expect(await handOver(secret)).toMatch(/^\[not shown, and not written: /);
    expect(readdirSync(folder)).toEqual([]);
  },
);

verifies(
  'cli.secrets',
  'a .gitignore that is a link is not followed, which is told before a secret is there',
  async () => {
    mkdirSync(join(folder, '.git'));
    const other = join(folder, 'other');
    writeFileSync(other, 'of somebody else\n');
    symlinkSync(other, join(folder, '.gitignore'));
    const told: unknown[] = [];
    const warn = (_event: string, fields?: object) => told.push({ ...fields, isWritten: existsSync(path) });
    expect(await handOver('s3cret', { ...SILENT, warn })).toBe('[not shown: X_CLIENT_SECRET in .env]');
    expect(told).toEqual([{ error: expect.stringMatching(/^\.gitignore: /), isWritten: false }]);
    expect(readFileSync(other, 'utf8')).toBe('of somebody else\n');
    expect(readFileSync(path, 'utf8')).toBe("X_CLIENT_SECRET='s3cret'\n");
  },
);

verifies(
  'cli.secrets',
  'no secret is lost when several write at once, and a lock that was left over keeps nobody',
  async () => {
    writeFileSync(`${path}.lock`, JSON.stringify({ ...thisProcess(), started: '1' }));
    const secrets = Array.from({ length: 12 }, (_, number) => `secret-${number}`);
    await Promise.all(secrets.map((secret) => handOver(secret)));
    expect(Object.values(parse(readFileSync(path))).sort()).toEqual(secrets.toSorted());
    expect(readdirSync(folder)).toEqual(['.env']);
  },
);

verifies.each('cli.secrets', [
  ['with a line that is not UTF-8', () => writeFileSync(path, Buffer.from('A=\xe9\n', 'latin1'))],
  ['whose lock is a link', () => symlinkSync('/dev/zero', `${path}.lock`)],
] as const)('nothing is done for a file %s', async (_, leave) => {
  leave();
  const before = existsSync(path) ? readFileSync(path) : undefined;
  await expect(new SecretsFile(path, SILENT).prepare(CALL)).rejects.toThrow('Nothing was done');
  expect(await handOver('s3cret')).toMatch(/^\[not shown, and not written: /);
  expect(existsSync(path) ? readFileSync(path) : undefined).toEqual(before);
});

verifies('cli.secrets', 'secrets that begin alike are each told by their names, and shown nowhere', async () => {
  const call = { entry: { tool: { name: 'create_x_links', discloses: ['links.link'] } } } as unknown as Authorized;
  const data = { links: [{ link: 'https://x/1' }, { link: 'https://x/12' }], text: 'See https://x/12.' };
  const result = await new SecretsFile(path, SILENT).take(success(data, '', ['links.link']), call);
  expect(result).toMatchObject({
    data: {
      links: [{ link: '[not shown: X_LINKS_LINK in .env]' }, { link: '[not shown: X_LINKS_LINK_2 in .env]' }],
      text: 'See [not shown: X_LINKS_LINK_2 in .env].',
    },
  });
});

verifies.each('cli.secrets', [
  ['a line break that readers change', '', 'a\r\nb'],
  ['a quote that is open', "NOTE='tis\n", '#a'],
])('what would be read as something else is not written: %s', async (_, before, secret) => {
  if (before !== '') writeFileSync(path, before);
  expect(await handOver(secret)).toMatch(/^\[not shown, and not written: /);
  expect(existsSync(path) ? readFileSync(path, 'utf8') : '').toBe(before);
});

verifies.each('cli.secrets', [
  ['.env', '.env\n!.env\n'],
  ['a[1].env', ''],
  ['x.env ', '*.txt\n'],
])('git takes no file in that is called %j', async (name, ignored) => {
  execFileSync('git', ['init', '-q'], { cwd: folder });
  if (ignored !== '') writeFileSync(join(folder, '.gitignore'), ignored);
  path = join(folder, name);
  await handOver('s3cret');
  await handOver('another');
  // As a process leaves it that is killed before it has renamed it.
  writeFileSync(`${path}.0b7d2a52-3f0e-4c35-9a0c-2f8f6a3f6f50.tmp`, 's3cret');
  const added = execFileSync('git', ['status', '--porcelain', '--untracked-files=all'], {
    cwd: folder,
    encoding: 'utf8',
  });
  expect(added).toBe('?? .gitignore\n');
});

verifies.each('cli.secrets', [
  ['in an index of version 2', ['git init -q', 'git add .env app/.env']],
  ['in one of version 3', ['git init -q', 'git add .env', 'git add -N app/.env a']],
  ['in one of version 4', ['git init -q', 'git add .', 'git update-index --index-version 4']],
  ['with objects named by SHA-256', ['git init -q --object-format=sha256', 'git add .']],
  [
    'in a work tree beside another',
    [
      'git init -q x',
      'git -C x commit -q --allow-empty -m x',
      'git -C x worktree add -q ../app/tree',
      'mv .env app/tree',
      'git -C app/tree add .env',
    ],
  ],
] as const)('a warning tells of a file that git tracks already, %s', async (_, commands) => {
  mkdirSync(join(folder, 'app'));
  for (const name of ['.env', 'a', 'app/.env', 'app/b']) writeFileSync(join(folder, name), '');
  const identity = Object.fromEntries(
    ['AUTHOR', 'COMMITTER'].flatMap((who) => [
      [`GIT_${who}_NAME`, 'x'],
      [`GIT_${who}_EMAIL`, 'x@x.example'],
    ]),
  );
  for (const command of commands)
    execFileSync('sh', ['-c', command], { cwd: folder, env: { ...process.env, ...identity } });
  const told: unknown[] = [];
  const log = { ...SILENT, warn: (_event: string, fields?: object) => told.push(fields) };
  const places = existsSync(join(folder, 'app/tree')) ? ['app/tree/.env'] : ['.env', 'app/.env'];
  for (const place of places) {
    path = join(folder, place);
    await handOver('s3cret', log);
  }
  expect(told).toEqual(places.map(() => ({ error: expect.stringContaining('Git tracks .env already') })));
  path = join(folder, 'app/.env.local');
  await handOver('s3cret', log);
  expect(told).toHaveLength(places.length);
});

verifies('cli.secrets', 'what git has is read through no link', async () => {
  mkdirSync(join(folder, '.git'));
  for (const name of ['index', 'config', 'commondir']) symlinkSync('/dev/zero', join(folder, '.git', name));
  expect(await handOver('s3cret')).toBe('[not shown: X_CLIENT_SECRET in .env]');
});
