/*
 * How people call what the tools are about, and what they want done with it. Data alone: `understanding.ts` reads it.
 *
 * A row is a name, a colon and phrases with commas between them. Of a phrase the stems count, so that one form of a word stands
 * for all. A star stands for up to three words: `log * out` is also "log this person out". Where phrases overlap, the longer one
 * counts.
 */

/** Phrases that mean the same. The name stands for each of them, in questions and in the texts of tools. */
export const SAME = `
organization: org, organisation, customer, tenant, company, firm, business, enterprise, customer account, account of a customer, account of a company, subsidiary, reseller
user: last name, first name, surname, family name, person, people, somebody, someone, anybody, anyone, everybody, employee, staff, individual, human, end user, guy, folks, man, woman
teammate: workspace member, member of the workspace, colleague, coworker, co worker, collaborator, team member, member of our team, member of my team, our developer, own staff, on my side, on our side, in house
workspace: scalekit account, our account, our plan
environment: env, environments
production: prod, production environment, live environment
development: dev, staging, stage, test environment, sandbox
permission: privilege, entitlement, perm, perms
scope: oauth scope, access scope
client: oauth client, oauth app, api client
m2m: machine client, machine to machine, service account, technical user, robot account, bot account, client credentials, cron job, server to server, background job
secret: client secret, shared secret
api_token: api token, api key, access key, personal access token, integration key
credential: api credential, environment credential, client id and secret, keys for the sdk, env file, dotenv, environment variable
redirect_uri: redirect uri, redirect url, callback, callback uri, callback url, return url, return address, redirect address
post_logout: post logout, after logout, after log out, after signing out, once logged out, logout redirect, logout url, logout page, logout returns, after leaving
back_channel: back channel logout, backchannel, back channel, logout notification, notified of logouts, tell * when a session ends
initiate_login: initiate login, idp initiated, login start page, bookmarked login, app tile, login path
session: session, login session, active login, logged in device
lifetime: lifetime, expiry, ttl, timeout, time out, stay signed in, stay logged in, stays logged in, signed in for, logged in for, must log in again, has to log in again, session length, session duration, remember me, keep signed in, inactive, inactivity, idle, stay in, validity, duration, forced to log in
passkey: yubikey, webauthn, fido, security key, hardware key, biometric
portal_link: admin portal link, portal link, setup link, set up link, configuration link, link to the admin portal, link to set up, self service link, setup page, set up page, setup wizard, onboarding link
portal: admin portal, self service, self serve, on their own, by themselves, configure * themselves, set * up themselves
branding: brand, logo, color, colour, theme, corporate design, look and feel, font, styling, css, skin
feature: feature flag, flag, beta, preview
custom_domain: custom domain, own domain, vanity domain, vanity url, own web address, own login url, own subdomain, own url for the login
domain: email domain, mail domain
dns: cname, dns record, txt record
connection: sso connection, login connection, identity connection, login method, federation
idp: identity provider, login provider, sso provider, login system
sso: single sign on
directory: scim, scim directory, directory sync, directories, active directory, user provisioning, provisioning, automatic accounts, user lifecycle
group: directory group, security group
mcp_server: mcp server, server mcp, mcp resource, protected server
consent: approve, approval, approved, authorized apps, connected apps, trust, gave access, gave consent, consented
mcp_config: mcp config, mcp configuration, agent config, bot config, config of an agent, config of the bot, agent template, tool bundle, config, configuration of the bot, configuration of an agent
mcp_instance: mcp instance
session_token: mcp session token, session token
agent: ai agent, bot, assistant, ai assistant, chatbot, llm
agent_tool: agent tool, tool for agents, tool of an app, app tool, agent action, action in apps
tool_call: tool call, tool execution, agent run, agent call, action of an agent, execution history, tool history, call history
connected_account: connected account, linked account, connected mailbox, mailbox, connected calendar, account of a user, inbox
magic_link: magic link, authorization link, authorisation link, link to authorize, link * to connect, consent link, link for user to connect, reconnect
connector: custom connector, own connector, integration
app_connection: app connection, third party app
login_log: auth log, authentication log, login attempt, login history, sign in history, failed login, login failed, who signed in, who logged in, failed to log in, login activity, access log, brute force, suspicious login, sign in trail
event: audit, audit log, audit trail, activity log, history, event log, what happened, who changed, what changed, recent change, who did, timeline
webhook: web hook, event notification, http callback
delivery: deliveries
analytics: statistic, stats, metric, error rate, success rate, failure rate, how often, reliability, latency, performance, report on
documentation: docs, doc, manual, guide, how to, tutorial, sdk, code example, sample code, explain
skill: step by step, walkthrough, playbook, recipe, quick start, quickstart
usage: bill, billing, cost, price, invoice, pay, payment due, spend, spending, subscription, consumption, used up, charge, expense, budget, contract volume, consumed
overdue: unpaid
status: overview, summary, health, at a glance, how things stand, how * doing, state of things, figures, kpi, totals, number of
readiness: ready for production, production ready, production readiness, go live, going live, goes live, launch, ready to launch, release checklist, safe to go live, prepared for production
invitation: invite, invite mail, welcome mail, invitation mail, welcome email, invitation email, invite email, activation mail, joining mail, mail * join
email: mail, e mail, mail address, email address
limit: maximum, max, cap, quota, at most, no more than, upper bound
seat: seats, licence, license
signup: sign up, self registration, register themselves, self sign up, create accounts without, may register, can register, open registration, public registration
phone: telephone, mobile number
name: spelling, last name, first name, surname, family name, misspelled
creator: founder, owner of a new organization
default: by default, automatically get, newcomer, new member, who join, people who join
metadata: meta data, well known, discovery, discoverable, discover
whoami: who am i, my access, my rights, my scopes, my permissions, my token, this token, my own access, am i allowed, logged in as, signed in as, may i
login: log in, get in, gets in
`;

