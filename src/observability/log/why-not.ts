import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { processUser } from '../../core/process-user.ts';

/** The remedy for a folder in the place of a file. */
export const NAME_A_FILE = 'it is a folder. Name a file in it';

// What a person does about a file that cannot be written. The path is named: it is no secret, and often it is relative,
// or comes from a file that another program has read.

/** What is wrong, and the remedy, by the code of the system's error. Others are told by their code alone. */
const REMEDIES: Readonly<Record<string, (path: string, folder: string) => string>> = {
  ENOENT: (_, folder) =>
    existsSync(folder)
      ? 'it is a link to something that does not exist. Name a file in a folder that does'
      : `there is no folder ${folder}. Create it, and make it belong to ${processUser()}`,
  ENOTDIR: () => 'what should be a folder in this path is a file. Name a file in a folder',
  EISDIR: () => NAME_A_FILE,
  EACCES: (_, folder) =>
    `${processUser()} may not write there. Make ${folder} belong to that user, and the file as well if it exists`,
  EPERM: (_, folder) => `the system does not let ${processUser()}. Make ${folder} belong to that user`,
  EROFS: (_, folder) =>
    `its file system is read-only. Mount a volume at ${folder} that ${processUser()} may write to, or name a file on one`,
  ENOSPC: () => 'no space, or no number for another file, is left there. Make room',
  EDQUOT: () => `${processUser()} has used up its share of the disk. Make room`,
};

/**
 * Says why a file cannot be written, and what to do about it.
 * @param path as the setting has it
 * @param error of the system, with its `code`
 * @returns a clause without a full stop
 */
export function whyNotWritable(path: string, error: unknown): string {
  const code = String((error as NodeJS.ErrnoException).code);
  const whole = resolve(path);
  const remedy = REMEDIES[code]?.(whole, dirname(whole));
  return `${whole} cannot be written (${code})${remedy === undefined ? '' : `: ${remedy}`}`;
}
