/**
 * Every error code of a tool call. `retryable` says whether the same call may succeed later without any change; a
 * single error can override it (a write that timed out must not be repeated blindly). The page `/docs/errors` shows the
 * texts: what the code means, what the client (usually a model) should do, and what the person who uses the client
 * should do.
 */
export const ERROR_CODES = {
  invalid_arguments: {
    retryable: false,
    meaning: 'An argument is missing, malformed or unknown. Nothing was changed.',
    client:
      'Correct the argument that `field` names, using the message and, where it is there, `allowed`; then call again.',
    person: 'Nothing, unless your assistant asks you for a value.',
  },
  invalid_request: {
    retryable: false,
    meaning: 'Scalekit understood the request and refused its content.',
    client: 'Read `upstream`: it names the fields that Scalekit refused and why. Correct them and call again.',
    person: 'Nothing, unless your assistant asks you for a value.',
  },
  confirmation_required: {
    retryable: false,
    meaning:
      'The call would destroy something, or change a production environment whose operator wants that confirmed, and is not confirmed yet.',
    client:
      'Show the action and the preview to the person. Only when they agree, call again with the same arguments and the `confirmation`.',
    person: 'Read what would be done and lost, then agree or decline. Nothing has changed so far.',
  },
  confirmation_invalid: {
    retryable: false,
    meaning: 'The confirmation is not one for this call, or no longer good.',
    client:
      'Nothing was changed. Where the error holds a `preview`, what it shows has changed since: show it to the person, and confirm with the new `confirmation` once they agree. Otherwise call once more without `confirmation`, to get a fresh preview, and show that. Never change arguments between the two calls.',
    person: 'Look at the preview again: what it shows may have changed since.',
  },
  confirmation_unavailable: {
    retryable: true,
    meaning:
      'This server cannot find out whether a confirmation was used before, and does not destroy anything without knowing.',
    client:
      'Nothing was changed. Wait for `retryAfterMs` and repeat the call; when its confirmation is not good any more, call without it to get a new preview. Reading works meanwhile.',
    person: 'Tell the operator of this server, if it lasts: what its instances share, Redis mostly, does not answer.',
  },
  production_protected: {
    retryable: false,
    meaning: 'The operator of this server lets nothing be changed in production environments. Nothing was changed.',
    client: 'Do not repeat the call. Make the change in a development environment, or tell the person.',
    person: 'Make the change in the Scalekit dashboard, or ask the operator of this server.',
  },
  not_found: {
    retryable: false,
    meaning: 'What the call names does not exist, or the caller may not see it.',
    client: 'Take the id from a list tool, `nextTool` where the error names one, instead of repeating the call.',
    person: 'Check that you mean the right environment, and that you may see the thing in the Scalekit dashboard.',
  },
  conflict: {
    retryable: false,
    meaning: 'What the call would create exists already, or has changed meanwhile.',
    client: 'Read the current state and decide whether the change is still needed. Do not repeat the call blindly.',
    person: 'Say which version is right, when your assistant asks.',
  },
  not_applied: {
    retryable: false,
    meaning: 'Scalekit accepted the change, but parts of what was asked for are not as asked afterwards.',
    client:
      'Do not repeat the call. Its message names what Scalekit left as it was; the rest is done. Tell the person, and read the current state where it matters.',
    person: 'Make the rest of the change in the Scalekit dashboard.',
  },
  insufficient_scope: {
    retryable: false,
    meaning:
      'The access token does not hold the scope that the tool needs. Nothing was done. Clients that cannot handle the HTTP form of this are told so in a result.',
    client:
      'Do not repeat the call with the same token. Tell the person which scope is missing; authorize again for everything in `scope`, then repeat the call.',
    person:
      'Sign in to this server again and allow what is missing. If your client does not ask, disconnect this server in it and connect it anew.',
  },
  permission_denied: {
    retryable: false,
    meaning:
      'The scopes of the token cover the call, but the role behind it in Scalekit does not: that of the person, or of the client with which this server acts.',
    client: 'Do not repeat the call. Tell the person what `upstream` says is required.',
    person: 'Ask somebody with the right role in the workspace to do it, or to give you the role.',
  },
  unauthenticated: {
    retryable: false,
    meaning: 'Scalekit does not accept the credential behind this call.',
    client:
      'In workspace mode, get a new access token and repeat the call, once. If it fails again, or in environment mode, tell the person.',
    person:
      'Sign in again. If it comes again right after that, tell the operator of this server. Where it acts with a client of its own, the operator has to check `SCALEKIT_CLIENT_ID` and `SCALEKIT_CLIENT_SECRET`, or the file that `SCALEKIT_CLIENT_SECRET_FILE` names: all of the environment of `SCALEKIT_ENV_URL`.',
  },
  rate_limit_exceeded: {
    retryable: true,
    meaning:
      'The person has asked this server for too much in too short a time. Nothing was done. Clients that cannot handle the HTTP form of this are told so in a result.',
    client: 'Wait for `retryAfterMs`, then repeat the call. Make fewer calls at a time.',
    person: 'Wait a little. If it happens often, let your assistant do less at a time, or ask the operator for more.',
  },
  server_error: {
    retryable: true,
    meaning:
      'This server is carrying out as many calls as it can, of this person or of all. Nothing was done. Clients that cannot handle the HTTP form of this are told so in a result.',
    client: 'Wait for `retryAfterMs`, then repeat the call. Make fewer calls at the same time.',
    person: 'Try again in a minute. If it lasts, tell the operator of this server.',
  },
  rate_limited: {
    retryable: true,
    meaning: 'Too many requests have reached Scalekit in a short time, so that it answers no more for now.',
    client:
      'Wait for `retryAfterMs`, or some seconds where it is missing, then repeat the call. Make fewer calls at a time.',
    person: 'Wait a little. Let your assistant work on less at once.',
  },
  upstream_error: {
    retryable: true,
    meaning: 'The call has reached Scalekit, which failed over it. Neither the call nor this server is at fault.',
    client:
      'When `retryable` is true, repeat the call once after a few seconds. When it is false, the change may have been carried out: read the current state first.',
    person: 'Try again later. If it lasts, give Scalekit’s support the `request_id` in `upstream`.',
  },
  upstream_timeout: {
    retryable: true,
    meaning: 'Scalekit did not answer within the time that this server gives a call. It may still be at work on it.',
    client:
      'When `retryable` is true, repeat the call, asking for less where possible. When it is false, the change may have been carried out: read the current state first.',
    person:
      'Try again in a minute. After a change, look in the Scalekit dashboard first: it may have been carried out.',
  },
  upstream_unavailable: {
    retryable: true,
    meaning: 'No connection to Scalekit comes about, or its answers have failed to come several times in a row.',
    client:
      'When `retryable` is true, wait for `retryAfterMs`, or some seconds where it is missing, then repeat the call. When it is false, the change may have been carried out: read the current state first.',
    person:
      'Try again in a few minutes. If it lasts, look at Scalekit’s status page, or tell the operator that this server cannot reach Scalekit.',
  },
  unexpected_response: {
    retryable: false,
    meaning: 'Scalekit answered in a form that this server does not know, or with more than a result can hold.',
    client: 'Do not repeat the call. After a write, read the current state. Give the person the `requestId`.',
    person:
      'Report the `requestId` to the operator of this server: something stands between it and Scalekit, or the two no longer fit together.',
  },
  not_supported: {
    retryable: false,
    meaning: 'This Scalekit environment does not offer the operation.',
    client:
      'Do not repeat the call. Reach the goal another way, or tell the person that this environment cannot do it.',
    person: 'Ask Scalekit whether your plan includes the feature.',
  },
  provider_error: {
    retryable: false,
    meaning: 'A third-party service that Scalekit asked for this call has failed or refused.',
    client:
      'Do not repeat the call at once: when `retryable` is true, wait first. With a `nextTool`, the account has to be authorized again. Tell the person which connection it was, and what `upstream` says.',
    person: 'Check the account at the third-party service: it may need to be linked again, or the service may be down.',
  },
  cancelled: {
    retryable: true,
    meaning: 'The client gave up on the call before there was an answer.',
    client: 'Repeat the call if its answer is still wanted. After a write, read the current state first.',
    person:
      'Nothing, if you have stopped it yourself. Otherwise your client gives a call less time than it takes: look for a limit in its settings.',
  },
  audit_unavailable: {
    retryable: true,
    meaning: 'This server cannot write its audit ledger, and does not change anything that it cannot put on record.',
    client: 'Nothing was changed. Wait for retryAfterMs and repeat the call; reading works meanwhile.',
    person: 'Tell the operator of this server: the disk that holds the audit ledger is full or cannot be written.',
  },
  internal_error: {
    retryable: false,
    meaning:
      'A defect of this server: it met something that it was not made for, and gave up the call. What had been changed until then stays changed.',
    client: 'Do not repeat the call. After a write, read the current state. Give the person the `requestId`.',
    person:
      'Report the `requestId` to the operator of this server, who finds the reason in its log. Until it is mended, the Scalekit dashboard can do the same.',
  },
} as const satisfies Record<string, { retryable: boolean; meaning: string; client: string; person: string }>;

