import { createHash } from 'node:crypto';
import type { RequestHandler, Response } from 'express';
import { ERRORS_PATH, HOME_PATH } from '../http/origin.ts';
import { STYLE } from './style.ts';

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

/** The Content-Security-Policy of pages: allows their one style sheet; no scripts, images, frames or forms. */
const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${STYLE_HASH}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Converts text to HTML. Text between backticks becomes code, in which no line breaks behind the hyphens of an option. */
export function prose(text: string): string {
  const escaped = text.replace(/[&<>"]/g, (char) => ENTITIES[char] ?? '');
  return escaped.replace(/`([^`]+)`/g, (_match, code: string) => {
    const kept = code.replace(/(^|\s)(--?\w[\w-]*)/g, '$1<span class="option">$2</span>');
    return `<code>${kept}</code>`;
  });
}

/**
 * Makes the handler of a page whose content never changes. The page is made once, now.
 * @param main the content, as HTML
 */
export function page(title: string, main: string): RequestHandler {
  const bytes = pageBytes(title, main);
  return (_request, response) => sendPage(response, bytes, 'public, max-age=300');
}

/** The bytes of a page. */
export function pageBytes(title: string, main: string): Buffer {
  return Buffer.from(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${prose(title)} · Scalekit MCP server</title>
<style>${STYLE}</style>
</head>
<body>
<header><a href="${HOME_PATH}">Scalekit MCP server</a></header>
<main>
${main}
</main>
<footer><a href="${HOME_PATH}">How to connect</a> <a href="${ERRORS_PATH}">Errors</a> <a href="https://docs.scalekit.com">Scalekit’s documentation</a></footer>
</body>
</html>
`);
}

/** Sends the bytes of a page. */
export function sendPage(response: Response, bytes: Buffer, cacheControl: string): void {
  response.setHeader('Content-Type', 'text/html; charset=utf-8');
  response.setHeader('Content-Length', bytes.byteLength);
  response.setHeader('Content-Security-Policy', POLICY);
  response.setHeader('Cache-Control', cacheControl);
  response.end(bytes);
}
