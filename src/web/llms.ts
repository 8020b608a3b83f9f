import type { RequestHandler } from 'express';
import { EVERYTHING } from '../access/selection.ts';
import {
  ERRORS_MARKDOWN_PATH,
  ERRORS_PATH,
  INFO_PATH,
  MARKDOWN_PATH,
  TOOLS_MARKDOWN_PATH,
  TOOLS_PATH,
} from '../http/origin.ts';
import { whatItIs } from './facts.ts';
import type { FrontSources } from './front.ts';
import { CARD_PATHS, CATALOG_PATH } from './routes.ts';
import { sendTagged, tagged } from './tagged.ts';

/** The handler of `/llms.txt`: what this server is, and where its pages are in the form that a model reads. */
export function llmsFile({ surfaceOf }: Pick<FrontSources, 'surfaceOf'>): RequestHandler {
  const whole = surfaceOf(EVERYTHING);
  return (request, response) => {
    const origin = request.originOf?.(request) ?? '';
    const bytes = Buffer.from(`# Scalekit MCP server

> ${whatItIs({ whole })}

Connect an MCP client to ${origin}/mcp over Streamable HTTP. It is protected by OAuth 2.1: a client without a token is answered with 401, which says where it gets one. Nothing but these pages can be read without a token.

## Pages

- [How to connect](${origin}${MARKDOWN_PATH}): the address, the lines for each client, what to say, in Markdown; for people at ${origin}${INFO_PATH}
- [Tools](${origin}${TOOLS_MARKDOWN_PATH}): every tool, with its scope and what it does, in Markdown; \`?q=\` finds some by words; for people at ${origin}${TOOLS_PATH}
- [Errors](${origin}${ERRORS_MARKDOWN_PATH}): what each error means, and what to do, in Markdown; for people at ${origin}${ERRORS_PATH}

## For programs

- [Metadata of the protected resource](${origin}/.well-known/oauth-protected-resource/mcp): who issues tokens, and which scopes there are (RFC 9728)
- [Server card](${origin}${CARD_PATHS[0]}): name, version, address and revisions of MCP
- [AI catalog](${origin}${CATALOG_PATH}): where that card is
- [Health](${origin}/health): whether this server and what it depends on work

## Optional

- [Scalekit’s documentation](https://docs.scalekit.com/llms.txt): what environments, organizations and connections are
`);
    sendTagged(request, response, tagged(bytes), 'text/plain; charset=utf-8', {
      'Cache-Control': 'public, max-age=300',
    });
  };
}
