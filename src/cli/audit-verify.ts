import { parseArgs } from 'node:util';
import { demandNode } from '../core/node-version.ts';

// Before anything is imported that an old Node.js lacks.
demandNode();
const { verifyFiles } = await import('./ledger-verdict.ts');

const USAGE = `Usage: npm run audit:verify -- [--after HASH | --interleaved] FILE…
       node dist/cli/audit-verify.js [--after HASH | --interleaved] FILE…

Follows the chain of an audit ledger through its files, oldest first, and reports the first broken link.
  --after HASH   the hash of the record before the first one, where older files are gone: that of the last line
                 audit_file_removed in the log
  --interleaved  several processes have written here, each a chain of its own, as workers do to one stderr. Also for the
                 files of a primary and all its workers together: then a chain or an end that is missing is found too
A FILE with a * that does not exist is a pattern that the shell found no files for, as audit.jsonl.* before the ledger has
first filled a file. It is left out, unless it is the only one.

It ends with 0 when the ledger is whole, with 1 when it is broken or empty, and with 2 when it was not verified.`;

/** @returns the exit code: 0 for a whole ledger, 1 for a broken one */
async function main(): Promise<number> {
  const { values, positionals: files } = parseArgs({
    options: { after: { type: 'string' }, interleaved: { type: 'boolean' } },
    allowPositionals: true,
  });
  if (files.length === 0 || (values.interleaved && values.after !== undefined)) throw new Error(USAGE);
  const { isWhole, lines } = await verifyFiles(files, values);
  const say = isWhole ? console.log : console.error;
  for (const line of lines) say(line);
  return isWhole ? 0 : 1;
}

process.exitCode = await main().catch((error: Error) => {
  console.error(error.message);
  return 2;
});
