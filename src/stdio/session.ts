import type { Readable, Writable } from 'node:stream';
import { type JSONRPCMessage, ProtocolErrorCode, type Transport } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { LRUCache } from 'lru-cache';
import { isObject } from '../core/json.ts';
import type { Message } from '../core/message.ts';
import { withBriefErrorIn } from '../mcp/protocol/brief-error.ts';
import type { Judged } from '../mcp/protocol/judged.ts';
import { ClientFacingError } from '../mcp/protocol/sdk-server.ts';
import { protocolServer } from '../mcp/protocol/server.ts';
import { readLimitOf } from '../mcp/receive/body-limit.ts';
import { checkSize } from '../mcp/receive/receive.ts';
import { Refused, RPC } from '../mcp/refusals.ts';
import type { Observation } from '../observability/observation.ts';
import type { HandOver } from '../run/hand-over.ts';
import type { Decided, OpenCatalogue } from './catalogue.ts';
import { LineWriter } from './line-writer.ts';
import { type Line, LineReader } from './lines.ts';
import { answerTo, demandCountable, receivedIn } from './reading.ts';

export interface SessionOptions {
  readonly catalogue: OpenCatalogue;
  readonly input: Readable;
  /** Gets nothing but messages, one on each line. */
  readonly output: Writable;
  /** What becomes of secrets in results. */
  readonly handOver?: HandOver | undefined;
}

/** A session over stdin and stdout. */
export interface Session {
  /** Resolves when it is over: its input has ended and all is answered, its output is gone, or it was stopped. */
  readonly finished: Promise<void>;
  /**
   * Reads nothing more, and lets what runs finish.
   * @param timeoutMs after which the rest is aborted, in milliseconds
   */
  stop(timeoutMs: number): Promise<void>;
}

/** So many cancelled requests are known, because the SDK may begin one that was cancelled while it waited for its turn. */
const MAX_CANCELLED = 1_000;
/** A request that is answered when the session ends, and until then has nothing to finish. */
const LISTEN = 'subscriptions/listen';

/**
 * Serves the catalogue over stdin and stdout (MCP, transports, "stdio"), in both eras of the protocol. A message is parsed and
 * decided on once, when it comes; what the SDK then dispatches is the same message, and `judge` finds that decision by its id.
 */
export function serveSession(options: SessionOptions): Session {
  const wire = new Wire(options);
  const { catalogue, handOver } = options;
  const { surface, services } = catalogue;
  const judge = ({ id }: Message): Judged => {
    const decided = id === undefined ? undefined : wire.decidedOn(id);
    if (decided === undefined) {
      throw new ClientFacingError(ProtocolErrorCode.InternalError, 'The message was not authorized.');
    }
    return decided;
  };
  const handle = serveStdio(
    ({ era }) => protocolServer({ judge, era, surface, services, showsAll: false, skipsSchemas: false, handOver }),
    {
      transport: wire,
      // Its messages may quote what came, so only the kind of an error is logged.
      onerror: ({ name }) => services.log.debug('protocol', { error: name }),
    },
  );
  wire.whenDone(() => void handle.close());
  return {
    finished: wire.closed,
    async stop(timeoutMs) {
      wire.stopReading();
      const timer = setTimeout(() => void handle.close(), timeoutMs);
      await wire.closed;
      clearTimeout(timer);
    },
  };
}

/** A request that waits for its answer. */
interface Waiting extends Judged {
  readonly method: string;
}

