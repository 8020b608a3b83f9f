import type { Person } from '../../data/people.ts';
import { describeScope } from '../scopes.ts';
import { html } from './html.ts';
import type { Page } from './page.ts';

export interface ConsentPage {
  readonly clientName: string;
  readonly person: Person;
  /** What the client asks to reach. */
  readonly resources: readonly string[];
  readonly scopes: readonly string[];
  /** Where the form is sent. */
  readonly action: string;
  /** Where another person can be chosen. */
  readonly accountUrl: string;
  readonly redirectUri: string | undefined;
}

/** Asks a person which of the requested scopes the client may have. */
export function consentPage(page: ConsentPage): Page {
  const { clientName, person, resources, scopes, action, accountUrl, redirectUri } = page;
  return {
    title: 'Allow access',
    formTarget: redirectUri,
    main: html`
<h1>Allow ${clientName} to act for you?</h1>
<p class="soft small">You are ${person.givenName} ${person.familyName} (${person.email}).
<a href="${accountUrl}">Use another account</a></p>
<form method="post" action="${action}">
<fieldset>
<legend>It asks to</legend>
<ul class="scopes">${scopes.map(scopeItem)}
</ul>
</fieldset>
<dl>
<dt>Server</dt><dd>${resources.join(', ')}</dd>
${redirectUri === undefined ? undefined : html`<dt>Returns to</dt><dd>${destination(redirectUri)}</dd>`}
</dl>
<div class="actions">
<button name="decision" value="deny">Deny</button>
<button class="primary" name="decision" value="allow">Allow</button>
</div>
</form>`,
  };
}

function scopeItem(scope: string) {
  const description = describeScope(scope);
  return html`
<li><label>
<input type="checkbox" name="scope" value="${scope}" checked>
<span>${description?.sentence ?? scope}<span class="detail"><code>${scope}</code>${
    description?.changes ? html`<span class="tag changes">Can change data</span>` : undefined
  }</span></span>
</label></li>`;
}

/** Host of a web address, whole text of anything else: enough to see who gets the answer. */
function destination(redirectUri: string): string {
  const { host, protocol } = new URL(redirectUri);
  return protocol === 'http:' || protocol === 'https:' ? host : redirectUri;
}
