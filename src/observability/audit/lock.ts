import { ConfigurationError } from '../../config/error.ts';
import { type FileLock, tryLock } from '../../core/file-lock.ts';
import { readHolder } from '../../core/holder.ts';
import { whyNotWritable } from '../log/why-not.ts';

/**
 * Makes sure that no other process writes to a ledger.
 * @param path of the lock
 * @param watchMs how long a lock of another machine must stay unchanged until it is taken over, in milliseconds
 * @throws ConfigurationError when another process holds it, or it cannot be made
 */
export async function takeLock(path: string, watchMs?: number): Promise<FileLock> {
  const taken = await tryLock(path, { watchMs }).catch((error: unknown) => {
    throw new ConfigurationError([
      `AUDIT_LOG: the lock beside the file, which keeps a second process from writing to it, cannot be made. ${whyNotWritable(path, error)}.`,
    ]);
  });
  if (typeof taken === 'string') throw inUse(taken);
  return taken;
}

function inUse(content: string): ConfigurationError {
  const holder = readHolder(content);
  const who = holder === undefined ? 'another process' : `process ${holder.pid} of ${holder.place.split(' ')[0]}`;
  return new ConfigurationError([
    `AUDIT_LOG: ${who} writes to this file, and a chain has only one writer. Stop that process, or give each server a file of its own.`,
  ]);
}
