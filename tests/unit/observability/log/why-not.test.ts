import { expect } from 'vitest';
import { whyNotWritable } from '../../../../src/observability/log/why-not.ts';
import { verifies } from '../../../verifies.ts';

const USER = `the user of this process (uid ${process.getuid?.()})`;

verifies.each('audit.file', [
  ['ENOENT', `there is no folder /nowhere/logs. Create it, and make it belong to ${USER}`],
  ['ENOTDIR', 'what should be a folder in this path is a file. Name a file in a folder'],
  ['EISDIR', 'it is a folder. Name a file in it'],
  ['EACCES', `${USER} may not write there. Make /nowhere/logs belong to that user, and the file as well if it exists`],
  ['EPERM', `the system does not let ${USER}. Make /nowhere/logs belong to that user`],
  [
    'EROFS',
    `its file system is read-only. Mount a volume at /nowhere/logs that ${USER} may write to, or name a file on one`,
  ],
  ['ENOSPC', 'no space, or no number for another file, is left there. Make room'],
  ['EDQUOT', `${USER} has used up its share of the disk. Make room`],
])('says which file cannot be written, and what to do: %s', (code, remedy) => {
  const error = Object.assign(new Error('of the system'), { code });
  expect(whyNotWritable('/nowhere/logs/audit.jsonl', error)).toBe(
    `/nowhere/logs/audit.jsonl cannot be written (${code}): ${remedy}`,
  );
});

verifies('audit.file', 'names the whole path of a relative one, and only the code of what it does not know', () => {
  const error = Object.assign(new Error('of the system'), { code: 'EIO' });
  expect(whyNotWritable('audit.jsonl', error)).toBe(`${process.cwd()}/audit.jsonl cannot be written (EIO)`);
});
