import type { IncomingMessage } from 'node:http';
import type { SmallChunks } from './small-chunks.ts';
import type { UnreadBodies } from './unread.ts';

/** Pieces of a body that are smaller are put together up to this size, in bytes. */
const BLOCK = 4 * 1024;
/** So many pieces of a body may wait for whoever reads it. */
const MOST_PIECES = 64;
/** Chunks that have so many bytes on average are not counted as small. */
const LEAST_AVERAGE = 8;
/** So many small ones a body may have in any case, and so many at most: each takes a microsecond. No client writes as many. */
const FEW_CHUNKS = 512;
export const MANY_CHUNKS = 8_192;

/** What is counted over all bodies of a server. */
export interface Counts {
  readonly unread: UnreadBodies;
  readonly small: SmallChunks;
}

/**
 * Keeps the body of a request in few pieces for as long as nobody reads it, which may be ten seconds. Node would keep a
 * `Buffer` for each chunk, however small, and limits the bytes of content alone: some MB for each connection that sends chunks
 * of one byte. Small ones become one piece, and no more arrives while too many pieces wait. A connection that goes on with
 * chunks of a few bytes is ended.
 *
 * Breaks when Node's parser no longer hands over what it reads by `push`, or no longer stops reading when that returns false.
 * @param counts told of what arrives
 */
export function keepInFewPieces(request: IncomingMessage, { unread, small }: Counts): void {
  const { 'transfer-encoding': coding, 'content-length': length = '0' } = request.headers;
  if (coding === undefined && length === '0') return;
  const push = request.push.bind(request);
  /** A small chunk with nothing else that has arrived beside it, as most bodies are: it is handed over as it is. */
  let alone: Buffer | undefined;
  let block: Buffer | undefined;
  let used = 0;
  let pieces = 0;
  let chunks = 0;
  let bytes = 0;
  const pushPiece = (piece: Buffer) => {
    pieces = request.readableLength === 0 ? 1 : pieces + 1;
    push(piece);
  };
  const handOver = () => {
    if (used === 0) return;
    const piece = alone ?? Buffer.from((block as Buffer).subarray(0, used));
    alone = undefined;
    used = 0;
    pushPiece(piece);
  };
  const putTogether = (chunk: Buffer) => {
    if (used + chunk.length > BLOCK) handOver();
    if (used === 0) {
      // What has arrived waits for no more than what arrives with it.
      setImmediate(handOver);
      alone = chunk;
      used = chunk.length;
      return;
    }
    block ??= Buffer.allocUnsafe(BLOCK);
    alone?.copy(block);
    alone = undefined;
    used += chunk.copy(block, used);
  };
  let isEnded = false;
  request.push = (chunk: Buffer | null) => {
    // What was read at once is parsed to its end.
    if (isEnded) return false;
    if (chunk === null || chunk.length >= BLOCK) handOver();
    if (chunk === null) return push(null);
    chunks++;
    bytes += chunk.length;
    if (chunks > FEW_CHUNKS && bytes < chunks * LEAST_AVERAGE && (chunks > MANY_CHUNKS || !small.take())) {
      isEnded = true;
      endNow(request);
      return false;
    }
    unread.add(request, chunk.length);
    if (chunk.length >= BLOCK) pushPiece(chunk);
    else putTogether(chunk);
    return request.readableLength + used < request.readableHighWaterMark && pieces < MOST_PIECES;
  };
}

/** Where Node's parser has what it calls with each chunk of a body (`HTTPParser.kOnBody`). */
const ON_BODY = 3;

/**
 * Ends a connection. What was read from it at once is parsed to its end, some ten thousand chunks, each of which would become a
 * buffer first: until then the parser has nobody to hand them to. Parsers are used again, but not before the connection has closed,
 * which is later.
 *
 * Breaks when Node's parser no longer looks for that each time: then such chunks cost as much as others.
 */
function endNow({ socket }: IncomingMessage): void {
  const { parser } = socket as { readonly parser?: Record<number, unknown> | null };
  socket.destroy();
  const onBody = parser?.[ON_BODY];
  if (!parser || typeof onBody !== 'function') return;
  parser[ON_BODY] = undefined;
  setImmediate(() => {
    parser[ON_BODY] = onBody;
  });
}
