import type { RequestHandler } from 'express';
import { findEntries } from '../access/find.ts';
import { EVERYTHING } from '../access/selection.ts';
import { type Surface, spelled } from '../access/surface.ts';
import { neededBy } from '../auth/scopes.ts';
import type { Effect, Tool } from '../core/tool.ts';
import { TOOLS_PATH } from '../http/origin.ts';
import { TOOLS_SCRIPT } from './assets.ts';
import { type FrontSources, offeredBy } from './front.ts';
import { type Html, html, prose } from './html.ts';
import { bytesOf, type Page, policyOf, sendBytes, sendPage } from './page.ts';
import { groupsOf, type ToolGroup } from './tool-groups.ts';

/** The longest query that is looked for, in characters. */
const MAX_QUERY = 200;
/** So many of the tools that fit a query are shown. */
const MAX_FOUND = 30;

/** The words for what a tool does, and the class of the mark that says so. */
const EFFECTS: Readonly<Record<Effect, readonly [words: string, name: string]>> = {
  read: ['reads', 'r'],
  add: ['adds', 'a'],
  overwrite: ['changes', 'o'],
  destroy: ['deletes, once confirmed', 'd'],
};

/** The handler of the page of all tools, which is made once. With a query it shows the tools that fit, the best first. */
export function toolsPage({ surfaceOf }: Pick<FrontSources, 'surfaceOf'>): RequestHandler {
  const surface = surfaceOf(EVERYTHING);
  const whole = pageOf('', wholeList(surface), offeredBy(surface).length);
  const bytes = bytesOf(whole);
  const policy = policyOf(whole);
  return (request, response) => {
    const query = queryIn(request.url);
    if (query === '') return sendBytes(response, bytes, policy, { cacheControl: 'public, max-age=300' });
    const found = findEntries(query, MAX_FOUND, surface).map(({ tool }) => tool);
    sendPage(response, pageOf(query, foundList(found, surface), offeredBy(surface).length), {
      cacheControl: 'no-store',
    });
  };
}

function queryIn(url: string): string {
  const [, query = ''] = url.split('?', 2);
  return (new URLSearchParams(query).get('q') ?? '').trim().slice(0, MAX_QUERY);
}

function pageOf(query: string, list: Html, count: number): Page {
  return {
    title: 'Tools',
    scripts: [TOOLS_SCRIPT],
    hasForms: true,
    main: html`<h1>Tools</h1>
<p>The ${count} tools that assistants have here, what each does, and the scope that it needs. What deletes shows first what would be lost.</p>
<form class="search" id="search" role="search" action="${TOOLS_PATH}"><label>Find a tool <input type="search" name="q" value="${query}" maxlength="${MAX_QUERY}" autocomplete="off" placeholder="reset a secret"></label> <button class="button">Search</button></form>
<p class="soft" id="found" role="status"></p>
${list}`,
  };
}

function wholeList(surface: Surface): Html {
  return html`<div class="catalogue">${groupsOf(surface).map((group) => groupOf(group, surface))}
</div>`;
}

function groupOf({ name, title, tools }: ToolGroup, surface: Surface): Html {
  return html`
<details><summary>${title} <small>${tools.length}</small></summary>
<ul id="${name}">${tools.map((tool) => row(tool, surface))}
</ul></details>`;
}

function foundList(tools: readonly Tool[], surface: Surface): Html {
  const way = html`<p><a href="${TOOLS_PATH}">Show all tools</a></p>`;
  if (tools.length === 0)
    return html`<p>No tool fits these words. Try others, such as what it is about: user, connection, secret.</p>${way}`;
  return html`<h2>${tools.length === MAX_FOUND ? `The ${MAX_FOUND} that fit best` : `${tools.length} that fit, the best first`}</h2>
<div class="catalogue"><ul>${tools.map((tool) => row(tool, surface))}
</ul></div>
${way}`;
}

function row(tool: Tool, surface: Surface): Html {
  const { name, description, effect } = tool;
  const [words, mark] = EFFECTS[effect];
  const needed = neededBy(tool).map(({ scope }) => scope);
  const scopes = needed.length === 0 ? 'any token' : spelled(surface, needed).join(', ');
  return html`
<li><code>${name}</code> <i class="${mark}">${words}</i> <small>${scopes}</small><br>${prose(description)}</li>`;
}
