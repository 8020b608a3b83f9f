import type { Request as HttpRequest, Response as HttpResponse } from 'express';
import { authorize, type Decision, type Denial } from '../access/authorize.ts';
import { observeDecision } from '../access/decision-facts.ts';
import { meantBy } from '../access/meant.ts';
import { isToldInBand } from '../access/step-up.ts';
import type { Surface } from '../access/surface.ts';
import type { CallerHandler } from '../auth/bearer.ts';
import type { Caller } from '../auth/caller.ts';
import type { ProtectedResource } from '../auth/resource.ts';
import type { Era, Message } from '../core/message.ts';
import { sendJson, sendPieces } from '../http/answer.ts';
import { observationOf } from '../http/observe.ts';
import { sendResponse } from '../http/send-response.ts';
import { NoRoom, type Reservation } from '../limits/bodies.ts';
import type { Limits } from '../limits/limits.ts';
import { MESSAGE_COST } from '../limits/rates.ts';
import type { Observation } from '../observability/observation.ts';
import type { Outcome } from '../observability/outcomes.ts';
import type { Services } from '../run/services.ts';
import { forbidden } from './forbidden.ts';
import { charge, noRoom, rejectEarly, takePlace } from './limit.ts';
import { type ListAnswer, ListAnswers } from './protocol/list-answers.ts';
import { skipsSchemas } from './protocol/plain-call.ts';
import { type Delivery, type Served, serve } from './protocol/serve.ts';
import { type Judged, protocolServer } from './protocol/server.ts';
import { webRequest } from './protocol/web-request.ts';
import type { Acceptance } from './receive/accept.ts';
import { checkSize, header, type Inbound, receive } from './receive/receive.ts';
import { Refused, RPC, sendRpcError } from './refusals.ts';

export interface EndpointOptions {
  /** The surface that a request sees, by its selection. */
  readonly surfaceOf: (request: HttpRequest) => Surface;
  /** The surface of a request that makes no selection. */
  readonly usual: Surface;
  readonly services: Services;
  readonly resource: ProtectedResource;
  /** OAuth clients that get a missing scope reported in the result of the call, not by HTTP 403; `*` stands for all. */
  readonly stepUpInBand: readonly string[];
  readonly limits: Pick<Limits, 'rates' | 'concurrency' | 'bodies'>;
}

/** What reading a message needs to know of its request. */
interface Reading {
  readonly caller: Caller;
  readonly surface: Surface;
  readonly room: Reservation;
  readonly observation: Observation;
}

/** The handshake methods of both eras. Their answers have the complete identity of this server. */
const HANDSHAKES: ReadonlySet<string> = new Set(['initialize', 'server/discover']);

/**
 * Creates the handler of the MCP endpoint: Streamable HTTP without sessions, one message per POST. It reads a message
 * once, decides about it once, and passes the decision to the protocol layer.
 * @throws Error when the SDK does not answer `tools/list` in the form that `ListAnswers` relies on
 */
