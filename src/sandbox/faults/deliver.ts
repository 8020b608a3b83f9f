import { once } from 'node:events';
import { type ServerResponse, STATUS_CODES } from 'node:http';
import { type Answer, sendAnswer } from '../http-answer.ts';
import type { Fault } from './fault.ts';
import { pause } from './pause.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const HUGE_BYTES = 256 * 1024 * 1024;
const DRIP_MS = 100;

/** google.rpc codes by HTTP status, for faults that leave the body to us. */
const RPC_CODES: Readonly<Record<number, number>> = {
  400: 3,
  401: 16,
  403: 7,
  404: 5,
  409: 6,
  429: 8,
  499: 1,
  500: 13,
  501: 12,
  503: 14,
  504: 4,
};

/**
 * Answers a request as the fault says.
 * @param genuine the answer that the request would have had, where it was carried out
 */
export async function deliverFault(res: ServerResponse, fault: Fault, genuine?: Answer): Promise<void> {
  if (res.destroyed) return;
  switch (fault.kind) {
    case 'reset':
      res.socket?.resetAndDestroy();
      return;
    case 'truncate':
      return truncate(res, bodyText(fault.body, genuine));
    case 'status':
      return sendAnswer(res, {
        status: fault.status,
        headers: { ...JSON_TYPE, ...fault.headers },
        body: JSON.stringify(fault.body ?? statusBody(fault.status)),
      });
    case 'rate-limit':
      return sendAnswer(res, rateLimited(fault.retryAfter));
    case 'html':
      return sendAnswer(res, htmlPage(fault.status));
    case 'content-type':
      return sendAnswer(res, {
        status: 200,
        headers: { 'content-type': fault.contentType },
        body: bodyText(fault.body, genuine),
      });
    case 'hang':
      // Whoever waits gives up, or the sandbox closes its connections.
      return;
    case 'drip':
      return drip(res, Buffer.from(bodyText(fault.body, genuine)), fault);
    case 'huge':
      return flood(res, fault.bytes ?? HUGE_BYTES);
  }
}

function bodyText(body: unknown, genuine: Answer | undefined): string {
  if (body !== undefined) return typeof body === 'string' ? body : JSON.stringify(body);
  return genuine?.body ?? JSON.stringify({ message: 'An answer that goes wrong on its way.' });
}

function statusBody(status: number): object {
  const code = RPC_CODES[status] ?? 2;
  const type = 'type.googleapis.com/scalekit.v1.errdetails.ErrorInfo';
  const errorCode =
    status === 429 ? 'RATE_LIMITED' : (STATUS_CODES[status] ?? 'UNKNOWN').toUpperCase().replace(/\W+/g, '_');
  return { code, message: STATUS_CODES[status] ?? 'Unknown', details: [{ '@type': type, error_code: errorCode }] };
}

function rateLimited(retryAfter: string | undefined): Answer {
  return {
    status: 429,
    headers: { ...JSON_TYPE, ...(retryAfter !== undefined && { 'retry-after': retryAfter }) },
    body: JSON.stringify(statusBody(429)),
  };
}

function htmlPage(status: 200 | 502): Answer {
  const title = `${status} ${STATUS_CODES[status]}`;
  return {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8' },
    body: `<!doctype html><html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`,
  };
}

/** Closed only when the half has left, so that the client has it in hand and misses the rest. */
function truncate(res: ServerResponse, body: string): void {
  const bytes = Buffer.from(body);
  res.writeHead(200, { ...JSON_TYPE, 'content-length': bytes.length });
  res.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => res.socket?.destroy());
}

async function drip(
  res: ServerResponse,
  body: Buffer,
  { everyMs = DRIP_MS, bytes = 1 }: { everyMs?: number; bytes?: number },
): Promise<void> {
  res.writeHead(200, { ...JSON_TYPE, 'content-length': body.length });
  res.flushHeaders();
  for (let sent = 0; sent < body.length && !res.destroyed; sent += bytes) {
    res.write(body.subarray(sent, sent + bytes));
    await pause(res, everyMs);
  }
  res.end();
}

/** Writes no faster than the client reads, so that the sandbox never holds more than a chunk of it. */
async function flood(res: ServerResponse, bytes: number): Promise<void> {
  const chunk = Buffer.alloc(64 * 1024, 'x');
  const open = '{"padding":"';
  const close = '"}';
  res.writeHead(200, { ...JSON_TYPE, 'content-length': open.length + bytes + close.length });
  res.write(open);
  for (let left = bytes; left > 0 && !res.destroyed; left -= chunk.length) {
    if (!res.write(left < chunk.length ? chunk.subarray(0, left) : chunk)) await drained(res);
  }
  res.end(close);
}

async function drained(res: ServerResponse): Promise<void> {
  const gone = new AbortController();
  const stop = () => gone.abort();
  res.once('close', stop);
  try {
    await once(res, 'drain', { signal: gone.signal });
  } catch {
    // The client has gone; the loop around us sees that.
  } finally {
    res.off('close', stop);
  }
}
