import { whatNow } from '../core/check-answer.ts';
import { type ErrorCode, type Recovery, ToolError, type UpstreamDetail } from '../core/errors.ts';
import { isObject, parseJson } from '../core/json.ts';
import { isUrl } from '../core/parse-url.ts';

interface Meaning {
  readonly code: ErrorCode;
  readonly message: string;
}

const BY_STATUS: Readonly<Record<number, Meaning>> = {
  400: {
    code: 'invalid_request',
    message: 'Scalekit refused the request as invalid. Correct what `upstream` names and call again.',
  },
  404: {
    code: 'not_found',
    message: 'Scalekit knows nothing under this id, or does not show it to you. Take the id from a list call.',
  },
  409: {
    code: 'conflict',
    message: 'Scalekit reports a conflict with what exists already. Read the current state, then decide.',
  },
  429: {
    code: 'rate_limited',
    message: 'Scalekit answers no more requests for this environment for now. Wait, then repeat the call.',
  },
  501: { code: 'not_supported', message: 'This Scalekit environment does not offer the operation.' },
};

/** Whose credential the API did not accept: that of the caller in workspace mode, else that of this server. */
const NOT_ACCEPTED: Readonly<Record<ApiSetting, Meaning>> = {
  SCALEKIT_API_URL: {
    code: 'unauthenticated',
    message:
      'Scalekit did not accept the access token behind this call. Sign in again, then repeat the call. If this comes again right after signing in, that does not help: tell the operator of this server.',
  },
  SCALEKIT_ENV_URL: {
    code: 'unauthenticated',
    message:
      'Scalekit did not accept the credential with which this server acts. Signing in again does not help: if it lasts, tell the operator of this server.',
  },
};

/** What is missing is a permission of the dashboard, which is no scope: a new token would lack it as well. */
const NOT_PERMITTED: Readonly<Record<ApiSetting, Meaning>> = {
  SCALEKIT_API_URL: {
    code: 'permission_denied',
    message:
      'Your role in the Scalekit workspace does not allow this; `upstream` names the permission where Scalekit does. An admin of the workspace can give it to you in the dashboard, or do this. Signing in again does not help.',
  },
  SCALEKIT_ENV_URL: {
    code: 'permission_denied',
    message:
      'The client with which this server acts may not do this; `upstream` names the permission where Scalekit does. An admin of the workspace can give it to the client in the dashboard, or do this. Signing in again does not help.',
  },
};

const BY_SETTING: Readonly<Record<number, Readonly<Record<ApiSetting, Meaning>>>> = {
  401: NOT_ACCEPTED,
  403: NOT_PERMITTED,
};

/** After an error with one of these codes, a write must not be repeated blindly. */
const MAY_HAVE_ACTED: ReadonlySet<ErrorCode> = new Set(['upstream_error', 'upstream_timeout', 'upstream_unavailable']);

/** The `error_code` of every failure of a third party, whatever its status: nothing of it is about our own credential. */
const TOOL_ERROR = 'TOOL_ERROR';

const AUTHORIZE_AGAIN = 'create_connected_account_magic_link';

/** What follows from the status with which a third party failed. Its 401 and 429 are its own, never Scalekit’s. */
const BY_PROVIDER_STATUS: Readonly<Record<number, Pick<Recovery, 'nextTool' | 'retryable'> & { message: string }>> = {
  401: {
    message:
      'The third-party service no longer accepts the authorization of this connected account. Its user has to authorize it again, with a new magic link; then repeat the call.',
    nextTool: AUTHORIZE_AGAIN,
  },
  403: {
    message:
      'The third-party service does not allow this to the connected account: its user lacks the right there, or has granted too little. Authorizing again, with a new magic link, can grant more; otherwise use another account.',
    nextTool: AUTHORIZE_AGAIN,
  },
  429: {
    message:
      'The third-party service answers no more calls of this connected account for now. Back off: wait, then repeat the call, and make fewer at a time.',
    retryable: true,
  },
};
const PROVIDER_FAILED = {
  message:
    'The third-party service behind Scalekit failed, or refused what was asked; `upstream` says what it said. Repeating the call does not help by itself.',
};
/** Words of google.rpc with which a third party’s status may be told in place of its number. */
const PROVIDER_WORDS: Readonly<Record<string, number>> = {
  UNAUTHENTICATED: 401,
  UNAUTHORIZED: 401,
  PERMISSION_DENIED: 403,
  FORBIDDEN: 403,
  RATE_LIMITED: 429,
  RESOURCE_EXHAUSTED: 429,
  TOO_MANY_REQUESTS: 429,
};

