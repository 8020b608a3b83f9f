import type { IncomingMessage } from 'node:http';
import type { OAuthErrorCode } from './oauth-errors.ts';

/** The page that says what this server is, and how to connect to it. */
export const HOME_PATH = '/docs';
/** The same page by the name that others look for. */
export const INFO_PATH = '/info';
/** The same page for agents, in Markdown. */
export const MARKDOWN_PATH = '/index.md';
/** The page of all tools. */
export const TOOLS_PATH = '/docs/tools';
/** The same page for agents, in Markdown. */
export const TOOLS_MARKDOWN_PATH = '/docs/tools.md';
/** The page that explains every error. */
export const ERRORS_PATH = '/docs/errors';
/** The same page for agents, in Markdown. */
export const ERRORS_MARKDOWN_PATH = '/docs/errors.md';

export interface OriginRules {
  /** The configured origin of this server. Unset: the allowed name that the client used. */
  readonly publicUrl?: string | undefined;
  /** Host names (no port) under which this server answers. */
  readonly allowedHosts?: readonly string[];
}

/**
 * The origin of this server as its clients see it.
 * @param host a Host header that is known to be allowed
 */
export function ownOrigin(publicUrl: string | undefined, host: string): string {
  return publicUrl ?? `http://${host.toLowerCase().replace(/:80$/, '')}`;
}

/** The host name in a Host header, without the port; empty when there is no header. */
export function hostname(host: string | undefined): string {
  return (host ?? '').toLowerCase().replace(/:\d+$/, '');
}

/** The origin of this server as the client of a request sees it. */
export type OriginOf = (request: IncomingMessage) => string;

declare module 'node:http' {
  interface IncomingMessage {
    /** Set by `HttpServer` on every request that it receives, so that each answer can say where this server is. */
    originOf?: OriginOf | undefined;
  }
}

/** A Host header that is not allowed is never repeated; the first allowed name stands in for it. */
export function originsBy({ publicUrl, allowedHosts = ['localhost'] }: OriginRules): OriginOf {
  const allowed = new Set(allowedHosts);
  return ({ headers: { host = '' }, socket }) =>
    ownOrigin(publicUrl, allowed.has(hostname(host)) ? host : `${allowedHosts[0]}:${socket.localPort}`);
}

/** The URL of the page that explains an error (`error_uri`, RFC 6749 §5.2), for the client of a request. */
export function errorUri(request: IncomingMessage, error: OAuthErrorCode): string {
  return `${request.originOf?.(request) ?? ''}${ERRORS_PATH}#${error}`;
}
