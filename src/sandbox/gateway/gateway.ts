import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Log } from '../events.ts';
import { deliverFault } from '../faults/deliver.ts';
import type { FaultBoard } from '../faults/fault-board.ts';
import { sendAnswer } from '../http-answer.ts';
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

/** The management API below `/api/v1`: reads each request to its end, carries it out, and answers or fails as told. */
export function createGateway(options: GatewayOptions): (req: IncomingMessage, res: ServerResponse) => Promise<void> {
  const { faults, store } = options;
  const routes = new Routes(OPERATIONS);
  return async (req, res) => {
    const { method = '', headers } = req;
    // Express strips the prefix that it mounts under; what the client sent is kept here.
    const received = (req as { originalUrl?: string }).originalUrl ?? req.url ?? '';
    const body = await readBody(req);
    const identify = await identity(headers.authorization, options.authentication);
    const observed = observe({ method, url: received, headers, body: body ?? '' }, identify);
    options.observe?.(observed);
    const fault = faults.take(method, received);
    if (fault !== undefined && fault.afterOperation !== true) return deliverFault(res, fault);
    const requestId = `req_${randomBytes(12).toString('hex')}`;
    const domain = headers['x-env-domain'];
    const environmentDomain = typeof domain === 'string' ? domain : undefined;
    const result = answered(requestId, () => {
      if (body === undefined) throw new ApiError('INVALID_ARGUMENT', 'the body is larger than 4 MiB');
      const url = received.slice(PREFIX.length);
      return dispatch({ method, url, body, environmentDomain, identify }, routes, store);
    });
    options.observeAnswer?.(observed, result);
    const answer = {
      status: result.status,
      headers: { 'content-type': 'application/json', 'x-request-id': requestId },
      body: JSON.stringify(result.body),
    };
    await faults.delay(res);
    return fault === undefined ? sendAnswer(res, answer) : deliverFault(res, fault, answer);
  };

  function answered(requestId: string, work: () => ApiResult): ApiResult {
    try {
      return work();
    } catch (error) {
      const refusal = error instanceof ApiError ? error : new ApiError('INTERNAL', 'internal error');
      if (refusal !== error) options.log({ event: 'sandbox_defect', request_id: requestId, error: String(error) });
      return { status: refusal.status, body: refusal.body(requestId) };
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
async function identity(authorization: string | undefined, rules: AuthenticationRules): Promise<() => Principal> {
  try {
    const principal = await authenticate(authorization, rules);
    return () => principal;
  } catch (refusal) {
    return () => {
      throw refusal;
    };
  }
}

function observe(
  {
    headers: { authorization: _, ...headers },
    body,
    ...request
  }: Omit<ObservedRequest, 'principal'> & { body: string },
  identify: () => Principal,
): ObservedRequest {
  return { ...request, headers, body: orNothing(() => parseJson(body)), principal: orNothing(identify) };
}

function orNothing<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