export async function mcpEndpoint(options: EndpointOptions): Promise<CallerHandler> {
  const { surfaceOf, usual, services, resource, stepUpInBand, limits } = options;
  const { log } = services;
  const lists = await ListAnswers.prepare(usual);

  /** Reads the message of a request, as it is meant. An unreadable one costs what a message costs. */
  async function read(request: HttpRequest, { caller, surface, room, observation }: Reading): Promise<Inbound> {
    const inbound = await receive(request, surface, room).catch(async (error: unknown) => {
      if (!(error instanceof NoRoom)) await limits.rates.charge(caller, MESSAGE_COST);
      throw error;
    });
    const { message, dropped } = meantBy(inbound.message, surface);
    observation.received(message, request.headers);
    if (dropped.length > 0) observation.droppedArguments(dropped.length);
    if (message === inbound.message) return inbound;
    return { ...inbound, message, body: { ...inbound.body, params: message.params } };
  }

  async function answer(
    request: HttpRequest,
    response: HttpResponse,
    caller: Caller,
    room: Reservation,
  ): Promise<void> {
    const observation = observationOf(response);
    const surface = surfaceOf(request);
    const inbound = await read(request, { caller, surface, room, observation });
    const { era, accepts, body, message } = inbound;
    const step = observation.trace?.step('authorize');
    const decision = authorize(caller, surface, message);
    step?.end(decision.kind === 'deny' ? decision.denial.error : undefined);
    observeDecision(observation, caller, decision, log);
    // Only now, so that a client that sends its body slowly keeps nobody from running calls.
    if (!takePlace(limits, response, caller)) return;
    if (!(await charge(limits, response, caller, decision))) return;
    checkSize(inbound, decision);
    if (decision.kind === 'deny' && !isToldInResult(decision.denial, message, caller)) {
      throw forbidden(decision.denial, resource.metadataUrl(request), message.id, response);
    }
    if (decision.kind === 'unknown' && era === 'modern') refuseUnknown(message, request);
    const list = lists.find({ era, message, accepts }, surface, (name) => header(request, name));
    if (list !== undefined) {
      observation.answered('ok');
      return sendList(response, list);
    }
    const judged = { decision, observation };
    const server = protocolServer({
      judge: () => judged,
      surface,
      services,
      showsAll: HANDSHAKES.has(message.method),
      skipsSchemas: decision.kind === 'call' && skipsSchemas(message),
    });
    const delivery = deliveryOf(response, judged);
    const mayStream = mayBeStream(accepts, message, decision);
    const sent = { ...delivery, server, body, mayStream, request: webRequest(request, era, message) };
    return answerBy(era, sent, response, judged);
  }

  /** Whether a denial is reported in the result of the call instead of by a 403. A notification has no result. */
  function isToldInResult(denial: Denial, { id }: Message, caller: Caller): boolean {
    return id !== undefined && isToldInBand(denial, caller, stepUpInBand);
  }

  function deliveryOf(
    response: HttpResponse,
    { observation: { requestId } }: Judged,
  ): Pick<Delivery, 'onClose' | 'onError'> {
    return {
      onClose: (callback) => response.once('close', () => response.writableFinished || callback()),
      // Error messages of the SDK quote the body. So only the kind of an error may be logged.
      onError: (error: Error & { readonly code?: unknown }) =>
        log.debug('protocol', { requestId, error: error.name, code: error.code }),
    };
  }

  return async (request, response, caller) => {
    if (rejectEarly(limits, response, caller)) return;
    const room = limits.bodies.reservation(caller.person);
    try {
      await answer(request, response, caller, room);
    } catch (error) {
      if (error instanceof NoRoom) return noRoom(response, error);
      if (!(error instanceof Refused)) throw error;
      observationOf(response).refused(error.outcome, error.reason);
      sendRpcError(response, error);
    } finally {
      room.release();
    }
  };
}

/**
 * Refuses a method of the 2026-07-28 era that is not in the table of `authorize`. In this era the SDK itself serves some
 * methods, before the server's handlers, so it must not see such a message. Without the headers of this era it serves
 * nothing, and reports what is missing. In the era of 2025 it has only handlers, and reports an unknown method itself.
 * @throws Refused JSON-RPC -32601
 */
function refuseUnknown({ id }: Message, request: HttpRequest): void {
  const hasHeaders = ['mcp-protocol-version', 'mcp-method'].every((name) => header(request, name) !== undefined);
  if (id === undefined || !hasHeaders) return;
  const error = { code: RPC.methodNotFound, message: 'Method not found' };
  throw new Refused(404, error, { id, outcome: 'protocol_error', reason: error.message });
}

function sendList(response: HttpResponse, { pieces, coding }: ListAnswer): void {
  response.vary('Accept-Encoding');
  if (coding !== undefined) response.setHeader('Content-Encoding', coding);
  sendPieces(response, 200, pieces);
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

/** Whether the answer may become a stream: the client reads nothing else, or asked for progress and can read it. */
function mayBeStream({ json, stream }: Acceptance, message: Message, decision: Decision): boolean {
  return !json || (stream && wantsStream(message, decision));
}

function wantsStream({ id, params }: Message, decision: Decision): boolean {
  if (id === undefined || decision.kind !== 'call' || decision.call.entry.tool.reportsProgress !== true) return false;
  const meta = params['_meta'];
  return typeof meta === 'object' && meta !== null && 'progressToken' in meta && meta.progressToken !== undefined;
}

/** The outcome of a message for the log. If a tool ran, it has reported its own outcome before, which is kept. */
function outcomeOf(answer: Exclude<Served, { kind: 'gone' }>, { kind }: Decision): Outcome {
  if (answer.kind === 'result') return 'ok';
  const { status, headers } = answer.response;
  if (status === 202) return 'accepted';
  // Results are of kind `result`, so a JSON response here is an error, whatever its HTTP status. A stream for a call
  // counts as an error too, unless its tool has run and reported another outcome.
  const isStream = headers.get('content-type')?.startsWith('text/event-stream') === true;
  return isStream && kind === 'open' ? 'ok' : 'protocol_error';
}
