import { expect } from 'vitest';
import { parseConfig } from '../../../src/config/config.ts';
import { problemsOf } from '../../fixtures/config.ts';
import { verifies } from '../../verifies.ts';

verifies('audit.config', 'has a ledger on stderr unless it is told otherwise', () => {
  const usual = { to: 'stderr', required: 'destructive', maxBytes: 50_000_000, keep: 20 };
  expect(parseConfig({}).audit).toEqual(usual);
  expect(parseConfig({ AUDIT_LOG: 'off' }).audit).toEqual({ ...usual, to: 'off' });
  const file = {
    AUDIT_LOG: '/var/log/audit.jsonl',
    AUDIT_REQUIRED: 'all',
    AUDIT_FILE_BYTES: '10000',
    AUDIT_FILES_KEPT: '1',
  };
  const to = { file: '/var/log/audit.jsonl' };
  expect(parseConfig(file).audit).toEqual({ to, required: 'all', maxBytes: 10_000, keep: 1 });
});

verifies.each('audit.config', [
  [{ AUDIT_REQUIRED: 'some' }, /^AUDIT_REQUIRED: /],
  [{ AUDIT_FILE_BYTES: '9999' }, /^AUDIT_FILE_BYTES: must be 10000 or more/],
  [{ AUDIT_FILES_KEPT: '0' }, /^AUDIT_FILES_KEPT: must be 1 or more/],
  [{ AUDIT_FILES_KEPT: 'many' }, /^AUDIT_FILES_KEPT: must be a whole number/],
])('refuses %j', (env, problem) => {
  expect(problemsOf(env)).toEqual([expect.stringMatching(problem)]);
});

verifies('audit.config', 'refuses to demand records of a ledger that is off', () => {
  for (const AUDIT_REQUIRED of ['destructive', 'all']) {
    expect(problemsOf({ AUDIT_LOG: 'off', AUDIT_REQUIRED })).toEqual([expect.stringMatching(/^AUDIT_REQUIRED: /)]);
  }
  expect(problemsOf({ AUDIT_LOG: 'off', AUDIT_REQUIRED: 'none' })).toEqual([]);
});
