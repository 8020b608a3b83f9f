// Which commit a build is made from. Only builds ask git; a server reads what its build has written.
import { execFileSync } from 'node:child_process';

/** A commit's name in hexadecimal digits, and `-dirty` where files differ from it. */
const REVISION = /^[0-9a-f]{7,64}(-dirty)?$/;

/**
 * The commit that a build is made from: `GIT_REVISION`, for where the history is not at hand, or else what git says.
 * @param {string} root the folder of the project
 * @returns {string | undefined} undefined where neither names one
 */
export function revisionOf(root) {
  const given = process.env.GIT_REVISION;
  const revision = given || described(root);
  return REVISION.test(revision) ? revision : undefined;
}

function described(root) {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty', '--abbrev=40', '--exclude=*'], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    // No git here, or no history: a copy of the files alone.
    return '';
  }
}
