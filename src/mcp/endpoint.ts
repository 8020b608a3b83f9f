import type { Request as HttpRequest, Response as HttpResponse } from 'express';
import { authorize, type Denial } from '../access/authorize.ts';
import { observeArguments, observeDecision } from '../access/decision-facts.ts';
import { meantBy } from '../access/meant.ts';
import { type InBand, stepUp } from '../access/step-up.ts';
import type { Surface } from '../access/surface.ts';
import type { CallerHandler } from '../auth/bearer.ts';
import type { Caller } from '../auth/caller.ts';
import type { ProtectedResource } from '../auth/resource.ts';
import type { Era, Message } from '../core/message.ts';
import { sendJson, sendPieces } from '../http/answer.ts';
import { observationOf } from '../http/observe.ts';
import { eraOf } from '../http/refusal.ts';
import { sendResponse } from '../http/send-response.ts';
import { NoRoom, type Reservation } from '../limits/bodies.ts';
import { chargeForReading, UNSERVED } from '../limits/budgets.ts';
import type { Limits } from '../limits/limits.ts';
import type { StepUps } from '../limits/step-ups.ts';
import type { Observation } from '../observability/observation.ts';
import type { Outcome } from '../observability/outcomes.ts';
import type { Services } from '../run/services.ts';
import { forbidden } from './forbidden.ts';
import { charge, chargeFor, type Limited, mayRead, noRoom, overLimit, refuseEarly, takePlace } from './limit.ts';
import { withBriefError } from './protocol/brief-error.ts';
import type { Judged } from './protocol/judged.ts';
import type { ListAnswer, ListAnswers } from './protocol/list-answers.ts';
import { skipsSchemas } from './protocol/plain-call.ts';
import type { Verdict } from './protocol/sdk-server.ts';
import { type Delivery, type Served, serve } from './protocol/serve.ts';
import { type Protocol, protocolServer } from './protocol/server.ts';
import { webRequest } from './protocol/web-request.ts';
import type { Acceptance } from './receive/accept.ts';
import { checkSize, header, type Inbound, receive } from './receive/receive.ts';
import { Refused, RPC, sendRefused } from './refusals.ts';

export interface EndpointOptions {
  /** The surface that a request sees, by its selection. */
  readonly surfaceOf: (request: HttpRequest) => Surface;
  /** The surface that a request sees whose client shows views (MCP Apps); undefined for other clients. */
  readonly viewing: (request: HttpRequest, inbound: Pick<Inbound, 'era' | 'message'>) => Surface | undefined;
  readonly lists: ListAnswers;
  readonly services: Services;
  readonly resource: ProtectedResource;
  /** The clients to which refusals of their calls are told in the result. */
  readonly inBand: InBand;
  readonly stepUps: StepUps;
  /** What answers messages, if that is not this server's own protocol. */
  readonly protocol?: Protocol | undefined;
  readonly limits: Pick<Limits, 'rates' | 'concurrency' | 'bodies' | 'fairShare' | 'patience' | 'notifications'>;
}

/** A request of a caller, with what it is answered with. */
interface Exchange {
  readonly request: HttpRequest;
  readonly response: HttpResponse;
  readonly caller: Caller;
  readonly surface: Surface;
  readonly observation: Observation;
}

/** Nobody is there any more for whom a request could begin. */
const GONE = Symbol('the client is gone');

/** The handshake methods of both eras. Their answers have the complete identity of this server. */
const HANDSHAKES: ReadonlySet<string> = new Set(['initialize', 'server/discover']);

/**
 * Creates the handler of the MCP endpoint: Streamable HTTP without sessions, one message per POST. It reads a message
 * once, decides about it once, and passes the decision to the protocol layer.
 */
