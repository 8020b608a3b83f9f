import type { RequestHandler } from 'express';
import { findEntries } from '../access/find.ts';
import { EVERYTHING } from '../access/selection.ts';
import { type Surface, spelled } from '../access/surface.ts';
import { neededBy } from '../auth/scopes.ts';
import type { Effect, Tool } from '../core/tool.ts';
import { ERRORS_MARKDOWN_PATH, MARKDOWN_PATH, TOOLS_MARKDOWN_PATH, TOOLS_PATH } from '../http/origin.ts';
import { TOOLS_SCRIPT } from './assets.ts';
import { type FrontSources, offeredBy } from './front.ts';
import { type Html, html, prose } from './html.ts';
import { byForm, bytesOf, type InTwoForms, lasting, type Page, policyOf, sendBytes, sendMarkdown } from './page.ts';
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

/** The handlers of the page of all tools, which is made once. With a query it shows the tools that fit, the best first. */
export function toolsPage({ surfaceOf }: Pick<FrontSources, 'surfaceOf'>): InTwoForms {
  const surface = surfaceOf(EVERYTHING);
  const count = offeredBy(surface).length;
  const found = (query: string) => findEntries(query, MAX_FOUND, surface).map(({ tool }) => tool);
  const whole = lasting({
    path: TOOLS_PATH,
    page: pageOf('', wholeList(surface), count),
    markdown: wholeMarkdown(surface, count),
  });
  const forPeople: RequestHandler = (request, response, next) => {
    const query = queryIn(request.url);
    if (query === '') return whole.page(request, response, next);
    const page = pageOf(query, foundList(found(query), surface), count);
    return sendBytes(response, bytesOf(page), policyOf(page));
  };
  const forAgents: RequestHandler = (request, response, next) => {
    const query = queryIn(request.url);
    if (query === '') return whole.markdown(request, response, next);
    return sendMarkdown(response, Buffer.from(foundMarkdown(found(query), surface)), TOOLS_PATH);
  };
  return { page: byForm(forPeople, forAgents), markdown: forAgents };
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
    markdown: TOOLS_MARKDOWN_PATH,
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
  return html`
<li><code>${name}</code> <i class="${mark}">${words}</i> <small>${neededScopes(tool, surface).join(', ') || 'any token'}</small><br>${prose(description)}</li>`;
}

/** The scopes that a tool needs, as this server spells them. */
function neededScopes(tool: Tool, surface: Surface): readonly string[] {
  return spelled(
    surface,
    neededBy(tool).map(({ scope }) => scope),
  );
}

function wholeMarkdown(surface: Surface, count: number): string {
  const groups = groupsOf(surface).map(
    ({ name, title, tools }) => `## ${title}\n\nToolset \`${name}\`.\n\n${linesOf(tools, surface)}\n`,
  );
  return `# Tools

The ${count} tools that assistants have here, by toolset: what each does, and the scope that it needs. What deletes shows first what would be lost. \`${TOOLS_MARKDOWN_PATH}?q=\` finds some by words. [Errors](${ERRORS_MARKDOWN_PATH}) says what to do when a call fails, [How to connect](${MARKDOWN_PATH}) the rest.

${groups.join('\n')}`;
}

/** The words that were looked for are not repeated: they are anybody's. */
function foundMarkdown(tools: readonly Tool[], surface: Surface): string {
  const way = `[All tools](${TOOLS_MARKDOWN_PATH})`;
  if (tools.length === 0) {
    return `# Tools\n\nNo tool fits these words. Try others, such as what it is about: user, connection, secret. ${way}\n`;
  }
  const which = tools.length === MAX_FOUND ? `The ${MAX_FOUND} that fit best` : `${tools.length} that fit`;
  return `# Tools\n\n${which}, the best first. ${way}\n\n${linesOf(tools, surface)}\n`;
}

function linesOf(tools: readonly Tool[], surface: Surface): string {
  return tools.map((tool) => line(tool, surface)).join('\n');
}

function line(tool: Tool, surface: Surface): string {
  const { name, description, effect } = tool;
  const scopes = neededScopes(tool, surface).map((scope) => `\`${scope}\``);
  const needs = scopes.length === 0 ? 'any token' : scopes.join(', ');
  return `- \`${name}\` (${EFFECTS[effect][0]}; ${needs}): ${description.replaceAll(/\s+/g, ' ')}`;
}
