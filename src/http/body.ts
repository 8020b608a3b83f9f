import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { Gathering, type Reserve } from '../core/gather.ts';

/** A body that was not read. `status` is the HTTP status to answer with; the message says why. */
export class BodyRefused extends Error {
  override readonly name = 'BodyRefused';
  readonly status: 400 | 413;

  constructor(status: 400 | 413, message: string) {
    super(message);
    this.status = status;
  }
}

/** A body as text. */
export interface BodyText {
  readonly text: string;
  /** Its length in bytes. */
  readonly bytes: number;
}

/**
 * Reads the body of a request as text. The HTTP server's `requestTimeout` limits how long that may take.
 * @param maxBytes the largest body, in bytes
 * @param reserve told of the memory that the body needs: at once if `Content-Length` says it, otherwise as it grows
 * @throws BodyRefused 413 when it is larger (without reading it when `Content-Length` says so), 400 when it is not
 *   UTF-8 or ends early; and what `reserve` throws
 */
export async function readText(request: IncomingMessage, maxBytes: number, reserve: Reserve): Promise<BodyText> {
  const bytes = await readBytes(request, maxBytes, reserve);
  // Decoding would replace invalid sequences, so that the text that is checked would differ from the bytes that were
  // sent.
  if (!isUtf8(bytes)) throw new BodyRefused(400, 'The body is not valid UTF-8.');
  return { text: bytes.toString('utf8'), bytes: bytes.length };
}

function readBytes(request: IncomingMessage, maxBytes: number, reserve: Reserve): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const announced = request.headers['content-length'];
    const length = announced === undefined ? undefined : Number(announced);
    if (length !== undefined && length > maxBytes) throw tooLarge(maxBytes);
    const gathering = new Gathering(length, reserve);
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      try {
        if (size > maxBytes) throw tooLarge(maxBytes);
        gathering.add(chunk);
      } catch (error) {
        request.removeAllListeners('data').pause();
        reject(error);
      }
    });
    const closed = () => reject(new BodyRefused(400, 'The body ended before it was complete.'));
    request.on('close', closed);
    request.on('end', () => {
      // `close` follows `end`. Creating an error that is then ignored costs more than reading a small body.
      request.off('close', closed);
      resolve(gathering.bytes);
    });
  });
}

function tooLarge(maxBytes: number): BodyRefused {
  return new BodyRefused(
    413,
    `The body is larger than ${maxBytes} bytes, the most that is read here. Send a smaller one.`,
  );
}
