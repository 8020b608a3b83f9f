/*
 * How people call what the tools are about. The words of one line mean the same.
 */

/** By each word of a line its first one: a word stands for the others wherever it is written. */
export const ALIKE: ReadonlyMap<string, string> = firsts(`
  organization: org customer tenant company companie companies organisation business firm
  user: person people member somebody someone anybody employee staff individual human
  teammate: colleague coworker collaborator
  delete: erase wipe purge destroy discard scrap trash retire
  change: update edit modify modifie adjust alter amend correct fix rewrite
  create: make generate define invent compose introduce
  enable: activate reactivate
  disable: deactivate suspend pause
  revoke: invalidate
  email: mail
  permission: privilege entitlement
  environment: env
  production: prod
  development: dev
  application: app
  configure: configuration config
  authentication: authn
  passkey: yubikey webauthn fido
  idp: idps
  directory: directories
  assign: grant give
  link: url
  diagnose: troubleshoot debug investigate
  connect: hook
  maximum: max cap
  lifetime: expiry ttl
`);

/** Two words and more that are one, and what they are called. */
export const PHRASES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'identity provider': 'idp',
    'identity providers': 'idp',
    'api key': 'api token',
    'api keys': 'api token',
    'security key': 'passkey',
    'security keys': 'passkey',
    'service account': 'm2m',
    'service accounts': 'm2m',
    'switch on': 'enable',
    'turn on': 'enable',
    'switched on': 'enabled',
    'turned on': 'enabled',
    'switch off': 'disable',
    'turn off': 'disable',
    'switched off': 'disabled',
    'turned off': 'disabled',
    'shut off': 'disable',
    'look up': 'find',
    'who am i': 'whoami',
    'kick out': 'remove',
    'take away': 'remove',
    'take out': 'remove',
    'get rid of': 'delete',
    'set up': 'create configure',
    'go live': 'production ready',
    'going live': 'production ready',
    'callback url': 'callback redirect uri',
    'callback urls': 'callback redirect uris',
    'stay signed in': 'session',
    'stay logged in': 'session',
  }),
);

/** What else may be meant by a word, which counts less. */
export const NEAR: ReadonlyMap<string, readonly string[]> = lists(`
  remove: delete revoke
  delete: remove
  revoke: delete
  unregister: delete
  offboard: remove delete
  kick: remove
  expel: remove
  unlink: disconnect
  detach: disconnect remove
  cancel: revoke delete
  stop: disable
  block: disable
  add: create
  new: create
  invite: create
  bring: invite add
  hire: invite create
  newcomer: default user
  joiner: default user
  leaver: delete user
  membership: organization
  trust: consent
  backend: uri
  register: create
  issue: create
  rename: change name
  replace: change rotate
  set: change
  switch: enable disable
  roll: rotate
  rotate: regenerate create replace
  regenerate: rotate replace
  renew: rotate resend
  leaked: revoke
  stolen: revoke
  compromised: revoke rotate
  allow: add enable
  allowlist: allow ip
  whitelist: allow add
  restrict: limit
  limit: maximum
  seat: user limit
  quota: limit usage
  find: search list
  search: find list
  lookup: find
  check: diagnose verify
  broken: diagnose
  fail: diagnose failed
  error: diagnose failed
  work: diagnose
  why: diagnose
  prove: verify
  own: verify
  confirm: verify
  history: log event
  log: event
  audit: event log
  attempt: log login
  activity: event log session
  statistics: analytics usage
  metric: analytics
  bill: usage cost
  invoice: bill usage
  price: cost bill usage
  subscription: usage
  timeout: session lifetime
  device: session
  expire: lifetime
  callback: redirect
  localhost: redirect callback
  postlogout: logout
  certificate: saml
  metadata: saml
  okta: idp connection
  entra: idp connection
  azure: idp connection
  connection: sso
  idp: connection sso
  sso: connection
  saml: sso connection
  oidc: sso connection
  provisioning: directory scim
  scim: directory
  sync: directory
  deprovision: directory disable
  group: directory
  bearer: secret token
  key: secret token
  credential: client secret
  m2m: client api
  agent: client
  promote: assign role
  demote: role assign
  admin: role
  map: assign
  privilege: permission
  allowed: permission
  right: permission
  editor: role
  viewer: role
  team: teammate workspace
  teammate: workspace
  dashboard: workspace
  brand: branding
  logo: branding
  theme: branding
  hostname: domain
  cname: dns
  txt: dns domain
  vanity: custom domain
  secure: protect register
  protect: register
  guard: protect
  readiness: ready
  launch: production ready
  overview: status
  summary: status
  health: status
  setup: configure portal
  self: portal
  onboard: create
  authorize: magic connected
  gmail: connected tool
  slack: connected tool
  run: execute
  call: execute
  invoke: execute
  hook: webhook
  profile: user
  identity: user
  impersonate: session
  flag: feature
`);

function rowsOf(text: string): (readonly [string, readonly string[]])[] {
  return text
    .trim()
    .split('\n')
    .map((line) => {
      const [word, others] = line.trim().split(': ') as [string, string];
      return [word, others.split(' ')] as const;
    });
}

function firsts(text: string): Map<string, string> {
  return new Map(rowsOf(text).flatMap(([first, others]) => others.map((other) => [other, first] as const)));
}

function lists(text: string): Map<string, readonly string[]> {
  return new Map(rowsOf(text));
}
