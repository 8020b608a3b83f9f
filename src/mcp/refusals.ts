import type { ServerResponse } from 'node:http';
import type { Message } from '../core/message.ts';
import { sendJson } from '../http/answer.ts';
import type { Outcome } from '../observability/outcomes.ts';

/** JSON-RPC error codes of this endpoint. Those that JSON-RPC 2.0 §5.1 or MCP defines have the same numbers here. */
export const RPC = {
  parseError: -32700,
  invalidRequest: -32600,
  methodNotFound: -32601,
  headerMismatch: -32020,
  /** The transport refuses: media type, size. */
  refused: -32000,
  /** The caller may not do this. */
  forbidden: -32003,
} as const;

export interface RpcError {
  readonly code: number;
  readonly message: string;
  readonly data?: unknown;
}

/** Further facts about a refused request. */
interface RefusalFacts {
  /** The id of the JSON-RPC request, if it could be read. */
  readonly id?: Message['id'];
  /** For the log; does not quote the request. */
  readonly reason?: string;
  /** For the log and the metrics. */
  readonly outcome?: Outcome;
  /** Headers of the answer, which say what would do. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request that is refused before the protocol layer sees it. */
export class Refused extends Error {
  override readonly name = 'Refused';
  /** HTTP status. */
  readonly status: number;
  readonly error: RpcError;
  readonly id: Message['id'];
  readonly reason: string;
  readonly outcome: Outcome;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, error: RpcError, { id, reason, outcome, headers }: RefusalFacts = {}) {
    super(error.message);
    this.status = status;
    this.error = error;
    this.id = id;
    this.reason = reason ?? error.message;
    this.outcome = outcome ?? 'refused';
    this.headers = headers ?? {};
  }
}

/** Answers with a JSON-RPC error. Its id is null if no JSON-RPC request could be read. */
export function sendRpcError(response: ServerResponse, { status, error, id, headers }: Refused): void {
  const { code, message, data } = error;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  // The body was not read to its end, so the connection cannot be used for another request.
  if (status === 413) response.setHeader('Connection', 'close');
  const rpcError = { code, message, ...(data !== undefined && { data }) };
  sendJson(response, status, { jsonrpc: '2.0', error: rpcError, id: id ?? null });
}