export function mcpEndpoint(options: EndpointOptions): CallerHandler {
  const { surfaceOf, viewing, lists, services, resource, inBand, stepUps, protocol, limits } = options;
  const { log } = services;
  const asksClients = protocol?.asksClients === true;

  /** Reads the message of a request, as it is meant. An unreadable one costs what a message costs. */
  async function read({ request, response, caller, surface, observation }: Exchange, room: Reservation) {
    const pay = async (bytes: number) => {
      const refusal = await charge(limits, response, caller, chargeForReading(bytes));
      // This once, a call that may be told of it is read for its id.
      if (refusal !== undefined && !inBand.mayTell(caller, eraOf(request))) throw refusal;
      // Its body is there, so what follows is work.
      await limits.fairShare.turn(caller.person);
      if (response.closed) throw GONE;
    };
    const receiving = { room, maxBytes: mayRead(limits, caller), charge: pay, asksClients };
    const inbound = await receive(request, surface, receiving).catch(async (error: unknown) => {
      if (error instanceof NoRoom || error === GONE) throw error;
      throw (await charge(limits, response, caller, UNSERVED)) ?? error;
    });
    const { message, dropped } = meantBy(inbound.message, surface);
    observation.received(message, request.headers);
    if (dropped.length > 0) observation.droppedArguments(dropped.length);
    if (message === inbound.message) return inbound;
    return { ...inbound, message, body: { ...inbound.body, params: message.params } };
  }

  /**
   * Decides about a message, and charges its caller for it.
   * @returns undefined when the client has disconnected
   * @throws Refused
   */
  async function judge(exchange: Exchange, inbound: Inbound): Promise<Verdict | undefined> {
    const { response, caller, surface, observation } = exchange;
    const { message } = inbound;
    const over = overLimit(limits, response, caller, message);
    if (over !== undefined) return limited(exchange, inbound, over);
    const step = observation.trace?.step('authorize');
    const decision = authorize(caller, surface, message);
    step?.end(decision.kind === 'deny' ? decision.denial.error : undefined);
    observeDecision(observation, caller, decision, log);
    // Only now, so that a client that sends its body slowly keeps nobody from running calls.
    const refusal =
      takePlace(limits, response, caller) ?? (await charge(limits, response, caller, chargeFor(decision, message)));
    if (refusal !== undefined) return limited(exchange, inbound, refusal);
    // If the client has disconnected while Redis was counting, the call must not run: nothing would cancel it any more.
    if (response.closed) return undefined;
    checkSize(inbound, decision);
    observeArguments(observation, decision);
    return decision.kind === 'deny' ? denied(exchange, inbound, decision.denial) : decision;
  }

  /** The exchange with a client that shows views, which sees more. */
  function asShown(exchange: Exchange, inbound: Inbound): Exchange {
    const surface = viewing(exchange.request, inbound);
    return surface === undefined ? exchange : { ...exchange, surface };
  }

  async function answer(exchange: Exchange, inbound: Inbound): Promise<void> {
    const { request, response, caller, surface, observation } = exchange;
    // Before it takes a place among the running calls.
    if (inbound.message.id === undefined) await limits.notifications.hold(caller.person, response);
    const verdict = await judge(exchange, inbound);
    if (verdict === undefined) return;
    if (verdict.kind === 'unknown' && inbound.era === 'modern') refuseUnknown(inbound.message, request);
    if (verdict.kind === 'call' && verdict.call.scope !== null && verdict.call.subject === undefined)
      stepUps.passed(caller, verdict.call.entry.tool.name);
    const list = protocol === undefined ? lists.find(inbound, surface, (name) => header(request, name)) : undefined;
    if (list === undefined) return respond(exchange, inbound, verdict);
    observation.answered('ok');
    sendList(response, list);
  }

  /** Lets the protocol layer answer a message. */
  function respond(exchange: Exchange, inbound: Inbound, decision: Verdict): Promise<void> {
    const { request, response, surface, observation } = exchange;
    const { era, accepts, body, message } = inbound;
    const judged = { decision, observation };
    const server = (protocol?.server ?? protocolServer)({
      judge: () => judged,
      era,
      surface,
      services,
      method: message.method,
      showsAll: HANDSHAKES.has(message.method),
      skipsSchemas: decision.kind === 'call' && skipsSchemas(message),
    });
    const delivery = deliveryOf(response, judged);
    const wants = protocol?.mayStream(message) ?? wantsStream(message, decision);
    const mayStream = mayBeStream(accepts, wants);
    const sent = { ...delivery, server, body, mayStream, request: webRequest(request, era, message) };
    return answerBy(era, sent, response, judged);
  }

  /**
   * Refuses a message by a limit: in the result of the call for clients that need that, otherwise by HTTP.
   * @throws Limited
   */
  async function limited(exchange: Exchange, inbound: Inbound, refusal: Limited): Promise<Verdict> {
    const { response, caller, observation } = exchange;
    if (!isTold(caller, inbound)) throw refusal;
    observation.refused(refusal.outcome, refusal.reason);
    await limits.patience.hold(caller.person, response);
    return { kind: 'told', error: refusal.asToolError() };
  }

  /**
   * Refuses a message that its caller may not send. A missing scope is told in the result of the call to clients that
   * need that, and to those that repeat a call for which they got a 403, since it was lost on the way to their model.
   * @throws Refused 403
   */
  async function denied({ request, caller }: Exchange, inbound: Inbound, denial: Denial): Promise<Verdict> {
    const { error, tool = '' } = denial;
    const mayBeTold =
      error === 'insufficient_scope' && inbound.message.method === 'tools/call' && inbound.message.id !== undefined;
    if (mayBeTold && (isTold(caller, inbound) || (await stepUps.told(caller, tool)))) {
      return { kind: 'told', error: stepUp(denial) };
    }
    throw forbidden(denial, resource.metadataUrl(request));
  }

  /** Whether the client is told of refusals of this message in a result. Only a tool call has such a result. */
  function isTold(caller: Caller, { era, message }: Inbound): boolean {
    return message.method === 'tools/call' && message.id !== undefined && inBand.tells(caller, era, message);
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

  /**
   * Deals with a request, up to its answer or to its refusal.
   * @returns the refusal, if it is one, with nothing of the body but the id: it may have to wait before it is sent
   */
  async function deal(request: HttpRequest, response: HttpResponse, caller: Caller, room: Reservation) {
    let inbound: Inbound | undefined;
    try {
      // A result needs the id of its call, so the body is read first where there may be one.
      if (!inBand.mayTell(caller, eraOf(request))) refuseEarly(limits, response, caller);
      const observation = observationOf(response);
      const exchange = { request, response, caller, surface: surfaceOf(request), observation };
      inbound = await read(exchange, room);
      await answer(asShown(exchange, inbound), inbound);
      return undefined;
    } catch (error) {
      if (error === GONE) return undefined;
      const refused = error instanceof NoRoom ? noRoom(error) : error;
      if (refused instanceof Refused) return { refused, of: inbound && { era: inbound.era, id: inbound.message.id } };
      response.messageId = inbound?.message.id;
      throw error;
    }
  }

  return async (request, response, caller) => {
    const room = limits.bodies.reservation(caller.person);
    const refusal = await deal(request, response, caller, room).finally(() => room.release());
    if (refusal === undefined) return;
    const { refused, of } = refusal;
    observationOf(response).refused(refused.outcome, refused.reason);
    await limits.patience.hold(caller.person, response);
    sendRefused(response, refused, of);
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
  return sendResponse(response, await withBriefError(served.response));
}

/** Whether the answer may become a stream: the client reads nothing else, or asked for progress and can read it. */
function mayBeStream({ json, stream }: Acceptance, wants: boolean): boolean {
  return !json || (stream && wants);
}

function wantsStream({ id, params }: Message, decision: Verdict): boolean {
  if (id === undefined || decision.kind !== 'call' || decision.call.entry.tool.reportsProgress !== true) return false;
  const meta = params['_meta'];
  return typeof meta === 'object' && meta !== null && 'progressToken' in meta && meta.progressToken !== undefined;
}

/** The outcome of a message for the log. If a tool ran, it has reported its own outcome before, which is kept. */
function outcomeOf(answer: Exclude<Served, { kind: 'gone' }>, { kind }: Verdict): Outcome {
  if (answer.kind === 'result') return 'ok';
  const { status, headers } = answer.response;
  if (status === 202) return 'accepted';
  // Results are of kind `result`, so a JSON response here is an error, whatever its HTTP status. A stream for a call
  // counts as an error too, unless its tool has run and reported another outcome.
  const isStream = headers.get('content-type')?.startsWith('text/event-stream') === true;
  return isStream && kind === 'open' ? 'ok' : 'protocol_error';
}
