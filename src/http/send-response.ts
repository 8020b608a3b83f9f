import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';

/** A pipeline adds seven listeners by itself, and Node takes more than ten for a leak. */
const MAX_LISTENERS = 20;

/**
 * Writes a web `Response`: in one piece with a content length, or as it comes when it is an event stream. A client that
 * goes away ends the stream, and its source learns of it.
 */
export async function sendResponse(response: ServerResponse, answer: Response): Promise<void> {
  response.statusCode = answer.status;
  for (const [name, value] of answer.headers) {
    // Connection management is this server's own.
    if (name !== 'connection') response.setHeader(name, value);
  }
  if (answer.body !== null && answer.headers.get('content-type')?.startsWith('text/event-stream')) {
    response.setMaxListeners(MAX_LISTENERS).flushHeaders();
    await pipeline(Readable.fromWeb(answer.body as ReadableStream), response).catch(() => undefined);
    return;
  }
  const bytes = Buffer.from(await answer.arrayBuffer());
  response.setHeader('Content-Length', bytes.byteLength);
  response.end(bytes);
}
