import { SUPPORTED_PROTOCOL_VERSIONS } from '@modelcontextprotocol/server';
import type { Era, Message } from '../../core/message.ts';
import type { Answer } from './eras.ts';

/** Stands for the request's id while the SDK writes an answer. No answer holds it by accident. */
const ID_MARK = '\u0001id\u0001';
const MODERN_VERSION = '2026-07-28';

/** Lets the SDK answer one message, in the way every message is answered. */
export type AnswerOnce = (era: Era, request: Request, body: unknown) => Promise<Answer>;

interface Template {
  readonly before: Buffer;
  readonly after: Buffer;
}

/**
 * `tools/list` is the same for everybody, yet the SDK serializes it anew for each request, which costs more than all
 * the rest of answering. So the SDK answers it once in each era at start, and those bytes are sent with the request's
 * id put in. Only requests that the SDK would answer in just this way qualify; any doubt leaves them to the SDK.
 */
export class ConstantAnswers {
  readonly #templates: Readonly<Record<Era, Template>>;

  private constructor(templates: Record<Era, Template>) {
    this.#templates = templates;
  }

  static async prepare(answer: AnswerOnce): Promise<ConstantAnswers> {
    const [modern, legacy] = await Promise.all([prepare('modern', answer), prepare('legacy', answer)]);
    return new ConstantAnswers({ modern, legacy });
  }

  /** The bytes of the answer in pieces, or `undefined` when the SDK must answer. */
  find(era: Era, message: Message, header: (name: string) => string | undefined): readonly Buffer[] | undefined {
    const qualifies = era === 'modern' ? isPlainModern(message, header) : isPlainLegacy(message, header);
    if (!qualifies) return undefined;
    const { before, after } = this.#templates[era];
    return [before, Buffer.from(JSON.stringify(message.id)), after];
  }
}

function isPlainModern(message: Message, header: (name: string) => string | undefined): boolean {
  return (
    isPlainList(message) && header('mcp-protocol-version') === MODERN_VERSION && header('mcp-method') === message.method
  );
}

function isPlainLegacy(message: Message, header: (name: string) => string | undefined): boolean {
  const accept = header('accept') ?? '';
  const version = header('mcp-protocol-version');
  return (
    isPlainList(message) &&
    accept.includes('application/json') &&
    accept.includes('text/event-stream') &&
    (version === undefined || SUPPORTED_PROTOCOL_VERSIONS.includes(version))
  );
}

/** A request without a cursor or anything else that could change the answer. */
function isPlainList({ method, id, params }: Message): boolean {
  return method === 'tools/list' && id !== undefined && Object.keys(params).every((key) => key === '_meta');
}

async function prepare(era: Era, answer: AnswerOnce): Promise<Template> {
  const answered = await answer(era, listRequest(era), listBody(era));
  if (answered.kind !== 'result') throw new Error(`tools/list cannot be answered (${era}).`);
  const [before, after, ...more] = JSON.stringify(answered.message).split(JSON.stringify(ID_MARK));
  if (before === undefined || after === undefined || more.length > 0) {
    throw new Error(`The answer to tools/list does not hold its id exactly once (${era}).`);
  }
  return { before: Buffer.from(before), after: Buffer.from(after) };
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
