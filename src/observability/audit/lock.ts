import { randomUUID } from 'node:crypto';
import { link, readFile, rename, stat, unlink, utimes, writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { ConfigurationError } from '../../config/error.ts';
import { OWNER_ONLY } from '../log/append.ts';
import { whyNotWritable } from '../log/why-not.ts';
import { isRunning, readHolder, thisProcess } from './holder.ts';

// A lock is a file that names the process that holds it. It survives a crash, so that whoever finds it asks whether that
// process is running. That can be told on the same machine at once. For a process of another machine or container, it is
// told by the file's time, which its holder renews; it is watched for changes, because clocks of machines differ.

/** How often a holder renews the time of its lock. */
const RENEWAL_MS = 2_000;
/** How long a lock must stay unchanged until its holder counts as gone, if nothing else can be known of it. */
const WATCH_MS = 10_000;
const LOOK_MS = 250;
/** How often the lock may change its holder while this process tries to get it. */
const MAX_ATTEMPTS = 10;

/** A lock that this process holds. */
export interface Lock {
  /** Whether it is still the one that this process has made. */
  isHeld(): Promise<boolean>;
  release(): Promise<void>;
}

/**
 * Makes sure that no other process writes to a ledger.
 * @param path of the lock
 * @param watchMs how long a lock of another machine must stay unchanged until it is taken over, in milliseconds
 * @throws ConfigurationError when another process holds it, or it cannot be made
 */
export async function takeLock(path: string, watchMs = WATCH_MS): Promise<Lock> {
  const taken = await tryLock(path, watchMs).catch((error: unknown) => {
    throw new ConfigurationError([
      `AUDIT_LOG: the lock beside the file, which keeps a second process from writing to it, cannot be made. ${whyNotWritable(path, error)}.`,
    ]);
  });
  if (typeof taken === 'string') throw inUse(taken);
  return taken;
}

/**
 * Takes a lock, unless another process holds it.
 * @param path of the lock
 * @param watchMs how long a lock of another machine must stay unchanged until it is taken over, in milliseconds
 * @returns what the lock of the other process says, which may be nothing
 * @throws errors of files when it cannot be made
 */
export async function tryLock(path: string, watchMs = WATCH_MS): Promise<Lock | string> {
  // The random part tells two ledgers of one process apart.
  const content = JSON.stringify({ ...thisProcess(), id: randomUUID() });
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    if (await create(path, content)) return held(path, content);
    const found = await read(path);
    if (found === undefined) continue;
    if (await isInUse(path, found, watchMs)) return found;
    await removeIfStill(path, found);
  }
  return '';
}

function held(path: string, content: string): Lock {
  const renewal = setInterval(() => {
    const now = new Date();
    // If the lock is gone, the next start takes a new one; this process cannot do anything about it.
    utimes(path, now, now).catch(() => undefined);
  }, RENEWAL_MS).unref();
  const isHeld = async () => (await read(path)) === content;
  return {
    isHeld,
    release: async () => {
      clearInterval(renewal);
      if (await isHeld()) await unlink(path).catch(() => undefined);
    },
  };
}

/** @returns false if there is a lock already */
async function create(path: string, content: string): Promise<boolean> {
  try {
    await writeFile(path, content, { flag: 'wx', mode: OWNER_ONLY });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function isInUse(path: string, content: string, watchMs: number): Promise<boolean> {
  const holder = readHolder(content);
  const running = holder === undefined ? undefined : isRunning(holder);
  return running ?? (await changes(path, content, watchMs));
}

/** Whether a lock is renewed or replaced within this time. */
async function changes(path: string, content: string, watchMs: number): Promise<boolean> {
  const before = await timeOf(path);
  for (let waited = 0; waited < watchMs; waited += LOOK_MS) {
    await pause(LOOK_MS);
    const [time, now] = [await timeOf(path), await read(path)];
    if (time === undefined || now === undefined) return false;
    if (time !== before || now !== content) return true;
  }
  return false;
}

/** Removes a lock whose holder is gone, unless another process has taken it over meanwhile. */
async function removeIfStill(path: string, content: string): Promise<void> {
  if ((await read(path)) !== content) return;
  const aside = `${path}.${randomUUID()}`;
  const isMoved = await rename(path, aside).then(
    () => true,
    () => false,
  );
  if (!isMoved) return;
  if ((await read(aside)) !== content) await link(aside, path).catch(() => undefined);
  await unlink(aside).catch(() => undefined);
}

function read(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}

async function timeOf(path: string): Promise<number | undefined> {
  const stats = await stat(path).catch(() => undefined);
  return stats?.mtimeMs;
}

function inUse(content: string): ConfigurationError {
  const holder = readHolder(content);
  const who = holder === undefined ? 'another process' : `process ${holder.pid} of ${holder.place.split(' ')[0]}`;
  return new ConfigurationError([
    `AUDIT_LOG: ${who} writes to this file, and a chain has only one writer. Stop that process, or give each server a file of its own.`,
  ]);
}
