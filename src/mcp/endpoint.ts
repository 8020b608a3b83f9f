import type { Request as HttpRequest, Response as HttpResponse } from 'express';
import { authorize, type Decision, type Denial } from '../access/authorize.ts';
import { isToldInBand } from '../access/step-up.ts';
import type { Surface } from '../access/surface.ts';
import type { CallerHandler } from '../auth/bearer.ts';
import type { Caller } from '../auth/caller.ts';
import { bearerChallenge } from '../auth/challenge.ts';
import type { ProtectedResource } from '../auth/resource.ts';
import type { Message } from '../core/message.ts';
import { sendJson, sendPieces } from '../http/answer.ts';
import { errorUri } from '../http/origin.ts';
import { sendResponse } from '../http/send-response.ts';
import type { Limits } from '../limits/limits.ts';
import { MESSAGE_COST } from '../limits/rates.ts';
import type { Audit } from '../observability/audit/ledger.ts';
import type { Log } from '../observability/log/log.ts';
import { knownMcpMethod } from '../observability/outcomes.ts';
import { type RequestRecord, recordOf } from '../observability/record.ts';
import { followTrace } from '../observability/trace/trace.ts';
import { Confirmations } from '../run/confirmation.ts';
import { followDecision } from '../run/trail.ts';
import type { Scalekit } from '../scalekit/scalekit.ts';
import type { ConfirmationStore } from '../shared/confirmation-store.ts';
import { mayGoOn, turnsAway } from './limit.ts';
import { ConstantAnswers } from './protocol/constant-answers.ts';
import { type Answer, serve } from './protocol/eras.ts';
import type { Exchange } from './protocol/server.ts';
import { webRequest } from './protocol/web-request.ts';
import { header, type Inbound, receive } from './receive/receive.ts';
import { Refused, RPC, sendRpcError } from './refusals.ts';

export interface EndpointOptions {
  readonly surface: Surface;
  readonly scalekit: Scalekit;
  readonly resource: ProtectedResource;
  readonly resultBudget: number;
  /** OAuth clients whom a result tells which scope they lack, instead of a 403; `*` stands for all. */
  readonly stepUpInBand: readonly string[];
  readonly limits: Pick<Limits, 'rates' | 'concurrency'>;
  /** What makes confirmations good at other instances, once. */
  readonly confirmations: ConfirmationStore;
  readonly audit: Audit;
  readonly log: Log;
}

/**
 * The MCP endpoint: Streamable HTTP without sessions, one message in, one answer out, in the era of the message. Reads
 * once, decides once, and hands what was decided to the protocol layer.
 */
export async function mcpEndpoint(options: EndpointOptions): Promise<CallerHandler> {
  const { surface, scalekit, resource, resultBudget, stepUpInBand, limits, audit, log } = options;
  const confirmations = new Confirmations(options.confirmations);
  // Messages of the SDK quote the body that they complain about: the kind of an error is all that may be logged.
  const onError = (requestId: string) => (error: Error & { readonly code?: unknown }) =>
    log.debug('protocol', { requestId, error: error.name, code: error.code });
  const exchange = (message: Message, decision: Decision, record: RequestRecord): Exchange => ({
    message,
    decision,
    surface,
    call: { surface, scalekit, confirmations, resultBudget, audit, log, record },
  });
  const constant = await ConstantAnswers.prepare((era, request, body) =>
    serve(era, {
      request,
      body,
      exchange: exchange({ method: 'tools/list', params: {} }, { kind: 'pass' }, { requestId: 'start', trail: {} }),
      onClose: () => undefined,
      onError: onError('start'),
    }),
  );

  async function answer(request: HttpRequest, response: HttpResponse, caller: Caller): Promise<void> {
    const record = recordOf(response);
    const { era, body, message } = await receive(request).catch(async (error: unknown) => {
      await limits.rates.charge(caller, MESSAGE_COST);
      throw error;
    });
    // What is none of these is text that a caller made up.
    record.rpc = knownMcpMethod(message.method);
    followTrace(record, request.headers, message);
    const authorizing = record.trail.trace?.step('authorize');
    const decision = authorize(caller, surface, message);
    authorizing?.end(decision.kind === 'deny' ? decision.denial.error : undefined);
    followDecision(record, caller, decision, log);
    if (decision.kind === 'call') record.tool = decision.call.entry.tool.name;
    if (!(await mayGoOn(limits, response, caller, decision))) return;
    if (decision.kind === 'deny') presentDenial(decision.denial, message.id, caller, response);

    const pieces = constant.find(era, message, (name) => header(request, name));
    if (pieces !== undefined) {
      record.outcome = 'ok';
      return sendPieces(response, 200, pieces);
    }
    const served = await serve(era, {
      request: webRequest(request),
      body,
      exchange: exchange(message, decision, record),
      onClose: (callback) => response.once('close', () => response.writableFinished || callback()),
      onError: onError(record.requestId),
    });
    if (served.kind === 'gone') return;
    record.outcome ??= outcomeOf(served, decision);
    if (served.kind === 'result') return sendJson(response, 200, served.message);
    return sendResponse(response, served.response);
  }

  /** One decision, two ways to tell it: by throwing a 403, or by passing, so that the result of the call says it. */
  function presentDenial(denial: Denial, id: Inbound['message']['id'], caller: Caller, response: HttpResponse): void {
    const { error, tool } = denial;
    Object.assign(recordOf(response), { outcome: error, tool });
    // A notification has no result.
    if (id !== undefined && isToldInBand(denial, caller, stepUpInBand)) return;
    throw forbidden(denial, resource.metadataUrl(response.req), id, response);
  }

  return async (request, response, caller) => {
    if (turnsAway(limits, response, caller)) return;
    try {
      await answer(request, response, caller);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const record = recordOf(response);
      record.outcome ??= 'refused';
      record.reason = error.reason.slice(0, 200);
      sendRpcError(response, error);
    }
  };
}

/** What came of a message, for the log. A tool that runs says it itself, some time before its answer is complete. */
function outcomeOf(answer: Exclude<Answer, { kind: 'gone' }>, { kind }: Decision): string {
  if (answer.kind === 'result') return 'ok';
  const { status, headers } = answer.response;
  if (status === 202) return 'accepted';
  // Results do not come this way, so that JSON is an error, whatever its HTTP status. A stream of a call is one unless
  // its tool turns out to have run.
  const isStream = headers.get('content-type')?.startsWith('text/event-stream') === true;
  return isStream && kind === 'pass' ? 'ok' : 'protocol_error';
}

/** 403 with a step-up challenge, and a JSON-RPC error that says the same to clients that show nothing else. */
function forbidden(
  { error, description, requiredScope, scopes, tool }: Denial,
  resourceMetadata: string,
  id: Inbound['message']['id'],
  response: HttpResponse,
): Refused {
  if (error === 'insufficient_scope') {
    response.setHeader('WWW-Authenticate', bearerChallenge({ error, description, scopes, resourceMetadata }));
  }
  const data = {
    error,
    error_description: description,
    error_uri: errorUri(response.req.socket, error, response.req.headers.host),
    ...(tool !== undefined && { tool }),
    ...(requiredScope !== undefined && { required_scope: requiredScope, scope: scopes.join(' ') }),
    resource_metadata: resourceMetadata,
  };
  return new Refused(403, { code: RPC.forbidden, message: description, data }, id);
}
