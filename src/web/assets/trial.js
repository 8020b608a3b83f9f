// Signs in to the sandbox as a public client does (OAuth 2.1 with PKCE, RFC 7636), and calls tools that only read. The access
// token stays in the memory of this page; what must survive the sign-in is in the storage of this tab, and goes with it.

const KEPT = 'scalekit-trial';
const ENDPOINT = `${location.origin}/mcp`;
const REDIRECT_URI = `${location.origin}/info`;
/** The columns of a table, at most, and the members that are shown first. */
const COLUMNS = 4;
const FIRST = ['display_name', 'name', 'email', 'type', 'id', 'domain', 'status'];

const trial = document.querySelector('#trial');
const state = document.querySelector('#trial-state');
const result = document.querySelector('#trial-result');
const signIn = document.querySelector('#sign-in');
const calls = [...document.querySelectorAll('#trial [data-tool]')];

/** @type {string | undefined} */
let token;
/** The environment that calls act in, once it is known. @type {string | undefined} */
let environmentId;

/** @typedef {{ authorization_endpoint: string, token_endpoint: string, registration_endpoint: string, issuer: string }} AuthorizationServer */
/** @typedef {{ state: string, verifier: string, client_id: string, resource: string, server: AuthorizationServer }} Pending */

/** A failure whose text is for whoever reads the page. */
class Failure extends Error {}

/** @param {string} text */
function say(text) {
  if (state !== null) state.textContent = text;
}

/**
 * @param {string} url
 * @param {RequestInit} [init]
 * @returns {Promise<any>}
 */
async function json(url, init) {
  const response = await fetch(url, init);
  const body = await response.json().catch(() => ({}));
  if (!response.ok && body.jsonrpc === undefined) {
    throw new Failure(body.error_description ?? `${new URL(url).pathname} answers ${response.status}.`);
  }
  return body;
}

/**
 * A text with one full stop at its end: that of another server may have it, or not.
 * @param {string} text
 */
function sentence(text) {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function random() {
  return base64url(crypto.getRandomValues(new Uint8Array(32)));
}

/** @param {Uint8Array} bytes */
function base64url(bytes) {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

/** Finds the authorization server as clients do (RFC 9728, RFC 8414), registers there, and leaves for its sign-in. */
async function begin() {
  say('Looking for the place to sign in…');
  const { resource, authorization_servers, scopes_supported } = await json('/.well-known/oauth-protected-resource/mcp');
  const issuer = new URL(authorization_servers[0]);
  /** @type {AuthorizationServer} */
  const server = await json(`${issuer.origin}/.well-known/oauth-authorization-server${issuer.pathname}`);
  const { client_id } = await json(server.registration_endpoint, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({
      client_name: 'Front page of the MCP server',
      redirect_uris: [REDIRECT_URI],
      grant_types: ['authorization_code'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
    }),
  });
  const pending = { state: random(), verifier: random(), client_id, resource, server };
  sessionStorage.setItem(KEPT, JSON.stringify(pending));
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(pending.verifier));
  const url = new URL(server.authorization_endpoint);
  url.search = new URLSearchParams({
    response_type: 'code',
    client_id,
    redirect_uri: REDIRECT_URI,
    scope: scopes_supported.filter((/** @type {string} */ scope) => scope.endsWith(':read')).join(' '),
    state: pending.state,
    code_challenge: base64url(new Uint8Array(digest)),
    code_challenge_method: 'S256',
    resource,
    // Whoever signs in again wants to choose again.
    prompt: 'login',
  }).toString();
  location.assign(url);
}

/**
 * Takes the answer of a sign-in, and exchanges its code. The answer leaves the address at once.
 * @param {URLSearchParams} answer
 */
async function finish(answer) {
  history.replaceState(null, '', '/info#try');
  const kept = sessionStorage.getItem(KEPT);
  sessionStorage.removeItem(KEPT);
  /** @type {Pending | undefined} */
  const pending = kept === null ? undefined : JSON.parse(kept);
  if (pending === undefined || answer.get('state') !== pending.state || answer.get('iss') !== pending.server.issuer) {
    throw new Failure('This sign-in was not begun here. Sign in again.');
  }
  const code = answer.get('code');
  if (code === null)
    throw new Failure(
      `You are not signed in: ${sentence(answer.get('error_description') ?? answer.get('error') ?? '')}`,
    );
  const { access_token } = await json(pending.server.token_endpoint, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code,
      client_id: pending.client_id,
      redirect_uri: REDIRECT_URI,
      code_verifier: pending.verifier,
      resource: pending.resource,
    }),
  });
  token = access_token;
  await show('whoami');
  if (signIn !== null) signIn.textContent = 'Sign in as somebody else';
  for (const each of calls) each.removeAttribute('hidden');
}

