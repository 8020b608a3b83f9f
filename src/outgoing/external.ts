import { setMaxListeners } from 'node:events';
import type { buildConnector, Dispatcher } from 'undici';
import { ToolError } from '../core/errors.ts';
import type { ExternalAnswer, ExternalFailure, ExternalRequest } from '../core/external.ts';
import { later } from '../core/later.ts';
import { parseUrl } from '../core/parse-url.ts';
import { version } from '../core/version.ts';
import { Allowance } from './allowance.ts';
import type { Deadline } from './deadline.ts';
import { externalUrl, isOwn } from './external-url.ts';
import type { GuardOptions } from './guarded-connector.ts';
import { Shares } from './shares.ts';

const undici = later(() => import('undici'));
const connector = later(() => import('./guarded-connector.ts'));

/** The time for one request with its redirects, in milliseconds. */
const TIMEOUT_MS = 4_000;
const MAX_BODY_BYTES = 64 * 1024;
/** The longest headers of an answer that are read, in bytes. */
const MAX_HEADER_BYTES = 16 * 1024;
/**
 * So much may arrive on a connection in all, in bytes: what is read, the making of a connection by TLS, and what stands around
 * it. Interim answers, of which there may be any number, and the extensions of chunks count as well.
 */
const MAX_BYTES = 256 * 1024;
/** A body in more pieces than these is not read further: each takes more memory than what it may hold. */
const MAX_CHUNKS = 2_000;
const MAX_REDIRECTS = 3;
/** How many requests of one person may be under way at the same time. */
const PLACES_PER_PERSON = 6;

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

const USUAL_HEADERS = { 'user-agent': `scalekit-mcp-server/${version}`, 'accept-encoding': 'identity' };

/**
 * Sends requests to addresses that callers or strangers have chosen. It reaches the public internet alone, by https
 * (`guardedConnector`, `externalUrl`), with limits on time, bytes and redirects, on fresh connections, without
 * credentials. That there is no answer is an answer as well.
 */
export class External {
  readonly #options: GuardOptions;
  readonly #shares = new Shares(PLACES_PER_PERSON);
  readonly #allowance: Allowance;

  /** @param now milliseconds, from any start; left out: those of this process */
  constructor(options: GuardOptions, now?: () => number) {
    this.#options = options;
    this.#allowance = new Allowance(now);
  }

  /**
   * @param person who calls, the same through all clients: each has a few requests under way at a time
   * @throws ToolError when the call is over; `rate_limited` when too many were sent for that person
   */
  async fetch(request: ExternalRequest, person: string, deadline: Deadline): Promise<ExternalAnswer> {
    try {
      return await this.#inTurn(request, person, deadline);
    } catch (error) {
      throw outOfTime(error) ?? error;
    }
  }

  async #inTurn(request: ExternalRequest, person: string, deadline: Deadline): Promise<ExternalAnswer> {
    // Each request of a call adds some, and all are gone when it has ended.
    setMaxListeners(0, deadline.signal);
    const waiting = this.#shares.take(person, deadline);
    if (waiting !== undefined) await waiting;
    try {
      deadline.check();
      return await deadline.run((signal) => this.#follow(request, person, signal));
    } finally {
      this.#shares.give(person);
      // What ended because the call is over is no answer of the server.
      deadline.check();
    }
  }

