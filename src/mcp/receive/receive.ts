import { classifyInboundRequest, SUPPORTED_PROTOCOL_VERSIONS } from '@modelcontextprotocol/server';
import type { Request as HttpRequest } from 'express';
import type { Decision } from '../../access/authorize.ts';
import type { Surface } from '../../access/surface.ts';
import { brief, withBriefTexts } from '../../core/brief.ts';
import { parsedSize } from '../../core/extent.ts';
import { isObject } from '../../core/json.ts';
import type { Era, Message } from '../../core/message.ts';
import { BodyRefused, type BodyText, readText } from '../../http/body.ts';
import { LARGE_BODY_BYTES, type Reservation } from '../../limits/bodies.ts';
import { budgetOf } from '../../limits/budgets.ts';
import { Refused, RPC } from '../refusals.ts';
import { ACCEPTS_ALL, type Acceptance, acceptanceOf } from './accept.ts';
import { bodyLimitOf, readLimitOf } from './body-limit.ts';
import { envelopeOf } from './envelope.ts';
import { checkIds, readableId } from './ids.ts';
import { checkMediaType } from './media-type.ts';
import { parseMessage } from './parse.ts';
import { checkStatedHeaders } from './stated-headers.ts';

/** A message that has been read, with the era for which it was sent. */
export interface Inbound {
  readonly era: Era;
  /** The parsed body without members that mean nothing, which the protocol layer gets. */
  readonly body: Record<string, unknown>;
  /** The members of the same body that this server reads. */
  readonly message: Message;
  readonly accepts: Acceptance;
  /** The length of the body. */
  readonly bytes: number;
}

/** What receiving a message takes of its caller. */
export interface Receiving {
  /** Holds memory for the body, from before its first byte is read. */
  readonly room: Reservation;
  /** The largest body in bytes, whatever the surface needs. */
  readonly maxBytes: number;
  /** Charges a body of so many bytes, before it is parsed, and waits for its turn. What it throws ends the receiving. */
  readonly charge: (bytes: number) => Promise<void>;
  /** Whether what answers messages asks clients something, so that their responses are read. */
  readonly asksClients: boolean;
}

/** The largest notification, in bytes. This server reads nothing in one but its method. */
const MAX_NOTIFICATION_BYTES = 4 * 1024;

/**
 * Reads and parses the body of a request, and finds the era of its message. This happens once, before `authorize`.
 * @param surface what the request sees: its tools decide how large a body may be, and check headers that state arguments
 * @throws Refused when the request does not hold a message that can be served, NoRoom when there is none for it, and what
 *   `charge` throws
 */
export async function receive(
  request: HttpRequest,
  surface: Surface,
  { room, maxBytes, charge, asksClients }: Receiving,
): Promise<Inbound> {
  checkMediaType(header(request, 'content-type'), header(request, 'content-encoding'));
  const limit = Math.min(readLimitOf(surface, header(request, 'mcp-name')), maxBytes);
  const { text, bytes } = await readBody(request, limit, room);
  room.received(parsedSize(text, bytes));
  await charge(bytes);
  const body = envelopeOf(parseMessage(text), text, asksClients);
  checkIds(body);
  const message = viewOf(body);
  if (bytes > MAX_NOTIFICATION_BYTES && budgetOf(message) === undefined) throw tooLarge(MAX_NOTIFICATION_BYTES);
  const route = classifyInboundRequest({ httpMethod: 'POST', body, ...protocolHeaders(request, message) });
  if (route.kind === 'reject') {
    const { httpStatus, code, message: text, data, cell } = route;
    const error = { code, message: brief(text), data: withBriefTexts(data) };
    throw new Refused(httpStatus, error, { id: message.id, reason: cell });
  }
  checkStatedHeaders(request, message, surface);
  const accepts = route.kind === 'legacy' ? checkLegacyHeaders(request, message) : ACCEPTS_ALL;
  return { era: route.kind, body, message, accepts, bytes };
}

/**
 * Refuses a large body that the message does not need: only a call of a tool that declares long arguments does.
 * @throws Refused 413 with the id of the message
 */
export function checkSize({ message: { id }, bytes }: Pick<Inbound, 'message' | 'bytes'>, decision: Decision): void {
  const limit = decision.kind === 'call' ? bodyLimitOf(decision.call.entry) : LARGE_BODY_BYTES;
  if (bytes <= limit) return;
  throw tooLarge(limit, id);
}

function tooLarge(limit: number, id?: Message['id']): Refused {
  const message = `The message is larger than ${limit} bytes, the most that is served of its kind. Send a smaller one.`;
  return new Refused(413, { message }, { id });
}

/** The value of a header by its lower-case name. The values of several headers with this name are joined. */
export function header(request: HttpRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}

async function readBody(request: HttpRequest, maxBytes: number, room: Reservation): Promise<BodyText> {
  try {
    return await readText(request, maxBytes, (bytes) => room.receiving(bytes));
  } catch (error) {
    if (!(error instanceof BodyRefused)) throw error;
    throw new Refused(error.status, { message: error.message, ...(error.status === 400 && { code: RPC.parseError }) });
  }
}

/** The members of a message that this server reads. */
export function viewOf(body: Record<string, unknown>): Message {
  const { method, params } = body;
  const id = readableId(body);
  return {
    method: typeof method === 'string' ? method : '',
    ...(id !== undefined && { id }),
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
    throw new Refused(400, { message }, { id, reason: 'unsupported-version' });
  }
  // Only requests have answers to negotiate about.
  if (id === undefined) return ACCEPTS_ALL;
  const accepts = acceptanceOf(header(request, 'accept'));
  if (accepts.json || accepts.stream) return accepts;
  const message =
    'Not Acceptable: answers are application/json or text/event-stream. Name one of them in Accept, or leave Accept out.';
  throw new Refused(406, { message }, { id });
}
