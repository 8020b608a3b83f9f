import type { Front } from './front.ts';
import { type Html, html } from './html.ts';

/** What can be tried from the page: tools that only read, with the words of their buttons. */
const TRIALS: Readonly<Record<string, string>> = {
  whoami: 'Who am I?',
  list_environments: 'Which environments are there?',
  get_status: 'How does the first one stand?',
  list_organizations: 'Which customers are in it?',
};

/**
 * The part of the page in which a script signs in to the sandbox and calls tools, as a client does. Without a script it says
 * what would be here.
 */
export function trial({ whole: { reach, realm } }: Front): Html {
  const offered = Object.entries(TRIALS).filter(([name]) => reach.has(name));
  return html`<section id="try" aria-labelledby="try-title">
<h2 id="try-title">Try it here</h2>
<p>Sign in as one of the made-up people, and call a tool from this page, as an assistant would. No password is needed.</p>
<noscript><p class="soft">This part needs JavaScript. All others do without.</p></noscript>
<div id="trial" data-mode="${realm.mode}" hidden>
<p class="buttons"><button class="button" type="button" id="sign-in">Sign in and try</button>${offered.map(
    ([name, words]) => html` <button class="button" type="button" data-tool="${name}" hidden>${words}</button>`,
  )}</p>
<p id="trial-state" role="status"></p>
<div id="trial-result" tabindex="0" role="region" aria-label="Result" hidden></div>
</div>
</section>`;
}
