import type { Response } from 'express';
import { ERRORS_PATH, HOME_PATH, TOOLS_PATH } from '../http/origin.ts';
import { iconOf } from '../icons/icons.ts';
import { STYLE } from './assets.ts';
import { type Html, html } from './html.ts';

/** A whole page. */
export interface Page {
  readonly title: string;
  readonly main: Html;
  /** The paths of the scripts that it runs. Without any, nothing runs. */
  readonly scripts?: readonly string[];
  /** Origins, beside its own, that its scripts may call. */
  readonly calls?: readonly string[];
  /** Whether it has forms, which lead to this server alone. */
  readonly hasForms?: boolean;
  /** The path of the same in Markdown. */
  readonly markdown?: string;
}

/** The icon of the pages, as a path. */
const ICON = iconOf('environments', '').src;

/** The bytes of a page. */
export function bytesOf({ title, main, scripts = [], markdown }: Page): Buffer {
  const { markup } = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · Scalekit MCP server</title>
<link rel="stylesheet" href="${STYLE}">
<link rel="icon" href="${ICON}">
${markdown !== undefined && html`<link rel="alternate" type="text/markdown" href="${markdown}">\n`}${scripts.map(
  (path) => html`<script type="module" src="${path}"></script>\n`,
)}</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header><a class="brand" href="${HOME_PATH}"><img src="${ICON}" alt="" width="20" height="20">Scalekit MCP server</a>
<nav aria-label="Pages"><a href="${HOME_PATH}">Connect</a> <a href="${TOOLS_PATH}">Tools</a> <a href="${ERRORS_PATH}">Errors</a></nav></header>
<main id="main">
${main}
</main>
<footer><a href="${HOME_PATH}">How to connect</a> <a href="${TOOLS_PATH}">All tools</a> <a href="${ERRORS_PATH}">Errors</a> <a href="https://docs.scalekit.com">Scalekit’s documentation</a></footer>
</body>
</html>
`;
  return Buffer.from(markup);
}

/**
 * The Content-Security-Policy of a page: its one style sheet, its icon, and no more than it says it needs. Nothing inline.
 */
export function policyOf({ scripts = [], calls = [], hasForms = false }: Omit<Page, 'main'>): string {
  return [
    "default-src 'none'",
    "style-src 'self'",
    "img-src 'self'",
    ...(scripts.length > 0 ? ["script-src 'self'", `connect-src ${["'self'", ...calls].join(' ')}`] : []),
    "base-uri 'none'",
    `form-action ${hasForms ? "'self'" : "'none'"}`,
    "frame-ancestors 'none'",
  ].join('; ');
}

/** What a page is sent with. */
interface Sending {
  readonly cacheControl: string;
  readonly status?: number;
}

/** Sends a page. */
export function sendPage(response: Response, page: Page, sending: Sending): void {
  sendBytes(response, bytesOf(page), policyOf(page), sending);
}

/** Sends the bytes of a page, made before. */
export function sendBytes(response: Response, bytes: Buffer, policy: string, sending: Sending): void {
  response.statusCode = sending.status ?? 200;
  response.setHeader('Content-Type', 'text/html; charset=utf-8');
  response.setHeader('Content-Length', bytes.byteLength);
  response.setHeader('Content-Security-Policy', policy);
  response.setHeader('Cache-Control', sending.cacheControl);
  response.end(bytes);
}
