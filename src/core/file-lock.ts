import { randomUUID } from 'node:crypto';
import { lstat, open, unlink, utimes } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { isRunning, readHolder, thisProcess } from './holder.ts';
import { isObject, parseJson } from './json.ts';
import { beginningOf } from './plain-file.ts';

// A lock is a file that names the process that holds it. It survives a crash, so that whoever finds it asks whether that
// process is running. That can be told on the same machine at once. For a process of another machine or container, it is
// told by the file's time, which its holder renews; it is watched for changes, because clocks of machines differ.

/** How often a holder renews the time of its lock. */
const RENEWAL_MS = 2_000;
/** How long a lock must stay unchanged until its holder counts as gone, if nothing else can be known of it. */
const WATCH_MS = 10_000;
/** How often a lock is looked at that is watched, or waited for. */
const LOOK_MS = 50;
/** How often the lock may change its holder while this process tries to get it. */
const MAX_ATTEMPTS = 10;
const OWNER_ONLY = 0o600;
/** So much of a lock is read, in bytes: somebody else may have put something there. */
const MAX_BYTES = 4_096;

/** This copy of this code in this process: one that was loaded a second time knows nothing of what the first one holds. */
const HERE = randomUUID();
/** What the locks say that are held here. One that says it is from here and is not among them was left, and not by a crash. */
const heldHere = new Set<string>();

/** A lock that this process holds. */
export interface FileLock {
  /** Whether it is still the one that this process has made. */
  isHeld(): Promise<boolean>;
  release(): Promise<void>;
}

export interface FileLockOptions {
  /** How long a lock of another machine must stay unchanged until it is taken over, in milliseconds. */
  readonly watchMs?: number | undefined;
  /** Ends the watching and the waiting, with its reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Takes a lock, unless another process holds it.
 * @param path of the lock
 * @returns what the lock of the other process says, which may be nothing
 * @throws errors of files when it cannot be made, and the signal's reason
 */
export async function tryLock(path: string, options: FileLockOptions = {}): Promise<FileLock | string> {
  // The random part tells two holders of one process apart.
  const content = JSON.stringify({ ...thisProcess(), by: HERE, id: randomUUID() });
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    if (await create(path, content)) return held(path, content);
    const found = await read(path);
    if (found === undefined) {
      if (await isTaken(path)) throw noLock(path);
      continue;
    }
    if (await isInUse(path, found, options)) return found;
    await takeOver(path, found, options);
  }
  return '';
}

export interface TurnOptions extends FileLockOptions {
  readonly signal: AbortSignal;
  /** Called once when another process has to be waited for. */
  readonly onWait?: (() => void) | undefined;
}

/**
 * Does something that only one process may do at a time, such as using a refresh token: waits for the lock, and releases it.
 * @param path of the lock
 * @throws errors of files when the lock cannot be made, the signal's reason, and what the work throws
 */
export async function inTurn<Value>(path: string, options: TurnOptions, work: () => Promise<Value>): Promise<Value> {
  let taken = await tryLock(path, options);
  if (typeof taken === 'string') options.onWait?.();
  while (typeof taken === 'string') {
    await wait(options.signal);
    taken = await tryLock(path, options);
  }
  return work().finally(taken.release);
}

function held(path: string, content: string): FileLock {
  const renewal = setInterval(() => {
    const now = new Date();
    // If the lock is gone, the next holder takes a new one; this process cannot do anything about it.
    utimes(path, now, now).catch(() => undefined);
  }, RENEWAL_MS).unref();
  const isHeld = async () => (await read(path)) === content;
  return {
    isHeld,
    release: async () => {
      clearInterval(renewal);
      if (await isHeld()) await unlink(path).catch(() => undefined);
      // From here on a lock that says this is nobody's, wherever it comes from.
      heldHere.delete(content);
    },
  };
}

function noLock(path: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${path} is no lock, but a link, a folder or the like. Remove it.`), {
    code: 'EEXIST',
  });
}

/** @returns false if there is a lock already */
async function create(path: string, content: string): Promise<boolean> {
  const file = await open(path, 'wx', OWNER_ONLY).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  if (file === undefined) return false;
  heldHere.add(content);
  try {
    await file.writeFile(content);
    return true;
  } catch (error) {
    heldHere.delete(content);
    await unlink(path).catch(() => undefined);
    throw error;
  } finally {
    await file.close();
  }
}

async function isInUse(path: string, content: string, options: FileLockOptions): Promise<boolean> {
  if (isOfHere(content)) return heldHere.has(content);
  const holder = readHolder(content);
  const running = holder === undefined ? undefined : isRunning(holder);
  return running ?? (await changes(path, content, options));
}

/** Whether a lock says that it was made here. */
function isOfHere(content: string): boolean {
  const said = parseJson(content);
  return isObject(said) && said['by'] === HERE;
}

/** Whether a lock is renewed or replaced within this time. */
async function changes(path: string, content: string, options: FileLockOptions): Promise<boolean> {
  const { watchMs = WATCH_MS, signal } = options;
  const before = await timeOf(path);
  for (let waited = 0; waited < watchMs; waited += LOOK_MS) {
    await wait(signal);
    const [time, now] = [await timeOf(path), await read(path)];
    if (time === undefined || now === undefined) return false;
    if (time !== before || now !== content) return true;
  }
  return false;
}

/** @throws the signal's reason */
async function wait(signal: AbortSignal | undefined): Promise<void> {
  await pause(LOOK_MS, undefined, { signal }).catch(() => undefined);
  signal?.throwIfAborted();
}

/**
 * Removes a lock whose holder is gone. Only who holds the lock for that does it: another process would meanwhile remove this
 * lock, and take its own one, which would then be removed in its place.
 */
async function takeOver(path: string, content: string, options: FileLockOptions): Promise<void> {
  const alone = await tryLock(`${path}.takeover`, options);
  if (typeof alone === 'string') return wait(options.signal);
  try {
    if ((await read(path)) === content) await unlink(path).catch(() => undefined);
  } finally {
    await alone.release();
  }
}

/** @returns undefined when there is none, or none that can be read */
async function read(path: string): Promise<string | undefined> {
  const bytes = await beginningOf(path, MAX_BYTES).catch(() => undefined);
  return bytes?.toString('utf8');
}

async function timeOf(path: string): Promise<number | undefined> {
  const stats = await lstat(path).catch(() => undefined);
  return stats?.mtimeMs;
}

/**
 * Whether something that is no lock has the place of one, such as a link.
 * @param path of the lock
 */
export async function isTaken(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => undefined);
  return found !== undefined && !found.isFile();
}
