import { basename, extname } from 'node:path';
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
  if (isFetched) return FETCHED.join(' ');
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
 * The same for a client on this machine: what was built here and came from no registry is started where it is.
 * @param url of the server
 * @param main the script that this program begins with
 */
export function bridgeFromHere(url: string, main: string = MAIN): Words {
  return isOfPackage(main.split(/[\\/]/)) ? bridgeTo(url) : ['node', main, ...bridging(url)];
}

function bridging(url: string): readonly string[] {
  return ['stdio', '--url', url];
}

/** Whether a package manager has installed what has this path, as a package or among the programs of all. */
function isOfPackage(folders: readonly string[]): boolean {
  return ['.bin', IDENTITY.name].includes(folders[folders.lastIndexOf('node_modules') + 1] ?? '');
}
