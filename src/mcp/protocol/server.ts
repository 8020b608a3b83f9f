import { ProtocolErrorCode, type Server, type ServerContext } from '@modelcontextprotocol/server';
import { stepUp } from '../../access/step-up.ts';
import type { Surface } from '../../access/surface.ts';
import type { Era, Message } from '../../core/message.ts';
import type { ToolContext } from '../../core/tool.ts';
import { Cleaner } from '../../release/clean.ts';
import { releaseFailure } from '../../release/failure.ts';
import { type HandOver, runHandingOver } from '../../run/hand-over.ts';
import type { Services } from '../../run/services.ts';
import { capabilitiesOf, serveContent } from './content.ts';
import { type Judge, toMessage } from './judged.ts';
import { ClientFacingError, messageOf, ReadableErrorsServer } from './sdk-server.ts';
import { type CallToolResult, toCallToolResult } from './wire.ts';

export interface ProtocolOptions {
  readonly judge: Judge;
  /** In which the client speaks. */
  readonly era: Era;
  readonly surface: Surface;
  readonly services: Services;
  /** Whether answers have the complete identity of this server, as those to handshakes do. */
  readonly showsAll: boolean;
  /** Whether a call is known to be valid in the protocol, so that the SDK need not check it. */
  readonly skipsSchemas: boolean;
  /** The only method that is asked for, if that is known: no other has to be ready. */
  readonly method?: string;
  /** What becomes of secrets in results of calls. Left out: they are in the result. */
  readonly handOver?: HandOver | undefined;
}

/** The longest stack in the log, in characters. */
const MAX_DEFECT = 10_000;

/** What answers messages. This server's own does; a test may bring another, to try all that is around it. */
export interface Protocol {
  /** Makes what answers one message, or those of one connection. */
  readonly server: (options: ProtocolOptions) => Server;
  /** Whether the answer to a message may become a stream. */
  readonly mayStream: (message: Message) => boolean;
  /** Whether it asks clients something while a call runs, so that their responses are for it. This server's does not. */
  readonly asksClients: boolean;
}

/**
 * Makes a protocol server for the messages of one connection: one HTTP request, or one stdio session. It calls `judge`
 * for each request that reaches its handlers, before it does anything else. What the SDK answers in front of them, such
 * as `subscriptions/listen` in the 2026-07-28 era, its user has to decide on before.
 */
export function protocolServer({
  judge,
  era,
  surface,
  services,
  showsAll,
  skipsSchemas,
  method,
  handOver,
}: ProtocolOptions): Server {
  const { realm, content } = surface;
  const decide = (message: Message) => judge(message).decision;
  const tellDefect = (message: Message, error: unknown) => {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    services.log.error('request_defect', {
      requestId: judge(message).observation.requestId,
      method: message.method,
      error: new Cleaner(services.scalekit.secrets()).text(text, MAX_DEFECT),
    });
  };
  const server = new ReadableErrorsServer(decide, showsAll, realm.sandbox, capabilitiesOf(content), tellDefect);
  serveContent(server, { judge, surface, services, method });
  server.lists([...surface.tools.values()].map(({ listedIn }) => listedIn[era]));
  const callTool = async (message: Message, context: ServerContext): Promise<CallToolResult> => {
    const { decision, observation } = judge(message);
    if (decision.kind === 'invalid') throw new ClientFacingError(ProtocolErrorCode.InvalidParams, decision.message);
    const refusal = decision.kind === 'deny' ? stepUp(decision.denial) : decision.kind === 'told' && decision.error;
    if (refusal) {
      const { requestId } = observation;
      return toCallToolResult(releaseFailure(refusal, { budget: services.resultBudget, requestId }), era);
    }
    if (decision.kind !== 'call') {
      throw new ClientFacingError(ProtocolErrorCode.InternalError, 'The call was not authorized.');
    }
    const { signal } = context.mcpReq;
    const request = { observation, signal, progress: progressOf(context) };
    const result = await runHandingOver(decision.call, services, request, handOver);
    return toCallToolResult(result, era);
  };
  if (skipsSchemas) server.fallbackRequestHandler = (request, context) => callTool(messageOf(request), context);
  else server.setRequestHandler('tools/call', (request, context) => callTool(toMessage(request, context), context));
  return server;
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
