import { parseArgs } from 'node:util';
import { type Verdict, verifyLedger } from '../observability/audit/verify.ts';

const USAGE = `Usage: npm run audit:verify -- [--after HASH | --interleaved] FILE…

Follows the chain of an audit ledger through its files, oldest first, and reports the first broken link.
  --after HASH   the hash of the record before the first one, where older files are gone
  --interleaved  several processes have written here, each a chain of its own, as workers do to one stderr`;

/** Prints the outcome of the verification. */
function report(verdict: Verdict): void {
  if (!verdict.whole) {
    console.error(`BROKEN at ${verdict.file}:${verdict.line}: ${verdict.reason}.`);
    return;
  }
  const { records, first, head, ends, instances, chains, lost, torn } = verdict;
  if (records === 0) {
    console.error('NO RECORD: a ledger begins with one when it is opened.');
    return;
  }
  console.log(`WHOLE: ${records} records, ${first} to ${head.seq}, of ${instances} instances.`);
  if (chains > 1) console.log(`${chains} chains stand side by side, each whole.`);
  if (torn > 0) console.log(`${torn} lines were cut off by a crash; the records after them say so.`);
  if (lost > 0) console.log(`${lost} records could not be written; the ledger says where.`);
  for (const { seq, hash } of ends) console.log(`Record ${seq} is the last of its chain: ${hash}`);
  console.log('Keep what the last ones are elsewhere: it proves later that nothing was taken from the end.');
}

/** @returns the exit code: 0 for a whole ledger, 1 for a broken one */
async function main(): Promise<number> {
  const { values, positionals: files } = parseArgs({
    options: { after: { type: 'string' }, interleaved: { type: 'boolean' } },
    allowPositionals: true,
  });
  if (files.length === 0 || (values.interleaved && values.after !== undefined)) throw new Error(USAGE);
  const verdict = await verifyLedger(files, values);
  report(verdict);
  return verdict.whole && verdict.records > 0 ? 0 : 1;
}

process.exitCode = await main().catch((error: Error) => {
  console.error(error.message);
  return 2;
});
