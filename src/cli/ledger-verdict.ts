import { existsSync } from 'node:fs';
import { type Verdict, verifyLedger } from '../observability/audit/verify.ts';

/** What the verification of a ledger has found. */
export interface Verified {
  readonly verdict: Verdict;
  /** Whether there are records, and their chain is whole. */
  readonly isWhole: boolean;
  /** The same for people. */
  readonly lines: readonly string[];
}

/**
 * Follows the chain of a ledger through its files.
 * @param files oldest first. One with a * that does not exist is a pattern that the shell found no files for: it is left
 *   out, unless it is the only one
 * @param options `after`: the hash of the record before the first one; `interleaved`: the files hold several chains
 * @throws Error when a file cannot be read, or the hash is none
 */
export async function verifyFiles(
  files: readonly string[],
  options: { readonly after?: string; readonly interleaved?: boolean },
): Promise<Verified> {
  const verdict = await verifyLedger(withoutEmptyPatterns(files), options);
  return {
    verdict,
    isWhole: verdict.whole && verdict.records > 0,
    lines: linesOf(verdict, options.interleaved === true),
  };
}

/** How many workers without an end are named. */
const MAX_NAMED = 10;

/** The outcome of the verification, in lines. */
function linesOf(verdict: Verdict, isInterleaved: boolean): string[] {
  if (!verdict.whole) return [`BROKEN at ${verdict.file}:${verdict.line}: ${verdict.reason}.`];
  const { records, first, head, ends, instances, chains, lost, torn, workers, unended } = verdict;
  if (records === 0) return ['NO RECORD: a ledger begins with one when it is opened.'];
  const lines: string[] = [];
  lines.push(`WHOLE: ${counted(records, 'record')}, ${first} to ${head.seq}, of ${counted(instances, 'instance')}.`);
  if (chains > 1) lines.push(`${chains} chains stand side by side, each whole.`);
  if (torn > 0) {
    lines.push(`${counted(torn, 'time')} its end was cut off in the middle of a line; the records after that say so.`);
    lines.push(
      'They cannot say how many whole records went with it. Compare the sequence number and hash that the log',
    );
    lines.push('has of each start (audit) with those of the stop before (audit_stopped).');
  }
  if (workers > 0 && !isInterleaved) {
    lines.push(
      `It names ${counted(workers, 'chain')} of workers. Whether all of it is there shows with --interleaved and all files.`,
    );
  }
  if (unended.length > 0) {
    const named = unended.slice(0, MAX_NAMED).map(({ worker, seq }) => `worker ${worker} (record ${seq})`);
    if (unended.length > MAX_NAMED) named.push(`${unended.length - MAX_NAMED} more`);
    lines.push(`Named as started and never as ended: ${named.join(', ')}. They run, or ended together with their`);
    lines.push('primary, so that nothing here proves which of their records was the last one.');
  }
  if (lost > 0) lines.push(`${counted(lost, 'record')} could not be written; the ledger says where.`);
  for (const { seq, hash, instance, file } of ends) {
    // The file tells the chains of workers apart, the instance those of one stderr.
    const which = chains > 1 ? `, of the instance ${named(instance)} in ${file}` : '';
    lines.push(`Record ${seq} is the last of its chain: ${hash}${which}`);
  }
  lines.push('Keep what the last ones are elsewhere: it proves later that nothing was taken from the end.');
  return lines;
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
