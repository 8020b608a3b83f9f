import { Phrases, rowsOf, stemmed } from './phrases.ts';

/*
 * What the documentation calls otherwise than people do who have not read it: its words, and theirs. Data alone; a star stands
 * for up to three words, as in `access/thesaurus.ts`.
 */
const ROWS = `
login page branding: our color, our logo, color and logo, look of the login, look of our login, sign in screen, login screen, corporate design, css
email provider: mail server, email server, smtp, sendgrid, postmark, mailgun, mail sender
email templates: wording of, text of the mail, text of the email, mail text
outbound ip addresses: ips, firewall, egress, source address
rate limits: 429, too many requests, throttled, throttling, how many requests
preserve intended destination: page * wanted, deep link, original page, land on the page, page they came from
sso simulator: without an identity provider, without having an identity provider, without an idp, fake idp, test idp
organization switcher: jump between, switch between, switch compan, change the tenant, change workspace
merge identities: same person, duplicate account, duplicate users, two accounts, link accounts
token claims: field to the access token, field to the token, field in the token, extra data in the token
auth flow interceptors: code of mine, own code during, hook into, reject people, reject logins
migrate: get to you, move from, come from, import our users, leave auth0
just in time provisioning: created on first, first sso login, created automatically, auto create
email domain rules: gmail com, free mail, disposable, public email, personal email, throwaway
idp initiated sso: tile, okta dashboard, my apps page, my apps portal, my apps dashboard
launch checklist production: before launch, before i launch, before we launch, go live, going live
self hosted: on prem, on premise, on premises, our own server, own kubernetes, own cluster, air gapped, own data center
system requirements: hardware needed, hardware requirement, which hardware, cpu, how much memory
m2m client credentials: backend job, cron job, service to service, without a user, machine user
api keys: issue keys, keys to customers, keys for customers
jwks verify: offline, check the signature, verify the signature, signature of a token
directory events: told when an employee, when an employee, deprovisioned
group role assignment: members of the * group, groups become, okta group, entra group
admin portal embed: inside our own, in our own settings, iframe, inside our app
passwordless otp: code by mail, code by email, code by e mail, instead of a password, without password, without a password, one time code
passkeys: face id, touch id, fingerprint, biometric, windows hello, security key
external id: id of our crm, our own id, id of our system, ids of our
native app mobile: flutter, react native, ios, android, electron, swift, kotlin, desktop app
bring your own credentials oauth: own google oauth app, own oauth app, our own app for the consent
create connector bring your own: connector that i need, connector does not exist, connector is missing, app is not supported
billing usage: how much does it cost, what does it cost, price, pricing, invoice
manage team members dashboard: coworker, colleague, teammate
troubleshoot: does not connect, does not work, not working, cannot connect, stuck
best practices: twice, out of order
test users: dummy user, cypress, playwright, automated test
encryption keys: byok, kms, own encryption
custom domain: own domain, our domain, own url, white label, cname
initiate login: login started elsewhere, bookmark
quickstart: where do i begin, where do i start, how do i begin, get started, first steps
directory submission: listed in claude, listed in chatgpt, publish * connector, app store
virtual mcp server: one mcp url, tools in one url
auth logs: who signed in, login history, sign in history
session policy: logged out after, stay signed in, stay logged in, idle
expired troubleshoot connected account: says expired, says disconnected, has to reconnect
`;

const phrases = new Phrases(rowsOf(ROWS));

/** The words of a question that are kept, and what the documentation says for the others. */
export function saidOtherwise(words: readonly string[]): {
  readonly kept: readonly string[];
  readonly said: readonly string[];
} {
  const found = phrases.in(words.map(stemmed));
  const taken = new Set(found.flatMap(({ places }) => places));
  return { kept: words.filter((_, place) => !taken.has(place)), said: found.flatMap(({ names }) => names) };
}
