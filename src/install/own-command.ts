import { spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { access, realpath, stat } from 'node:fs/promises';
import { basename, delimiter, dirname, isAbsolute, join, relative, sep } from 'node:path';
import { InstallFailure } from './failure.ts';
import { isThere } from './is-there.ts';
import type { Machine } from './machine.ts';
import { shellWord } from './shell-word.ts';

/** How long the command of a client may take when nobody is there to see that it waits, in milliseconds. */
const TIMEOUT_MS = 120_000;

/**
 * Finds a program by the search path. Folders in the project are passed over: what a project brings along is not run as
 * the client of a person. On Windows only programs are found, not scripts, which need a shell.
 * @returns its path, or undefined
 */
export async function findProgram(name: string, machine: Machine): Promise<string | undefined> {
  const { platform, variables } = machine;
  const path = platform === 'win32' ? (variables['Path'] ?? variables['PATH']) : variables['PATH'];
  const { project, working = project } = machine;
  const projects = await Promise.all([project, working].map((folder) => projectAt({ ...machine, project: folder })));
  for (const folder of (path ?? '').split(delimiter)) {
    if (!isAbsolute(folder) || isOfPackages(folder)) continue;
    const candidate = join(folder, platform === 'win32' ? `${name}.exe` : name);
    if (!(await isProgram(candidate))) continue;
    const isOf = await Promise.all(projects.map((folder) => isOfProject(candidate, folder)));
    if (!isOf.includes(true)) return candidate;
  }
  return undefined;
}

/** Whether a program is in a project, itself or what it is a link to. */
async function isOfProject(program: string, project: string | undefined): Promise<boolean> {
  if (project === undefined) return false;
  return isWithin(program, project) || isWithin(await real(program), await real(project));
}

/** Whether a folder holds programs that a package manager put there for a project, as npm and npx add them to the path. */
function isOfPackages(folder: string): boolean {
  return basename(folder) === '.bin' && basename(dirname(folder)) === 'node_modules';
}

/** The folder of the project at hand: the nearest one with signs of it, else the working folder; undefined at home. */
async function projectAt({ project: working, home }: Machine): Promise<string | undefined> {
  // Who stands at home, or above it, has no project at hand.
  const isProject = (folder: string) => !isWithin(home, folder);
  for (let folder = working; isProject(folder); folder = dirname(folder)) {
    for (const sign of SIGNS) if (await isThere(join(folder, sign))) return folder;
    if (dirname(folder) === folder) break;
  }
  return isProject(working) ? working : undefined;
}

const SIGNS = ['.git', 'package.json'] as const;

/**
 * The folders in which clients look for the settings of the project at hand: the working folder, then those around it up to
 * the root of its repository.
 */
export async function projectFolders({ project, home }: Machine): Promise<readonly string[]> {
  const folders = [project];
  for (let folder = project; !isWithin(home, folder); folder = dirname(folder)) {
    if (folder !== project) folders.push(folder);
    if (await isThere(join(folder, '.git'))) return folders;
    if (dirname(folder) === folder) break;
  }
  return [project];
}

function real(path: string): Promise<string> {
  return realpath(path).catch(() => path);
}

function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === '' || !(way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way));
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

/**
 * Runs the command of a client; what it says goes to stderr.
 * @param isInteractive whether a person can answer it, for as long as that takes
 * @throws InstallFailure when it cannot be started, fails, or takes too long
 */
export async function runOwnCommand(
  program: string,
  args: readonly string[],
  { variables, project }: Machine,
  isInteractive: boolean,
): Promise<void> {
  const shown = shownCommand(program, args);
  const code = await new Promise<number | string>((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: project,
      env: { ...variables },
      stdio: [isInteractive ? 'inherit' : 'ignore', 2, 2],
      ...(!isInteractive && { timeout: TIMEOUT_MS }),
    });
    child.once('error', reject);
    child.once('exit', (exitCode, signal) => resolve(exitCode ?? signal ?? 'unknown'));
  }).catch((error: NodeJS.ErrnoException) => error.code ?? error.message);
  if (code !== 0) throw new InstallFailure('command', `${shown} ended with ${code}. Its own words above say why.`);
}

/** A command as a person would type it; here no shell gets it. */
export function shownCommand(program: string, args: readonly string[]): string {
  return [program, ...args].map(shellWord).join(' ');
}
