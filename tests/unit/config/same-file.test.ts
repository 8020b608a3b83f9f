import { linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect } from 'vitest';
import { parseConfig } from '../../../src/config/config.ts';
import type { ConfigurationError } from '../../../src/config/error.ts';
import { verifies } from '../../verifies.ts';

let folder: string;
const at = (name: string) => join(folder, name);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aliases-'));
  mkdirSync(at('logs'));
  symlinkSync(folder, at('logs/back'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    parseConfig({ AUDIT_LOG: at('r.jsonl'), REDIS_URL: 'redis://localhost', ...env });
    return [];
  } catch (error) {
    return (error as ConfigurationError).problems;
  }
}

verifies.each<[string, () => Record<string, string>]>('audit.aliases', [
  [
    'a link to it',
    () => {
      writeFileSync(at('r.jsonl'), '');
      symlinkSync('r.jsonl', at('log'));
      return { LOG_FILE: at('log') };
    },
  ],
  [
    'a link to it before it exists',
    () => {
      symlinkSync('r.jsonl', at('log'));
      return { LOG_FILE: at('log') };
    },
  ],
  ['the same name through a linked folder', () => ({ LOG_FILE: at('logs/back/r.jsonl') })],
  [
    'a hard link to it',
    () => {
      writeFileSync(at('r.jsonl'), '');
      linkSync(at('r.jsonl'), at('logs/log'));
      return { LOG_FILE: at('logs/log') };
    },
  ],
  [
    'the file of which the ledger is a link',
    () => {
      symlinkSync('logs/real', at('r.jsonl'));
      return { LOG_FILE: at('logs/real') };
    },
  ],
  ['a full file', () => ({ LOG_FILE: at('r.jsonl.000000000042') })],
  [
    'a hard link to a full file',
    () => {
      writeFileSync(at('r.jsonl.000000000042'), '');
      linkSync(at('r.jsonl.000000000042'), at('logs/log'));
      return { LOG_FILE: at('logs/log') };
    },
  ],
  ['its lock', () => ({ LOG_FILE: at('.r.jsonl.lock') })],
  ['the ledger of a worker', () => ({ LOG_FILE: at('r.1.jsonl'), WORKERS: '2' })],
  ['a full file of a worker', () => ({ LOG_FILE: at('r.2.jsonl.000000000001'), WORKERS: '2' })],
])('a log that is %s is refused, and nothing of its name is said', (_name, prepare) => {
  const problems = problemsOf({ ...prepare(), LOG_LEVEL: 'loud' });
  expect(problems).toHaveLength(2);
  expect(problems[1]).toMatch(/^LOG_FILE: it leads to a file of the ledger/);
  expect(problems.join()).not.toContain(folder);
});

verifies.each('audit.aliases', [
  [{ LOG_FILE: 'r.3.jsonl', WORKERS: '2' }],
  [{ LOG_FILE: 'r.1.jsonl' }],
  [{ LOG_FILE: 'r.jsonl.1' }],
  [{ LOG_FILE: 'server.jsonl' }],
  [{ LOG_FILE: 'server.jsonl', AUDIT_LOG: 'stderr' }],
  [{ LOG_FILE: 'server.jsonl', AUDIT_LOG: '/dev/null' }],
])('a log of its own is accepted: %j', ({ LOG_FILE: name, ...env }) => {
  expect(problemsOf({ ...env, LOG_FILE: at(name) })).toEqual([]);
});
