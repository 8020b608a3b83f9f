import { lstat, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { beginningOf } from '../core/plain-file.ts';

// Read by hand, because whoever runs git in a folder of somebody else runs what its settings name. For the same reason nothing
// is read through a link, and nothing without a limit.

/** The largest index that is read, in bytes: that of the largest repositories is smaller. */
const MAX_BYTES = 256 * 1024 * 1024;
/** Of other files of git, so much is read, in bytes. */
const MAX_SETTINGS = 64 * 1024;
/** Of an entry: ten numbers of 32 bits stand before the name of the object, and 16 bits with flags behind it. */
const NUMBERS = 40;
const EXTENDED = 0x4000;
/** The longest name that is looked at, in bytes; no system has longer paths. */
const MAX_NAME = 4_096;

/** A work tree of git. */
export interface WorkTree {
  readonly root: string;
  /** What its `.git` is: the folder of the repository, or a file that names one. */
  readonly git: string;
}

/** The work tree that a folder is in; undefined when it is in none. */
export async function workTreeOf(folder: string): Promise<WorkTree | undefined> {
  for (let root = resolve(folder); ; root = dirname(root)) {
    const git = join(root, '.git');
    if ((await lstat(git).catch(() => undefined)) !== undefined) return { root, git };
    if (dirname(root) === root) return undefined;
  }
}

/**
 * Whether git tracks a file of a work tree already, so that no line of `.gitignore` keeps it out of the next commit.
 * @param path of the file, absolute
 * @returns false also where the index cannot be read
 */
export async function isTracked({ root, git }: WorkTree, path: string): Promise<boolean> {
  try {
    const folder = await repositoryAt(git);
    const name = Buffer.from(relative(root, path).split(sep).join('/'));
    const index = (await beginningOf(join(folder, 'index'), MAX_BYTES)) ?? Buffer.alloc(0);
    for (const found of namesIn(index, await objectNameLength(folder))) {
      if (found.equals(name)) return true;
    }
    return false;
  } catch {
    return false;
  }
}

async function repositoryAt(git: string): Promise<string> {
  if ((await stat(git)).isDirectory()) return git;
  const named = /^gitdir: (.*)$/m.exec(await textOf(git))?.[1];
  return resolve(dirname(git), named ?? '.');
}

/** How long the name of an object is, in bytes. A work tree beside the first one has the settings of that. */
async function objectNameLength(folder: string): Promise<number> {
  const common = await textOf(join(folder, 'commondir'));
  const settings = await textOf(join(resolve(folder, common.trim()), 'config'));
  return /^\s*objectformat\s*=\s*"?sha256/im.test(settings) ? 32 : 20;
}

/** @returns nothing where there is no such file */
async function textOf(path: string): Promise<string> {
  const bytes = await beginningOf(path, MAX_SETTINGS).catch(() => undefined);
  return bytes?.toString('utf8') ?? '';
}

/**
 * The names in an index (gitformat-index(5), versions 2 to 4).
 * @param objectName how long the name of an object is, in bytes
 * @throws RangeError where it ends too early
 */
function* namesIn(index: Buffer, objectName: number): Iterable<Buffer> {
  const [version, count] = [index.readUInt32BE(4), index.readUInt32BE(8)];
  if (index.toString('latin1', 0, 4) !== 'DIRC' || version < 2 || version > 4) return;
  let before: Buffer = Buffer.alloc(0);
  let at = 12;
  for (let entry = 0; entry < count; entry += 1) {
    const start = at;
    const flags = index.readUInt16BE(at + NUMBERS + objectName);
    at += NUMBERS + objectName + ((flags & EXTENDED) === 0 ? 2 : 4);
    let dropped = before.length;
    if (version === 4) [dropped, at] = offsetAt(index, at);
    const end = index.indexOf(0, at);
    if (end === -1 || end - at > MAX_NAME || before.length > MAX_NAME) return;
    // In version 4 a name begins with the one before, without so many bytes of its end.
    before = Buffer.concat([before.subarray(0, Math.max(0, before.length - dropped)), index.subarray(at, end)]);
    yield before;
    // Before that, entries are filled up to a multiple of eight bytes, with one at least.
    at = version === 4 ? end + 1 : start + (Math.floor((end - start) / 8) + 1) * 8;
  }
}

/** A number of variable length, seven bits in a byte, and where it ends. */
function offsetAt(index: Buffer, from: number): [value: number, end: number] {
  let at = from;
  let byte = index.readUInt8(at);
  let value = byte & 0x7f;
  while ((byte & 0x80) !== 0) {
    at += 1;
    byte = index.readUInt8(at);
    value = (value + 1) * 128 + (byte & 0x7f);
  }
  return [value, at + 1];
}
