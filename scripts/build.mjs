// Builds dist/, or the folder that is named, from scratch, so that it has no files that were deleted in src/. What follows
// the folder goes to the compiler.
import { execFileSync } from 'node:child_process';
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { revisionOf } from './revision.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const typescript = dirname(createRequire(import.meta.url).resolve('typescript/package.json'));

const [folder = 'dist', ...options] = process.argv.slice(2);
const built = resolve(root, folder);
rmSync(built, { recursive: true, force: true });
const compile = [join(typescript, 'bin/tsc'), '-p', 'tsconfig.build.json', '--outDir', built, ...options];
execFileSync(process.execPath, compile, { cwd: root, stdio: 'inherit' });
// What browsers load is served as it is.
for (const room of ['web', 'views']) {
  cpSync(join(root, `src/${room}/assets`), join(built, `${room}/assets`), { recursive: true });
}
const revision = revisionOf(root);
if (revision !== undefined) writeFileSync(join(built, 'build.json'), `${JSON.stringify({ revision })}\n`);
