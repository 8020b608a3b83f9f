import { lstat, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Windows has no such ids; its folder for temporary files is each user's own. */
const USER = process.getuid?.();

/**
 * Where a sandbox on that port keeps what outlives it: a file in the folder for temporary files, which `TMPDIR` moves.
 * `undefined` for port 0, as nobody comes back to a port that was picked at random.
 */
export function defaultStateFile(port: number): string | undefined {
  if (port === 0) return undefined;
  return join(tmpdir(), `scalekit-sandbox-${USER ?? 'user'}`, `${port}.json`);
}

/**
 * Makes the folder of the file where it is missing, for nobody but this user.
 * @throws Error when it is somebody else's, or others can look into it: the folder for temporary files is everybody's
 */
export async function prepareFolderOf(file: string): Promise<void> {
  const folder = dirname(file);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const { uid, mode } = await lstat(folder);
  const isPrivate = USER === undefined || (uid === USER && (mode & 0o077) === 0);
  if (!isPrivate) throw new Error(`${folder} belongs to another user, or others can open it.`);
}
