import type { Account } from '../oauth/protected-server.ts';
import type { ScopeDescription } from '../oauth/scopes.ts';
import { type Html, html } from './html.ts';
import { shortened, wholeName } from './names.ts';
import type { Page } from './page.ts';

export interface ConsentPage {
  readonly clientName: string;
  readonly person: Account;
  /** What the client asks to reach. */
  readonly server: string;
  /** What a person reads about a scope. */
  readonly describe: (scope: string) => ScopeDescription | undefined;
  /** Scopes to tick. */
  readonly offered: readonly string[];
  /** Scopes that are granted whatever is ticked. */
  readonly always: readonly string[];
  /** What the client was allowed before; `undefined` when it asks for the first time. */
  readonly granted: readonly string[] | undefined;
  /** Which scopes are ticked. Unset: on a first sign-in what only looks, later everything: it is asked for a reason. */
  readonly ticked: Ticked | undefined;
  /** Whether the client can renew its access by itself. */
  readonly staysConnected: boolean;
  /** Seconds after which it has to ask again. */
  readonly lastsSeconds: number;
  /** Whether the person has just allowed nothing at all. */
  readonly nothingTicked?: boolean;
  /** Where the page is; forms and shortcuts go to what is below it. */
  readonly address: string;
  readonly redirectUri: string | undefined;
}

/** `look`: what changes nothing. */
type Ticked = 'look' | 'all' | 'none';

/**
 * Asks a person which of the requested scopes the client may have. At Scalekit people can untick something only where
 * the server lets them (documented): scopes of a server that does not are not offered.
 */
export function consentPage(page: ConsentPage): Page {
  const { clientName, person, offered: scopes, always, granted, nothingTicked = false, address, redirectUri } = page;
  // The boxes stay as the person left them.
  const ticked = nothingTicked ? 'none' : (page.ticked ?? (granted === undefined ? 'look' : 'all'));
  const isNew = (scope: string) => granted !== undefined && !granted.includes(scope);
  const newFirst = [...scopes.filter(isNew), ...scopes.filter((scope) => !isNew(scope))];
  const changes = (scope: string) => page.describe(scope)?.changes ?? true;
  const [look, change] = [scopes.filter((scope) => !changes(scope)), scopes.filter(changes)];
  return {
    title: 'Allow access',
    ...(nothingTicked && { status: 400 }),
    formTarget: redirectUri,
    main: html`
<h1 tabindex="-1" autofocus>Allow ${shortened(clientName)} to act for you?</h1>
${nothingTicked ? html`<p class="alert" role="alert">Nothing is ticked. Tick what it may do, or choose Deny.</p>` : undefined}
<p class="soft small">You are ${person.givenName} ${person.familyName} (${person.email}).
<a href="${address}/account">Use another account</a></p>
${facts(page)}
<form method="post" action="${address}/consent">
${
  scopes.length === 0
    ? undefined
    : html`<fieldset>
<legend>It may do what you tick</legend>
${look.length > 0 && change.length > 0 ? shortcuts(address, ticked) : undefined}
<ul class="scopes">${newFirst.map((scope) =>
        scopeItem(
          { scope, ...page.describe(scope) },
          ticked === 'all' || (ticked === 'look' && !changes(scope)),
          isNew(scope),
        ),
      )}
</ul>
</fieldset>
`
}${
  always.length === 0
    ? undefined
    : html`<h2>${scopes.length === 0 ? 'It may' : 'It may in any case'}</h2>
<ul class="always">${always.map((scope) => alwaysItem(scope, page.describe(scope)))}
</ul>
`
}<div class="actions">
<button name="decision" value="deny">Deny</button>
<button class="primary" name="decision" value="allow">Allow</button>
</div>
</form>`,
  };
}

function facts({ clientName, server, redirectUri, staysConnected, lastsSeconds }: ConsentPage): Html {
  const whole = wholeName(clientName);
  return html`<dl>
${
  whole === undefined
    ? undefined
    : html`<dt>Calls itself</dt><dd>${whole}</dd>
`
}<dt>Server</dt><dd>${server}</dd>
${redirectUri === undefined ? undefined : html`<dt>Returns to</dt><dd>${destination(redirectUri)}</dd>`}
<dt>Lasts</dt><dd>${staysConnected ? `Up to ${inWords(lastsSeconds)}` : inWords(lastsSeconds)}</dd>
</dl>`;
}

/** Links, as nothing runs on this page that could tick boxes. */
function shortcuts(address: string, ticked: Ticked): Html {
  const link = (to: 'look' | 'all', text: string) =>
    html`<a href="${address}?tick=${to}"${ticked === to ? html` aria-current="true"` : undefined}>${text}</a>`;
  return html`<p class="shortcuts small">Tick ${link('look', 'only look')} ${link('all', 'all')}</p>`;
}

function scopeItem(
  { scope, sentence = scope, changes = true }: { readonly scope: string } & Partial<ScopeDescription>,
  isTicked: boolean,
  isNew: boolean,
) {
  return html`
<li><label>
<input type="checkbox" name="scope" value="${scope}"${isTicked ? html` checked` : undefined}>
<span>${sentence}<span class="detail"><code>${scope}</code>${
    changes ? html`<span class="tag changes">Can change data</span>` : undefined
  }${isNew ? html`<span class="tag new">New: asked for now</span>` : undefined}</span></span>
</label></li>`;
}

function alwaysItem(scope: string, description: ScopeDescription | undefined) {
  return html`
<li>${description?.sentence ?? scope}<span class="detail"><code>${scope}</code></span></li>`;
}

const UNITS = [
  ['day', 24 * 3600],
  ['hour', 3600],
  ['minute', 60],
] as const;

/** A time in the largest unit that it is a multiple of. */
function inWords(seconds: number): string {
  const [unit, size] = UNITS.find(([, size]) => seconds >= size && seconds % size === 0) ?? ['second', 1];
  const count = seconds / size;
  return count === 1 ? `One ${unit}` : `${count} ${unit}s`;
}

/** Host of a web address, whole text of anything else: enough to see who gets the answer. */
function destination(redirectUri: string): string {
  const { host, protocol } = new URL(redirectUri);
  return protocol === 'http:' || protocol === 'https:' ? host : redirectUri;
}
