import type { ServerResponse } from 'node:http';

/** A complete answer, before it goes over the wire. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export function sendAnswer(res: ServerResponse, { status, headers, body }: Answer): void {
  // A client that has gone while the answer was made: nobody to write to.
  if (res.destroyed) return;
  res.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  res.end(body);
}
