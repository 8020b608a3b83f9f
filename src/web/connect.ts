import { spelled } from '../access/surface.ts';
import { type Client, GROUPS, type Step } from '../install/clients.ts';
import { clientsFor, type Front } from './front.ts';
import { code, type Html, html, prose } from './html.ts';

/** Clients whose link is offered first, and those whose line is. */
const BUTTONS: readonly string[] = ['vs-code', 'cursor', 'claude', 'goose', 'lm-studio'];
const LINES: readonly string[] = ['claude-code', 'add-mcp'];

/** The URL, and what a client sees with it. A script replaces what has `data-live` when somebody asks for another URL. */
export function address(front: Front): Html {
  return html`<div id="address" data-live>
<p class="label">Address</p>
${copied(front.endpoint, 'The address')}
${summaryOf(front)}
</div>`;
}

/** How each client is given the URL. */
export function ways(front: Front): Html {
  const clients = clientsFor(front);
  return html`<div id="ways" data-live>
<p class="buttons">${clients.filter(({ id }) => BUTTONS.includes(id)).map(button)}</p>
${clients.filter(({ id }) => LINES.includes(id)).map(line)}
<p class="soft">Every assistant asks you to sign in when it first needs it. What each of them takes:</p>
${Object.entries(GROUPS).map(
  ([group, title]) => html`<h3>${title}</h3>
<div class="clients">${clients.filter((client) => client.group === group).map(entry)}
</div>
`,
)}<p class="soft small">Where a version is named, this server was tried with it. The others follow what the program’s makers say.</p>
</div>`;
}

/** What a client with the URL sees, and what is wrong with what was asked for. */
function summaryOf({ surface, whole, problem }: Front): Html {
  if (problem !== undefined) {
    return html`<p class="alert" id="summary" role="alert"><b>This is not in the address:</b> ${problem}</p>`;
  }
  const scopes = spelled(surface, surface.scopes);
  const { size } = surface.tools;
  const more = surface.reach.size - size;
  const listed = size === 1 ? '1 tool is' : `${size} tools are`;
  const found = more > 0 ? `, and ${more} more are found when they are needed` : '';
  const reading = surface.readOnly ? ' Nothing can be changed.' : '';
  const fence = surface.fence === undefined ? '' : ` Every call stays in ${surface.fence}.`;
  const asked = surface === whole ? 'With the whole address' : 'With this address';
  return html`<p class="soft small" id="summary">${asked} ${listed} listed${found}.${reading}${fence}${
    scopes.length > 0 && html` Scopes: ${scopes.map((scope) => html`<code>${scope}</code> `)}`
  }</p>`;
}

function button({ steps }: Client): Html {
  const [link] = steps.filter((step) => step.kind === 'link');
  return html`${link !== undefined && html`<a class="button" href="${link.href}">${link.label}</a> `}`;
}

function line({ name, steps }: Client): Html {
  const [command] = steps.filter((step) => step.kind === 'command');
  return html`${command !== undefined && html`<p class="label">${name}</p>${copied(command.text, `The line for ${name}, first`)}\n`}`;
}

function entry({ id, name, tried, steps }: Client): Html {
  return html`
<details id="${id}"><summary>${name}${tried !== undefined && html`<span class="tried">${tried}</span>`}</summary>
${steps.map((step) => stepOf(step, name))}</details>`;
}

function stepOf(step: Step, client: string): Html {
  if (step.kind === 'link') return html`<p><a class="button" href="${step.href}">${step.label}</a></p>\n`;
  if (step.kind === 'note') return html`<p>${prose(step.text)}</p>\n`;
  if (step.kind === 'command') return html`${copied(step.text, `The line for ${client}`)}\n`;
  const { path, text } = step;
  return html`${path !== undefined && html`<p class="file"><code>${path}</code></p>`}${copied(text, `${path ?? 'The entry'} for ${client}`)}\n`;
}

/**
 * Text to be copied. A script adds the button.
 * @param what says what it is, for whom the screen is read to
 */
export function copied(text: string, what: string): Html {
  return html`<pre data-copy="${what}"><code>${code(text)}</code></pre>`;
}