/** What else is meant by a phrase, which counts less than what it says itself. */
export const NEAR = `
user: he, him, his, she, her, hers, member, membership, profile, boss, contractor, intern, customer user, hire, student, patient, consumer
organization: member, membership, account, client, partner, b2b
account: user, connected_account, organization, workspace
teammate: contractor, intern, developer, engineer, boss, team, our company, our people, freelancer, consultant, trainee, agency, coworkers
workspace: teammate, team, dashboard, plan
dashboard: teammate, workspace, console, scalekit
environment: production, development, region, application settings
custom_domain: login page, branded login, address of the login
role: admin, administrator, editor, viewer, manager, promote, demote, access level, read only, look only, auditor, rights, access, job title, tier, level
permission: grantable, right, rights, allowed, may do, may, can do, access, permit, able to, capability, ability
scope: token scope, grantable
client: agent, m2m, app, application, spa, single page, mobile app, client id, claude, cursor, chatgpt, copilot, vs code, inspector, registered themselves
m2m: script, program, backend, service, machine, api, daemon, worker, pipeline, automation, ci
secret: key, credential, password, token, leaked, bearer
api_token: key, secret, token, leaked, exposed, credential
credential: client id, secret, keys
redirect_uri: localhost, redirect, redirect uri mismatch, url
post_logout: logout, homepage
session: logged in, signed in, login, device, laptop, browser, logout, log out, sign out, log * out, sign * out
lifetime: session, expire, hours, minutes, days, how long
passkey: phone, lost phone
portal_link: link, it admin, it people, their it, portal, self service
portal: portal_link
branding: login page, looks, appearance, company logo
custom_domain: domain, hostname, cname
domain: dns, custom_domain
dns: domain, txt
connection: sso, saml, oidc, idp, okta, entra, azure, google, adfs, onelogin, login, provider, social login
idp: connection, sso, okta, entra, azure, adfs, onelogin, google workspace, jumpcloud, ping, provider, keycloak, pingfederate, auth0
saml: certificate, metadata, entity id
oidc: issuer, client secret, google, social login, oauth
sso: connection, idp, saml, oidc, okta, entra, login
directory: sync, group, okta directory, deprovision, provision, employees from the directory, new hires, hr system, synced, hr, workday, bamboohr, rippling
group: team, azure group, directory
mcp_server: mcp, server, resource, mcp url
consent: allow, withdraw, claude, cursor, authorized, access, agreed, opt in
mcp_config: agent, template, mcp url, tools of the agent
mcp_instance: mcp url, server url
session_token: mcp url, token, session token, agent token
agent_tool: tool, gmail, slack, notion, hubspot, salesforce, jira, calendar, github, actions, on behalf of, as user, behalf
tool_call: agent, posted, tool, history
connected_account: gmail, slack, calendar, github, hubspot, google, token expired, connected, authorized, authorization, notion, whose, drive, mail account, reauthorize
magic_link: authorize, connect, reconnect, let * read, let * use, authorization, expired
connector: gmail, slack, hubspot, salesforce, own api, app, apps, supported, zapier, connectors
app_connection: app, apps, gmail, slack, services
login_log: log, attempt, login, last login, logged in, signed in, log in, history, suspicious
event: log, logs, happened, activity, record, trace, history
webhook: endpoint, notify, notify our system
analytics: fail, often, usage of tools, trend
documentation: how do i, how can i, how to, page, read about, learn, validate, implement, example, first steps, code
skill: job, guide, onboard, how to
usage: plan, this month, limits
status: how many, count, number of
readiness: production, live
signup: disposable, throwaway, free mail, blocked, rules, addresses
limit: seat, restrict
invitation: accept, accepted, joined
diagnosis: broken, error, fails, get in
metadata: saml, mcp_server
`;

