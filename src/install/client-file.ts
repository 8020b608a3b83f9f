import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import {
  type FileHandle,
  link,
  lstat,
  mkdir,
  open,
  readdir,
  readFile,
  realpath,
  rename,
  unlink,
} from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { beginningOf } from '../core/plain-file.ts';
import { InstallFailure } from './failure.ts';

// Files of clients belong to others: whatever is read here may be changed meanwhile, and nothing of it may be lost.

/** The largest file that is edited, in bytes. Claude Code keeps its history in the same file. */
const MAX_BYTES = 16 * 1024 * 1024;
const OWNER_MAY_WRITE = 0o200;
/** What others may do with a file is left out of a new one of a person; those of a project are as the project has it. */
const NEW_MODE = { user: 0o600, project: 0o644 } as const;

/** How often, and how long in between, another run is waited for that writes the same file. */
const TURNS = 40;
const TURN_MS = 50;
/** A file that another run has left is no sign of one that runs after this time. */
const ABANDONED_MS = 60_000;

/** A file of a client as it was read. */
export interface ClientFile {
  /** Where it is. */
  readonly path: string;
  /** What is written: where `path` leads through links. */
  readonly target: string;
  /** Unset: there is no such file. */
  readonly text: string | undefined;
  /** Its permissions. */
  readonly mode: number;
}

/**
 * Reads a file of a client.
 * @param roots the folders within which it has to be, also through links: a link that leads elsewhere is not followed
 * @throws InstallFailure when it is no readable text file of this person within them
 */
export async function readClientFile(
  path: string,
  roots: readonly string[],
  scope: 'user' | 'project',
): Promise<ClientFile> {
  const target = await targetOf(path, roots);
  const facts = await factsOf(target);
  if (facts === undefined) return { path, target, text: undefined, mode: NEW_MODE[scope] };
  if (!facts.isFile()) throw new InstallFailure('file', `${path} is no file.`);
  if (facts.size > MAX_BYTES) throw new InstallFailure('file', `${path} is larger than ${MAX_BYTES} bytes.`);
  const bytes = await readFile(target).catch((error: NodeJS.ErrnoException) => {
    throw new InstallFailure('file', `${path} cannot be read (${error.code}).`);
  });
  return { path, target, text: textOf(bytes, path), mode: facts.mode & 0o777 };
}

/**
 * Whether a file may be replaced by this process.
 * @throws InstallFailure when it is read-only or somebody else's: replacing it would not ask for either; `changed` when it
 *   is there no more
 */
async function demandWritable({ path, target, text, mode }: ClientFile): Promise<void> {
  if (text === undefined) return;
  const owned = await factsOf(target);
  if (owned === undefined) throw changed(path);
  if ((mode & OWNER_MAY_WRITE) === 0) {
    throw new InstallFailure('file', `${path} is read-only. Allow its owner to write to it, then try again.`);
  }
  if (process.getuid !== undefined && owned.uid !== process.getuid()) {
    throw new InstallFailure('file', `${path} belongs to somebody else. Run this as its owner.`);
  }
}

/** How another run is waited for. */
interface Waiting {
  /** Milliseconds from one look to the next. */
  readonly turnMs?: number;
}

/**
 * Replaces a file by a new text, at once and whole, if it is still what was read. What it was stays beside it.
 * @param text undefined: the file is removed
 * @returns the path of what it was, when there was something
 * @throws InstallFailure `changed` when somebody else has changed it meanwhile: then nothing was written
 */
export async function replaceClientFile(
  file: ClientFile,
  text: string | undefined,
  { turnMs = TURN_MS }: Waiting = {},
): Promise<string | undefined> {
  await demandWritable(file);
  await mkdir(dirname(file.target), { recursive: true, mode: 0o755 });
  const path = join(dirname(file.target), `.${basename(file.target)}.scalekit-mcp.tmp`);
  const handle = await inTurn(path, file, turnMs);
  const unfinished = { path, identity: identityOf(await handle.stat({ bigint: true })) };
  let isOver = false;
  try {
    await demandUnchanged(file);
    if (text === undefined) {
      await unlink(file.target);
      return undefined;
    }
    await handle.chmod(file.mode);
    await handle.writeFile(text);
    await handle.sync();
    const backup = file.text === undefined ? undefined : await keep(file);
    await handle.close();
    // Asked again behind everything that takes time.
    await demandUnchanged(file);
    // Another run may have taken this one for dead, when the machine slept.
    if (!(await isOurs(unfinished))) throw changed(file.path);
    await rename(path, file.target);
    // From here on, the name is that of the next run.
    isOver = true;
    await syncFolder(dirname(file.target));
    return backup;
  } finally {
    await handle.close().catch(() => undefined);
    if (!isOver && (await isOurs(unfinished))) await unlink(path).catch(() => undefined);
  }
}

/** The file that becomes the new one, of this run. */
interface Unfinished {
  readonly path: string;
  /** Which file it is, however it is called. */
  readonly identity: string;
}

/** Whether there still is the file of this run at the path, and not that of another. */
async function isOurs({ path, identity }: Unfinished): Promise<boolean> {
  const there = await lstat(path, { bigint: true }).catch(() => undefined);
  return there !== undefined && identityOf(there) === identity;
}

function identityOf({ dev, ino }: { readonly dev: bigint; readonly ino: bigint }): string {
  return `${dev}:${ino}`;
}

/**
 * The text of a copy.
 * @returns undefined when it is no such file, or cannot be read
 */
