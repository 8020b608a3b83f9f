import type { RequestHandler } from 'express';
import { ERRORS_PATH } from '../http/origin.ts';
import { page, prose } from './page.ts';

/**
 * The handler of the page that people come home to: what this server is, and how to connect to it.
 * @param publicUrl the configured origin of this server, if there is one
 */
export function homePage(publicUrl: string | undefined): RequestHandler {
  const address =
    publicUrl === undefined ? 'the address of this page with `/mcp` in place of `/docs`' : `\`${publicUrl}/mcp\``;
  return page(
    'Start',
    `<h1>Scalekit MCP server</h1>
<p>It lets AI assistants manage a Scalekit workspace over the Model Context Protocol.</p>
<p>${prose(`To connect, add a server to your assistant with the transport Streamable HTTP (\`http\`) and ${address}. It then asks you to sign in.`)}</p>
<ul>
<li><a href="${ERRORS_PATH}">Something does not work: what errors mean, and what to do</a></li>
<li><a href="/health">Whether this server is well</a></li>
</ul>`,
  );
}