export type ErrorCode = keyof typeof ERROR_CODES;

/** Text from Scalekit. It reaches clients only as JSON string values, never inside a sentence of this server. */
export interface UpstreamDetail {
  readonly status?: number;
  readonly error_code?: string;
  readonly message?: string;
  readonly request_id?: string;
  readonly required_permissions?: readonly string[];
  readonly violations?: readonly { readonly field: string; readonly description: string }[];
  /** The message in the language of whoever asked. */
  readonly localized_message?: string;
  /** What the failure is about. */
  readonly resource_name?: string;
  readonly resource_description?: string;
  /** What the third party behind a tool said, and the execution under which Scalekit logs it. */
  readonly tool_error_code?: string;
  readonly tool_error_message?: string;
  readonly execution_id?: string;
  /** Pages that help, all https. */
  readonly links?: readonly { readonly description: string; readonly url: string }[];
}

/** Facts that help a model or a person to continue after a failure. */
export interface Recovery {
  /** Overrides `retryable` of the code. */
  readonly retryable?: boolean;
  /** How long to wait before a retry makes sense, in milliseconds. */
  readonly retryAfterMs?: number;
  /** The wrong argument, as a dotted path. */
  readonly field?: string;
  /** The allowed values of that argument, if there are only a few. */
  readonly allowed?: readonly string[];
  /** The tool that returns the missing value. */
  readonly nextTool?: string;
  /** The scope that the call needs and the token lacks. */
  readonly requiredScope?: string;
  /** All scopes to ask for, separated by spaces: those granted so far, and the one that is missing. */
  readonly scope?: string;
  readonly upstream?: UpstreamDetail;
}

/**
 * A failure whose message this server wrote, so that it may reach the model. The cause is private: it is logged and
 * never sent to the client. Any other error that is thrown during a call is a defect, and the client gets
 * `internal_error` without its text.
 */
export class ToolError extends Error {
  override readonly name = 'ToolError';
  readonly code: ErrorCode;
  readonly recovery: Recovery;

  constructor(code: ErrorCode, message: string, recovery: Recovery = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.recovery = recovery;
  }
}