/**
 * Calls a tool, and returns the structured content of its result.
 * @param {string} name
 * @param {Record<string, unknown>} args
 */
async function call(name, args = {}) {
  const { result: answer, error } = await json(ENDPOINT, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${token}`,
      'Content-Type': 'application/json',
      Accept: 'application/json, text/event-stream',
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: args } }),
  });
  if (error !== undefined) throw new Failure(error.message);
  if (answer.isError) throw new Failure(answer.content[0].text);
  return answer.structuredContent;
}

/** @param {string} name */
async function show(name) {
  say(`Calling ${name}…`);
  const isOfEnvironment = name !== 'whoami' && name !== 'list_environments';
  if (isOfEnvironment && trial instanceof HTMLElement && trial.dataset['mode'] === 'workspace') {
    environmentId ??= (await call('list_environments')).environments[0].id;
  }
  const args = isOfEnvironment && environmentId !== undefined ? { environmentId } : {};
  const content = await call(name, args);
  const given = Object.keys(args).length > 0 ? ` with ${JSON.stringify(args)}` : '';
  say(`${name}${given} has answered:`);
  if (!(result instanceof HTMLElement)) return;
  const list = Object.values(content).find((value) => Array.isArray(value) && typeof value[0] === 'object');
  result.replaceChildren(
    ...(list === undefined ? [] : [tableOf(list)]),
    element('pre', JSON.stringify(content, null, 2)),
  );
  result.hidden = false;
}

/** @param {Record<string, unknown>[]} list */
function tableOf(list) {
  const plain = Object.keys(list[0] ?? {}).filter((key) => typeof list[0]?.[key] !== 'object');
  const columns = [...FIRST.filter((key) => plain.includes(key)), ...plain.filter((key) => !FIRST.includes(key))].slice(
    0,
    COLUMNS,
  );
  const table = document.createElement('table');
  const head = table.createTHead().insertRow();
  for (const column of columns) {
    const cell = element('th', column.replaceAll('_', ' '));
    cell.setAttribute('scope', 'col');
    head.append(cell);
  }
  const body = table.createTBody();
  for (const entry of list) {
    const row = body.insertRow();
    for (const column of columns) row.append(element('td', String(entry[column] ?? '')));
  }
  return table;
}

/**
 * @param {string} name
 * @param {string} text
 */
function element(name, text) {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}

/**
 * Does one thing at a time, and says what went wrong with it.
 * @param {() => Promise<void>} work
 */
async function run(work) {
  const buttons = document.querySelectorAll('#trial button');
  for (const button of buttons) button.setAttribute('disabled', '');
  try {
    await work();
  } catch (error) {
    say(error instanceof Failure ? error.message : 'The sandbox does not answer. Is it still running?');
  } finally {
    for (const button of buttons) button.removeAttribute('disabled');
  }
}

if (trial instanceof HTMLElement) {
  trial.hidden = false;
  // Browsers lend their cryptography to https and to this machine alone.
  if (!isSecureContext) say('Open this page under localhost in order to sign in here.');
  signIn?.toggleAttribute('hidden', !isSecureContext);
  signIn?.addEventListener('click', () => run(begin));
  for (const each of calls) {
    each.addEventListener('click', () => run(() => show(/** @type {string} */ (each.getAttribute('data-tool')))));
  }
  const answer = new URLSearchParams(location.search);
  if (answer.has('state') && (answer.has('code') || answer.has('error'))) void run(() => finish(answer));
}
