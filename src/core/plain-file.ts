import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

/** As `r`, but never through a link, and waiting for no writer of a pipe. Windows has no such flags. */
const READ_FILE = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * Reads the beginning of a file at a place where others may have put something else.
 * @param maxBytes how much is read at most
 * @returns undefined for a link, a device and whatever else is no file
 * @throws errors of files, such as ENOENT
 */
export async function beginningOf(path: string, maxBytes: number): Promise<Buffer | undefined> {
  const file = await open(path, READ_FILE).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ELOOP') throw error;
  });
  if (file === undefined) return undefined;
  try {
    const found = await file.stat();
    if (!found.isFile()) return undefined;
    const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.min(maxBytes, found.size)), 0, undefined, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
