import { existsSync, readFileSync, statSync } from 'node:fs';
import { processUser } from '../core/process-user.ts';
import type { Problems } from './problems.ts';
import { text } from './values.ts';

// Secrets from files, as Docker and Kubernetes mount them into a container. Error messages never quote the content, nor
// what could be a secret that was set in place of a path.

/** The variables that hold secrets. The value of each may come from the file that `<name>_FILE` names. */
const FROM_FILES = ['SCALEKIT_CLIENT_SECRET', 'REDIS_URL', 'CONFIRMATION_KEYS'] as const;

/** Secrets are short. A longer file is the wrong one, and may be endless, such as a device. */
const MAX_BYTES = 64 * 1024;

type FileVariable = `${(typeof FROM_FILES)[number]}_FILE`;
type Environment = Readonly<Record<string, string | undefined>>;

/** The variables that name files with secrets. */
export const SECRET_FILES: readonly string[] = FROM_FILES.map((name) => `${name}_FILE`);
/** The variables by which a process gets secrets. */
export const SECRETS: readonly string[] = [...FROM_FILES, ...SECRET_FILES];

const path = text.optional();
export const FILE_VARIABLES = Object.fromEntries(FROM_FILES.map((name) => [`${name}_FILE`, path])) as Record<
  FileVariable,
  typeof path
>;

/**
 * Adds the secrets that the `_FILE` variables name to the environment, each without the line breaks at its end. An
 * empty variable counts as unset. In workspace mode the secret of a client is not used, so that its file is not read.
 * @param problems gets a line for each file that cannot be read; its secret is then missing in the result
 */
export function readSecretFiles(env: Environment, problems: Problems): Record<string, string | undefined> {
  const secrets: Record<string, string> = {};
  const isWorkspaceMode = Boolean(env['SCALEKIT_API_URL']?.trim());
  for (const name of FROM_FILES) {
    const file = env[`${name}_FILE`]?.trim();
    if (!file || (isWorkspaceMode && name === 'SCALEKIT_CLIENT_SECRET')) continue;
    if (env[name]?.trim()) {
      problems.of(`${name}_FILE`, `${name} is set as well. Set one of them.`, name);
      continue;
    }
    try {
      secrets[name] = readSecret(file);
    } catch (error) {
      problems.of(`${name}_FILE`, `${(error as Error).message}${placeOf(file)}.`, name);
    }
  }
  return { ...env, ...secrets };
}

/** The variable that a secret was given with: the one that names its file, where that is set. */
export function givenWith(env: Environment, name: string): string {
  return FROM_FILES.some((one) => one === name) && env[`${name}_FILE`]?.trim() ? `${name}_FILE` : name;
}

/** @throws Error whose message says what is wrong with the file, without its path and content */
function readSecret(file: string): string {
  const bytes = readSmallFile(file);
  let content: string;
  try {
    content = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Error('holds something that is not text');
  }
  const secret = content.replace(/[\r\n]+$/, '');
  if (secret.trim() === '') throw new Error('is empty');
  return secret;
}

function readSmallFile(file: string): Buffer {
  try {
    const found = statSync(file);
    if (!found.isFile()) throw new Error('does not name a file');
    if (found.size > MAX_BYTES) throw new Error(`is larger than ${MAX_BYTES / 1024} KiB, which no secret is`);
    return readFileSync(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    const reason = REASONS[code];
    throw new Error(`cannot be read (${code})${reason === undefined ? '' : `: ${reason()}`}`);
  }
}

const REASONS: Readonly<Record<string, () => string>> = {
  ENOENT: () => 'there is no such file',
  ENOTDIR: () => 'there is no such file',
  EACCES: () => `${processUser()} may not read it, or may not enter its folder`,
};

/** The path for a message: only of one that begins with a folder that there is, which no secret does. */
function placeOf(file: string): string {
  const [, folder] = /^(\/[^/]+)\/[^/]/.exec(file) ?? [];
  return folder !== undefined && existsSync(folder)
    ? `: ${file}`
    : '. Set it to the path of a file, not to the secret itself';
}
