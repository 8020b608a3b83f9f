// Verifies the chain of an audit ledger. Uses the built server, because production installs cannot run TypeScript.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { demand } from './preflight.mjs';

const root = new URL('..', import.meta.url);
const built = fileURLToPath(new URL('dist/cli/audit-verify.js', root));

const builds = !existsSync(built);
demand({ builds });
if (builds) {
  console.error('Building the server first…');
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
}
await import(built);
