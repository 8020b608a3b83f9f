import type { RequestHandler, Response } from 'express';
import { ERRORS_PATH, HOME_PATH, TOOLS_PATH } from '../http/origin.ts';
import { iconOf } from '../icons/icons.ts';
import { pageFormOf } from './accept.ts';
import { STYLE } from './assets.ts';
import { type Html, html } from './html.ts';
import { sendTagged, tagged } from './tagged.ts';

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

const HTML_TYPE = 'text/html; charset=utf-8';
const MARKDOWN_TYPE = 'text/markdown; charset=utf-8';

/** Sends the bytes of a page, made before; nobody keeps them. */
export function sendBytes(response: Response, bytes: Buffer, policy: string, status = 200): void {
  response.statusCode = status;
  response.setHeader('Content-Type', HTML_TYPE);
  response.setHeader('Content-Length', bytes.byteLength);
  response.setHeader('Content-Security-Policy', policy);
  response.setHeader('Cache-Control', 'no-store');
  response.end(bytes);
}

/**
 * Sends what a page says in Markdown; nobody keeps it.
 * @param page the path of the page for people
 */
export function sendMarkdown(response: Response, bytes: Buffer, page: string, status = 200): void {
  response.statusCode = status;
  response.setHeader('Content-Type', MARKDOWN_TYPE);
  response.setHeader('Content-Length', bytes.byteLength);
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('Link', linkTo(page));
  response.end(bytes);
}

/** A page that never changes while this process runs, in both of its forms. */
export interface LastingPage {
  /** The path of the page for people. */
  readonly path: string;
  readonly page: Page;
  readonly markdown: string;
}

/** A page in the form that a client names, and in the one form that another address has. */
export interface InTwoForms {
  readonly page: RequestHandler;
  readonly markdown: RequestHandler;
}

/** The handlers of a page that is made once. It may be kept for five minutes, and is then asked for by its tag. */
export function lasting({ path, page, markdown }: LastingPage): InTwoForms {
  const cached = { 'Cache-Control': 'public, max-age=300' };
  const forPeople = { ...cached, 'Content-Security-Policy': policyOf(page) };
  const forAgents = { ...cached, Link: linkTo(path) };
  const [html, text] = [tagged(bytesOf(page)), tagged(Buffer.from(markdown))];
  const inMarkdown: RequestHandler = (request, response) =>
    sendTagged(request, response, text, MARKDOWN_TYPE, forAgents);
  return {
    page: byForm((request, response) => sendTagged(request, response, html, HTML_TYPE, forPeople), inMarkdown),
    markdown: inMarkdown,
  };
}

/** Answers in the form that the client names; in HTML where it names none. */
export function byForm(html: RequestHandler, markdown: RequestHandler): RequestHandler {
  return (request, response, next) => {
    // Whoever keeps one form of it must not get the other one.
    response.vary('Accept');
    const answer = pageFormOf(request.headers.accept) === 'markdown' ? markdown : html;
    return answer(request, response, next);
  };
}

function linkTo(page: string): string {
  return `<${page}>; rel="alternate"; type="text/html"`;
}
