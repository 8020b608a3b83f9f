import type { Request as HttpRequest, Response as HttpResponse } from 'express';
import { authorize, type Decision, type Denial } from '../access/authorize.ts';
import { observeDecision } from '../access/decision-facts.ts';
import { isToldInBand } from '../access/step-up.ts';
import type { Surface } from '../access/surface.ts';
import type { CallerHandler } from '../auth/bearer.ts';
import type { Caller } from '../auth/caller.ts';
import type { ProtectedResource } from '../auth/resource.ts';
import type { Era, Message } from '../core/message.ts';
import { sendJson, sendPieces } from '../http/answer.ts';
import { observationOf } from '../http/observe.ts';
import { sendResponse } from '../http/send-response.ts';
import type { Limits } from '../limits/limits.ts';
import { MESSAGE_COST } from '../limits/rates.ts';
import type { Outcome } from '../observability/outcomes.ts';
import type { Services } from '../run/services.ts';
import { forbidden } from './forbidden.ts';
import { charge, rejectEarly } from './limit.ts';
import { ListAnswers } from './protocol/list-answers.ts';
import { skipsSchemas } from './protocol/plain-call.ts';
import { type Answer, type Delivery, serve } from './protocol/serve.ts';
import { type Judged, protocolServer } from './protocol/server.ts';
import { webRequest } from './protocol/web-request.ts';
import { header, receive } from './receive/receive.ts';
import { Refused, RPC, sendRpcError } from './refusals.ts';

export interface EndpointOptions {
  /** What a request sees. */
  readonly surfaceOf: (request: HttpRequest) => Surface;
  readonly services: Services;
  readonly resource: ProtectedResource;
  /** OAuth clients whom a result tells which scope they lack, instead of a 403; `*` stands for all. */
  readonly stepUpInBand: readonly string[];
  readonly limits: Pick<Limits, 'rates' | 'concurrency'>;
}

/** The handshakes of both eras, which show the whole identity of this server. */
const HANDSHAKES: ReadonlySet<string> = new Set(['initialize', 'server/discover']);

/**
 * The MCP endpoint: Streamable HTTP without sessions, one message in, one answer out, in the era of the message. Reads
 * once, decides once, and hands what was decided to the protocol layer.
 */
export async function mcpEndpoint(options: EndpointOptions): Promise<CallerHandler> {
  const { surfaceOf, services, resource, stepUpInBand, limits } = options;
  const { log } = services;
  const lists = await ListAnswers.prepare();

  async function answer(request: HttpRequest, response: HttpResponse, caller: Caller): Promise<void> {
    const observation = observationOf(response);
    const surface = surfaceOf(request);
    const { era, body, message } = await receive(request).catch(async (error: unknown) => {
      await limits.rates.charge(caller, MESSAGE_COST);
      throw error;
    });
    observation.received(message, request.headers);
    const step = observation.trace?.step('authorize');
    const decision = authorize(caller, surface, message);
    step?.end(decision.kind === 'deny' ? decision.denial.error : undefined);
    observeDecision(observation, caller, decision, log);
    if (!(await charge(limits, response, caller, decision))) return;
    if (decision.kind === 'deny' && !isToldInResult(decision.denial, message, caller)) {
      throw forbidden(decision.denial, resource.metadataUrl(request), message.id, response);
    }
    if (decision.kind === 'unknown') refuseUnknown(era, message);
    const pieces = lists.find(era, message, surface, (name) => header(request, name));
    if (pieces !== undefined) {
      observation.answered('ok');
      return sendPieces(response, 200, pieces);
    }
    const judged = { decision, observation };
    const server = protocolServer({
      judge: () => judged,
      surface,
      services,
      showsAll: HANDSHAKES.has(message.method),
      skipsSchemas: decision.kind === 'call' && skipsSchemas(message),
    });
    const delivery = deliveryOf(request, response, message, judged);
    return answerBy(era, { ...delivery, server, body }, response, judged);
  }

  /** One decision, two ways to tell it: by a 403, or in the result of the call. A notification has no result. */
  function isToldInResult(denial: Denial, { id }: Message, caller: Caller): boolean {
    return id !== undefined && isToldInBand(denial, caller, stepUpInBand);
  }

  function deliveryOf(
    request: HttpRequest,
    response: HttpResponse,
    message: Message,
    { decision, observation: { requestId } }: Judged,
  ): Omit<Delivery, 'server' | 'body'> {
    return {
      request: webRequest(request),
      mayStream: wantsStream(message, decision),
      onClose: (callback) => response.once('close', () => response.writableFinished || callback()),
      // Messages of the SDK quote the body that they complain about: the kind of an error is all that may be logged.
      onError: (error: Error & { readonly code?: unknown }) =>
        log.debug('protocol', { requestId, error: error.name, code: error.code }),
    };
  }

  return async (request, response, caller) => {
    if (rejectEarly(limits, response, caller)) return;
    try {
      await answer(request, response, caller);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      observationOf(response).refused(error.outcome, error.reason);
      sendRpcError(response, error);
    }
  };
}

/**
 * In the 2026-07-28 era the SDK serves some methods in front of the server's handlers, so that it must not get to see
 * what the gate does not know. In the older one it has nothing but handlers, and says in its own order what is wrong.
 */
function refuseUnknown(era: Era, { id }: Message): void {
  if (era === 'legacy' || id === undefined) return;
  const error = { code: RPC.methodNotFound, message: 'Method not found' };
  throw new Refused(404, error, { id, outcome: 'protocol_error', reason: error.message });
}

async function answerBy(
  era: Era,
  delivery: Delivery,
  response: HttpResponse,
  { decision, observation }: Judged,
): Promise<void> {
  const served = await serve(era, delivery);
  if (served.kind === 'gone') return;
  observation.answered(outcomeOf(served, decision));
  if (served.kind === 'result') return sendJson(response, 200, served.message);
  return sendResponse(response, served.response);
}

function wantsStream({ id, params }: Message, decision: Decision): boolean {
  if (id === undefined || decision.kind !== 'call' || decision.call.entry.tool.reportsProgress !== true) return false;
  const meta = params['_meta'];
  return typeof meta === 'object' && meta !== null && 'progressToken' in meta && meta.progressToken !== undefined;
}

/** What came of a message, for the log. A tool that runs says it itself, some time before its answer is complete. */
function outcomeOf(answer: Exclude<Answer, { kind: 'gone' }>, { kind }: Decision): Outcome {
  if (answer.kind === 'result') return 'ok';
  const { status, headers } = answer.response;
  if (status === 202) return 'accepted';
  // Results do not come this way, so that JSON is an error, whatever its HTTP status. A stream of a call is one unless
  // its tool turns out to have run.
  const isStream = headers.get('content-type')?.startsWith('text/event-stream') === true;
  return isStream && kind === 'open' ? 'ok' : 'protocol_error';
}
