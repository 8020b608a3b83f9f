import type { Account } from '../oauth/protected-server.ts';
import { html } from './html.ts';
import { shortened, wholeName } from './names.ts';
import type { Page } from './page.ts';

export interface LoginPage {
  readonly clientName: string;
  readonly people: readonly Account[];
  /** Where the form is sent. */
  readonly action: string;
  readonly redirectUri: string | undefined;
}

/** One click signs a person in: nothing is behind these accounts that a password would protect. */
export function loginPage({ clientName, people, action, redirectUri }: LoginPage): Page {
  const whole = wholeName(clientName);
  return {
    title: 'Sign in',
    formTarget: redirectUri,
    main: html`
<h1>Choose who you are</h1>
<p class="soft">to continue to <strong>${shortened(clientName)}</strong></p>
${
  whole === undefined
    ? undefined
    : html`<p class="soft small">It calls itself ${whole}</p>
`
}<form method="post" action="${action}">
<ul class="people">${people.map(
      (person, i) => html`
<li><button class="person" name="account" value="${person.id}"${i === 0 ? html` autofocus` : undefined}>
<span class="initials" aria-hidden="true">${person.givenName.slice(0, 1)}${person.familyName.slice(0, 1)}</span>
<span><strong>${person.givenName} ${person.familyName}</strong><span>${person.email}</span><span>${person.title}</span></span>
</button></li>`,
    )}
</ul>
</form>
<p class="soft small last">No password is needed.</p>`,
  };
}