/** What people want done, by how tools call it in the first word of their names; see `FITS`. */
export const ACTIONS = `
list: list, which, who, whose, what kind, show all, enumerate, are there, do we have, overview, exist, existing, all
get: show, get, see, view, display, what is, what are, what, where, detail, details, read, look at, look, tell me, inspect, give me, how long, whether, is, are, did, has, does, have, do you
search: find, search, look up, lookup, locate, belong, belongs
count: how many, how much, count, number of, how often
create: create, make, new, generate, define, invent, introduce, compose, build, spin up, set up, setup, onboard, establish, prepare, produce, request
invite: invite, bring, hire, gets access, on board, welcome, let * into, bring * in, join us, joins us, starts with us, recruit, take on
add: add, put, attach, include, join, allow, permit, let, whitelist, allowlist, let in, into, append, insert, accept, admit, also
issue: issue, mint, hand out
register: register, protect, secure, guard, publish, preregister, pre register, enrol, enroll
give: give, grant, assign, promote, become, entitle, make * admin, make * an admin, make * editor, make * viewer, make * member, read only, may only, only look, demote, map, entitle, empower, elevate, upgrade, able to
change: change, update, edit, modify, adjust, alter, amend, correct, fix, rewrite, rename, replace, move, moved, extend, shorten, describe, point, must, should, require, set to, revise, relabel, reword, swap, substitute, convert, tweak
set: set, configure, limit, cap, restrict, use, upload, choose, block, specify, enforce, force
enable: enable, activate, reactivate, turn on, switch on, turn * on, switch * on, turned on, switched on, unlock, resume, bring back
disable: disable, deactivate, suspend, pause, turn off, switch off, shut off, turn * off, switch * off, freeze, unusable, put on hold, inactivate, take offline, interrupt
remove: remove, take away, take * away, take out, take * from, take * off, take off, drop, kick out, kick * out, kick, throw * out, expel, detach, strip, make * out of, left, no longer, no longer with, get out, unassign, ban, offboard, left us, out of, evict, dismiss, exclude, let go, resigned, quit, departed, gone, moved on, no longer works, contract ended
delete: delete, erase, wipe, purge, destroy, discard, scrap, trash, get rid of, throw away, throw * away, retire, for good, for ever, forever, forget, not need, gdpr, decommission, unregister, do not need, not used, unused, leaving us, leaves us, obsolete, clean up, dispose, eliminate, eradicate, abolish, sunset, churned, cancelled
revoke: revoke, kill, cut off, cut * off, withdraw, cancel, lock out, lock * out, invalidate, end, terminate, disallow, stolen, leaked, compromised, exposed, unlink, disconnect, force out, log * out, sign * out, log out, logout, lost, wrong person, hacked, rescind, void, nullify, sever, shut out, breach, phished, public repository
stop: stop, halt, no more, forbid, prevent
rotate: rotate, roll, renew, regenerate, expired, replace secret, exchange, ran out, runs out, out of date, outdated, cycle
verify: verify, prove, proof, confirm, confirmed, ownership, published, validate, double check
check: check, status of, conform, valid, ready, go through, safe, test result, work, works, worked, already, yet, make sure
diagnose: why, diagnose, troubleshoot, debug, investigate, cannot, can not, can t, unable, fail, fails, failing, broken, error, errors, does not work, not working, does not function, refuse, refused, problem, trouble, 401, 403, 404, 500, mismatch, nobody can, stuck, reason, gets no, not firing, any more, bug, unreachable, down, loop, reject, times out, hangs, complain, nothing happens, stopped, won t, doesn t, isn t, couldn t, get in, gets in
resend: resend, send again, send * again, mail again, mail * again, never got, not arrive, did not arrive, never received
send: send, mail, post, fire
sync: trigger, sync, synchronise, synchronize, refresh, import, fetch, pull
execute: run, execute, invoke, on behalf of, perform
reset: reset, undo, revert, restore, back to normal, clear, unset
switch: switch, migrate, move, use scalekit, instead of, move * to
`;

