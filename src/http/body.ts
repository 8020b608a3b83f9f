import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';

/** Why a body was not read. `status` is the HTTP status that says so. */
export class BodyRefused extends Error {
  override readonly name = 'BodyRefused';
  readonly status: 400 | 413;

  constructor(status: 400 | 413, message: string) {
    super(message);
    this.status = status;
  }
}

/**
 * Reads a request's body as text, up to a size in bytes. How long it may take is the HTTP server's `requestTimeout`.
 * @throws BodyRefused 413 when it is larger (at once when the client says so beforehand), 400 when it is not UTF-8 or
 *   ends early
 */
export async function readText(request: IncomingMessage, maxBytes: number): Promise<string> {
  const bytes = await readBytes(request, maxBytes);
  // Decoding would replace broken sequences, and then the text that was checked is not the text that was sent.
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
      // It would come next, and an error for nobody costs more than reading a small body.
      request.off('close', closed);
      resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks));
    });
  });
}
