import type { RefusedToken } from '../observability/request-facts.ts';

/** The token is not valid here. The message says why, and may be shown to the client. */
export class TokenRejected extends Error {
  override readonly name = 'TokenRejected';
  /** Whether the refusal counts as a failed authentication of the client's address. */
  readonly isFailure: boolean = true;
  /** What the token says and what is accepted, for the operator. Not for the client, and not checked. */
  facts: RefusedToken | undefined;
}

/**
 * The token is genuine but has expired, so that its client has to refresh it. Tokens expire every hour or so, and many
 * people may share one address.
 */
export class TokenExpired extends TokenRejected {
  override readonly isFailure = false;
}

/** The token is longer than this server reads. Signing in again brings one of the same length. */
export class TokenTooLong extends TokenRejected {
  override readonly isFailure = false;
}
