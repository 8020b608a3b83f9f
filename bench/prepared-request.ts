import { type EraName, eraHeaders, rpcBody } from '../tests/fixtures/rpc.ts';

/** A request that is sent repeatedly, with the answer that is expected each time. */
export interface PreparedRequest {
  readonly url: string;
  /** The whole HTTP request: head and body. */
  readonly bytes: Buffer;
  /** Others with the same answer that are sent in turn, in its place. */
  readonly inTurn?: readonly Buffer[];
  readonly status: number;
  /** The length of the answer's body, in bytes. */
  readonly bodyLength: number;
}

/** The content of a JSON-RPC request. */
export interface Question {
  readonly era: EraName;
  readonly method: string;
  readonly params: Record<string, unknown>;
  readonly token: string | undefined;
}

/** The answer that an idle server gave to a question. */
export interface GivenAnswer {
  readonly status: number;
  readonly body: string;
}

export async function answerFrom(url: string, question: Question): Promise<GivenAnswer> {
  const { headers, body } = partsOf(question);
  const response = await fetch(url, { method: 'POST', headers, body });
  return { status: response.status, body: await response.text() };
}

/** Prepares the request that sends a question to a URL and expects this answer. */
export function prepareAt(url: string, question: Question, { status, body: answer }: GivenAnswer): PreparedRequest {
  const { headers, body } = partsOf(question);
  const { host, pathname, search } = new URL(url);
  const lines = [
    `POST ${pathname}${search} HTTP/1.1`,
    `Host: ${host}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  const bytes = Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`);
  return { url, bytes, status, bodyLength: Buffer.byteLength(answer) };
}

function partsOf({ era, method, params, token }: Question) {
  return {
    headers: { ...eraHeaders(era, method, params), ...(token !== undefined && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(rpcBody(era, method, params)),
  };
}