/** So many links for help are passed on, and no longer ones: a URL that is cut leads nowhere. */
const MAX_LINKS = 5;
const MAX_URL = 500;

/** Statuses below 500 that say nothing against the request: no answer came in time, or the API gave up on it. */
const UNANSWERED: ReadonlySet<number> = new Set([408, 499]);

/** Statuses that the API never answers with without an error of its own. */
const NEVER_BARE: ReadonlySet<number> = new Set([404, 405]);

/** An answer other than 2xx, and what was asked. */
export interface FailedAnswer {
  readonly status: number;
  /** The body as it came: a google.rpc.Status from Scalekit, or anything else from a proxy before it. */
  readonly text: string;
  /** The value of `Retry-After`, in milliseconds. */
  readonly retryAfter: number | undefined;
  /** Whether the request can be sent again without acting twice. */
  readonly safe: boolean;
  /** Whether the request was for a list as a whole, which is always there. */
  readonly isCollection: boolean;
  /** The variable that says where the API is. */
  readonly setting: ApiSetting;
}

/** The variable that says where the management API is: `SCALEKIT_ENV_URL` in environment mode. */
export type ApiSetting = 'SCALEKIT_API_URL' | 'SCALEKIT_ENV_URL';

/** Converts an answer other than 2xx to the error that tools throw. */
export function fromAnswer(answer: FailedAnswer): ToolError {
  const { status, retryAfter, safe, setting } = answer;
  const body = parseJson(answer.text);
  const upstream = detailOf(status, body);
  if (isForeign(answer, body, isErrorOfApi(body))) return notTheApi(setting, status, safe, upstream);
  if (upstream.error_code === TOOL_ERROR) return providerFailed(upstream, retryAfter);
  const { code, message } = meaningOf(answer);
  return new ToolError(code, message, {
    ...(retryAfter !== undefined && { retryAfterMs: retryAfter }),
    ...(MAY_HAVE_ACTED.has(code) && { retryable: safe }),
    upstream,
  });
}

/** The error of a third party, with what its kind means for the connected account. */
function providerFailed(upstream: UpstreamDetail, retryAfter: number | undefined): ToolError {
  const told = upstream.tool_error_code ?? '';
  const status = /^[45]\d\d$/.test(told) ? Number(told) : (PROVIDER_WORDS[told.toUpperCase()] ?? upstream.status);
  const { message, ...recovery } = BY_PROVIDER_STATUS[status ?? 0] ?? PROVIDER_FAILED;
  return new ToolError('provider_error', message, {
    ...recovery,
    ...(retryAfter !== undefined && { retryAfterMs: retryAfter }),
    upstream,
  });
}

/**
 * The error for an answer that the management API did not give. The host is left out: it may be a name inside the
 * operator's network, and the variable tells the operator more.
 */
export function notTheApi(
  setting: ApiSetting,
  status: number,
  safe: boolean,
  upstream: UpstreamDetail = { status },
): ToolError {
  const message = `Something other than Scalekit’s management API answered: there is no management API at ${setting}, or something stands before it. The operator of this server has to check that.`;
  return new ToolError('unexpected_response', safe ? message : `${message} ${whatNow(false)}`, { upstream });
}

/**
 * Whether an answer is not the API’s own. Its errors carry an `error_code`, which neither the 404 of its own gateway for
 * paths that it does not know nor that of another server does.
 */
function isForeign({ status, text, isCollection }: FailedAnswer, body: unknown, isOwn: boolean): boolean {
  if (status < 400) return true;
  if (isCollection && status === 404) return true;
  if (isOwn) return false;
  return (
    NEVER_BARE.has(status) ||
    (status < 500 && !UNANSWERED.has(status) && status !== 429 && text !== '' && !isObject(body))
  );
}

