import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { ROOT } from '../fixtures/process.ts';
import { verifies } from '../verifies.ts';

/** A copy of the project that has not been built. */
function copy({ installed }: { readonly installed: boolean }): string {
  const folder = mkdtempSync(join(tmpdir(), 'preflight-'));
  for (const path of ['package.json', 'tsconfig.build.json', 'scripts', 'src']) {
    cpSync(join(ROOT, path), join(folder, path), { recursive: true });
  }
  if (installed) symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

function run(folder: string, script: string, ...node: string[]): Promise<{ code: unknown; output: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [...node, join(folder, script)], { cwd: '/' }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : error.code, output: stdout + stderr });
    });
  });
}

/** Makes Node.js claim another version. */
function claiming(version: string): string[] {
  const versions = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } })`;
  const short = `Object.defineProperty(process, 'version', { value: 'v${version}' })`;
  return ['--import', `data:text/javascript,${encodeURIComponent(`${versions};${short}`)}`];
}

/** Nothing but one line of text. */
const sentence = (part: string) => ({
  code: 1,
  output: expect.stringMatching(new RegExp(`^[^\\n]*${part}[^\\n]*\\n$`)),
});

verifies.each('process.preflight', [['18.20.8'], ['20.18.3']] as const)(
  'one sentence on Node.js %s, before anything is built',
  async (version) => {
    const folder = copy({ installed: true });
    const answer = await run(folder, 'scripts/start.mjs', ...claiming(version));
    expect(answer).toEqual(sentence(`Node.js 20.19 or newer, and this is v${version}`));
  },
);

verifies.each('process.preflight', [['scripts/start.mjs'], ['scripts/preflight.mjs']] as const)(
  '%s: one sentence when nothing is installed',
  async (script) => {
    expect(await run(copy({ installed: false }), script)).toEqual(sentence('Run "npm ci" in '));
  },
);

verifies('process.preflight', 'one sentence when the server cannot be built here', async () => {
  const folder = copy({ installed: true });
  // A file in the way cannot be written into by any user; a test that runs as root could write into every folder.
  writeFileSync(join(folder, 'dist'), '');
  expect(await run(folder, 'scripts/start.mjs')).toEqual(sentence('dist cannot be written'));
});

verifies('process.preflight', 'a server that is built needs no packages to build it', async () => {
  const folder = copy({ installed: false });
  mkdirSync(join(folder, 'dist'));
  writeFileSync(join(folder, 'dist/main.js'), 'console.log("started");');
  const { dependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  for (const name of Object.keys(dependencies)) mkdirSync(join(folder, 'node_modules', name), { recursive: true });
  expect(await run(folder, 'scripts/start.mjs')).toEqual({ code: 0, output: 'started\n' });
});
