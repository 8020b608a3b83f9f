import { execFile } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { expect } from 'vitest';
import { builtServer } from '../fixtures/built.ts';
import { ROOT } from '../fixtures/process.ts';
import { verifies } from '../verifies.ts';

const built = builtServer();
const { scripts, dependencies, optionalDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const NPM = (process.env['PATH'] ?? '')
  .split(delimiter)
  .map((folder) => join(folder, 'npm'))
  .find((file) => existsSync(file));

/** A copy of the project that has not been built. */
function copy({ installed }: { readonly installed: boolean }): string {
  const folder = mkdtempSync(join(tmpdir(), 'preflight-'));
  for (const path of ['package.json', '.npmrc', 'tsconfig.build.json', 'scripts', 'src']) {
    cpSync(join(ROOT, path), join(folder, path), { recursive: true });
  }
  if (installed) symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

interface Outcome {
  readonly code: unknown;
  readonly output: string;
}

function run(folder: string, script: string, ...node: string[]): Promise<Outcome> {
  return runNode([...node, join(folder, script)], { cwd: '/' });
}

function runNode(args: readonly string[], options: { cwd: string; env?: NodeJS.ProcessEnv }): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(process.execPath, args, options, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : error.code, output: stdout + stderr });
    });
  });
}

/** Runs one of the scripts of package.json, as people do; `version`: what the Node.js that runs it claims to be. */
function npmRun(folder: string, name: string, version?: string): Promise<Outcome> {
  const bin = mkdtempSync(join(tmpdir(), 'node-'));
  if (version !== undefined) {
    const args = claiming(version).map((arg) => `'${arg}'`);
    writeFileSync(join(bin, 'node'), `#!/bin/sh\nexec '${process.execPath}' ${args.join(' ')} "$@"\n`);
    chmodSync(join(bin, 'node'), 0o755);
  }
  const env = {
    ...process.env,
    PATH: `${bin}${delimiter}${dirname(process.execPath)}${delimiter}${process.env['PATH']}`,
  };
  return runNode([realpathSync(NPM ?? 'npm'), 'run', '--silent', name], { cwd: folder, env });
}

/** Makes Node.js claim another version. */
function claiming(version: string): string[] {
  const versions = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } })`;
  const short = `Object.defineProperty(process, 'version', { value: 'v${version}' })`;
  return ['--import', `data:text/javascript,${encodeURIComponent(`${versions};${short}`).replaceAll("'", '%27')}`];
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

verifies.each(
  'process.preflight',
  Object.keys(scripts).map((name) => [name]),
)('npm run %s: one sentence when nothing is installed', async (name) => {
  expect(await npmRun(copy({ installed: false }), name)).toEqual(sentence('Run "npm ci" in '));
});

verifies.each('process.preflight', [['start'], ['dev'], ['build'], ['demo'], ['test'], ['audit:verify']] as const)(
  'npm run %s: one sentence on an old Node.js',
  async (name) => {
    const answer = await npmRun(copy({ installed: true }), name, '18.20.8');
    expect(answer).toEqual(sentence('Node.js 20.19 or newer, and this is v18.20.8'));
  },
);

const PROGRAMS = [['main.js'], ['tracing.js'], ['cli/audit-verify.js']] as const;

verifies.each('process.preflight', PROGRAMS)('dist/%s: one sentence on an old Node.js', async (program) => {
  const folder = join(ROOT, dirname(built.script));
  const answer = await run(folder, program, ...claiming('18.20.8'));
  expect(answer).toEqual(sentence('Node.js 20.19 or newer, and this is v18.20.8'));
  const source = readFileSync(join(ROOT, 'src', program.replace(/js$/, 'ts')), 'utf8');
  const loadedBefore = [...source.matchAll(/^import (?!type ).* from '(.*)';$/gm)].map(([, from]) => from);
  expect(loadedBefore.filter((from) => !from?.startsWith('node:'))).toEqual([
    expect.stringMatching(/core\/node-version\.ts$/),
  ]);
});

verifies('process.preflight', 'one sentence when the sandbox is wanted, and was not installed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'preflight-'));
  cpSync(join(ROOT, dirname(built.script)), join(folder, 'dist'), { recursive: true });
  cpSync(join(ROOT, 'package.json'), join(folder, 'package.json'));
  for (const name of Object.keys(dependencies)) {
    const link = join(folder, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(realpathSync(join(ROOT, 'node_modules', name)), link);
  }
  for (const name of Object.keys(optionalDependencies))
    expect(existsSync(join(folder, 'node_modules', name))).toBe(false);
  const { code, output } = await runNode(['dist/main.js'], { cwd: folder, env: { PORT: '0', SANDBOX_PORT: '0' } });
  expect(code).toBe(78);
  expect(output).toContain('The sandbox is not installed here: set SCALEKIT_ENV_URL, or run npm ci.');
  expect(output).not.toContain('oidc-provider');
});

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
  for (const name of Object.keys(dependencies)) mkdirSync(join(folder, 'node_modules', name), { recursive: true });
  expect(await run(folder, 'scripts/start.mjs')).toEqual({ code: 0, output: 'started\n' });
});
