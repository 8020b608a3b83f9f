import { randomUUID } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import { chmod, type FileHandle, lstat, mkdir, open, readdir, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { HostedFailure } from './failure.ts';
import type { SignInLines } from './sign-in-lines.ts';

const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;
const OTHERS = 0o077;
const OTHERS_WRITE = 0o022;
/** The longest file that is read, in bytes. */
const MAX_BYTES = 131_072;

/** Why something is not safe for secrets of one person. */
interface Flaw {
  readonly why: string;
  /** The mode that mends it. Unset: it has to be removed. */
  readonly mode?: number;
  /** Whether others could have written what is in it. */
  readonly isWritten: boolean;
}

/**
 * Why a folder or a file is not safe for secrets of one person; undefined when it is. On Windows, modes and owners mean nothing.
 * @param found what `lstat` says of it
 */
function flawOf(found: Stats, kind: 'folder' | 'file'): Flaw | undefined {
  const isPlain = kind === 'folder' ? found.isDirectory() : found.isFile() && found.nlink === 1;
  if (!isPlain) return { why: `is a link or no ${kind}`, isWritten: true };
  const me = process.getuid?.();
  if (me === undefined) return undefined;
  if (found.uid !== me) return { why: 'belongs to somebody else', isWritten: true };
  if ((found.mode & OTHERS) === 0) return undefined;
  const mode = kind === 'folder' ? FOLDER_MODE : FILE_MODE;
  return { why: 'can be read or changed by others', mode, isWritten: (found.mode & OTHERS_WRITE) !== 0 };
}

/** What a person does about a flaw. */
function nextAfter(path: string, { mode }: Flaw): string {
  return mode === undefined ? 'Remove it' : `Run chmod ${mode.toString(8)} ${path}`;
}

/** Something that is not safe in the state of a person, and what mends it. */
interface UnsafeState {
  readonly path: string;
  readonly why: string;
  readonly next: string;
  /** Unset: only a person can mend it, such as what belongs to somebody else. */
  readonly mend?: { readonly shown: string; readonly apply: () => Promise<void> };
}

/**
 * Looks at everything in a folder for secrets of one person.
 * @returns how many files there are, and what is not safe; undefined when there is no such folder
 * @throws errors of files when it cannot be looked at
 */
export async function examineState(
  folder: string,
): Promise<{ readonly files: number; readonly unsafe: readonly UnsafeState[] } | undefined> {
  const found = await lstat(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  if (found === undefined) return undefined;
  const ofFolder = unsafeState(folder, flawOf(found, 'folder'));
  // What a link leads to is not looked at, and neither is what others put into their folder.
  if (ofFolder !== undefined && ofFolder.mend === undefined) return { files: 0, unsafe: [ofFolder] };
  const names = (await readdir(folder)).toSorted();
  const unsafe = ofFolder === undefined ? [] : [ofFolder];
  for (const name of names) {
    const path = join(folder, name);
    const flaw = await lstat(path).then(
      (stats) => flawOf(stats, 'file'),
      () => undefined,
    );
    const problem = unsafeState(path, flaw);
    if (problem !== undefined) unsafe.push(problem);
  }
  return { files: names.length, unsafe };
}

function unsafeState(path: string, flaw: Flaw | undefined): UnsafeState | undefined {
  if (flaw === undefined) return undefined;
  const { why, mode, isWritten } = flaw;
  const next = nextAfter(path, flaw);
  if (mode === FOLDER_MODE || (mode !== undefined && !isWritten)) {
    return { path, why, next, mend: { shown: `chmod ${mode.toString(8)} ${path}`, apply: () => chmod(path, mode) } };
  }
  if (mode === undefined) return { path, why, next };
  // What others have written is not trusted by taking the right to write away from them.
  return { path, why, next: 'Remove it', mend: { shown: `rm ${path}`, apply: () => unlink(path) } };
}

/**
 * A folder for secrets of one person: nobody else can read it or its files, and what others could have put there is refused.
 * On Windows, where modes mean nothing, the folder has the rights of the profile that it is in.
 */
export class StateFolder {
  readonly path: string;
  readonly #lines: SignInLines;

  /** @param lines by which the person signs in again when what is there cannot be used */
  constructor(path: string, lines: SignInLines) {
    this.path = path;
    this.#lines = lines;
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
      this.#refuseFlawed(this.path, flawOf(await lstat(this.path), 'folder'));
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
      this.#refuseFlawed(path, flawOf(found, 'file'));
      if (found.size > MAX_BYTES) throw this.#refusal(path, 'is too large to be ours', 'Remove it');
      return await file.readFile('utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw this.#told(error, path);
    } finally {
      await file?.close();
    }
  }

  /**
   * Replaces a file as a whole: whoever reads it meanwhile sees the old text or the new one.
   * @throws HostedFailure `denied` for a text that is longer than what is read, `configuration` where it cannot be written
   */
  async write(name: string, text: string): Promise<void> {
    await this.prepare();
    if (Buffer.byteLength(text) > MAX_BYTES) {
      throw new HostedFailure('denied', 'The sign-in is not kept: what the authorization server gave is too long.');
    }
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

  #refuseFlawed(path: string, flaw: Flaw | undefined): void {
    if (flaw !== undefined) throw this.#refusal(path, flaw.why, nextAfter(path, flaw));
  }

  #refusal(path: string, why: string, next: string): HostedFailure {
    return new HostedFailure(
      'configuration',
      `The sign-in is not read or kept: ${path} ${why}. ${next}, then sign in again with ${this.#lines.login()}`,
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
