import { Agent, type ClientRequest, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';

/** Longer than any answer takes. */
const ANSWER_TIMEOUT_MS = 15_000;

export interface Sent {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
  /** Sends the body in chunks, without `Content-Length`. */
  readonly chunked?: boolean;
  /** A `Content-Length` that is larger than the body; the rest is never sent. */
  readonly announced?: number;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/**
 * When a client disconnects. `unsent`: inside the body; `called`: some time after the request; `read`: inside the
 * answer.
 */
export type Leaving =
  | { readonly when: 'unsent'; readonly bytes: number; readonly afterMs: number }
  | { readonly when: 'called'; readonly afterMs: number }
  | { readonly when: 'read' };

/** One keep-alive connection of a client. It is opened again after it was closed. */
export class Connection {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  /** @throws Error when there is no complete answer */
  send(sent: Sent): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const outgoing = this.#open(sent);
      outgoing.once('error', reject);
      outgoing.setTimeout(ANSWER_TIMEOUT_MS, () =>
        outgoing.destroy(new Error(`No answer for ${ANSWER_TIMEOUT_MS} ms.`)),
      );
      outgoing.once('response', (incoming) => {
        const answer = read(incoming);
        // A request whose body never ends would keep the connection open.
        answer.finally(() => outgoing.writableFinished || outgoing.destroy()).catch(() => undefined);
        answer.then(resolve, reject);
      });
      if (sent.announced === undefined) outgoing.end(sent.body);
      else outgoing.write(sent.body);
    });
  }

  /**
   * Closes the connection early.
   * @returns whether the server had not answered yet
   */
  leave(sent: Sent, leaving: Leaving): Promise<boolean> {
    return new Promise((resolve) => {
      const outgoing = this.#open(sent);
      let answered = false;
      const go = () => outgoing.destroy();
      outgoing.on('error', () => undefined);
      outgoing.once('close', () => resolve(!answered));
      outgoing.once('response', (incoming) => {
        answered = true;
        incoming.on('error', () => undefined);
        if (leaving.when === 'read') incoming.once('data', go);
        incoming.resume();
      });
      if (leaving.when === 'unsent') {
        outgoing.flushHeaders();
        outgoing.write(Buffer.from(sent.body).subarray(0, leaving.bytes), () => setTimeout(go, leaving.afterMs));
        return;
      }
      outgoing.end(sent.body);
      if (leaving.when === 'called') setTimeout(go, leaving.afterMs);
    });
  }

  close(): void {
    this.#agent.destroy();
  }

  #open({ headers, body, chunked = false, announced = Buffer.byteLength(body) }: Sent): ClientRequest {
    const length = { 'content-length': String(announced) };
    return request(this.#url, {
      method: 'POST',
      agent: this.#agent,
      headers: { ...headers, ...(!chunked && length) },
    });
  }
}

async function read(incoming: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const { statusCode: status = 0, headers } = incoming;
  return { status, headers, text: Buffer.concat(chunks).toString('utf8') };
}
