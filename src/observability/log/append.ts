import { constants, type Stats } from 'node:fs';
import { chmod, open, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { NAME_A_FILE, whyNotWritable } from './why-not.ts';

/** Only the owner may read and write these files, because they say who did what. */
const OWNER_ONLY = 0o600;
/** The permissions of the file's group and of everybody else. */
const OTHERS = 0o077;

/**
 * Opens a file, or creates it, and appends to it. It is opened each time, because another program may have moved or
 * removed it since.
 * @returns how many bytes were written
 */
export async function appendOnce(path: string, bytes: Buffer): Promise<number> {
  const handle = await open(path, 'a', OWNER_ONLY);
  const { bytesWritten } = await handle.write(bytes).finally(() => handle.close());
  return bytesWritten;
}

/**
 * Checks whether a file can be appended to, creates it if it does not exist, and closes it to all but its owner.
 * @returns a clause that says why not; undefined when it can
 */
export async function whyNotAppendable(path: string): Promise<string | undefined> {
  try {
    const existing = await statOf(path);
    const isDevice = existing?.isCharacterDevice() === true;
    if (existing?.isDirectory() === true) return `${resolve(path)} cannot be written: ${NAME_A_FILE}`;
    if (existing !== undefined && !existing.isFile() && !isDevice)
      return `${resolve(path)} is neither a file nor a device`;
    const handle = await open(path, isDevice ? constants.O_WRONLY : 'a', OWNER_ONLY);
    await handle.close();
  } catch (error) {
    return whyNotWritable(path, error);
  }
  return closeToOthers(path).then(
    () => undefined,
    ({ code }: NodeJS.ErrnoException) =>
      `others than its owner may use ${resolve(path)}, and this process cannot change that (${code}). Give it mode 600`,
  );
}

/** Takes the permissions of a file away from everybody but its owner. Devices are left as they are. */
export async function closeToOthers(path: string): Promise<void> {
  const stats = await statOf(path);
  if (stats?.isFile() === true && (stats.mode & OTHERS) !== 0) await chmod(path, stats.mode & 0o700);
}

/** Whether a path is a device, such as `/dev/null`. */
export async function isDevice(path: string): Promise<boolean> {
  // If the path cannot be read, opening the file reports that later.
  const existing = await statOf(path).catch(() => undefined);
  return existing?.isCharacterDevice() === true;
}

/** The status of a file; undefined if it does not exist. */
export function statOf(path: string): Promise<Stats | undefined> {
  return stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
}
