import type { Health } from '../core/health.ts';
import { build } from '../core/version.ts';
import { ERRORS_PATH, TOOLS_PATH } from '../http/origin.ts';
import { builder } from './builder.ts';
import { address, copied, ways } from './connect.ts';
import { statesOf, whatItIs } from './facts.ts';
import { type Front, offeredBy } from './front.ts';
import { type Html, html } from './html.ts';
import { sentencesFor } from './sentences.ts';
import { groupsOf } from './tool-groups.ts';
import { trial } from './trial.ts';

/** The content of the front page. */
export function frontContent(front: Front): Html {
  const { whole, health } = front;
  const sentences = sentencesFor(offeredBy(whole));
  return html`<div class="hero">
<p class="mode ${whole.realm.sandbox === true ? 'sandbox' : 'live'}">${whole.realm.sandbox === true ? 'Sandbox' : 'Live'}</p>
<h1>Manage Scalekit from your AI assistant</h1>
<p class="lead">${whatItIs(front)}</p>
</div>
<section id="connect" aria-labelledby="connect-title">
<h2 id="connect-title">Connect an assistant</h2>
${address(front)}
${builder(front)}
${ways(front)}
<p id="said" class="unseen" role="status"></p>
</section>
${sentences.length > 0 && toSay(sentences)}
${whole.realm.sandbox === true && trial(front)}
<section id="tools" aria-labelledby="tools-title">
<h2 id="tools-title">What it can do</h2>
<form class="search" role="search" action="${TOOLS_PATH}"><label>Find a tool <input type="search" name="q" placeholder="reset a secret" maxlength="200"></label> <button class="button">Search</button></form>
<ul class="toolsets">${groupsOf(whole).map(
    ({ name, title, tools }) => html`
<li><a href="${TOOLS_PATH}#${name}">${title}</a> <small>${tools.length}</small></li>`,
  )}
</ul>
</section>
<section id="safety" aria-labelledby="safety-title">
<h2 id="safety-title">What keeps it safe</h2>
<ul class="plain">
<li><b>You decide what it may do.</b> Every call needs a scope that you have granted; without it, the assistant has to ask you.</li>
<li><b>Nothing is taken away unseen.</b> Whatever deletes shows first what would be lost, and runs when that is confirmed.</li>
<li><b>Secrets stay out of the conversation.</b> They are removed from results, but for the few that you ask to be made.</li>
<li><b>Every call is on record,</b> with who made it and what it was about to do.</li>
</ul>
</section>
${status(health)}`;
}

function status(health: Health): Html {
  return html`<section id="status" aria-labelledby="status-title">
<h2 id="status-title">Status</h2>
<dl class="status">${statesOf(health).map(
    ([name, state, words]) => html`
<div><dt>${name}</dt><dd class="${state}">${words}</dd></div>`,
  )}
<div><dt>Version</dt><dd>${build}</dd></div>
</dl>
<p class="soft small">For programs: <a href="/health">health</a>, <a href="/.well-known/oauth-protected-resource/mcp">metadata of the protected resource</a>. For people: <a href="${ERRORS_PATH}">what errors mean</a>, <a href="https://docs.scalekit.com">Scalekit’s documentation</a>.</p>
</section>`;
}

function toSay(sentences: readonly string[]): Html {
  return html`<section id="say" aria-labelledby="say-title">
<h2 id="say-title">Then say, for example</h2>
<ul class="sentences">${sentences.map(
    (sentence) => html`
<li>${copied(sentence, 'The sentence')}</li>`,
  )}
</ul>
</section>`;
}
