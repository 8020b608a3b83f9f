import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';

/** `pipeline` adds seven listeners, and Node warns of a leak above ten. */
const MAX_LISTENERS = 20;

/**
 * Sends a web `Response`: an event stream chunk by chunk, anything else at once with a content length. When the client
 * disconnects, the stream is cancelled.
 */
export async function sendResponse(response: ServerResponse, answer: Response): Promise<void> {
  response.statusCode = answer.status;
  for (const [name, value] of answer.headers) {
    // The connection is managed by this server, not by what made the response.
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
