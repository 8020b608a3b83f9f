import { classifyInboundRequest, SUPPORTED_PROTOCOL_VERSIONS } from '@modelcontextprotocol/server';
import type { Request as HttpRequest } from 'express';
import type { Surface } from '../../access/surface.ts';
import { isObject } from '../../core/json.ts';
import type { Era, Message } from '../../core/message.ts';
import { BodyRefused, readText } from '../../http/body.ts';
import { Refused, RPC } from '../refusals.ts';
import { ACCEPTS_ALL, type Acceptance, acceptanceOf } from './accept.ts';
import { checkMediaType } from './media-type.ts';
import { parseMessage } from './parse.ts';
import { checkStatedHeaders } from './stated-headers.ts';

const MAX_BODY_BYTES = 1024 * 1024;

/** A message that has been read, with the era for which it was sent. */
export interface Inbound {
  readonly era: Era;
  /** The parsed body, which the protocol layer gets. */
  readonly body: Record<string, unknown>;
  /** The members of the same body that this server reads. */
  readonly message: Message;
  readonly accepts: Acceptance;
}

/**
 * Reads and parses the body of a request, and finds the era of its message. This happens once, before `authorize`.
 * @param surface what the request sees: headers that state arguments are checked by its tools
 * @throws Refused when the request does not hold a message that can be served
 */
export async function receive(request: HttpRequest, surface: Surface): Promise<Inbound> {
  checkMediaType(header(request, 'content-type'), header(request, 'content-encoding'));
  const body = parseMessage(await readBody(request));
  const message = viewOf(body);
  const route = classifyInboundRequest({ httpMethod: 'POST', body, ...protocolHeaders(request, message) });
  if (route.kind === 'reject') {
    const { httpStatus, code, message: text, data, cell } = route;
    throw new Refused(httpStatus, { code, message: text, data }, { id: message.id, reason: cell });
  }
  checkStatedHeaders(request, message, surface);
  const accepts = route.kind === 'legacy' ? checkLegacyHeaders(request, message) : ACCEPTS_ALL;
  return { era: route.kind, body, message, accepts };
}

/** The value of a header by its lower-case name. The values of several headers with this name are joined. */
export function header(request: HttpRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}

async function readBody(request: HttpRequest): Promise<string> {
  try {
    return await readText(request, MAX_BODY_BYTES);
  } catch (error) {
    if (!(error instanceof BodyRefused)) throw error;
    const code = error.status === 400 ? RPC.parseError : RPC.refused;
    throw new Refused(error.status, { code, message: error.message });
  }
}

function viewOf({ method, id, params }: Record<string, unknown>): Message {
  return {
    method: typeof method === 'string' ? method : '',
    ...((typeof id === 'string' || typeof id === 'number') && { id }),
    params: isObject(params) ? params : {},
  };
}

function protocolHeaders(request: HttpRequest, { method: called }: Message) {
  const version = versionOf(request, called);
  const method = header(request, 'mcp-method');
  const name = header(request, 'mcp-name');
  return {
    ...(version !== undefined && { protocolVersionHeader: version }),
    ...(method !== undefined && { mcpMethodHeader: method }),
    ...(name !== undefined && { mcpNameHeader: name }),
  };
}

/**
 * The protocol version that the headers name. On `initialize` it says nothing: that negotiates the version in its body,
 * and the header binds what follows.
 */
function versionOf(request: HttpRequest, method: string): string | undefined {
  return method === 'initialize' ? undefined : header(request, 'mcp-protocol-version');
}

/**
 * Checks what the revisions of 2025 say in headers. The SDK would refuse both without the id of the message.
 * @throws Refused 400 for a version that is not served, 406 when the client can read none of our answers
 */
function checkLegacyHeaders(request: HttpRequest, { id, method }: Message): Acceptance {
  const version = versionOf(request, method);
  if (version !== undefined && !SUPPORTED_PROTOCOL_VERSIONS.includes(version)) {
    const served = SUPPORTED_PROTOCOL_VERSIONS.join(', ');
    const message = `Bad Request: Unsupported protocol version in MCP-Protocol-Version. Send the one that initialize answered with (supported versions: ${served}).`;
    throw new Refused(400, { code: RPC.refused, message }, { id, reason: 'unsupported-version' });
  }
  // Only requests have answers to negotiate about.
  if (id === undefined) return ACCEPTS_ALL;
  const accepts = acceptanceOf(header(request, 'accept'));
  if (accepts.json || accepts.stream) return accepts;
  const message =
    'Not Acceptable: answers are application/json or text/event-stream. Name one of them in Accept, or leave Accept out.';
  throw new Refused(406, { code: RPC.refused, message }, { id });
}
