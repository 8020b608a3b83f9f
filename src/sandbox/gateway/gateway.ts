import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { deliverFault } from '../faults/deliver.ts';
import { sendAnswer } from '../http-answer.ts';
import { OPERATIONS } from '../operations/index.ts';
import type { Place } from '../place.ts';
import type { Store } from '../store.ts';
import { ApiError } from './api-error.ts';
import { authenticate } from './authenticate.ts';
import { type ApiResult, dispatch } from './dispatch.ts';
import { Routes } from './routes.ts';

const PREFIX = '/api/v1';

/** gRPC's own default for a message. */
const MAX_BODY_BYTES = 4 * 1024 * 1024;

/** The management API below `/api/v1`: reads each request to its end, carries it out, and answers or fails as told. */
export function createGateway(
  place: Place,
  store: Store,
): (req: IncomingMessage, res: ServerResponse) => Promise<void> {
  const { faults, settings } = place;
  const routes = new Routes(OPERATIONS);
  return async (req, res) => {
    const { method = '' } = req;
    const { authorization, ...headers } = req.headers;
    // Express strips the prefix that it mounts under; what the client sent is kept here.
    const received = (req as { originalUrl?: string }).originalUrl ?? req.url ?? '';
    const text = await readBody(req);
    const body =
      text === undefined ? new ApiError('INVALID_ARGUMENT', 'the body is larger than 4 MiB') : parseJson(text);
    // Kept until it is asked for: routing errors come before authentication, yet observers want to know who it was.
    const caller = await authenticate(authorization, place, store).catch((refusal: Error) => refusal);
    const observed = { method, url: received, headers, body: unlessError(body), principal: unlessError(caller) };
    place.observe?.(observed);
    const fault = faults.take(method, received, authorization !== undefined);
    if (fault !== undefined && fault.afterOperation !== true) return deliverFault(res, fault);
    const requestId = `req_${randomBytes(12).toString('hex')}`;
    const domain = headers['x-env-domain'];
    const environmentDomain = typeof domain === 'string' ? domain : undefined;
    const result = answered(requestId, () => {
      if (text === undefined) throw body;
      const url = received.slice(PREFIX.length);
      return dispatch({ method, url, body, environmentDomain, caller }, { routes, store, settings });
    });
    place.observeAnswer?.(observed, result);
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
      if (refusal !== error) place.log({ event: 'sandbox_defect', request_id: requestId, error: String(error) });
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

/** The JSON value of a body, `undefined` for an empty one; the refusal of one that is not JSON. */
function parseJson(body: string): unknown {
  if (body.trim() === '') return undefined;
  try {
    return JSON.parse(body);
  } catch {
    return new ApiError('INVALID_ARGUMENT', 'proto: syntax error: the body is not JSON');
  }
}

function unlessError<T>(value: T): Exclude<T, Error> | undefined {
  return value instanceof Error ? undefined : (value as Exclude<T, Error>);
}
