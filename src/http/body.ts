import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';

/** A body that was not read. `status` is the HTTP status to answer with; the message says why. */
export class BodyRefused extends Error {
  override readonly name = 'BodyRefused';
  readonly status: 400 | 413;

  constructor(status: 400 | 413, message: string) {
    super(message);
    this.status = status;
  }
}

/**
 * Reads the body of a request as text. The HTTP server's `requestTimeout` limits how long that may take.
 * @param maxBytes the largest body, in bytes
 * @throws BodyRefused 413 when it is larger (without reading it when `Content-Length` says so), 400 when it is not
 *   UTF-8 or ends early
 */
export async function readText(request: IncomingMessage, maxBytes: number): Promise<string> {
  const bytes = await readBytes(request, maxBytes);
  // Decoding would replace invalid sequences, so that the text that is checked would differ from the bytes that were
  // sent.
  if (!isUtf8(bytes)) throw new BodyRefused(400, 'The body is not valid UTF-8.');
  return bytes.toString('utf8');
}

function readBytes(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const tooLarge = () => reject(new BodyRefused(413, `The body is larger than ${maxBytes} bytes.`));
    if (Number(request.headers['content-length']) > maxBytes) return tooLarge();
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= maxBytes) {
        chunks.push(chunk);
      } else {
        request.removeAllListeners('data').pause();
        tooLarge();
      }
    });
    const closed = () => reject(new BodyRefused(400, 'The body ended before it was complete.'));
    request.on('close', closed);
    request.on('end', () => {
      // `close` follows `end`. Creating an error that is then ignored costs more than reading a small body.
      request.off('close', closed);
      resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks));
    });
  });
}