function meaningOf({ status, safe, setting }: FailedAnswer): Meaning {
  const known = BY_SETTING[status]?.[setting] ?? BY_STATUS[status];
  if (known !== undefined) return known;
  if (status < 500 && !UNANSWERED.has(status))
    return { code: 'invalid_request', message: 'Scalekit refused the request.' };
  const code =
    status === 504 || status === 408 ? 'upstream_timeout' : status === 500 ? 'upstream_error' : 'upstream_unavailable';
  return { code, message: `Scalekit failed to answer. ${whatNow(safe)}` };
}

/** Members of an `ErrorInfo`, by which one that stands for itself is told from another server’s error. */
const INFO_MEMBERS = [
  'debug_info',
  'help_info',
  'localized_message_info',
  'request_info',
  'resource_info',
  'tool_error_info',
  'validation_error_info',
];

/** Whether a body is an error of the API: an `ErrorInfo` with its code, in the details of a status or for itself. */
function isErrorOfApi(body: unknown): boolean {
  if (!isObject(body) || text(infoIn(body)['error_code']) === undefined) return false;
  return infoIn(body) !== body || INFO_MEMBERS.some((name) => isObject(body[name]));
}

/** The `error_code` of a body, which only errors of the API carry. */
export function errorCodeOf(text: string): string | undefined {
  const body = parseJson(text);
  return isErrorOfApi(body) ? detailOf(0, body).error_code : undefined;
}

/** Parses `Retry-After`, which has seconds or an HTTP date (RFC 9110 §10.2.3). Returns milliseconds. */
export function retryAfterMs(header: string | string[] | undefined): number | undefined {
  const value = Array.isArray(header) ? header[0] : header;
  if (value === undefined) return undefined;
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isFinite(ms) && ms >= 0 ? ms : undefined;
}

/**
 * The helpful parts of a google.rpc.Status, or of an `ErrorInfo` that stands for itself, which is published for some
 * operations. Others, such as stack entries and serving data, are left out.
 */
function detailOf(status: number, body: unknown): UpstreamDetail {
  if (!isObject(body)) return { status };
  const info = infoIn(body);
  const violations = list(member(info, 'validation_error_info')['field_violations']).map((violation) => ({
    field: text(violation['field']) ?? '',
    description: text(violation['description']) ?? text(violation['constraint']) ?? '',
  }));
  const resource = member(info, 'resource_info');
  const permissions = resource['required_permissions'];
  const tool = member(info, 'tool_error_info');
  const links = linksIn(member(info, 'help_info'));
  return withoutUndefined({
    status,
    error_code: text(info['error_code']),
    message: text(body['message']),
    request_id: text(member(info, 'request_info')['request_id']),
    required_permissions: Array.isArray(permissions) ? permissions.filter((p) => typeof p === 'string') : undefined,
    violations: violations.length > 0 ? violations : undefined,
    localized_message: text(member(info, 'localized_message_info')['message']),
    resource_name: text(resource['resource_name']),
    resource_description: text(resource['description']),
    tool_error_code: text(tool['tool_error_code']) ?? numberText(tool['tool_error_code']),
    tool_error_message: text(tool['tool_error_message']),
    execution_id: text(tool['execution_id']),
    links: links.length > 0 ? links : undefined,
  });
}

function infoIn(body: Record<string, unknown>): Record<string, unknown> {
  return [...list(body['details']), body].find((detail) => 'error_code' in detail) ?? {};
}

/** Links for help that people may follow: to `https` alone. */
function linksIn(help: Record<string, unknown>): { readonly description: string; readonly url: string }[] {
  return list(help['links'])
    .flatMap((link) => {
      const url = text(link['url']);
      if (url === undefined || url.length > MAX_URL || !isHttps(url)) return [];
      return [{ description: text(link['description']) ?? '', url }];
    })
    .slice(0, MAX_LINKS);
}

function isHttps(url: string): boolean {
  return /^https:\/\/[\x21-\x7e]+$/i.test(url) && isUrl(url);
}

function member(object: Record<string, unknown>, name: string): Record<string, unknown> {
  const value = object[name];
  return isObject(value) ? value : {};
}

function list(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** A text from the body. Long ones are cut when the error is released, where no secret is halved. */
function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function numberText(value: unknown): string | undefined {
  return typeof value === 'number' ? String(value) : undefined;
}

function withoutUndefined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as never;
}
