import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { APART, readRooms, SANDBOX, UPWARDS } from '../../scripts/layering.ts';
import { circles, importsBelow } from '../fixtures/imports.ts';
import { ROOT } from '../fixtures/process.ts';
import { verifies } from '../verifies.ts';

const BIOME = createRequire(import.meta.url).resolve('@biomejs/biome/bin/biome');
const { rooms, packages } = readRooms();
const names = rooms.map(({ room }) => room);

type Planted = readonly [file: string, source: string, complaint: string];

/** Each room imports the one above it, what stands above all rooms, and the sandbox. */
const UPWARD_IMPORTS = names.flatMap((room, i): Planted[] => [
  ...names
    .slice(0, i)
    .slice(-1)
    .map((above): Planted => [`src/${room}/planted-up.ts`, `export { x } from '../${above}/x.ts';`, UPWARDS]),
  [`src/${room}/planted-top.ts`, "export { x } from '../main.ts';", UPWARDS],
  [`src/${room}/planted-sandbox.ts`, "export const x = await import('../sandbox/start.ts');", SANDBOX],
]);

/** Each package, and a file inside it, in the lowest room that may not have it, and in the highest. */
const PACKAGES = packages.flatMap(({ package: name, rooms: open, message }): Planted[] => {
  const closed = names.filter((room) => !open.includes(room));
  const places = [closed[0], closed.at(-1)];
  return [name, `${name}/inside.js`].flatMap((module) =>
    places.map((room, i) => [
      `src/${room}/planted-${module.replace(/\W/g, '-')}-${i}.ts`,
      `export { x } from '${module}';`,
      message,
    ]),
  );
});

const OTHERS: readonly Planted[] = [
  ['src/mcp/receive/planted.ts', "export type { x } from '../../server/app.ts';", UPWARDS],
  ['src/mcp/planted-fetch.ts', "export const x = await fetch('https://api.example.com');", 'global variable fetch'],
  ['src/sandbox/planted.ts', "export { x } from '../scalekit/path.ts';", APART],
  ['src/sandbox/oauth/planted.ts', "export { x } from '../../tools/index.ts';", APART],
  ['src/auth/planted-environment.ts', 'export const x = process.env;', 'process.env'],
  ['src/auth/planted-console.ts', "console.log('x');", 'console'],
  ['src/auth/planted-output.ts', "process.stdout.write('x');", 'Write through the logger'],
];

const PLANTED = [...UPWARD_IMPORTS, ...PACKAGES, ...OTHERS];

/** Lints the planted files, with this project's rules, in a folder of their own. */
async function complaints(): Promise<string[][]> {
  const folder = mkdtempSync(join(tmpdir(), 'planted-'));
  try {
    cpSync(join(ROOT, 'lint'), join(folder, 'lint'), { recursive: true });
    cpSync(join(ROOT, 'biome.json'), join(folder, 'biome.json'));
    for (const [file, source] of PLANTED) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), `${source}\n`);
    }
    const args = [BIOME, 'lint', '--reporter=github', '--max-diagnostics=none', '--vcs-enabled=false', '.'];
    const lint = promisify(execFile)(process.execPath, args, { cwd: folder, maxBuffer: 16 * 1024 * 1024 });
    const { stdout } = await lint.catch((error: { stdout: string }) => error);
    const found = [...stdout.matchAll(/^::error .*?file=([^,]+),.*?::(.*)$/gm)];
    return PLANTED.map(([file]) => found.filter(([, path]) => path?.endsWith(file)).map(([, , text]) => String(text)));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

verifies('rules.layering', 'catches every planted violation', async () => {
  const found = await complaints();
  const missed = PLANTED.filter(([, , complaint], i) => !found[i]?.some((text) => text.includes(complaint)));
  expect(missed).toEqual([]);
});

verifies('rules.layering', 'has a row for every folder of src, and none of them imports in a circle', () => {
  const graph = importsBelow('src');
  const folders = new Set(
    [...graph.keys()].map((file) => file.split('/')[1] ?? '').filter((name) => !name.endsWith('.ts')),
  );
  expect([...folders].filter((folder) => folder !== 'sandbox' && !names.includes(folder))).toEqual([]);
  expect(circles(graph)).toEqual([]);
});

verifies('rules.layering', 'has no circle in bench either', () => {
  expect(circles(importsBelow('bench'))).toEqual([]);
});

it('sees a circle where there is one', () => {
  const graph = new Map([
    ['a', ['b']],
    ['b', ['c', 'd']],
    ['c', ['a']],
    ['d', []],
  ]);
  expect(circles(graph)).toEqual([['a', 'b', 'c']]);
  expect(importsBelow('src').get('src/process.ts')).toContain('src/config/error.ts');
});

it('keeps three files in the root of src', () => {
  const files = [...importsBelow('src').keys()].filter((file) => file.split('/').length === 2);
  expect(files.sort()).toEqual(['src/main.ts', 'src/process.ts', 'src/tracing.ts']);
  expect(readFileSync(join(ROOT, 'src/process.ts'), 'utf8')).not.toContain("from './sandbox");
});
