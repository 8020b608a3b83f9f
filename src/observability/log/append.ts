import { constants, type Stats } from 'node:fs';
import { open, stat } from 'node:fs/promises';

/** Says who did what: for its owner alone. */
export const OWNER_ONLY = 0o600;

/**
 * Appends to a file that is opened for just this, and made where there is none: somebody may have moved it away or
 * removed it since the last time, without telling anybody.
 * @returns how many bytes were written
 */
export async function appendOnce(path: string, bytes: Buffer): Promise<number> {
  const handle = await open(path, 'a', OWNER_ONLY);
  const { bytesWritten } = await handle.write(bytes).finally(() => handle.close());
  return bytesWritten;
}

/**
 * Finds out whether lines can be appended there, and makes the file where there is none.
 * @returns why not, in words; undefined when they can
 */
export async function whyNotAppendable(path: string): Promise<string | undefined> {
  try {
    const existing = await statOf(path);
    const isDevice = existing?.isCharacterDevice() === true;
    if (existing !== undefined && !existing.isFile() && !isDevice)
      return 'what it names is neither a file nor a device';
    const handle = await open(path, isDevice ? constants.O_WRONLY : 'a', OWNER_ONLY);
    await handle.close();
    return undefined;
  } catch (error) {
    return `the file cannot be written (${(error as NodeJS.ErrnoException).code})`;
  }
}

/** Whether a path leads to a device, which has no neighbours that could take a part of its lines. */
export async function isDevice(path: string): Promise<boolean> {
  // What cannot be looked at is found out, and said, by whoever opens it.
  const existing = await statOf(path).catch(() => undefined);
  return existing?.isCharacterDevice() === true;
}

export function statOf(path: string): Promise<Stats | undefined> {
  return stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
}
