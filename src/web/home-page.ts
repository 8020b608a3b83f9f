import type { Request, RequestHandler } from 'express';
import { ERRORS_PATH } from '../http/origin.ts';
import { inPace } from '../http/pace.ts';
import { pageBytes, prose, sendPage } from './page.ts';

/** A media type of `Accept` that is named, with no weight or one above 0 (RFC 9110 §12.5.1). */
const HTML = /^text\/html\s*(?:;(?!.*\bq=0(?:\.0*)?\s*(?:;|$)).*)?$/;

/** The handler of the page that people come home to: what this server is, and how to connect to it. */
export const homePage: RequestHandler = (request, response) => {
  // Its content depends on the name that the client uses for this server.
  sendPage(response, pageBytes('Start', content(`${request.originOf?.(request) ?? ''}/mcp`)), 'no-store');
};

/**
 * The handler of the same page at an endpoint, where people paste its address into a browser. Everything but a GET without
 * credentials that names HTML goes on: clients look for the challenge there, and some of them with GET.
 */
export const homePageForBrowsers: RequestHandler = (request, response, next) =>
  isBrowser(request) ? inPace(response, () => homePage(request, response, next)) : next();

function isBrowser({ method, headers: { accept = '', authorization } }: Request): boolean {
  if (method !== 'GET' || authorization !== undefined) return false;
  const types = accept.split(',').map((type) => type.trim().toLowerCase());
  return types.some((type) => HTML.test(type)) && !types.some((type) => type.startsWith('text/event-stream'));
}

function content(endpoint: string): string {
  const configuration = JSON.stringify({ mcpServers: { scalekit: { url: endpoint } } });
  return `<h1>Connect an assistant</h1>
<p>This server lets AI assistants manage a Scalekit workspace over the Model Context Protocol.</p>
<p>${prose(`Add a server to your assistant with the transport Streamable HTTP (\`http\`) and this address. It then asks you to sign in.`)}</p>
<dl>
<dt>Address</dt><dd>${prose(`\`${endpoint}\``)}</dd>
<dt>Claude Code</dt><dd>${prose(`\`claude mcp add --transport http scalekit ${endpoint}\``)}</dd>
<dt>Cursor</dt><dd>${prose(`\`.cursor/mcp.json\`: \`${configuration}\``)}</dd>
<dt>Only stdio</dt><dd>${prose(`Command \`npx\`, arguments \`-y mcp-remote ${endpoint}\``)}</dd>
</dl>
<ul>
<li><a href="${ERRORS_PATH}">Something does not work: what errors mean, and what to do</a></li>
<li><a href="/health">Whether this server is well</a></li>
</ul>`;
}
