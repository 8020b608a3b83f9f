import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { Html, html } from './html.ts';
import { STYLE } from './style.ts';

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

/** A whole page. */
export interface Page {
  readonly title: string;
  readonly status?: number;
  readonly main: Html;
  /**
   * Where the forms of the page may lead in the end: browsers hold the redirects after a submission to `form-action`
   * too, and the last of them leaves for the client.
   */
  readonly formTarget?: string | undefined;
}

/** Sends a page that loads nothing, runs nothing and cannot be framed. */
export function sendPage(res: ServerResponse, { title, status = 200, main, formTarget }: Page): void {
  const { markup } = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · Scalekit Sandbox</title>
<style>${new Html(STYLE)}</style>
</head>
<body>
<header class="brand">
<svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false"><path d="M4 17.5 12 22l8-4.5M4 12l8 4.5 8-4.5M12 2 4 6.5l8 4.5 8-4.5L12 2Z"/></svg>
<span>Scalekit Sandbox</span><span class="tag">Made-up data</span>
</header>
<main>${main}</main>
<footer>This page runs on your own machine. The people and companies in it are made up.</footer>
</body>
</html>
`;
  res.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-length': Buffer.byteLength(markup),
    'cache-control': 'no-store',
    'content-security-policy': contentSecurityPolicy(formTarget),
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
  });
  res.end(markup);
}

function contentSecurityPolicy(formTarget: string | undefined): string {
  const source = formTarget === undefined ? '' : ` ${toSource(formTarget)}`;
  return [
    "default-src 'none'",
    `style-src 'sha256-${STYLE_HASH}'`,
    `form-action 'self'${source}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** An origin where a policy can express it; the scheme for private-use schemes, and for hosts such as IPv6 literals. */
function toSource(uri: string): string {
  const { protocol, origin, host } = new URL(uri);
  const isWeb = protocol === 'http:' || protocol === 'https:';
  return isWeb && /^[\w.-]+(:\d+)?$/.test(host) ? origin : protocol;
}