  async #follow(request: ExternalRequest, person: string, ofCall: AbortSignal): Promise<ExternalAnswer> {
    const signal = AbortSignal.any([ofCall, AbortSignal.timeout(TIMEOUT_MS)]);
    const redirects: string[] = [];
    let { url: next } = request;
    let allowLoopback = this.#options.allowLoopback && mayNameOwn(request.namedBy);
    for (;;) {
      const url = externalUrl(next, { allowLoopback });
      if (typeof url === 'string') return failed(next, redirects, url);
      // On this machine nobody else is burdened.
      if (!isOwn(url)) this.#allowance.take(person);
      const answer = await this.#send({ ...request, url: url.href }, redirects, signal);
      const target = request.follow === true ? redirectOf(answer) : undefined;
      if (target === undefined) return answer;
      if (redirects.length === MAX_REDIRECTS) return failed(url.href, redirects, 'too_many_redirects');
      // A stranger does not lead to this machine.
      allowLoopback &&= isOwn(url);
      redirects.push(target);
      next = target;
    }
  }

  async #send(
    { url, method, headers, body }: ExternalRequest,
    redirects: readonly string[],
    signal: AbortSignal,
  ): Promise<ExternalAnswer> {
    const { origin, pathname, search } = new URL(url);
    const [{ Client }, { guardedConnector }] = await Promise.all([undici(), connector()]);
    const connect = endingAfter(guardedConnector(this.#options), MAX_BYTES);
    const client = new Client(origin, { connect, maxHeaderSize: MAX_HEADER_BYTES });
    const end = () => void client.destroy().catch(() => undefined);
    // A request cannot be aborted as long as its connection is being made.
    signal.addEventListener('abort', end, { once: true });
    try {
      signal.throwIfAborted();
      const answer = await client.request({
        path: pathname + search,
        method,
        headers: { ...USUAL_HEADERS, ...headers },
        body: body ?? null,
        signal,
      });
      const told = headersOf(answer.headers);
      const isStream = told['content-type']?.startsWith('text/event-stream') === true;
      const beginning = await beginningOf(answer.body, isStream);
      return { url, redirects: [...redirects], status: answer.statusCode, headers: told, ...beginning };
    } catch (error) {
      if (signal.aborted) return failed(url, redirects, 'timeout');
      return failed(url, redirects, ...failureOf(error as NodeJS.ErrnoException));
    } finally {
      signal.removeEventListener('abort', end);
      end();
    }
  }
}

/** A connector whose connections end when more has arrived on them than this. */
function endingAfter(connect: buildConnector.connector, maxBytes: number): buildConnector.connector {
  return (options, callback) =>
    connect(options, (error, socket) => {
      if (error !== null) return callback(error, null);
      // In front of undici, which reads all that has arrived then.
      socket.on('readable', () => {
        if (socket.bytesRead > maxBytes) socket.destroy(Object.assign(new Error(TOO_LONG), { code: TOO_LONG }));
      });
      callback(null, socket);
    });
}

/** Nothing else in an answer than what stands around its body can be so long. */
const TOO_LONG = 'headers_too_long';

/** What a caller is told whose call is out of time because of strangers: the platform has no part in it. */
function outOfTime(error: unknown): ToolError | undefined {
  if (!(error instanceof ToolError) || error.code !== 'upstream_timeout') return undefined;
  const message =
    'The servers that were to be asked did not answer in time. Repeat the call in a moment, with fewer of them at the same time.';
  return new ToolError('upstream_timeout', message, { retryable: true }, error);
}

/** Whether an address of this machine is asked that the answer of another address has named: of this machine as well. */
function mayNameOwn(namedBy: string | undefined): boolean {
  return namedBy === undefined || isOwn(new URL(namedBy));
}

function failed(url: string, redirects: readonly string[], error: ExternalFailure, reason?: string): ExternalAnswer {
  return { url, redirects: [...redirects], headers: {}, text: '', error, ...(reason !== undefined && { reason }) };
}

/** Where an answer redirects to; undefined where it does not. */
function redirectOf({ status = 0, headers, url }: ExternalAnswer): string | undefined {
  const { location } = headers;
  if (!REDIRECTS.has(status) || location === undefined) return undefined;
  return parseUrl(location, url)?.href;
}

function headersOf(headers: Dispatcher.ResponseData['headers']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : String(value)]),
  );
}

/** The end of an event in a stream, in as many characters as it has at most. */
const EVENT_END = /\r?\n\r?\n/;
const EVENT_END_LENGTH = 4;

/**
 * Reads a body up to its limit; of a stream of events, which may never end, the first. What breaks off or takes too long
 * counts as far as it came, and says that it did: the status is told already.
 */
async function beginningOf(
  body: Dispatcher.ResponseData['body'],
  isStream: boolean,
): Promise<Pick<ExternalAnswer, 'text' | 'cut'>> {
  const chunks: Buffer[] = [];
  let size = 0;
  let end = '';
  let cut: ExternalAnswer['cut'];
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      // Only what comes beyond a limit shows that there is more.
      if (chunk.length > 0 && (chunks.length === MAX_CHUNKS || size === MAX_BODY_BYTES)) {
        cut = 'too_long';
        break;
      }
      const kept = chunk.subarray(0, MAX_BODY_BYTES - size);
      chunks.push(kept);
      size += kept.length;
      if (kept.length < chunk.length) {
        cut = 'too_long';
        break;
      }
      end += chunk.toString('latin1');
      if (isStream && EVENT_END.test(end)) break;
      end = end.slice(1 - EVENT_END_LENGTH);
    }
  } catch {
    cut = 'broken_off';
  }
  return { text: Buffer.concat(chunks).toString('utf8'), ...(cut !== undefined && { cut }) };
}

const FAILURES: Readonly<Record<string, ExternalFailure>> = {
  address_not_public: 'address_not_public',
  ENOTFOUND: 'no_such_host',
  ENODATA: 'no_such_host',
  dns_failed: 'dns_failed',
  ECONNREFUSED: 'connection_refused',
  ETIMEDOUT: 'timeout',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
  UND_ERR_HEADERS_OVERFLOW: TOO_LONG,
  [TOO_LONG]: TOO_LONG,
  EPROTO: 'tls',
  handshake_too_long: 'handshake_too_long',
  // undici asserts that a status is 100 or more.
  ERR_ASSERTION: 'not_http',
};

/** Codes of certificates that are not accepted, as OpenSSL and Node.js call them. */
const CERTIFICATE = /CERT|SELF_SIGNED|LEAF_SIGNATURE|ISSUER|CRL/;

function failureOf(error: NodeJS.ErrnoException): [error: ExternalFailure, reason?: string] {
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return ['timeout'];
  // Several addresses were tried.
  const first = error instanceof AggregateError ? (error.errors[0] as NodeJS.ErrnoException | undefined) : undefined;
  const code = first?.code ?? error.code;
  if (error.name === 'HTTPParserError') return ['not_http', error.name];
  if (typeof code !== 'string') return ['connection_failed'];
  const known = FAILURES[code];
  if (known === code) return [known];
  if (known !== undefined) return [known, code];
  if (CERTIFICATE.test(code)) return ['certificate', code];
  return [code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS') ? 'tls' : 'connection_failed', code];
}
