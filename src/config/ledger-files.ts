import { basename, dirname, extname, join } from 'node:path';

// The files that belong to one ledger. Nothing else may write to any of them.

const SEQ_DIGITS = 12;
/** The number of digits distinguishes them from the ledger of a worker, which may be called `ledger.1`. */
const ROTATED = new RegExp(`^\\.\\d{${SEQ_DIGITS},}$`);

/** The ledger of a worker: `audit.jsonl` becomes `audit.1.jsonl`. */
export function workerLedger(file: string, worker: number): string {
  const extension = extname(file);
  return join(dirname(file), `${basename(file, extension)}.${worker}${extension}`);
}

/** The name of a full file. It names the last record, so that the names sort in the order of the chain. */
export function rotatedLedger(file: string, lastSeq: number): string {
  return `${file}.${String(lastSeq).padStart(SEQ_DIGITS, '0')}`;
}

/** Whether a file in the folder of a ledger is one of its full files. */
export function isRotatedLedger(file: string, name: string): boolean {
  return name.startsWith(basename(file)) && ROTATED.test(name.slice(basename(file).length));
}

/** The file that says which process writes a ledger. Hidden, so that `audit.jsonl*` names the files of a ledger only. */
export function ledgerLock(file: string): string {
  return join(dirname(file), `.${basename(file)}.lock`);
}
