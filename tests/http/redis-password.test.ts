import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, describe, expect } from 'vitest';
import { read } from '../fixtures/deployments.ts';
import { hasRedis, REDIS_NOTE, startRedis } from '../fixtures/redis.ts';
import { verifies } from '../verifies.ts';

/** The documented commands, before and after the instances are restarted. */
const section = read('docs/operations.md').split('### The password of Redis\n')[1] ?? '';
const [before = '', after = ''] = [...section.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, commands]) =>
  String(commands),
);

const folder = mkdtempSync(join(tmpdir(), 'password-'));
afterAll(() => rmSync(folder, { recursive: true }));

const hasClient = spawnSync('redis-cli', ['--version']).status === 0;
const note = hasRedis && !hasClient ? ' (SKIPPED: redis-cli is not installed)' : REDIS_NOTE;

describe.skipIf(!hasRedis || !hasClient)(`the documented change of the password${note}`, () => {
  verifies('docs.commands', 'lets a Redis that runs take both, and then the new one alone', async () => {
    const redis = await startRedis();
    const secrets = join(folder, 'deploy/secrets');
    mkdirSync(secrets, { recursive: true });
    writeFileSync(join(secrets, 'redis.conf'), 'requirepass first\n');
    const owner = new Redis(redis.url);
    await owner.config('SET', 'requirepass', 'first');
    const cli = `redis-cli -p ${redis.port}`;
    const here = (commands: string) =>
      commands.replace(/docker compose --file \S+ exec -T redis redis-cli/g, cli).replace(/#.*$/gm, '');
    const run = (commands: string) => execFileSync('sh', ['-euc', commands], { cwd: folder, encoding: 'utf8' });
    const takes = async (password: string) => {
      const client = new Redis(redis.url, { password, retryStrategy: () => null });
      client.on('error', () => undefined);
      const outcome = await client.ping().catch(() => 'refused');
      client.disconnect();
      return outcome;
    };
    const [told, fresh = ''] = run(`${here(before)}\necho "; $NEW"`)
      .split('; ')
      .map((part) => part.trim());
    expect(told).toBe('OK\nOK');
    expect([await takes('first'), await takes(fresh)]).toEqual(['PONG', 'PONG']);
    expect(readFileSync(join(secrets, 'redis.conf'), 'utf8')).toBe(`requirepass ${fresh}\n`);
    expect(readFileSync(join(secrets, 'redis-url'), 'utf8')).toBe(`redis://default:${fresh}@redis:6379\n`);
    expect(run(`OLD=first NEW=${fresh}\n${here(after)}`).trim()).toBe('OK\nOK');
    expect([await takes('first'), await takes(fresh)]).toEqual(['refused', 'PONG']);
    owner.disconnect();
    await redis.stop();
  });
});
