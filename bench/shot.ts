import { type EraName, eraHeaders, rpcBody } from '../tests/fixtures/rpc.ts';

/** A request that is sent over and over, with the answer that is due each time. */
export interface Shot {
  readonly url: string;
  /** Head and body. */
  readonly bytes: Buffer;
  readonly status: number;
  /** Of the answer, in bytes. */
  readonly bodyLength: number;
}

/** What is to be asked. */
export interface Question {
  readonly era: EraName;
  readonly method: string;
  readonly params: Record<string, unknown>;
  readonly token: string | undefined;
}

/** The answer to a question, as a server gave it while it had nothing else to do. */
export interface GivenAnswer {
  readonly status: number;
  readonly body: string;
}

export async function answerFrom(url: string, question: Question): Promise<GivenAnswer> {
  const { headers, body } = partsOf(question);
  const response = await fetch(url, { method: 'POST', headers, body });
  return { status: response.status, body: await response.text() };
}

/** The shot that puts a question at a URL, when this is its answer. */
export function shotAt(url: string, question: Question, { status, body: answer }: GivenAnswer): Shot {
  const { headers, body } = partsOf(question);
  const { host, pathname } = new URL(url);
  const lines = [
    `POST ${pathname} HTTP/1.1`,
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
