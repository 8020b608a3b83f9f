import { constants, type Stats } from 'node:fs';
import { chmod, open, stat } from 'node:fs/promises';

/** Only the owner may read and write these files, because they say who did what. */
export const OWNER_ONLY = 0o600;
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
    if (existing !== undefined && !existing.isFile() && !isDevice)
      return 'what it names is neither a file nor a device';
    const handle = await open(path, isDevice ? constants.O_WRONLY : 'a', OWNER_ONLY);
    await handle.close();
  } catch (error) {
    return `the file cannot be written (${(error as NodeJS.ErrnoException).code})`;
  }
  return closeToOthers(path).then(
    () => undefined,
    ({ code }: NodeJS.ErrnoException) =>
      `others than its owner may use the file, and this process cannot change that (${code}). Give it mode 600`,
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
