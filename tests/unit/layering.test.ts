import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const BIOME = createRequire(import.meta.url).resolve('@biomejs/biome/bin/biome');

/** Sources that break one rule each, by the file that they pretend to be. */
const PLANTED: readonly [file: string, source: string, complaint: string][] = [
  ['src/tools/planted-1.ts', "export { x } from '../auth/caller.ts';", 'rooms to its right'],
  ['src/tools/planted-2.ts', "export type { x } from '../mcp/surface.ts';", 'rooms to its right'],
  ['src/tools/planted-3.ts', "export { x } from 'express';", 'know Express'],
  ['src/tools/planted-4.ts', "export { x } from '@modelcontextprotocol/server';", 'speaks the protocol'],
  ['src/tools/planted-5.ts', "export { x } from 'undici';", 'opens connections'],
  ['src/tools/planted-6.ts', "export { x } from '../config.ts';", 'rooms to its right'],
  ['src/scalekit/planted-1.ts', "export { x } from '../tools/index.ts';", 'rooms to its right'],
  ['src/scalekit/planted-2.ts', "export { x } from '../auth/caller.ts';", 'rooms to its right'],
  ['src/scalekit/planted-3.ts', "export { x } from '../limits/counter.ts';", 'rooms to its right'],
  ['src/auth/planted-1.ts', "export { x } from '../mcp/endpoint.ts';", 'rooms to its right'],
  ['src/auth/planted-2.ts', "export { x } from '@scalekit-sdk/node';", 'talks to Scalekit'],
  ['src/limits/planted-1.ts', "export { x } from '../auth/caller.ts';", 'rooms to its right'],
  ['src/limits/planted-2.ts', "export { x } from 'express';", 'know Express'],
  ['src/limits/planted-3.ts', "export { x } from '../http/answer.ts';", 'rooms to its right'],
  ['src/limits/planted-4.ts', "export { x } from 'ioredis';", 'talks to Redis'],
  ['src/instances/planted-1.ts', "export { x } from '../limits/counter.ts';", 'rooms to its right'],
  ['src/instances/planted-2.ts', "export { x } from '../mcp/confirmation.ts';", 'rooms to its right'],
  ['src/scalekit/planted-4.ts', "export { x } from '../instances/redis.ts';", 'rooms to its right'],
  ['src/workers/planted-1.ts', "export { x } from '../mcp/endpoint.ts';", 'rooms to its right'],
  ['src/workers/planted-2.ts', "export { x } from '../sandbox/start.ts';", 'import the sandbox'],
  ['src/planted-2.ts', "export { x } from './workers/fleet.ts';", 'starts workers'],
  ['src/limits/planted-5.ts', "export { x } from '../workers/fleet.ts';", 'rooms to its right'],
  ['src/mcp/planted-1.ts', "export { x } from '../app.ts';", 'rooms to its right'],
  ['src/mcp/planted-redis.ts', "export { x } from 'ioredis';", 'talks to Redis'],
  ['src/auth/planted-rates.ts', "export { x } from 'rate-limiter-flexible';", 'src/limits counts'],
  ['src/mcp/planted-2.ts', "export { x } from 'undici';", 'opens connections'],
  ['src/mcp/planted-3.ts', "export const x = await fetch('https://api.example.com');", 'global variable fetch'],
  ['src/tool/planted-1.ts', "export { x } from '../scalekit/path.ts';", 'rooms to its right'],
  ['src/observability/planted-1.ts', "export { x } from '../mcp/surface.ts';", 'rooms to its right'],
  ['src/web/planted-1.ts', "export { x } from '../auth/caller.ts';", 'rooms to its right'],
  ['src/web/planted-2.ts', "export { x } from '../scalekit/path.ts';", 'rooms to its right'],
  ['src/web/planted-3.ts', "export { x } from '../sandbox/start.ts';", 'import the sandbox'],
  ['src/web/planted-4.ts', "export { x } from 'undici';", 'opens connections'],
  ['src/mcp/planted-5.ts', "export { x } from '../web/page.ts';", 'rooms to its right'],
  ['src/auth/planted-6.ts', "export { x } from '../web/page.ts';", 'rooms to its right'],
  ['src/http/planted-2.ts', "export { x } from '../web/page.ts';", 'rooms to its right'],
  ['src/http/planted-1.ts', "export { x } from '../auth/caller.ts';", 'rooms to its right'],
  ['src/planted-1.ts', "export const x = await import('./sandbox/start.ts');", 'import the sandbox'],
  ['src/mcp/planted-4.ts', "export { x } from '../sandbox/start.ts';", 'import the sandbox'],
  ['src/sandbox/planted-1.ts', "export { x } from '../scalekit/path.ts';", 'shares nothing'],
  ['src/sandbox/gateway/planted-1.ts', "export { x } from '../../tools/index.ts';", 'shares nothing'],
  ['src/config-values.ts', "export { x } from './http/answer.ts';", 'rooms to its right'],
  ['src/auth/planted-3.ts', 'export const x = process.env;', 'process.env'],
  ['src/auth/planted-4.ts', "console.log('x');", 'console'],
  ['src/auth/planted-5.ts', "process.stdout.write('x');", 'Write through the logger'],
];

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
    const lint = promisify(execFile)(process.execPath, args, { cwd: folder });
    const { stdout } = await lint.catch((error: { stdout: string }) => error);
    const found = [...stdout.matchAll(/^::error .*?file=([^,]+),.*?::(.*)$/gm)];
    return PLANTED.map(([file]) => found.filter(([, path]) => path?.endsWith(file)).map(([, , text]) => String(text)));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

it('catches every planted violation [rules.layering]', async () => {
  const found = await complaints();
  const missed = PLANTED.filter(([, , complaint], i) => !found[i]?.some((text) => text.includes(complaint)));
  expect(missed).toEqual([]);
});
