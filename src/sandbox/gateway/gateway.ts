import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Log } from '../events.ts';
import { deliverFault } from '../faults/deliver.ts';
import type { FaultBoard } from '../faults/fault-board.ts';
import { type Answer, sendAnswer } from '../http-answer.ts';
import { OPERATIONS } from '../operations/index.ts';
import type { Store } from '../store.ts';
import { ApiError } from './api-error.ts';
import { type AuthenticationRules, authenticate, type Principal } from './authenticate.ts';
import { type ApiResult, dispatch } from './dispatch.ts';
import type { ObservedAnswer, ObservedRequest } from './observed-request.ts';
import { parseJson } from './parse-json.ts';
import { Routes } from './routes.ts';

const PREFIX = '/api/v1';

/** gRPC's own default for a message. */
const MAX_BODY_BYTES = 4 * 1024 * 1024;

export interface GatewayOptions {
  readonly store: Store;
  readonly authentication: AuthenticationRules;
  readonly faults: FaultBoard;
  readonly log: Log;
  readonly observe: ((request: ObservedRequest) => void) | undefined;
  readonly observeAnswer: ((request: ObservedRequest, answer: ObservedAnswer) => void) | undefined;
}

type IdentifiedResult = ApiResult & { readonly requestId: string };

type Identity = { readonly principal: Principal } | { readonly refusal: unknown };

/** The management API below `/api/v1`: reads each request to its end, carries it out, and answers or fails as told. */
export function createGateway(options: GatewayOptions): (req: IncomingMessage, res: ServerResponse) => Promise<void> {
  const routes = new Routes(OPERATIONS);
  return async (req, res) => {
    const { method = '', headers } = req;
    // Express strips the prefix that it mounts under; what the client sent is kept here.
    const received = (req as { originalUrl?: string }).originalUrl ?? req.url ?? '';
    const body = await readBody(req);
    const identity = await identify(headers.authorization, options.authentication);
    const observed = toObserved({ method, url: received, headers, body, identity });
    options.observe?.(observed);
    const fault = options.faults.take(method, received);
    if (fault !== undefined && fault.afterOperation !== true) return deliverFault(res, fault);
    const result = carryOut({ method, url: received.slice(PREFIX.length), body, headers, identity });
    options.observeAnswer?.(observed, result);
    const answer = toAnswer(result);
    await options.faults.delay(res);
    return fault === undefined ? sendAnswer(res, answer) : deliverFault(res, fault, answer);
  };

  function carryOut(request: {
    method: string;
    url: string;
    body: string | undefined;
    headers: IncomingMessage['headers'];
    identity: Identity;
  }): IdentifiedResult {
    const requestId = `req_${randomBytes(12).toString('hex')}`;
    const { method, url, body, identity, headers } = request;
    const domain = headers['x-env-domain'];
    try {
      if (body === undefined) throw new ApiError('INVALID_ARGUMENT', 'the body is larger than 4 MiB');
      const environmentDomain = typeof domain === 'string' ? domain : undefined;
      const result = dispatch(
        { method, url, body, environmentDomain, identify: () => principalOf(identity) },
        routes,
        options.store,
      );
      return { ...result, requestId };
    } catch (error) {
      return { ...refusal(error, requestId, options.log), requestId };
    }
  }
}

/** `undefined` when the body is larger than it may be; the rest of it is thrown away unread. */
async function readBody(req: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of req) {
    size += chunk.length;
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  return size > MAX_BODY_BYTES ? undefined : Buffer.concat(chunks).toString('utf8');
}

/** Kept apart from its outcome: routing errors come before authentication, yet observers want to know who it was. */
async function identify(authorization: string | undefined, rules: AuthenticationRules): Promise<Identity> {
  try {
    return { principal: await authenticate(authorization, rules) };
  } catch (refusal) {
    return { refusal };
  }
}

function principalOf(identity: Identity): Principal {
  if ('principal' in identity) return identity.principal;
  throw identity.refusal;
}

function toObserved({
  identity,
  body,
  headers,
  ...request
}: Pick<ObservedRequest, 'method' | 'url' | 'headers'> & {
  body: string | undefined;
  identity: Identity;
}): ObservedRequest {
  const { authorization: _, ...rest } = headers;
  const principal = 'principal' in identity ? identity.principal : undefined;
  return { ...request, headers: rest, body: jsonOrNothing(body), principal };
}

function jsonOrNothing(body: string | undefined): unknown {
  try {
    return body === undefined ? undefined : parseJson(body);
  } catch {
    return undefined;
  }
}

function refusal(error: unknown, requestId: string, log: Log): ApiResult {
  if (error instanceof ApiError) return { status: error.status, body: error.body(requestId) };
  log({ event: 'sandbox_defect', request_id: requestId, error: String(error) });
  return refusal(new ApiError('INTERNAL', 'internal error'), requestId, log);
}

function toAnswer({ status, body, requestId }: IdentifiedResult): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json', 'x-request-id': requestId },
    body: JSON.stringify(body),
  };
}