export async function backupText(path: string): Promise<string | undefined> {
  const bytes = await beginningOf(path, MAX_BYTES + 1).catch(() => undefined);
  return bytes === undefined || bytes.length > MAX_BYTES ? undefined : bytes.toString('utf8');
}

/** What a file was before changes of this program, the newest first: paths of its copies. */
export async function backupsOf({ target }: ClientFile): Promise<readonly string[]> {
  const names = await readdir(dirname(target)).catch(() => []);
  const beginning = `${basename(target)}.`;
  return names
    .filter((name) => name.startsWith(beginning) && BACKUP.test(name.slice(beginning.length)))
    .sort()
    .reverse()
    .map((name) => join(dirname(target), name));
}

const BACKUP = /^\d{8}T\d{9}Z\.before-scalekit$/;

/** Keeps what a file is, beside it and with its permissions. */
async function keep({ target, text, mode }: ClientFile): Promise<string> {
  for (let at = Date.now(); ; at += 1) {
    const stamp = new Date(at).toISOString().replace(/[-:.]/g, '');
    const path = `${target}.${stamp}.before-scalekit`;
    const handle = await open(path, 'wx', mode).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return undefined;
      throw error;
    });
    if (handle === undefined) continue;
    try {
      await handle.chmod(mode);
      await handle.writeFile(text ?? '');
      await handle.sync();
    } finally {
      await handle.close();
    }
    return path;
  }
}

/** Opens the file that becomes the new one. While it is there, no other run writes. */
async function inTurn(unfinished: string, { path }: ClientFile, turnMs: number): Promise<FileHandle> {
  for (let turn = 0; turn < TURNS; turn += 1) {
    const handle = await open(unfinished, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return undefined;
      throw new InstallFailure('file', `The folder of ${path} cannot be written to (${error.code}).`);
    });
    if (handle !== undefined) return handle;
    const other = await factsOf(unfinished);
    // No run makes anything else there, so that nobody has to be waited for.
    if (other !== undefined && !other.isFile()) {
      throw new InstallFailure('file', `${unfinished} is in the way and no file. Remove it, then try again.`);
    }
    if (other !== undefined && isAbandoned(other)) await removeAbandoned(unfinished);
    else await wait(turnMs);
  }
  throw new InstallFailure('file', `Another run writes ${path}. Try again; if none does, delete ${unfinished}.`);
}

function isAbandoned({ mtimeMs }: { readonly mtimeMs: number }): boolean {
  // A time to come says as little as one long ago that somebody is at work.
  return Math.abs(Date.now() - mtimeMs) > ABANDONED_MS;
}

/**
 * Removes what a run has left that was killed. Between a look at it and its removal another run may have done the same
 * and begun, so it is moved aside, looked at there, and put back if it is that of a run.
 */
async function removeAbandoned(unfinished: string): Promise<void> {
  const aside = `${unfinished}.${randomUUID()}`;
  const isMoved = await rename(unfinished, aside).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw new InstallFailure('file', `${unfinished} was left by another run and cannot be removed (${error.code}).`);
    },
  );
  if (!isMoved) return;
  const moved = await factsOf(aside);
  // A third run that has begun meanwhile keeps its turn: the one whose file this is sees that, and writes nothing.
  if (moved !== undefined && !isAbandoned(moved)) await link(aside, unfinished).catch(() => undefined);
  await unlink(aside).catch(() => undefined);
}

async function demandUnchanged(file: ClientFile): Promise<void> {
  const now = await beginningOf(file.target, MAX_BYTES + 1).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (now?.toString() !== file.text) throw changed(file.path);
}

function changed(path: string): InstallFailure {
  return new InstallFailure('changed', `${path} was changed by another program meanwhile. Try again.`);
}

/** Where a path leads, checked to be within one of the folders. */
async function targetOf(path: string, roots: readonly string[]): Promise<string> {
  const target = await realPathOf(resolve(path));
  const allowed = await Promise.all(roots.map((root) => realPathOf(resolve(root))));
  if (allowed.some((root) => isWithin(target, root))) return target;
  throw new InstallFailure(
    'file',
    `${path} is a link, or in one, that leads out of ${roots.join(' and ')}. Edit the file that it leads to yourself.`,
  );
}

/** The path without links, also of what is not there yet. */
async function realPathOf(path: string): Promise<string> {
  const real = await realpath(path).catch((error: NodeJS.ErrnoException) => error);
  if (typeof real === 'string') return real;
  if (real.code !== 'ENOENT') throw new InstallFailure('file', `${path} cannot be read (${real.code}).`);
  if ((await factsOf(path)) !== undefined) throw new InstallFailure('file', `${path} is a link to nothing. Remove it.`);
  const parent = dirname(path);
  return parent === path ? path : join(await realPathOf(parent), basename(path));
}

function isWithin(path: string, root: string): boolean {
  const way = relative(root, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && resolve(root, way) === path;
}

/** Facts of what is at a path itself; undefined when there is nothing. */
async function factsOf(path: string) {
  return lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw new InstallFailure('file', `${path} cannot be looked at (${error.code}).`);
  });
}

function textOf(bytes: Buffer, path: string): string {
  const text = bytes.toString();
  // What cannot be read cannot be written back.
  if (!Buffer.from(text).equals(bytes)) throw new InstallFailure('file', `${path} is no text in UTF-8.`);
  return text;
}

/** Makes sure that a renamed file is found after a loss of power, where the system offers that. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, constants.O_RDONLY).catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}
