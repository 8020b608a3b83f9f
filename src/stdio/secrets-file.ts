import { randomUUID } from 'node:crypto';
import { access, constants, lstat, open, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { parse } from 'dotenv';
import type { Authorized } from '../access/authorize.ts';
import { ToolError } from '../core/errors.ts';
import { inTurn, isTaken } from '../core/file-lock.ts';
import { isObject, type JsonObject } from '../core/json.ts';
import { type Result, success, textsAt } from '../core/result.ts';
import type { Log } from '../observability/log/log.ts';
import type { HandOver } from '../run/hand-over.ts';
import { isTracked, workTreeOf } from './git-index.ts';

/** So often a file is read anew that somebody else changes at the same time. */
const MAX_ATTEMPTS = 5;
/** How long another process like this one may write its secrets, in milliseconds. */
const PATIENCE_MS = 30_000;

/** As `a`, but never through a link. Windows has no such flag. */
const APPEND_TO_FILE = constants.O_APPEND | constants.O_CREAT | constants.O_WRONLY | (constants.O_NOFOLLOW ?? 0);

/** A secret with the name of the variable that it would have. */
interface Secret {
  readonly name: string;
  readonly value: string;
}

/**
 * Hands secrets over in a file of variables, such as `.env`, so that they pass through no model: a result holds the name of
 * the variable in place of its value. Whoever starts the process names the file; nothing in a call does.
 *
 * The file is readable by its owner alone, and replaced as a whole. A variable that is there with another value stays, and the
 * new one gets a number behind its name. In a git work tree `.gitignore` names the file, and what a process that is killed leaves
 * of it; the log warns where git tracks the file all the same.
 */
export class SecretsFile implements HandOver {
  readonly #path: string;
  readonly #log: Log;
  #last: Promise<unknown> = Promise.resolve();

  /** @param path of the file; it need not exist yet */
  constructor(path: string, log: Log) {
    this.#path = resolve(path);
    this.#log = log;
  }

  /**
   * Finds out whether the file can be written.
   * @throws Error with the reason
   */
  async check(): Promise<void> {
    const found = await lstat(this.#path).catch(unlessMissing);
    if (found !== undefined && !found.isFile()) throw new Error(`${this.#path} is no file. Name another one.`);
    if (found !== undefined) await access(this.#path, constants.R_OK | constants.W_OK);
    await access(dirname(this.#path), constants.W_OK);
    if (/[\r\n]/.test(this.#path)) throw new Error('A line of .gitignore cannot name the file. Name another one.');
    if (await isTaken(this.#lock)) throw new Error(`${this.#lock} is no file. Remove it.`);
    await this.#text();
  }

  get #lock(): string {
    return `${this.#path}.lock`;
  }

  /** @throws Error for a file that is not text in UTF-8: writing it again would damage it */
  async #text(): Promise<string> {
    const bytes = (await readFile(this.#path).catch(unlessMissing)) ?? Buffer.alloc(0);
    const text = bytes.toString('utf8');
    if (!Buffer.from(text).equals(bytes)) throw new Error(`${this.#path} is not text in UTF-8. Name another file.`);
    return text;
  }

  async prepare({ entry: { tool } }: Authorized): Promise<void> {
    if ((tool.discloses ?? []).length === 0) return;
    try {
      await this.check();
    } catch (error) {
      this.#log.error('secrets_file', { error: reasonOf(error) });
      throw new ToolError(
        'server_error',
        'Nothing was done: the result would hold a secret, and the file for secrets of this server cannot be written. The person who runs this server finds the reason in its log.',
        { retryable: false },
      );
    }
  }

  async take(result: Result, { entry: { tool } }: Authorized): Promise<Result> {
    if (result.kind !== 'success' || result.discloses.length === 0) return result;
    const secrets = result.discloses.flatMap((path) =>
      textsAt(result.data, path).map((value) => ({ name: variableOf(tool.name, path), value })),
    );
    const shown = await this.#store(secrets).catch((error: unknown) => {
      this.#log.error('secrets_file', { error: reasonOf(error) });
      const why =
        '[not shown, and not written: the file for secrets cannot be written. Make it writable, then make a new one.]';
      return new Map(secrets.map(({ value }) => [value, why]));
    });
    const data = withoutSecrets(result.data, shown) as JsonObject;
    const { links } = result;
    return { ...success(data, JSON.stringify(data)), ...(links !== undefined && { links }) };
  }

  /** Stores secrets, one call after the other. @returns what stands for each value */
  #store(secrets: readonly Secret[]): Promise<ReadonlyMap<string, string>> {
    const storing = this.#last.then(() => this.#write(secrets));
    this.#last = storing.catch(() => undefined);
    return storing;
  }

  /** Keeps other processes like this one from the file. What an editor does meanwhile is found out before it is replaced. */
  #write(secrets: readonly Secret[]): Promise<ReadonlyMap<string, string>> {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    return inTurn(this.#lock, { signal }, () => this.#writeLocked(secrets)).catch((error) => {
      if (error !== signal.reason) throw error;
      throw new Error('Another process does not stop writing to the file.');
    });
  }

  async #writeLocked(secrets: readonly Secret[]): Promise<ReadonlyMap<string, string>> {
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
      await this.check();
      const before = await this.#text();
      const { text, names } = added(before, secrets);
      // First, so that there is no moment at which a secret could be committed.
      await this.#ignore();
      if (await this.#replace(before, text)) {
        const file = basename(this.#path);
        return new Map([...names].map(([value, name]) => [value, `[not shown: ${name} in ${file}]`]));
      }
    }
    throw new Error('Something else keeps changing the file.');
  }

  /** Replaces the file, unless it has changed meanwhile. */
  async #replace(before: string, text: string): Promise<boolean> {
    // `.gitignore` names it, for a process that is killed here.
    const temporary = `${this.#path}.${randomUUID()}.tmp`;
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
      await file.close();
      if ((await this.#text()) !== before) return false;
      await rename(temporary, this.#path);
      return true;
    } finally {
      await file.close().catch(() => undefined);
      await rm(temporary, { force: true });
    }
  }

  /** Names the file in `.gitignore`, where it could be committed, with the unfinished ones beside it. */
  async #ignore(): Promise<void> {
    const folder = dirname(this.#path);
    const tree = await workTreeOf(folder);
    if (tree === undefined) return;
    const name = basename(this.#path);
    if (await isTracked(tree, this.#path)) {
      const what = `Git tracks ${name} already, whatever .gitignore says: its secrets would be committed. Take it out with git rm --cached.`;
      this.#log.warn('secrets_file', { error: what });
    }
    const list = join(folder, '.gitignore');
    try {
      const found = await lstat(list).catch(unlessMissing);
      // A link may lead to a file that has nothing to do with this folder.
      if (found !== undefined && !found.isFile()) throw new Error(`it is no file. Name ${name} in it yourself.`);
      const text = found === undefined ? '' : await readFile(list, 'utf8');
      const pattern = `/${asPattern(name)}`;
      const missing = [pattern, `${pattern}.*.tmp`].filter((line) => !isIgnoredBy(text, line));
      if (missing.length === 0) return;
      const lines = `${text === '' || text.endsWith('\n') ? '' : '\n'}${missing.join('\n')}\n`;
      const file = await open(list, APPEND_TO_FILE);
      await file.writeFile(lines).finally(() => file.close());
    } catch (error) {
      this.#log.warn('secrets_file', { error: `.gitignore: ${reasonOf(error)}` });
    }
  }
}

/** Whether a pattern is in the text of a `.gitignore`, and no line further down may take in again what it leaves out. */
function isIgnoredBy(text: string, pattern: string): boolean {
  const lines = text.split('\n').map((line) => line.trim());
  const named = lines.findLastIndex((line) => line === pattern || line === pattern.slice(1));
  return named !== -1 && !lines.slice(named).some((line) => line.startsWith('!'));
}

/** A name as `.gitignore` has it for that file alone (gitignore(5)). */
function asPattern(name: string): string {
  return name.replace(/[\\*?[\]]|^[!#]|\s$/g, String.raw`\$&`);
}

/** The text of a file with further variables, and the name that each value has in it. */
function added(before: string, secrets: readonly Secret[]): { text: string; names: ReadonlyMap<string, string> } {
  const known: Record<string, string | undefined> = { ...parse(before) };
  const names = new Map<string, string>();
  let text = before === '' || before.endsWith('\n') ? before : `${before}\n`;
  for (const { name, value } of secrets) {
    if (names.has(value)) continue;
    let free = name;
    for (let number = 2; known[free] !== undefined && known[free] !== value; number++) free = `${name}_${number}`;
    if (known[free] === undefined) text += `${free}=${quoted(value)}\n`;
    known[free] = value;
    names.set(value, free);
  }
  // What else is in the file may change what its readers take for a line.
  const read = parse(text);
  const isAsMeant = Object.entries(known).every(([name, value]) => read[name] === value);
  if (!isAsMeant || Object.keys(read).length !== Object.keys(known).length) throw unfit();
  return { text, names };
}

/** A value in the only quotes in which nothing has a meaning, neither to readers of such files nor to a shell. */
function quoted(value: string): string {
  if (value.includes("'") || value.endsWith('\\')) throw unfit();
  return `'${value}'`;
}

function unfit(): Error {
  return new Error('A secret holds characters that such a file cannot.');
}

/** The name of the variable for a secret: what the tool is about, and the member. `create_x_client`, `plain_secret`: X_CLIENT_SECRET. */
function variableOf(tool: string, path: string): string {
  const about = tool.split('_').slice(1).join('_');
  const member = (path.split('.').at(-1) ?? '').replace(/^plain_/, '');
  return (about.endsWith(member) ? about : `${about}_${member}`).toUpperCase();
}

/** The same value with what stands for each secret in its place, wherever it occurs. */
function withoutSecrets(value: unknown, shown: ReadonlyMap<string, string>): unknown {
  // The longest first, because one may begin with another one.
  const secrets = [...shown.keys()].toSorted((one, other) => other.length - one.length);
  const any = new RegExp(
    secrets.map((secret) => secret.replace(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)).join('|'),
    'g',
  );
  const replaced = (part: unknown): unknown => {
    if (typeof part === 'string') return part.replace(any, (secret) => shown.get(secret) ?? '');
    if (Array.isArray(part)) return part.map(replaced);
    if (!isObject(part)) return part;
    return Object.fromEntries(Object.entries(part).map(([name, member]) => [name, replaced(member)]));
  };
  return shown.size === 0 ? value : replaced(value);
}

function unlessMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
