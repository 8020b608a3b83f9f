// Starts the built server in this process, so that signals reach it, after building it when it is missing or stale.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { demand } from './preflight.mjs';

const root = new URL('..', import.meta.url);
const built = fileURLToPath(new URL('dist/main.js', root));

function changedAt(path) {
  return statSync(new URL(path, root)).mtimeMs;
}

function isStale() {
  if (!existsSync(built)) return true;
  const sources = readdirSync(new URL('src', root), { recursive: true }).map((file) => `src/${file}`);
  const newest = Math.max(...['package.json', 'tsconfig.build.json', ...sources].map(changedAt));
  return newest > statSync(built).mtimeMs;
}

const builds = isStale();
demand({ builds });
if (builds) {
  console.error('Building the server first…');
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
}
await import(built);
