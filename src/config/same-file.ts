import { readdirSync, readlinkSync, realpathSync, type Stats, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { isRotatedLedger, ledgerLock, workerLedger } from './ledger-files.ts';

const MAX_LINKS = 40;

/**
 * Whether a path leads to a file of a ledger, by whatever name: to the ledger itself, to one of its full files, its lock,
 * or the ledger of a worker. Links are followed, and files that exist are compared by device and inode.
 * @param workers how many processes write; each of several has a ledger of its own
 */
export function isLedgerFile(path: string, ledger: string, workers: number): boolean {
  const own = workers > 1 ? Array.from({ length: workers }, (_, index) => workerLedger(ledger, index + 1)) : [];
  return [ledger, ...own].some((file) => belongs(realPath(path), statOf(path), realPath(file)));
}

function belongs(path: string, stats: Stats | undefined, ledger: string): boolean {
  const isPart = (name: string) => name === basename(ledger) || isRotatedLedger(ledger, name);
  if (path === ledgerLock(ledger)) return true;
  if (dirname(path) === dirname(ledger) && isPart(basename(path))) return true;
  // Devices such as /dev/null may be shared.
  if (stats?.isFile() !== true) return false;
  return namesIn(dirname(ledger))
    .filter(isPart)
    .map((name) => statOf(join(dirname(ledger), name)))
    .some((other) => other?.dev === stats.dev && other.ino === stats.ino);
}

/** The path without links, also if the file at its end does not exist. */
function realPath(path: string, links = 0): string {
  const whole = resolve(path);
  try {
    return realpathSync(whole);
  } catch {
    const target = links < MAX_LINKS ? linkAt(whole) : undefined;
    if (target !== undefined) return realPath(resolve(dirname(whole), target), links + 1);
    return dirname(whole) === whole ? whole : join(realPath(dirname(whole), links), basename(whole));
  }
}

function linkAt(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

/** Undefined if it cannot be read; opening the file reports that later. */
function statOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
