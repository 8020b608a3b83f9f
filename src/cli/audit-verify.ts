import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { demandNode } from '../core/node-version.ts';
import type { Verdict } from '../observability/audit/verify.ts';

// Before anything is imported that an old Node.js lacks.
demandNode();
const { verifyLedger } = await import('../observability/audit/verify.ts');

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

/** How many workers without an end are named. */
const MAX_NAMED = 10;

/** Prints the outcome of the verification. */
function report(verdict: Verdict, isInterleaved: boolean): void {
  if (!verdict.whole) {
    console.error(`BROKEN at ${verdict.file}:${verdict.line}: ${verdict.reason}.`);
    return;
  }
  const { records, first, head, ends, instances, chains, lost, torn, workers, unended } = verdict;
  if (records === 0) {
    console.error('NO RECORD: a ledger begins with one when it is opened.');
    return;
  }
  console.log(`WHOLE: ${counted(records, 'record')}, ${first} to ${head.seq}, of ${counted(instances, 'instance')}.`);
  if (chains > 1) console.log(`${chains} chains stand side by side, each whole.`);
  if (torn > 0) {
    console.log(`${counted(torn, 'time')} its end was cut off in the middle of a line; the records after that say so.`);
    console.log(
      'They cannot say how many whole records went with it. Compare the sequence number and hash that the log',
    );
    console.log('has of each start (audit) with those of the stop before (audit_stopped).');
  }
  if (workers > 0 && !isInterleaved) {
    console.log(
      `It names ${counted(workers, 'chain')} of workers. Whether all of it is there shows with --interleaved and all files.`,
    );
  }
  if (unended.length > 0) {
    const named = unended.slice(0, MAX_NAMED).map(({ worker, seq }) => `worker ${worker} (record ${seq})`);
    if (unended.length > MAX_NAMED) named.push(`${unended.length - MAX_NAMED} more`);
    console.log(`Named as started and never as ended: ${named.join(', ')}. They run, or ended together with their`);
    console.log('primary, so that nothing here proves which of their records was the last one.');
  }
  if (lost > 0) console.log(`${counted(lost, 'record')} could not be written; the ledger says where.`);
  for (const { seq, hash, instance, file } of ends) {
    // The file tells the chains of workers apart, the instance those of one stderr.
    const which = chains > 1 ? `, of the instance ${named(instance)} in ${file}` : '';
    console.log(`Record ${seq} is the last of its chain: ${hash}${which}`);
  }
  console.log('Keep what the last ones are elsewhere: it proves later that nothing was taken from the end.');
}

/** An instance as the server names it. The ledger may say anything, and a terminal obeys some of that. */
function named(instance: string): string {
  return /^[\w-]{1,64}$/.test(instance) ? instance : '(no name of this server)';
}

/** A number with its noun: `1 record`, `2 records`. */
function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** The arguments without the patterns that the shell left as they were, because no file matched them. */
function withoutEmptyPatterns(files: readonly string[]): readonly string[] {
  const rest = files.filter((file) => !file.includes('*') || existsSync(file));
  return rest.length === 0 ? files : rest;
}

/** @returns the exit code: 0 for a whole ledger, 1 for a broken one */
async function main(): Promise<number> {
  const { values, positionals: files } = parseArgs({
    options: { after: { type: 'string' }, interleaved: { type: 'boolean' } },
    allowPositionals: true,
  });
  if (files.length === 0 || (values.interleaved && values.after !== undefined)) throw new Error(USAGE);
  const verdict = await verifyLedger(withoutEmptyPatterns(files), values);
  report(verdict, values.interleaved === true);
  return verdict.whole && verdict.records > 0 ? 0 : 1;
}

process.exitCode = await main().catch((error: Error) => {
  console.error(error.message);
  return 2;
});
