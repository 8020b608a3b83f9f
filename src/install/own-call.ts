import { basename } from 'node:path';
import { processVariables } from '../config/environment.ts';
import { IDENTITY } from '../core/identity.ts';
import { shellWord } from '../install/shell-word.ts';

const PROGRAM = 'scalekit-mcp';
/** In the version that was started: a person has tried that one. */
const FETCHED = `npx -y ${IDENTITY.name}@${IDENTITY.version}`;

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
  // What a package manager has installed, as a package or among the programs of all.
  const isPackage = ['.bin', IDENTITY.name].includes(folders[folders.lastIndexOf('node_modules') + 1] ?? '');
  const isFetched = folders.includes('_npx') || (isPackage && variables['npm_command'] === 'exec');
  if (isFetched) return FETCHED;
  return isPackage || basename(script) === PROGRAM ? PROGRAM : `node ${shellWord(script)}`;
}
