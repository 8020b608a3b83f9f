import type { Effect } from '../core/tool.ts';
import type { Outcome } from './outcomes.ts';

/** Where a request came from. */
export interface Source {
  readonly address: string;
  readonly userAgent: string | undefined;
}

/** All that is known about a request: its line in the log once it is over, and beside it what other observers keep. */
export interface RequestFacts {
  readonly requestId: string;
  /** `sub` of the caller. */
  caller?: string;
  client?: string | undefined;
  /** JSON-RPC method. */
  rpc?: string;
  tool?: string | undefined;
  /** `ok`, `accepted` where nothing was asked for, or the code of what went wrong. */
  outcome?: Outcome;
  /** Public reason of a refusal. */
  reason?: string;
  /** HTTP method, path and status. */
  method?: string;
  path?: string;
  status?: number;
  durationMs?: number;
  /** Of the trace that its spans are in, where there are any. */
  traceId?: string | undefined;
  /** Not part of the line. */
  readonly details: RequestDetails;
}

/** What ledger and metrics keep of a request beyond its line in the log. */
export interface RequestDetails extends Partial<Source> {
  /** The route that Express found for it, as it was registered. */
  route?: string | undefined;
  effect?: Effect;
  /** The environment that a call acts in: its id, or its URL where it is fixed. */
  environment?: string | undefined;
  /** Those that let a call through; where nothing did, all that the token carries. */
  scopes?: readonly string[];
  /** The one that a refused call lacked. */
  requiredScope?: string | undefined;
  /** SHA-256 of the redacted arguments. */
  argumentsSha256?: string;
  /** SHA-256 of the confirmation that a call brought. */
  confirmationSha256?: string;
  /** Whether that confirmation was good. */
  confirmed?: boolean;
  /** Whether the client went away before its answer. */
  gone?: boolean;
  /** Settles when the tool has, which may be after its client went away. Never rejects. */
  running?: Promise<unknown>;
}
