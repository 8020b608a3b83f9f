import { ProtocolErrorCode, type Server, type ServerContext } from '@modelcontextprotocol/server';
import { stepUp } from '../../access/step-up.ts';
import type { Surface } from '../../access/surface.ts';
import type { Message } from '../../core/message.ts';
import { failure } from '../../core/result.ts';
import type { ToolContext } from '../../core/tool.ts';
import type { Observation } from '../../observability/observation.ts';
import { run } from '../../run/run.ts';
import type { Services } from '../../run/services.ts';
import { ClientFacingError, messageOf, ReadableErrorsServer, type Verdict } from './sdk-server.ts';
import { type CallToolResult, toCallToolResult } from './wire.ts';

/** What becomes of a message, with the observation of its request. */
export interface Judged {
  readonly decision: Verdict;
  readonly observation: Observation;
}

export interface ProtocolOptions {
  /**
   * Decides about a message. Over HTTP the decision about the request's only message has been made before, so that a
   * refusal can be an HTTP status. Then this returns that decision, whichever message it is called with.
   */
  readonly judge: (message: Message) => Judged;
  readonly surface: Surface;
  readonly services: Services;
  /** Whether answers have the complete identity of this server, as those to handshakes do. */
  readonly showsAll: boolean;
  /** Whether a call is known to be valid in the protocol, so that the SDK need not check it. */
  readonly skipsSchemas: boolean;
}

/**
 * Makes a protocol server for the messages of one connection: one HTTP request, or one stdio session. It calls `judge`
 * for each request that reaches its handlers, before it does anything else. What the SDK answers in front of them, such
 * as `subscriptions/listen` in the 2026-07-28 era, its user has to decide on before.
 */
export function protocolServer({ judge, surface, services, showsAll, skipsSchemas }: ProtocolOptions): Server {
  const server = new ReadableErrorsServer((message) => judge(message).decision, showsAll, surface.realm.sandbox);
  server.lists([...surface.tools.values()].map(({ listed }) => listed));
  const callTool = async (message: Message, context: ServerContext): Promise<CallToolResult> => {
    const { decision, observation } = judge(message);
    if (decision.kind === 'invalid') throw new ClientFacingError(ProtocolErrorCode.InvalidParams, decision.message);
    if (decision.kind === 'told') return toCallToolResult(failure(decision.error, observation.requestId));
    if (decision.kind === 'deny') return toCallToolResult(failure(stepUp(decision.denial), observation.requestId));
    if (decision.kind !== 'call') {
      throw new ClientFacingError(ProtocolErrorCode.InternalError, 'The call was not authorized.');
    }
    const { signal } = context.mcpReq;
    const request = { observation, signal, progress: progressOf(context) };
    return toCallToolResult(await run(decision.call, services, request));
  };
  if (skipsSchemas) server.fallbackRequestHandler = (request, context) => callTool(messageOf(request), context);
  else server.setRequestHandler('tools/call', (request, context) => callTool(toMessage(request, context), context));
  return server;
}

/** Converts a validated request, which has lost its id, to a `Message`. */
function toMessage({ method, params }: { method: string; params: object }, { mcpReq: { id } }: ServerContext): Message {
  return { method, id, params: { ...params } };
}

/**
 * Sends progress to a client that has sent a progress token. An error while sending is ignored: progress is optional.
 */
function progressOf({ mcpReq }: ServerContext): ToolContext['progress'] {
  const progressToken = mcpReq._meta?.progressToken;
  if (progressToken === undefined) return () => undefined;
  return (step) => {
    mcpReq.notify({ method: 'notifications/progress', params: { progressToken, ...step } }).catch(() => undefined);
  };
}
