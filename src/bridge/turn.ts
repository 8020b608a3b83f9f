import { randomUUID } from 'node:crypto';
import { link, readFile, rename, stat, unlink, utimes, writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { isRunning, readHolder, thisProcess } from '../observability/audit/holder.ts';

const LOOK_MS = 50;
/** How often whoever is at work says so, by the time of the lock. */
const RENEW_MS = 10_000;
/** A lock that nobody has renewed for so long is abandoned, where the process that holds it cannot be looked up. */
const ABANDONED_MS = 60_000;
const FILE_MODE = 0o600;

/**
 * Does something that only one process of this machine may do at a time, such as using a refresh token. A lock file names the
 * process that is at work; the lock of a process that has ended is taken over. Where that cannot be told, as after a restart of
 * the machine or for another container, a lock that nobody renews is taken over.
 * @param path of the lock
 * @param signal ends the waiting, with its reason
 */
export async function inTurn<Value>(path: string, signal: AbortSignal, work: () => Promise<Value>): Promise<Value> {
  // The random part tells two tries of one process apart.
  const content = JSON.stringify({ ...thisProcess(), id: randomUUID() });
  while (!(await create(path, content))) {
    const found = await read(path);
    if (found !== undefined && (await isAbandoned(path, found))) await removeIfStill(path, found);
    else await pause(LOOK_MS, undefined, { signal });
  }
  const renewing = setInterval(() => void utimes(path, new Date(), new Date()).catch(() => undefined), RENEW_MS);
  renewing.unref();
  try {
    return await work();
  } finally {
    clearInterval(renewing);
    if ((await read(path)) === content) await unlink(path).catch(() => undefined);
  }
}

async function isAbandoned(path: string, content: string): Promise<boolean> {
  const holder = readHolder(content);
  const runs = holder === undefined ? undefined : isRunning(holder);
  if (runs !== undefined) return !runs;
  const found = await stat(path).catch(() => undefined);
  // Either way: a clock that was set back is no reason to wait.
  return found !== undefined && Math.abs(Date.now() - found.mtimeMs) > ABANDONED_MS;
}

async function create(path: string, content: string): Promise<boolean> {
  // Linked when it is complete: nobody finds a lock that does not name its holder yet.
  const aside = `${path}.${randomUUID()}`;
  await writeFile(aside, content, { flag: 'wx', mode: FILE_MODE });
  try {
    await link(aside, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await unlink(aside).catch(() => undefined);
  }
}

/** Removes the lock of a process that is gone, unless another one has taken it over meanwhile. */
async function removeIfStill(path: string, content: string): Promise<void> {
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
