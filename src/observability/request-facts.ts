import type { Effect } from '../core/tool.ts';
import type { Outcome } from './outcomes.ts';

/** The client of a request, as HTTP shows it; over stdio there is no address. */
export interface Source {
  readonly address: string | undefined;
  readonly userAgent: string | undefined;
  /** The id that the client has given the request. It may give several requests the same. */
  readonly clientRequestId?: string | undefined;
}

/** By what Scalekit’s support finds a request again; words and numbers alone. */
export interface UpstreamFacts {
  readonly status?: number | undefined;
  readonly error_code?: string | undefined;
  readonly request_id?: string | undefined;
}

/** Why an access token was refused, in facts: by the names of its header and claims. */
export interface RefusedToken {
  /** What the token says; nothing has been checked. */
  readonly came: Readonly<Record<string, unknown>>;
  readonly expected: Readonly<Record<string, unknown>>;
}

/**
 * Everything that is known about a request. Without `details`, this is its line in the log. `details` are for the
 * ledger and the metrics.
 */
export interface RequestFacts {
  /** Made by this server, so that no two requests have the same. */
  readonly requestId: string;
  readonly clientRequestId?: string | undefined;
  /** The subject of the caller's token (claim `sub`). */
  caller?: string;
  client?: string | undefined;
  /** The organization of a caller who is not admitted; left out when the token names none. */
  organization?: string | undefined;
  /** The settings whose lists lack that caller. */
  missing_from?: readonly string[];
  /** JSON-RPC method. */
  rpc?: string;
  tool?: string | undefined;
  /** What was read, completed or got beside tools: a URI or template of this server, or the name of a prompt. */
  subject?: string | undefined;
  /** How many arguments were dropped, which the caller's program had added; left out when there were none. */
  droppedArguments?: number;
  /** `ok`, `accepted` for a notification, or the code of the error. */
  outcome?: Outcome;
  /** The public reason of a refusal. */
  reason?: string;
  /** What a refused access token says of itself, and what is accepted. */
  token?: RefusedToken;
  /** The answer of the management API with which a call failed. */
  upstream?: UpstreamFacts;
  /** HTTP method, path and status. */
  method?: string;
  path?: string;
  status?: number;
  durationMs?: number;
  /** The id of the trace, if spans are collected. */
  traceId?: string | undefined;
  /** Not part of the line in the log. */
  readonly details: RequestDetails;
}

/** The facts about a request that ledger and metrics use in addition to its line in the log. */
export interface RequestDetails extends Partial<Source> {
  /** The path of the route that Express found, as it was registered. */
  route?: string | undefined;
  effect?: Effect;
  /** The environment that a call acts in: its id, or its URL in environment mode. */
  environment?: string | undefined;
  /** The scopes that allowed the call; for a denied call, all scopes of the token. */
  scopes?: readonly string[];
  /** The scope that a denied call lacked. */
  requiredScope?: string | undefined;
  /** What a call that may change something is about to do, in one sentence without secrets. */
  action?: string;
  /** SHA-256 of the redacted arguments. */
  argumentsSha256?: string;
  /** SHA-256 of the call's confirmation. */
  confirmationSha256?: string;
  /** Whether that confirmation was valid. */
  confirmed?: boolean;
  /** Whether the client disconnected before there was an answer. */
  gone?: boolean;
  /** How many requests that may change something were sent to the management API and not refused by it. */
  changes?: number;
  /** Settles when the tool has ended, which may be after the client has disconnected. Never rejects. */
  running?: Promise<unknown> | undefined;
}
