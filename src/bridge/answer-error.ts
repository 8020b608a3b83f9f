import {
  type JSONRPCErrorResponse,
  type JSONRPCMessage,
  ProtocolError,
  SdkError,
  SdkErrorCode,
  SdkHttpError,
} from '@modelcontextprotocol/client';
import { isObject, parseJson } from '../core/json.ts';
import { OAUTH_ERRORS } from '../http/oauth-errors.ts';
import {
  HostedFailure,
  type HostedFailureKind,
  isOfNetwork,
  quoted,
  type ServersRefusal,
  whyNoAnswer,
} from './failure.ts';
import { SignInLines } from './sign-in-lines.ts';

/** The code of an error that the way to the server has caused, of those that JSON-RPC leaves to implementations. */
const NOT_CARRIED = -32_000;

/**
 * The error that answers a request which the server has not answered.
 * @param server as the person calls it
 */
export function errorFor(error: unknown, message: JSONRPCMessage, server: URL): JSONRPCErrorResponse['error'] {
  const { origin } = server;
  const of = (text: string, data?: object) => ({
    code: NOT_CARRIED,
    message: text,
    ...(data !== undefined && { data }),
  });
  if (error instanceof HostedFailure) return of(error.message);
  if (error instanceof SdkHttpError) {
    const { status } = error;
    return (
      serversOwn(error, message) ??
      of(`${origin} answered ${status}, in a form that is not MCP. ${nextAfter(status, server)}`, { status })
    );
  }
  if (error instanceof SdkError && error.code === SdkErrorCode.ClientHttpUnexpectedContent) {
    return of(`${origin} answered something that is not MCP. Check that the URL is that of the server's endpoint.`);
  }
  if (isOfNetwork(error)) {
    return of(
      `${origin} cannot be reached (${whyNoAnswer(error)}). If the request changes something, look whether it did before you try again.`,
    );
  }
  return of(
    `${origin} answered something that cannot be read. If the request changes something, look whether it did before you try again.`,
  );
}

/** The JSON-RPC error with which the server refused, if its answer is one. */
function serversOwn(error: SdkHttpError, message: JSONRPCMessage): JSONRPCErrorResponse['error'] | undefined {
  const { text } = error.data as { readonly text?: unknown };
  const body = typeof text === 'string' ? parseJson(text) : undefined;
  if (!isObject(body) || !isObject(body['error'])) return undefined;
  const { code, message: words, data } = body['error'];
  if (typeof code !== 'number' || typeof words !== 'string') return undefined;
  const isOther = 'id' in message && body['id'] !== null && body['id'] !== undefined && body['id'] !== message.id;
  return isOther ? undefined : { code, message: words, ...(data !== undefined && { data }) };
}

function nextAfter(status: number, server: URL): string {
  if (status === 429 || status >= 500) return 'Try again later.';
  if (status >= 300 && status < 400)
    return 'It sends elsewhere, where the sign-in is not sent: give the URL of the endpoint itself.';
  if (status === 401 || status === 403) return `Sign in again with ${new SignInLines(server.href).login()}`;
  return "Check that the URL is that of the server's endpoint.";
}

/** The error that answers a request whose answer has not come whole. */
export function lost({ origin }: URL): JSONRPCErrorResponse['error'] {
  return {
    code: NOT_CARRIED,
    message: `The connection to ${origin} ended before the answer. If the request changes something, look whether it did before you try again.`,
  };
}

/**
 * Why a command has no answer that it can use, for errors of the protocol's client.
 * @returns undefined for other errors
 */
export function answerFailure(error: unknown, server: URL): HostedFailure | undefined {
  if (error instanceof ProtocolError) {
    const refusal = refusalIn(error.data);
    return new HostedFailure('failed', `${server.origin} refuses: ${quoted(error.message)}.`, { refusal });
  }
  if (!(error instanceof SdkError || error instanceof SyntaxError)) return undefined;
  const { message, data } = errorFor(error, { jsonrpc: '2.0', method: '' }, server);
  const status = error instanceof SdkHttpError ? error.status : undefined;
  return new HostedFailure(kindOf(status), message, { refusal: refusalIn(data) });
}

function kindOf(status: number | undefined): HostedFailureKind {
  if (status === 401 || status === 403) return 'denied';
  return status !== undefined && (status === 429 || status >= 500) ? 'unavailable' : 'failed';
}

/** What the `data` of an error says of a refusal; undefined where it is not of the form that servers of this kind have. */
function refusalIn(data: unknown): ServersRefusal | undefined {
  if (!isObject(data)) return undefined;
  const { error: code, error_description: _, ...facts } = data;
  return typeof code === 'string' && Object.hasOwn(OAUTH_ERRORS, code) ? { code, facts } : undefined;
}
