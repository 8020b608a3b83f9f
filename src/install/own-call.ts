import { readFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { processVariables } from '../config/environment.ts';
import { IDENTITY } from '../core/identity.ts';
import { shellWord } from './shell-word.ts';

/** A program and its arguments. */
export type Words = readonly [string, ...string[]];

/** The program of this package, as it is called where it is installed. */
export const PROGRAM = 'scalekit-mcp';
/** npx runs the one program of a package, whatever that is called. The version is pinned: what runs is what was tried. */
const FETCHED = ['npx', '-y', `${IDENTITY.name}@${IDENTITY.version}`] as const;
/** The script that this program begins with. */
const MAIN = fileURLToPath(new URL(`../main${extname(import.meta.url)}`, import.meta.url));

/**
 * The command line by which a person calls this program on this machine: a line for them to paste, whatever started this
 * process. What npx has fetched is on no search path.
 * @param args what follows the name of the program
 */
export function ownCall(...args: readonly string[]): string {
  return [callOf(process.argv[1] ?? '', processVariables()), ...args.map(shellWord)].join(' ');
}

/**
 * How a program is called that was started from a script.
 * @param script the path as Node.js was given it
 * @param variables of the process: npm tells its commands by them
 */
export function callOf(script: string, variables: Readonly<Record<string, string | undefined>>): string {
  const folders = script.split(/[\\/]/);
  const isPackage = isOfPackage(folders);
  const isFetched = folders.includes('_npx') || (isPackage && variables['npm_command'] === 'exec');
  if (isFetched) return isFromFile(script) ? `node ${shellWord(script)}` : FETCHED.join(' ');
  return isPackage || basename(script) === PROGRAM ? PROGRAM : `node ${shellWord(script)}`;
}

/**
 * The command of the bridge to a hosted server, which this package has: for clients that start programs alone.
 * @param url of the server
 */
export function bridgeTo(url: string): Words {
  return [...FETCHED, ...bridging(url)];
}

/**
 * The same for a client on this machine: what came from no registry, but was built here or is out of a file, is started where
 * it is.
 * @param url of the server
 * @param main the script that this program begins with
 */
export function bridgeFromHere(url: string, main: string = MAIN): Words {
  const isFetched = isOfPackage(main.split(/[\\/]/)) && !isFromFile(main);
  return isFetched ? bridgeTo(url) : ['node', main, ...bridging(url)];
}

function bridging(url: string): readonly string[] {
  return ['stdio', '--url', url];
}

/** Whether a package manager has installed what has this path, as a package or among the programs of all. */
function isOfPackage(folders: readonly string[]): boolean {
  return ['.bin', IDENTITY.name].includes(folders[folders.lastIndexOf('node_modules') + 1] ?? '');
}

/**
 * Whether npm has this package out of a file, such as what `npm pack` makes: no registry need have it then. It notes that beside
 * what it installs; where there is no note, it has fetched it.
 */
function isFromFile(script: string): boolean {
  const [, folder] = /^(.*[\\/]node_modules)[\\/]/.exec(script) ?? [];
  if (folder === undefined) return false;
  try {
    const notes = JSON.parse(readFileSync(join(folder, '.package-lock.json'), 'utf8'));
    return String(notes.packages[`node_modules/${IDENTITY.name}`].resolved).startsWith('file:');
  } catch {
    return false;
  }
}
