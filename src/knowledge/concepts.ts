import { type Named, Phrases, rowsOf } from './phrases.ts';

/*
 * Words that people use for one thing when they ask about sign-in, users and agents. Data alone; a word may mean more than
 * one thing elsewhere.
 */
const ROWS = `
organization: org, organization, tenant, company, customer, client company, workspace, firm, business, account of a customer, enterprise customer, acme, corporation, bank, subsidiary, team account
user: user, person, people, member, employee, staff, somebody, someone, teammate, colleague, guy, individual, end user, login holder, coworker, human
admin: admin, administrator, it department, it team, it admin, it guy, it person, owner
login: login, signin, authenticate, authentication, get in, getting in, logon, let in
signup: signup, register, registration, create an account, new account, join, enroll
logout: logout, end session
error: error, fail, failure, broken, problem, issue, trouble, wrong, does not work, doesn t work, not working, can t, cannot, couldn t, could not, won t, unable, rejected, refused, stuck, exception, crash, invalid, mismatch, complain
remove: remove, delete, drop, erase, purge, wipe, get rid of, kick out, throw out, offboard, deprovision, destroy
stop: block, deny, reject, forbid, prevent, refuse, disallow, ban, stop, restrict, veto, disable
create: create, add, make, new, build, set up, setup, define, generate, provision, establish
change: change, update, edit, modify, customize, adjust, alter, replace, rename, tweak
show: show, list, see, view, find out, look at, display, overview, which
connect: connect, link, hook up, integrate, integration, wire, plug in, attach
migrate: migrate, migration, move, switch from, import, port, transfer, bring over, leave, replace
test: test, try, simulate, mock, fake, experiment, evaluate, preview, dry run, practice
launch: launch, go live, going live, production, prod, release, ship, rollout, rolling out, roll out, live
begin: quickstart, get started, getting started, first steps, begin, start, hello world, from scratch, from zero, tutorial, walk me through, introduction
compare: difference, compare, comparison, versus, vs, better, pros and cons, instead of, or rather, choose between, which one
explain: explain, what is, what are, meaning, understand, basics, concept, simple words, overview, how does it work
example: example, sample, demo, snippet, repo, repository, code sample, reference app, template
idp: idp, identity provider, okta, entra, azure ad, adfs, ping, onelogin, jumpcloud, google workspace, keycloak, company directory
sso: sso, saml, single sign on, company login, corporate login, enterprise login, work account, federated login, federation
scim: scim, directory sync, provisioning, user sync, directory, lifecycle, sync users, sync employees
generic: generic, any, other, arbitrary, unlisted, custom, not in the list, not listed, unknown, some other, unsupported
social: google login, social login, facebook, apple, github login, google button, social, social provider
mail: mail, email, e mail, inbox, message, smtp
code: otp, one time code, code, six digits, passcode, verification code, one time password
secret: secret, credential, client secret, api secret, password of the app
leak: leak, public repo, exposed, compromised, stolen, git, committed, published
rotate: rotate, rotation, renew, replace the secret, roll, exchange the secret, new secret
key: api key, access key, personal access token, pat, developer token, long lived token, token for scripts
token: token, jwt, access token, bearer, session token
claim: claim, field in the token, custom field, extra data, include in the token, carry
session: session, stay login, cookie, timeout, idle, inactivity, refresh
permission: permission, right, entitlement, allowed, may, privilege, access right, ability
role: role, level, rbac, job function
group: group, team, department, security group
domain: domain, hostname, host name, address, url of the login, subdomain, cname
dns: dns, txt, cname, record, nameserver
brand: brand, branding, logo, color, colour, theme, look, design, white label, css, appearance, font
callback: callback, redirect, redirect uri, redirect url, return address, return url
destination: deep link, original page, page they wanted, requested page, intended page, where they were, return to
webhook: webhook, event, notification, notify, callback of changes, be told, get told, learn about, mirror, subscribe
twice: twice, duplicate, two times, same event, repeated, again, idempotent
log: log, audit, history, trail, record, who did
limit: limit, quota, throttle, maximum, cap, too many, seats, rate limit
billing: billing, price, pricing, cost, pay, plan, invoice, subscription, mau
environment: environment, staging, development, sandbox, dev
region: region, europe, eu, data residency, us region, germany
selfhost: self hosted, on prem, on premise, own cluster, kubernetes, helm, data center, air gapped, private cloud, our network, own servers, k8s
agent: agent, bot, assistant, llm, ai, model, copilot, chatbot
tool: tool, action, function, function calling, tool calling
app: connector, third party app, saas app, external app, gmail, slack, notion, google drive, jira, hubspot
account: connected account, linked account, linked app, user s gmail, connected app
consent: consent, approve, approval, grant access, authorize, permission screen, allow access, give access
mcp: mcp, model context protocol
mcpclient: claude, chatgpt, cursor, vs code, vscode, inspector, claude desktop, ai client, mcp client, windsurf
machine: machine, m2m, service account, backend service, cron job, daemon, service to service, headless, without a user, no human, no browser, server to server, robot, partner server, script
register: register, registration, dcr, dynamic client registration, cimd, client id metadata
discover: discover, discovery, well known, metadata
protect: protect, secure, guard, require login, put auth, add auth, authorization for, lock down
verify: verify, validate, check, validation, verification, confirm, prove
hook: hook, interceptor, intercept, own logic, custom logic, own rule, own policy, own code, before login, trigger, inline, action of auth0, lambda
invite: invite, invitation, onboard a user, bring in
link: link, url, magic link
portal: portal, setup page, self service, self serve, page to set up, setup link, setup wizard, admin page
widget: widget, prebuilt ui, ready made ui, out of the box, hosted ui, profile page, team page, settings page
metadata: external id, own id, our id, metadata, custom data, key value
attribute: attribute, profile field, department, cost center, employee id, job title, custom field
mobile: mobile, ios, android, flutter, react native, swift, kotlin, phone, native, electron, desktop
spa: spa, single page, react, vue, angular, svelte, browser app, frontend only, vite
passkey: passkey, webauthn, fingerprint, face id, touch id, yubikey, security key, hardware key, biometric, fido
encrypt: encrypt, encryption, kms, byok, cmek, data at rest
firewall: firewall, ip, allowlist, whitelist, egress
sdk: sdk, library, package, npm, pip, maven, gem
api: api, rest, endpoint, http, curl, request
openapi: openapi, swagger, spec, postman, api description
ci: ci, e2e, cypress, playwright, selenium, automated test, pipeline
aicoding: coding agent, claude code, codex, copilot, ai tools, ai coding, cursor ide
exchange: exchange, trade, swap, code for tokens, auth code, authorization code
`;

// No word is written like this.
const phrases = new Phrases(rowsOf(ROWS).map(([name, words]) => [`=${name}`, words] as const));

/** What the words of a question mean, which are given by their stems, and where these are. */
export function conceptsIn(words: readonly string[]): Named[] {
  return phrases.in(words);
}
