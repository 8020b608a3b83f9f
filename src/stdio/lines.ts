import { idAtTheEdges } from './edge-id.ts';

const NEWLINE = 0x0a;
/** So many bytes of both ends of a line that is too long are kept, to find the id of its message. */
const EDGE_BYTES = 1024;

/** A line that has come, without its end; or what is known of one that was too long. */
export type Line =
  | { readonly kind: 'line'; readonly text: string; readonly bytes: number }
  | { readonly kind: 'not-utf-8' }
  | { readonly kind: 'too-long'; readonly id: string | number | undefined };

/**
 * Divides what comes in into lines (MCP, transports, "stdio"). A line that is too long is dropped while it comes, so that it
 * takes no more memory than the longest one that is read.
 */
export class LineReader {
  readonly #maxBytes: () => number;
  readonly #decoder = new TextDecoder('utf-8', { fatal: true });
  #parts: Buffer[] = [];
  #bytes = 0;
  /** Both ends of the line that is being dropped. */
  #dropped: { readonly head: Buffer; tail: Buffer } | undefined;

  /** @param maxBytes the longest line in bytes */
  constructor(maxBytes: () => number) {
    this.#maxBytes = maxBytes;
  }

  /** The lines that are complete with this piece. Empty ones are passed over. */
  *push(piece: Buffer): Generator<Line> {
    let begin = 0;
    for (let end = piece.indexOf(NEWLINE); end !== -1; end = piece.indexOf(NEWLINE, begin)) {
      this.#add(piece.subarray(begin, end));
      begin = end + 1;
      yield* this.end();
    }
    this.#add(piece.subarray(begin));
  }

  /** The line that the end of the input completes, if there is one. */
  *end(): Generator<Line> {
    const dropped = this.#dropped;
    const bytes = this.#bytes;
    const whole = Buffer.concat(this.#parts);
    this.#parts = [];
    this.#bytes = 0;
    this.#dropped = undefined;
    if (dropped !== undefined) {
      yield { kind: 'too-long', id: idAtTheEdges(dropped.head.toString('latin1'), dropped.tail.toString('latin1')) };
      return;
    }
    let text: string;
    try {
      text = this.#decoder.decode(whole).trim();
    } catch {
      yield { kind: 'not-utf-8' };
      return;
    }
    if (text !== '') yield { kind: 'line', text, bytes };
  }

  #add(piece: Buffer): void {
    if (this.#dropped !== undefined) {
      this.#dropped.tail = lastOf([this.#dropped.tail, piece]);
      return;
    }
    this.#bytes += piece.length;
    // Copied: the piece is a part of a buffer that may be large.
    if (piece.length > 0) this.#parts.push(Buffer.from(piece));
    if (this.#bytes <= this.#maxBytes()) return;
    const head = Buffer.from(Buffer.concat(this.#parts).subarray(0, EDGE_BYTES));
    this.#dropped = { head, tail: lastOf(this.#parts) };
    this.#parts = [];
  }
}

/** The last bytes of some pieces. */
function lastOf(pieces: readonly Buffer[]): Buffer {
  return Buffer.from(Buffer.concat(pieces.map((piece) => piece.subarray(-EDGE_BYTES))).subarray(-EDGE_BYTES));
}
