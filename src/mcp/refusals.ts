import type { ServerResponse } from 'node:http';
import type { Era, Message } from '../core/message.ts';
import type { OAuthErrorCode } from '../http/oauth-errors.ts';
import { sendRefusal } from '../http/refusal.ts';
import type { Outcome } from '../observability/outcomes.ts';

/** The JSON-RPC error codes that JSON-RPC 2.0 §5.1 or MCP defines for what this endpoint refuses. */
export const RPC = {
  parseError: -32700,
  invalidRequest: -32600,
  methodNotFound: -32601,
  headerMismatch: -32020,
} as const;

export interface RpcError {
  /** Left out where no specification defines one. */
  readonly code?: number;
  readonly message: string;
  readonly data?: unknown;
}

/** Further facts about a refused request. */
interface RefusalFacts {
  readonly oauthError?: OAuthErrorCode;
  /** The id of the JSON-RPC request, if it could be read. */
  readonly id?: Message['id'] | undefined;
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
  readonly oauthError: OAuthErrorCode;
  readonly reason: string;
  readonly outcome: Outcome;
  readonly headers: Readonly<Record<string, string>>;
  /** Whole seconds after which the request may be repeated. */
  readonly retryAfterSeconds: number | undefined = undefined;

  constructor(status: number, error: RpcError, facts: RefusalFacts = {}) {
    super(error.message);
    this.status = status;
    this.error = error;
    this.id = facts.id;
    this.oauthError = facts.oauthError ?? 'invalid_request';
    this.reason = facts.reason ?? error.message;
    this.outcome = facts.outcome ?? 'refused';
    this.headers = facts.headers ?? {};
  }
}

/** A message that was read before its request was refused. */
interface ReadMessage {
  readonly era: Era;
  readonly id: Message['id'];
}

/**
 * Answers with a JSON-RPC error.
 * @param read of the message, if it could be read
 */
export function sendRefused(response: ServerResponse, refused: Refused, read: ReadMessage | undefined): void {
  const { status, oauthError, error, headers, retryAfterSeconds } = refused;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  // The body was not read to its end, so the connection cannot be used for another request.
  if (status === 413) response.setHeader('Connection', 'close');
  const message = {
    id: refused.id ?? read?.id,
    era: read?.era,
    code: error.code,
    data: error.data,
  };
  sendRefusal(response, { status, error: oauthError, description: error.message, retryAfterSeconds, message });
}
