/** What kind of end it is, as the exit codes of the command line have it. */
export type HostedFailureKind = 'usage' | 'failed' | 'unavailable' | 'denied' | 'configuration';

/** What a server of this kind says of its refusal, in the members of OAuth's errors (RFC 6749 §5.2) and its own. */
export interface ServersRefusal {
  /** One of its error codes, such as `insufficient_scope`. */
  readonly code: string;
  /** What else helps to go on, such as `retryAfterMs`. */
  readonly facts: Readonly<Record<string, unknown>>;
}

/** Why a hosted server could not be used, in words for the person. It never holds a token or a code. */
export class HostedFailure extends Error {
  override readonly name = 'HostedFailure';
  readonly kind: HostedFailureKind;
  /** Set when the server has refused, and has said why in a form for programs. */
  readonly refusal: ServersRefusal | undefined;
  /** The command line that the message says to run. */
  readonly run: string | undefined;

  /**
   * @param kind says the exit code
   * @param message what happened, why, and what to do next
   */
  constructor(
    kind: HostedFailureKind,
    message: string,
    { refusal, run }: { readonly refusal?: ServersRefusal | undefined; readonly run?: string } = {},
  ) {
    super(message);
    this.kind = kind;
    this.refusal = refusal;
    this.run = run;
  }
}

const MAX_QUOTED = 200;

/** Text of another server as it may stand in a sentence of ours: quoted, without control characters, cut. */
export function quoted(text: string): string {
  const cut = text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED)}…` : text;
  return JSON.stringify(cut.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, ' '));
}

/** Whether an error says that a request got no answer, or not all of it. `fetch` says why in its cause; a defect has none. */
export function isOfNetwork(error: unknown): error is TypeError {
  return error instanceof TypeError && error.cause !== undefined;
}

/** Why a request got no answer: the code of the network, or the error's own words. */
export function whyNoAnswer(error: unknown): string {
  for (let at = error; at instanceof Error; at = at.cause) {
    const { code } = at as NodeJS.ErrnoException;
    if (code === 'address_not_public') return 'its address is not one of the public internet';
    if (typeof code === 'string') return code;
    if (at.name === 'TimeoutError') return 'no answer in time';
  }
  return 'no answer';
}
