// Says in one sentence what is missing to run this project here, and ends with 1. It comes before anything else is
// imported, and uses nothing that old Node.js lines lack.
import { accessSync, constants, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * @param {{ builds?: boolean }} needs whether the server will be built
 * @returns {string | undefined} what is missing, and what to do
 */
function missing({ builds = false } = {}) {
  const { engines, dependencies, devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const wanted = engines.node.replace('>=', '');
  if (isOlder(process.versions.node, wanted)) {
    return `This needs Node.js ${wanted} or newer, and this is ${process.version}. Install Node.js 24 from https://nodejs.org, then try again.`;
  }
  const packages = Object.keys(builds ? { ...dependencies, ...devDependencies } : dependencies);
  const absent = packages.find((name) => !existsSync(join(root, 'node_modules', name)));
  if (absent !== undefined) {
    return `The package ${absent} is not installed. Run "npm ci" in ${root}, then try again.`;
  }
  if (!builds) return undefined;
  const folder = join(root, 'dist');
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
  } catch (error) {
    return `The server has to be built, but ${folder} cannot be written (${error.code}). Make it writable, or copy the project to a folder of your own.`;
  }
  return undefined;
}

function isOlder(version, wanted) {
  const [major, minor] = version.split('.').map(Number);
  const [wantedMajor, wantedMinor] = wanted.split('.').map(Number);
  return major < wantedMajor || (major === wantedMajor && minor < wantedMinor);
}

/** Ends the process with 1 if something is missing. */
export function demand(needs) {
  const sentence = missing(needs);
  if (sentence === undefined) return;
  console.error(sentence);
  process.exit(1);
}

// Run as a script, before commands that run the sources.
if (process.argv[1] === fileURLToPath(import.meta.url)) demand({ builds: true });
