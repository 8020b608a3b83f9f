import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { ROOT } from '../fixtures/process.ts';
import { verifies } from '../verifies.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'audit-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs the step with an npm that prints this report, and ends with this status. */
function audit(report: string, status: number): Promise<{ failed: boolean; said: string }> {
  writeFileSync(join(folder, 'report'), report);
  writeFileSync(join(folder, 'npm'), `#!/bin/sh\ncat '${folder}/report'\nexit ${status}\n`, { mode: 0o755 });
  const script = `set -euo pipefail
    work=$(mktemp -d)
    source scripts/ci/server.sh
    source scripts/ci/audit.sh
    say() { printf '%s\n' "$*"; }
    give_up() { printf '%s\n' "$*"; exit 1; }
    audit_dependencies`;
  const env = { PATH: `${folder}:${join(process.execPath, '..')}:/usr/bin:/bin`, TMPDIR: folder };
  return new Promise((resolve) => {
    execFile('bash', ['-c', script], { cwd: ROOT, env }, (error, stdout) => {
      resolve({ failed: error !== null, said: stdout.trim() });
    });
  });
}

const found = (vulnerabilities: object, total: number) =>
  JSON.stringify({ auditReportVersion: 2, vulnerabilities, metadata: { vulnerabilities: { total } } });

verifies('supply.audit', 'fails on a finding, and names it', async () => {
  const report = found({ leftpad: { name: 'leftpad', severity: 'low' } }, 1);
  expect(await audit(report, 1)).toEqual({ failed: true, said: expect.stringContaining('leftpad (low)') });
});

verifies('supply.audit', 'passes without one', async () => {
  expect(await audit(found({}, 0), 0)).toEqual({ failed: false, said: 'no known vulnerabilities' });
});

verifies.each('supply.audit', [
  ['{"message":"405 Method Not Allowed","statusCode":405,"error":{"summary":"","detail":""}}'],
  ['{"error":{"code":"ENOTFOUND"}}'],
  ['<html>gateway</html>'],
  [''],
])('says clearly that nothing was audited where the registry does not answer: %s', async (report) => {
  expect(await audit(report, 1)).toEqual({ failed: false, said: expect.stringContaining('NOT AUDITED') });
});
