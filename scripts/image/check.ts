import { type Dirent, existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Image } from './image.ts';

// Checks the files of a built image.
//
//   tsx scripts/image/check.ts FOLDER

const project = fileURLToPath(new URL('../..', import.meta.url));
const [folder = ''] = process.argv.slice(2);
const image: Image = JSON.parse(readFileSync(join(folder, 'image.json'), 'utf8'));
const [uid, gid] = image.user.split(':').map(Number);
const wrong: string[] = [];

const files = readdirSync(image.root, { recursive: true, withFileTypes: true });
for (const entry of files) checkFile(entry);
checkPackages(join(image.root, image.workdir, 'node_modules'));
for (const name of ['npm', 'npx', 'corepack', 'yarn']) {
  if (existsSync(join(image.root, 'usr/local/bin', name))) wrong.push(`${name} is in the image`);
}
if (uid === 0 || gid === 0) wrong.push('runs as root');
if (wrong.length > 0) {
  console.error(wrong.join('\n'));
  process.exitCode = 1;
} else {
  console.log(`${files.length} files and folders, none of which the user ${image.user} can write`);
}

function checkFile(entry: Dirent): void {
  const path = join(entry.parentPath, entry.name);
  const { mode, uid: owner, gid: group } = lstatSync(path);
  const shown = `/${relative(image.root, path)}`;
  const writable = owner === uid || (group === gid && (mode & 0o020) !== 0) || (mode & 0o002) !== 0;
  // `/tmp` is excepted: all users may write there, but not on a read-only file system.
  if (writable && !entry.isSymbolicLink() && shown !== '/tmp') wrong.push(`${shown} can be written by ${image.user}`);
  if (entry.isFile() && (mode & 0o6000) !== 0) wrong.push(`${shown} changes the user who runs it`);
  // Machine code would be linked with this machine's C library, not with Alpine's.
  if (/\.(node|so(\.\d+)*)$/.test(entry.name) && shown.startsWith(image.workdir))
    wrong.push(`${shown} is machine code`);
  if (/^\.env|\.(ts|test\.js)$/.test(entry.name) && /^\/app\/(?!node_modules)/.test(shown))
    wrong.push(`${shown} has no business there`);
}

/** Checks that each installed package is a production package of the lock file. */
function checkPackages(modules: string): void {
  const locked = JSON.parse(readFileSync(join(project, 'package-lock.json'), 'utf8')).packages;
  const installed = JSON.parse(readFileSync(join(modules, '.package-lock.json'), 'utf8')).packages;
  const manifests = readdirSync(modules, { recursive: true, encoding: 'utf8' })
    .map((path) => /^(.*node_modules\/)?(?:@[^/]+\/)?[^/@.][^/]*(?=\/package\.json$)/.exec(path)?.[0])
    .filter((path) => path !== undefined);
  for (const path of new Set(manifests.map((path) => `node_modules/${path}`))) {
    const { dev, optional, devOptional, version } = locked[path] ?? {};
    if (version === undefined || dev || optional || devOptional) wrong.push(`${path} is not for production`);
    if (installed[path]?.version !== version) wrong.push(`${path} is not what the lock file holds`);
  }
  if (manifests.length < 10) wrong.push('hardly any package is installed');
}
