import { randomUUID } from 'node:crypto';
import {
  isJSONRPCResultResponse,
  type RequestId,
  Server,
  type Transport,
  type WebStandardStreamableHTTPServerTransport,
} from '@modelcontextprotocol/server';

// biome-ignore lint/suspicious/noExplicitAny: what a client answers has every shape.
type Answer = any;

/**
 * The questions that clients have not answered yet, by an id that nobody can guess. A client's answer is a message of its
 * own, with a server of its own: only this id links it to the call that asks. So this works in one process alone.
 */
const questions = new Map<RequestId, (answer: Answer) => void>();

/**
 * A server that can ask its client in the middle of a call, as the revisions of 2025 do, and that gives a session id to who
 * begins one. Nobody looks at that id: the suite wants one before it opens several streams.
 */
export class AskingServer extends Server {
  readonly #begins: boolean;

  /** @param begins whether this server answers the message that begins a session */
  constructor(begins: boolean, ...options: ConstructorParameters<typeof Server>) {
    super(...options);
    this.#begins = begins;
  }

  override async connect(transport: Transport): Promise<void> {
    if (this.#begins) {
      // The transport looks at it when it answers `initialize`.
      Object.assign(transport as WebStandardStreamableHTTPServerTransport, { sessionIdGenerator: randomUUID });
    }
    await super.connect(transport);
    const receive = transport.onmessage;
    transport.onmessage = (message, extra) => {
      const answered = isJSONRPCResultResponse(message) ? questions.get(message.id) : undefined;
      if (answered === undefined) return receive?.(message, extra);
      answered((message as { result: Answer }).result);
    };
  }
}

/**
 * Asks the client, on the stream of a call, and waits for what it answers in a message of its own.
 * @param call the id of the call that asks
 */
export async function ask(server: Server, call: RequestId, method: string, params: object): Promise<Answer> {
  const id = randomUUID();
  const answer = new Promise((resolve) => questions.set(id, resolve));
  try {
    await server.transport?.send({ jsonrpc: '2.0', id, method, params: { ...params } }, { relatedRequestId: call });
    return await answer;
  } finally {
    questions.delete(id);
  }
}