/** How well tools whose names begin with a word fit what is wanted, of 1; what is not named does not fit at all. */
export const FITS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  list: { list: 1, search: 0.9, get: 0.7, whoami: 0.7, check: 0.2, diagnose: 0.1 },
  get: { get: 1, whoami: 1, list: 0.9, search: 0.8, check: 0.7, diagnose: 0.4, verify: 0.2, find: 0.6 },
  search: { search: 1, find: 1, list: 0.9, get: 0.85, check: 0.2 },
  count: { get: 1, list: 0.85, search: 0.5 },
  create: {
    create: 1,
    register: 0.9,
    generate: 0.9,
    ensure: 0.8,
    invite: 0.8,
    add: 0.85,
    set: 0.4,
    get: 0.1,
    update: 0.2,
  },
  invite: { invite: 1, create: 0.85, add: 0.8, generate: 0.3 },
  add: {
    add: 1,
    create: 0.85,
    invite: 0.85,
    register: 0.6,
    assign: 0.6,
    set: 0.5,
    update: 0.5,
    enable: 0.5,
    generate: 0.3,
  },
  issue: { create: 1, generate: 1, regenerate: 0.8, add: 0.6, get: 0.5 },
  register: { register: 1, create: 0.85, add: 0.6, switch: 0.5, get: 0.1 },
  give: { assign: 1, add: 0.9, set: 0.6, update: 0.7, create: 0.4, invite: 0.6 },
  change: { update: 1, set: 0.9, assign: 0.7, switch: 0.7, remove: 0.1, add: 0.2 },
  set: { set: 1, update: 0.95, assign: 0.7, create: 0.5, add: 0.5 },
  enable: { enable: 1, set: 0.8, update: 0.7, add: 0.3 },
  disable: { disable: 1, deactivate: 1, set: 0.7, update: 0.6, revoke: 0.5, invalidate: 0.6, remove: 0.4, delete: 0.4 },
  remove: { remove: 1, delete: 0.85, revoke: 0.7, clear: 0.6, disconnect: 0.7, disable: 0.3, deactivate: 0.3 },
  delete: { delete: 1, remove: 0.85, revoke: 0.6, invalidate: 0.7, disconnect: 0.5 },
  revoke: {
    revoke: 1,
    invalidate: 1,
    disconnect: 1,
    deactivate: 0.9,
    delete: 0.85,
    remove: 0.85,
    disable: 0.7,
    regenerate: 0.5,
  },
  stop: { disable: 1, deactivate: 1, revoke: 0.8, remove: 0.9, disconnect: 0.7, update: 0.4, delete: 0.6 },
  rotate: { regenerate: 1, create: 0.9, delete: 0.3, update: 0.4 },
  verify: { verify: 1, check: 0.8, get: 0.4, list: 0.4, diagnose: 0.3 },
  check: { check: 1, diagnose: 0.8, get: 0.85, verify: 0.8, list: 0.5, search: 0.4 },
  diagnose: { diagnose: 1, check: 0.7, list: 0.4, get: 0.45 },
  resend: { resend: 1, send: 0.5, create: 0.3, regenerate: 0.3 },
  send: { send: 1, resend: 0.9, generate: 0.7, execute: 0.7, create: 0.4, invite: 0.5 },
  sync: { sync: 1, list: 0.3, get: 0.3 },
  execute: { execute: 1, call: 0.6, send: 0.4 },
  reset: { clear: 1, update: 0.5, set: 0.4, remove: 0.7 },
  switch: { switch: 1, set: 0.6, update: 0.7, enable: 0.4, disable: 0.4 },
};

/** What is typed that is no word, and words for what it is. */
export const TYPED: readonly (readonly [RegExp, string])[] = [
  [/\bhttps?:\/\/\S{1,200}/g, ' url '],
  [/[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,4}/g, ' user email '],
  [/\b[a-z0-9-]{1,60}(?:\.[a-z0-9-]{1,60}){0,3}\.(?:com|org|net|io|dev|ai|app|co|example)\b/g, ' domain '],
  [/\b[a-z]{2,20}[:.](?:read|write|create|update|delete|manage|approve|admin|list|view|all)\b/g, ' grantable '],
  ...Object.entries({
    org: 'organization',
    usr: 'user',
    env: 'environment',
    conn: 'connection',
    dir: 'directory',
    dom: 'domain',
    ses: 'session',
    skc: 'client',
    res: 'mcp server',
    scp: 'scope',
    ca: 'connected account',
    apit: 'api token',
  }).map(([prefix, words]) => [new RegExp(`\\b${prefix}_\\w{1,40}`, 'g'), ` ${words} `] as const),
];
