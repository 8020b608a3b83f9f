import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, lstat, mkdir, open, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { HostedFailure } from './failure.ts';

const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;
const OTHERS = 0o077;
/** The longest file that is read, in bytes. */
const MAX_BYTES = 131_072;

/**
 * A folder for secrets of one person: nobody else can read it or its files, and what others could have put there is refused.
 * On Windows, where modes mean nothing, the folder has the rights of the profile that it is in.
 */
export class StateFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** Where a file of that name is. */
  at(name: string): string {
    return join(this.path, name);
  }

  /**
   * Makes the folder, or looks whether it may be used.
   * @throws HostedFailure `configuration` when it is a link, somebody else's, or open to others
   */
  async prepare(): Promise<void> {
    try {
      await mkdir(this.path, { recursive: true, mode: FOLDER_MODE });
      const found = await lstat(this.path);
      if (!found.isDirectory()) throw this.#refusal(this.path, 'is a link or no folder', 'Remove it');
      this.#refuseOpen(this.path, found, 'chmod 700');
    } catch (error) {
      throw this.#told(error, this.path);
    }
  }

  /**
   * @returns the text of a file; undefined when there is none
   * @throws HostedFailure `configuration` when others could read or have written it
   */
  async read(name: string): Promise<string | undefined> {
    await this.prepare();
    const path = this.at(name);
    let file: FileHandle | undefined;
    try {
      file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
      const found = await file.stat();
      if (!found.isFile() || found.nlink > 1) throw this.#refusal(path, 'is a link or no file', 'Remove it');
      this.#refuseOpen(path, found, 'chmod 600');
      if (found.size > MAX_BYTES) throw this.#refusal(path, 'is too large to be ours', 'Remove it');
      return await file.readFile('utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw this.#told(error, path);
    } finally {
      await file?.close();
    }
  }

  /** Replaces a file as a whole: whoever reads it meanwhile sees the old text or the new one. */
  async write(name: string, text: string): Promise<void> {
    await this.prepare();
    const aside = this.at(`${name}.${randomUUID()}`);
    try {
      const file = await open(aside, 'wx', FILE_MODE);
      try {
        await file.writeFile(text);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(aside, this.at(name));
    } catch (error) {
      await unlink(aside).catch(() => undefined);
      throw this.#told(error, this.at(name));
    }
  }

  /** @returns whether there was such a file */
  async remove(name: string): Promise<boolean> {
    try {
      await unlink(this.at(name));
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
      throw this.#told(error, this.at(name));
    }
  }

  #refuseOpen(path: string, { uid, mode }: { readonly uid: number; readonly mode: number }, mend: string): void {
    const me = process.getuid?.();
    if (me === undefined) return;
    if (uid !== me) throw this.#refusal(path, 'belongs to somebody else', 'Remove it');
    if ((mode & OTHERS) !== 0) throw this.#refusal(path, 'can be read or changed by others', `Run ${mend} ${path}`);
  }

  #refusal(path: string, why: string, next: string): HostedFailure {
    return new HostedFailure(
      'configuration',
      `The sign-in is not read or kept: ${path} ${why}. ${next}, then sign in again with scalekit-mcp login.`,
    );
  }

  #told(error: unknown, path: string): HostedFailure {
    if (error instanceof HostedFailure) return error;
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    if (code === 'ELOOP') return this.#refusal(path, 'is a link or no file', 'Remove it');
    return new HostedFailure(
      'configuration',
      `The sign-in cannot be read or kept in ${path} (${code}). XDG_STATE_HOME names another place.`,
    );
  }
}