/** The transport between the streams and the SDK: reads, refuses and decides before the SDK sees anything. */
class Wire implements Transport {
  onmessage?: Transport['onmessage'];
  onclose?: () => void;
  onerror?: (error: Error) => void;
  /** Resolves when it is closed, and what was written has left this process. */
  readonly closed: Promise<void>;
  readonly #options: SessionOptions;
  readonly #lines: LineReader;
  readonly #writer: LineWriter;
  readonly #waiting = new Map<string | number, Waiting>();
  readonly #cancelled = new LRUCache<string | number, Judged>({ max: MAX_CANCELLED });
  #userAgent: string | undefined;
  #isReading = false;
  #hasEnded = false;
  #isClosed = false;
  #resolveClosed: () => void = () => undefined;
  #onDone: () => void = () => undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#writer = new LineWriter(options.input, options.output);
    const { surface } = options.catalogue;
    this.#lines = new LineReader(() => readLimitOf(surface, undefined));
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
  }

  /** Calls back once, when the input has ended and all is answered, or the output is gone. */
  whenDone(callback: () => void): void {
    this.#onDone = callback;
  }

  /** The decision about a request that waits for its answer, or was cancelled. */
  decidedOn(id: string | number): Judged | undefined {
    return this.#waiting.get(id) ?? this.#cancelled.get(id);
  }

  async start(): Promise<void> {
    const { input, output } = this.#options;
    this.#isReading = true;
    output.on('error', this.#onGone);
    input.on('data', this.#onData);
    input.once('end', this.#onEnd);
    input.once('close', this.#onEnd);
    input.once('error', this.#onEnd);
  }

  /** Takes nothing more in; what waits is still answered. */
  stopReading(): void {
    if (this.#isReading) {
      this.#isReading = false;
      const { input } = this.#options;
      input.off('data', this.#onData);
      this.#writer.stop();
    }
    this.#hasEnded = true;
    this.#endIfDone();
  }

  async send(message: JSONRPCMessage): Promise<void> {
    if ('id' in message && message.id !== undefined && ('result' in message || 'error' in message)) {
      this.#answered(message.id, 'result' in message);
    }
    await this.#write(message);
    this.#endIfDone();
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.stopReading();
    for (const { observation } of this.#waiting.values()) observation.closed(false);
    this.#waiting.clear();
    this.onclose?.();
    await this.#writer.written;
    this.#resolveClosed();
  }

  readonly #onData = (piece: Buffer | string) => {
    const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece;
    for (const line of this.#lines.push(bytes)) this.#read(line);
  };

  readonly #onEnd = () => {
    if (this.#isReading) for (const line of this.#lines.end()) this.#read(line);
    this.stopReading();
  };

  /** Nobody reads any more: nothing that runs is of use. */
  readonly #onGone = () => {
    this.#onDone();
  };

  #endIfDone(): void {
    if (!this.#hasEnded || this.#isClosed) return;
    if ([...this.#waiting.values()].every(({ method }) => method === LISTEN)) this.#onDone();
  }

  /** Reads a line. What cannot be served is refused here, and the SDK does not see it. */
  #read(line: Line): void {
    try {
      const received = receivedIn(line, readLimitOf(this.#options.catalogue.surface, undefined));
      // The answer to a question that nobody has asked must not be answered (JSON-RPC 2.0 §5).
      if (received.kind === 'asked') this.#receive(received.body, received.message, received.bytes);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.#refuse(error);
    }
  }

  #receive(body: JSONRPCMessage, received: Message, bytes: number): void {
    const { id, method } = received;
    if (id !== undefined) demandCountable(id, this.#waiting);
    this.#userAgent = agentIn(received) ?? this.#userAgent;
    const decided = this.#options.catalogue.decide(received, this.#userAgent);
    const { observation, decision } = decided;
    try {
      if (decision.kind !== 'told') checkSize({ message: received, bytes }, decision);
      if (decision.kind === 'unknown') {
        throw new Refused(
          404,
          { code: RPC.methodNotFound, message: 'Method not found' },
          { id, outcome: 'protocol_error' },
        );
      }
    } catch (error) {
      if (error instanceof Refused) observation.refused(error.outcome, error.reason);
      observation.sent();
      if (id !== undefined) throw error;
      return;
    }
    if (id === undefined) this.#notified(decided, observation);
    else this.#waiting.set(id, { decision, observation, method });
    this.onmessage?.({ ...body, ...(hasParams(body) && { params: decided.message.params }) } as JSONRPCMessage);
    if (id === undefined) this.#endIfDone();
  }

  /** What a notification changes here: a cancelled request is not answered, and nobody waits for it. */
  #notified({ message: { method, params } }: Decided, observation: Observation): void {
    observation.answered('accepted');
    observation.sent();
    const id = params['requestId'];
    if (method !== 'notifications/cancelled' || (typeof id !== 'string' && typeof id !== 'number')) return;
    const waiting = this.#waiting.get(id);
    // The handshake cannot be cancelled (MCP, "Cancellation").
    if (waiting === undefined || waiting.method === 'initialize') return;
    this.#waiting.delete(id);
    this.#cancelled.set(id, waiting);
    waiting.observation.closed(false);
  }

  #answered(id: string | number, isResult: boolean): void {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return;
    this.#waiting.delete(id);
    waiting.observation.answered(isResult ? 'ok' : 'protocol_error');
    waiting.observation.sent();
  }

  #refuse(refused: Refused): void {
    void this.#write(answerTo(refused));
    this.#endIfDone();
  }

  /** Writes whatever leaves, by the SDK or by this class. */
  #write(message: object): Promise<void> {
    return this.#writer.write(withBriefErrorIn(message));
  }
}

function hasParams(body: object): boolean {
  return 'params' in body && isObject(body.params);
}

const CLIENT_INFO = 'io.modelcontextprotocol/clientInfo';

/** What the client calls itself: in its handshake, or with every message. */
function agentIn({ method, params }: Message): string | undefined {
  const meta = params['_meta'];
  const info = method === 'initialize' ? params['clientInfo'] : isObject(meta) ? meta[CLIENT_INFO] : undefined;
  if (!isObject(info) || typeof info['name'] !== 'string') return undefined;
  return typeof info['version'] === 'string' ? `${info['name']}/${info['version']}` : info['name'];
}
