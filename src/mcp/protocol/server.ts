import { ProtocolErrorCode, type Server, type ServerContext } from '@modelcontextprotocol/server';
import type { Decision } from '../../access/authorize.ts';
import { stepUp } from '../../access/step-up.ts';
import type { Surface } from '../../access/surface.ts';
import type { Message } from '../../core/message.ts';
import { failure } from '../../core/result.ts';
import type { ToolContext } from '../../core/tool.ts';
import type { Observation } from '../../observability/observation.ts';
import { run } from '../../run/run.ts';
import type { Services } from '../../run/services.ts';
import { ClientFacingError, messageOf, ReadableErrorsServer } from './sdk-server.ts';
import { type CallToolResult, toCallToolResult } from './wire.ts';

/** A message that was decided on, and what is observed of it. */
export interface Judged {
  readonly decision: Decision;
  readonly observation: Observation;
}

export interface ProtocolOptions {
  /**
   * Decides about a message. Over HTTP the decision about the one message of a request is made already, so that a
   * refusal can be an HTTP status, and this hands it over, whatever the protocol layer has read for itself.
   */
  readonly judge: (message: Message) => Judged;
  readonly surface: Surface;
  readonly services: Services;
  /** Whether the whole identity of this server is shown, as handshakes do. */
  readonly showsAll: boolean;
  /** Set where the form of a call is known to be that of the protocol: the SDK does not look at it again. */
  readonly skipsSchemas: boolean;
}

/**
 * A protocol server for the messages of one connection, be it one HTTP request or a stdio session. It answers from lists
 * that were made before, and asks `judge` before anything else happens.
 */
export function protocolServer({ judge, surface, services, showsAll, skipsSchemas }: ProtocolOptions): Server {
  const server = new ReadableErrorsServer((message) => judge(message).decision, showsAll);
  server.lists([...surface.tools.values()].map(({ listed }) => listed));
  const callTool = async (message: Message, context: ServerContext): Promise<CallToolResult> => {
    const { decision, observation } = judge(message);
    if (decision.kind === 'invalid') throw new ClientFacingError(ProtocolErrorCode.InvalidParams, decision.message);
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

/** Validated requests come without their ids. */
function toMessage({ method, params }: { method: string; params: object }, { mcpReq: { id } }: ServerContext): Message {
  return { method, id, params: { ...params } };
}

/** Progress goes to clients that sent a token for it. It is news, not an answer: losing it fails nothing. */
function progressOf({ mcpReq }: ServerContext): ToolContext['progress'] {
  const progressToken = mcpReq._meta?.progressToken;
  if (progressToken === undefined) return () => undefined;
  return (step) => {
    mcpReq.notify({ method: 'notifications/progress', params: { progressToken, ...step } }).catch(() => undefined);
  };
}
