import { SUPPORTED_PROTOCOL_VERSIONS } from '@modelcontextprotocol/server';
import type { Surface } from '../../access/surface.ts';
import { type Era, type Message, MODERN_VERSION } from '../../core/message.ts';
import { prefersGzip } from '../../http/accept-encoding.ts';
import { GzippedBeginning } from '../../http/gzip.ts';
import type { Inbound } from '../receive/receive.ts';
import { ReadableErrorsServer } from './sdk-server.ts';
import { serve } from './serve.ts';

/**
 * The request id in the message that the SDK answers at start. Its control characters appear nowhere else in the
 * answer.
 */
const ID_MARK = '\u0001id\u0001';
const EMPTY_LIST = '"tools":[]';

/**
 * The fixed parts of the answer to `tools/list`: before the entries, between entries and request id, and after the id.
 */
interface Envelope {
  readonly before: Buffer;
  readonly between: Buffer;
  readonly after: string;
}

/** A prepared answer, as pieces of its body. */
export interface ListAnswer {
  readonly pieces: readonly Uint8Array[];
  /** The `Content-Encoding`, if it is compressed. */
  readonly coding: 'gzip' | undefined;
}

/** What is constant of the answers to all requests that see one list. */
interface Beginning {
  readonly plain: readonly Uint8Array[];
  /**
   * The same compressed, once somebody has asked for it a second time: callers choose what they see, and may never again. The
   * usual one is compressed from the first time on.
   */
  gzipped?: GzippedBeginning;
  isKnown: boolean;
}

/**
 * Prepared answers to `tools/list`. The answer is the same for all requests that see the same surface, but the SDK
 * would serialize it for each request, which costs more than all the rest of answering.
 *
 * At start, the SDK answers one made-up `tools/list` request with an empty list, once for each era. This yields the
 * exact bytes that the SDK puts around the entries and the request id. Later, an answer is made of these bytes, the
 * entries of the surface and the id of the request. Only requests that the SDK would answer in exactly this way are
 * answered so; the SDK answers all others. Everything in front of the id is compressed once for each list, for clients that
 * accept gzip.
 */
export class ListAnswers {
  readonly #envelopes: Readonly<Record<Era, Envelope>>;
  readonly #beginnings: Readonly<Record<Era, WeakMap<Surface['list'][Era], Beginning>>> = {
    modern: new WeakMap(),
    legacy: new WeakMap(),
  };

  private constructor(envelopes: Record<Era, Envelope>) {
    this.#envelopes = envelopes;
  }

  /** @throws Error when the SDK does not answer in the form that this relies on */
  static async open(): Promise<ListAnswers> {
    const [modern, legacy] = await Promise.all([envelopeOf('modern'), envelopeOf('legacy')]);
    return new ListAnswers({ modern, legacy });
  }

  /**
   * Prepares the answers for a surface that nearly all requests see, in pieces: one for each of its tools and for each era. Those
   * for others are compressed when they are asked for again.
   */
  *preparing(surface: Surface): Iterable<void> {
    for (const entry of surface.tools.values()) yield void entry.bytes;
    for (const era of ['modern', 'legacy'] as const) yield void compressed(this.#beginningOf(era, surface));
  }

  /**
   * The answer to a message, or `undefined` when the SDK must answer.
   * @param header reads a header of the request by its lower-case name
   */
  find(
    { era, message, accepts }: Pick<Inbound, 'era' | 'message' | 'accepts'>,
    surface: Surface,
    header: (name: string) => string | undefined,
  ): ListAnswer | undefined {
    const qualifies = era === 'modern' ? isPlainModern(message, header) : isPlainLegacy(message, header);
    if (!qualifies || !accepts.json) return undefined;
    const beginning = this.#beginningOf(era, surface);
    const end = Buffer.from(`${JSON.stringify(message.id)}${this.#envelopes[era].after}`);
    const isCompressed = prefersGzip(header('accept-encoding')) && beginning.isKnown;
    beginning.isKnown = true;
    return isCompressed
      ? { pieces: compressed(beginning).endingIn(end), coding: 'gzip' }
      : { pieces: [...beginning.plain, end], coding: undefined };
  }

  #beginningOf(era: Era, surface: Surface): Beginning {
    const known = this.#beginnings[era].get(surface.list[era]);
    if (known !== undefined) return known;
    const { before, between } = this.#envelopes[era];
    const made: Beginning = { plain: [before, ...surface.list[era], between], isKnown: surface.isUsual };
    this.#beginnings[era].set(surface.list[era], made);
    return made;
  }
}

function compressed(beginning: Beginning): GzippedBeginning {
  beginning.isKnown = true;
  beginning.gzipped ??= new GzippedBeginning(Buffer.concat(beginning.plain));
  return beginning.gzipped;
}

function isPlainModern(message: Message, header: (name: string) => string | undefined): boolean {
  return (
    isPlainList(message) && header('mcp-protocol-version') === MODERN_VERSION && header('mcp-method') === message.method
  );
}

function isPlainLegacy(message: Message, header: (name: string) => string | undefined): boolean {
  const version = header('mcp-protocol-version');
  return isPlainList(message) && (version === undefined || SUPPORTED_PROTOCOL_VERSIONS.includes(version));
}

/** Whether a message is `tools/list` without a cursor or any other member that could change the answer. */
function isPlainList({ method, id, params }: Message): boolean {
  return method === 'tools/list' && id !== undefined && Object.keys(params).every((key) => key === '_meta');
}

/** Lets the SDK answer a made-up request, and splits its answer at the empty list and at the id. */
async function envelopeOf(era: Era): Promise<Envelope> {
  const server = new ReadableErrorsServer(() => ({ kind: 'open' }), false);
  server.lists([]);
  const request = listRequest(era);
  const ignore = () => undefined;
  const answered = await serve(era, {
    server,
    request,
    body: listBody(era),
    mayStream: false,
    onClose: ignore,
    onError: ignore,
  });
  if (answered.kind !== 'result') throw new Error(`tools/list cannot be answered (${era}).`);
  const [head, tail, ...more] = JSON.stringify(answered.message).split(JSON.stringify(ID_MARK));
  const [before, between, ...others] = (head ?? '').split(EMPTY_LIST);
  if (between === undefined || tail === undefined || more.length > 0 || others.length > 0) {
    throw new Error(`The answer to tools/list does not hold its list and its id once each, in this order (${era}).`);
  }
  return {
    before: Buffer.from(before + EMPTY_LIST.slice(0, -1)),
    between: Buffer.from(EMPTY_LIST.slice(-1) + between),
    after: tail,
  };
}

function listRequest(era: Era): Request {
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    ...(era === 'modern' && { 'mcp-protocol-version': MODERN_VERSION, 'mcp-method': 'tools/list' }),
  };
  return new Request('http://localhost/mcp', { method: 'POST', headers });
}

function listBody(era: Era): unknown {
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': MODERN_VERSION,
    'io.modelcontextprotocol/clientInfo': { name: 'start', version: '0' },
    'io.modelcontextprotocol/clientCapabilities': {},
  };
  return { jsonrpc: '2.0', id: ID_MARK, method: 'tools/list', params: era === 'modern' ? { _meta } : {} };
}
