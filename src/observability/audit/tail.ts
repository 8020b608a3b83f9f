import { parseJson } from '../../core/json.ts';
import { type Head, MAX_LINE, readLine } from './chain.ts';

const NEWLINE = 0x0a;
/** The most lines that may be cut off at the end of a file. Each needs a crash before the record of the one before. */
export const MAX_TORN_LINES = 1_000;

/** What crashes have left at the end of a file: lines that were cut off, one for each crash. */
export interface TornEnd {
  /** Everything after the last record, line feeds between the lines included. */
  readonly bytes: Buffer;
  /** How many lines were cut off. */
  readonly lines: number;
}

/** The end of a ledger file. */
export interface Tail {
  /** The last record; undefined if there is none. */
  readonly head: Head | undefined;
  readonly torn: TornEnd | undefined;
  /** Whether the file does not end with a line feed. */
  readonly midLine: boolean;
}

/**
 * Finds the last record at the end of a file, and what a crash has cut off after it. A second crash may have cut off the
 * record that was to explain the first one, so there may be several such lines.
 * @param bytes the end of the file; the beginning of the first line may be missing
 * @returns undefined if the file does not end like a ledger: with a record, or in the middle of one
 */
export function readTail(bytes: Buffer): Tail | undefined {
  const end = bytes.lastIndexOf(NEWLINE) + 1;
  const rest = bytes.subarray(end);
  if (rest.length > MAX_LINE) return undefined;
  const midLine = rest.length > 0;
  const complete = lastRecord(bytes.subarray(0, end));
  if (complete === undefined) return undefined;
  const { head, cut } = complete;
  // A last line that lacks only its line feed is a record like any other.
  const last = readLine(rest);
  if (typeof last !== 'string' && (head === undefined || last.prev === head.hash)) {
    return { head: last, torn: undefined, midLine };
  }
  if (!midLine) return cut.length === 0 ? { head, torn: undefined, midLine } : undefined;
  const length = cut.reduce((sum, line) => sum + line.length + 1, rest.length);
  return { head, torn: { bytes: bytes.subarray(bytes.length - length), lines: cut.length + 1 }, midLine };
}

/**
 * @param complete complete lines
 * @returns the last record, and the lines that were cut off after it, newest first; undefined if the last lines are neither
 */
function lastRecord(
  complete: Buffer,
): { readonly head: Head | undefined; readonly cut: readonly Buffer[] } | undefined {
  const cut: Buffer[] = [];
  for (let end = complete.length; end > 0; ) {
    const start = end < 2 ? 0 : complete.lastIndexOf(NEWLINE, end - 2) + 1;
    const line = complete.subarray(start, end - 1);
    const record = readLine(line);
    if (typeof record !== 'string') return { head: record, cut };
    // A whole JSON value that is not a record was changed, or never was one.
    if (parseJson(line.toString()) !== undefined) return undefined;
    if (line.length > MAX_LINE || cut.length === MAX_TORN_LINES) return undefined;
    cut.push(line);
    end = start;
  }
  return cut.length === 0 ? { head: undefined, cut } : undefined;
}
