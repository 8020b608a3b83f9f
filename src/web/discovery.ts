import type { IncomingMessage } from 'node:http';
import type { RequestHandler, Response } from 'express';
import { ENDPOINTS } from '../core/endpoints.ts';
import { IDENTITY, REGISTERED_NAME, SHORT_DESCRIPTION } from '../core/identity.ts';
import { MODERN_VERSION } from '../core/message.ts';
import { serverIcons } from '../icons/icons.ts';
import { CARD_PATHS } from './routes.ts';
import { sendTagged, tagged } from './tagged.ts';

const CARD_TYPE = 'application/mcp-server-card+json';
const CATALOG_TYPE = 'application/ai-catalog+json';

/** The revisions of MCP that the endpoints speak, the newest first. */
const PROTOCOL_VERSIONS: readonly string[] = [
  MODERN_VERSION,
  '2025-11-25',
  '2025-06-18',
  '2025-03-26',
  '2024-11-05',
  '2024-10-07',
];

/** The server card: what this server is and where it answers, before a client connects. No tools: those are listed there. */
export const serverCard: RequestHandler = (request, response) => {
  const origin = originOf(request);
  sendDocument(request, response, CARD_TYPE, {
    $schema: 'https://static.modelcontextprotocol.io/schemas/v1/server-card.schema.json',
    name: REGISTERED_NAME,
    title: IDENTITY.title,
    description: SHORT_DESCRIPTION,
    version: IDENTITY.version,
    websiteUrl: IDENTITY.websiteUrl,
    icons: serverIcons(),
    // The one that people type first.
    remotes: [...ENDPOINTS].reverse().map((path) => ({
      type: 'streamable-http',
      url: origin + path,
      supportedProtocolVersions: PROTOCOL_VERSIONS,
    })),
  });
};

/** The AI catalog: where the server card of this server is. */
export const aiCatalog: RequestHandler = (request, response) => {
  const origin = originOf(request);
  const { hostname } = new URL(origin);
  sendDocument(request, response, CATALOG_TYPE, {
    specVersion: '1.0',
    entries: [{ identifier: `urn:air:${hostname}:mcp:scalekit`, type: CARD_TYPE, url: origin + CARD_PATHS[0] }],
  });
};

/**
 * The handler of OpenAI's challenge.
 * @param token what OpenAI has told the operator to publish; undefined leaves the path to whatever answers 404
 */
export function openAiChallenge(token: string | undefined): RequestHandler {
  return (_request, response, next) => {
    if (token === undefined) return next();
    response.setHeader('Content-Type', 'text/plain; charset=utf-8');
    response.setHeader('Content-Length', Buffer.byteLength(token));
    response.end(token);
  };
}

/** Sends a document that may be kept for an hour, and then asked for by its tag. */
function sendDocument(request: IncomingMessage, response: Response, type: string, document: unknown): void {
  const bytes = Buffer.from(JSON.stringify(document));
  sendTagged(request, response, tagged(bytes), type, { 'Cache-Control': 'public, max-age=3600' });
}

function originOf(request: IncomingMessage): string {
  return request.originOf?.(request) ?? '';
}
