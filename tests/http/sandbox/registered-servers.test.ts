import { decodeJwt } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect } from 'vitest';
import { ENVIRONMENT_DOMAINS } from '../../../src/sandbox/data/ids.ts';
import { type Sandbox, startSandbox } from '../../../src/sandbox/start.ts';
import { type ClientDocuments, clientDocuments } from '../../fixtures/client-document.ts';
import { verifies } from '../../verifies.ts';
import { Browser, Client, checkboxes, register } from './browser.ts';

const ROSA = 'usr_71204418093062001';
const CALEB = 'usr_71204418093062002';
const URL_OF_SERVER = 'https://berths.example/mcp';

let sandbox: Sandbox;
let machine: string;
let id: string;

beforeAll(async () => {
  sandbox = await startSandbox({ port: 0, resource: 'http://localhost:3002/mcp' });
  const secret = { client_id: 'sandbox-machine', client_secret: 'sandbox-secret' };
  const body = new URLSearchParams({ grant_type: 'client_credentials', ...secret });
  const response = await fetch(`${sandbox.url}/oauth/token`, { method: 'POST', body });
  machine = ((await response.json()) as { access_token: string }).access_token;
});
afterAll(() => sandbox.close());
beforeEach(async () => {
  for (const resource of (await api('GET', '/resources?resource_type=MCP_SERVER')).body.resources) {
    if (resource.name === 'Berth planner') await api('DELETE', `/resources/${resource.id}`);
  }
  id = await registered({ scopes: ['shipments:read', 'shipments:write'] });
});

async function api(method: string, path: string, body?: object, domain: string = ENVIRONMENT_DOMAINS.development) {
  const response = await fetch(`${sandbox.url}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${machine}`, 'x-env-domain': domain },
    ...(body && { body: JSON.stringify(body) }),
  });
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked into, not typed.
  return { status: response.status, body: (await response.json()) as any };
}

async function registered(settings: object = {}, domain?: string): Promise<string> {
  const resource = { resource_type: 'MCP_SERVER', name: 'Berth planner', resource_id: URL_OF_SERVER, ...settings };
  return (await api('POST', '/resources', resource, domain)).body.resource.id;
}

const at = (serverId = id) => ({ url: sandbox.url, serverId });
const issuer = (serverId = id) => `${sandbox.url}/resources/${serverId}`;
const change = (changes: object) => api('PATCH', `/resources/${id}`, changes);
const errorOf = ({ url }: { url: URL }) => url.searchParams.get('error');

async function metadata(serverId = id) {
  const response = await fetch(`${issuer(serverId)}/.well-known/oauth-authorization-server`);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

async function signedIn(client: Client, parameters: Record<string, string> = {}, person = ROSA) {
  return client.exchange(await client.allow(await client.signIn(await client.begin(parameters), person)));
}

describe('the authorization server of a registered MCP server', () => {
  verifies('sandbox.server-as', 'publishes the same metadata in both forms, with the server’s own scopes', async () => {
    const inserted = await fetch(`${sandbox.url}/.well-known/oauth-authorization-server/resources/${id}`);
    const { body } = await metadata();
    expect(await inserted.json()).toEqual(body);
    expect(body).toMatchObject({
      issuer: issuer(),
      authorization_endpoint: `${issuer()}/oauth/authorize`,
      token_endpoint: `${issuer()}/oauth/token`,
      registration_endpoint: `${sandbox.url}/api/v1/resources/${id}/clients:register`,
      jwks_uri: `${sandbox.url}/keys`,
      scopes_supported: ['shipments:read', 'shipments:write', 'openid', 'profile', 'email', 'offline_access'],
      code_challenge_methods_supported: ['S256'],
    });
    expect(body).not.toHaveProperty('client_id_metadata_document_supported');
  });

  verifies('sandbox.server-as', 'is there for MCP servers of the first environment, and for nothing else', async () => {
    const production = await registered({}, ENVIRONMENT_DOMAINS.production);
    const other = await registered({ resource_type: 'SERVER', resource_id: 'https://other.example' });
    for (const nobody of [production, other, 'res_1', 'x'.repeat(300), '..%2f']) {
      expect((await metadata(nobody)).status, nobody).toBe(404);
      expect((await register(at(nobody), { redirect_uris: ['http://127.0.0.1/callback'] })).status).not.toBe(201);
    }
    expect((await metadata('res_71204418093064001')).status).toBe(200);
  });

  verifies(
    'sandbox.server-as',
    'asks for all scopes of the server at once, under its name, of its own users',
    async () => {
      const client = await Client.register(at());
      const login = await client.begin();
      expect(login.text).toContain('rosa.delgado@tidewater.example');
      expect(login.text).not.toContain('mira@harborlight.example');
      // Somebody who has not accepted the invitation, and somebody who was switched off.
      expect(login.text).not.toMatch(/priya\.raman|jürgen/);
      const consent = await client.signIn(login, ROSA);
      expect(consent.text).toContain(`Berth planner (${URL_OF_SERVER})`);
      expect(checkboxes(consent)).toEqual([]);
      expect(consent.text).toContain('<code>shipments:write</code>');
      const tokens = await client.exchange(await client.allow(consent));
      expect(decodeJwt(tokens.access_token)).toMatchObject({
        sub: ROSA,
        aud: [URL_OF_SERVER, id],
        scope: 'shipments:read shipments:write offline_access',
      });
    },
  );

  verifies('sandbox.server-as', 'lets people choose where the server says so', async () => {
    await change({ resource_scope_selection_allowed: true });
    const client = await Client.register(at());
    const consent = await client.signIn(await client.begin(), ROSA);
    expect(checkboxes(consent)).toEqual(['shipments:read', 'shipments:write']);
    const tokens = await client.exchange(await client.allow(consent, { untick: ['shipments:write'] }));
    expect(tokens.scope).toBe('shipments:read offline_access');
  });

  verifies('sandbox.server-as', 'signs people in to a server without scopes, and to one without a URL', async () => {
    const bare = (await api('POST', '/resources', { resource_type: 'MCP_SERVER', name: 'Berth planner' })).body
      .resource;
    expect(bare.resource_id).toBe(bare.id);
    const client = await Client.register(at(bare.id), { grant_types: ['authorization_code'] });
    const tokens = await signedIn(client, { resource: 'http://localhost:4000/mcp' });
    expect(decodeJwt(tokens.access_token)).toMatchObject({ aud: [bare.id], scope: 'openid' });
  });

  verifies.each<[string, Record<string, string>, string]>('sandbox.server-as', [
    ['another resource', { resource: 'https://elsewhere.example/mcp' }, 'invalid_target'],
    ['the managing server', { resource: 'http://localhost:3002/mcp' }, 'invalid_target'],
    ['no PKCE', { code_challenge: '', code_challenge_method: '' }, 'invalid_request'],
    ['plain PKCE', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['no code challenge method', { code_challenge_method: '' }, 'invalid_request'],
    ['a person who must not be asked', { prompt: 'none' }, 'login_required'],
  ])('tells the client of %s before anybody is asked', async (_name, parameters, error) => {
    const client = await Client.register(at());
    const landed = await client.begin(parameters);
    expect([landed.url.origin, errorOf(landed)]).toEqual(['http://127.0.0.1:51234', error]);
    expect(landed.url.searchParams.get('iss')).toBe(issuer());
  });

  verifies('sandbox.server-as', 'refuses scopes that are nobody’s, and drops them beside good ones', async () => {
    const client = await Client.register(at());
    const consent = await client.signIn(await client.begin({ scope: 'organization:write' }), ROSA);
    expect(errorOf(consent)).toBe('invalid_scope');
    const tokens = await client.authorize({ scope: 'shipments:read organization:write' }, { person: ROSA });
    expect(tokens.scope).toBe('shipments:read offline_access');
  });

  verifies(
    'sandbox.server-as',
    'shows a page for another redirect address, and for a client of another server',
    async () => {
      const client = await Client.register(at());
      const elsewhere = await client.begin({ redirect_uri: 'https://evil.example/callback' });
      expect([elsewhere.status, elsewhere.text.includes('invalid_redirect_uri')]).toEqual([400, true]);
      const other = await registered({ resource_id: 'https://other.example/mcp' });
      const foreign = await new Browser(sandbox.url).open(
        `${issuer(other)}/oauth/authorize?response_type=code&client_id=${client.id}`,
      );
      expect([foreign.status, foreign.text.includes('invalid_client')]).toEqual([400, true]);
    },
  );

  verifies(
    'sandbox.server-as',
    'refuses a code for another resource, of another client, with another verifier',
    async () => {
      const [client, stranger] = [await Client.register(at()), await Client.register(at())];
      const land = async () => client.allow(await client.signIn(await client.begin({ prompt: 'login' }), ROSA));
      expect(await client.exchange(await land(), { resource: 'https://elsewhere.example' })).toMatchObject({
        error: 'invalid_target',
      });
      expect(await stranger.exchange(await land())).toMatchObject({ status: 400, error: 'invalid_grant' });
      expect(await client.exchange(await land(), { code_verifier: 'x'.repeat(43) })).toMatchObject({
        error: 'invalid_grant',
      });
      expect(await client.exchange(await land(), { resource: URL_OF_SERVER })).toMatchObject({ status: 200 });
    },
  );

  verifies('sandbox.server-as', 'keeps two sign-ins in one browser apart', async () => {
    const other = await registered({ resource_id: 'https://other.example/mcp', scopes: ['shipments:read'] });
    const [first, second] = [await Client.register(at()), await Client.register(at(other))];
    const [begun, alsoBegun] = [await first.begin(), await second.begin()];
    const [consent, alsoConsent] = [await first.signIn(begun, ROSA), await second.signIn(alsoBegun, CALEB)];
    const tokens = await first.exchange(await first.allow(consent));
    const others = await second.exchange(await second.allow(alsoConsent));
    expect([decodeJwt(tokens.access_token).sub, decodeJwt(others.access_token).sub]).toEqual([ROSA, CALEB]);
  });
});

describe('a change of the registration', () => {
  verifies('sandbox.server-as', 'of scopes and lifetimes counts from the next token on', async () => {
    const client = await Client.register(at());
    const first = await signedIn(client);
    await change({ scopes: ['shipments:read'], access_token_expiry: '300' });
    const second = await client.refresh(first.refresh_token);
    const { scope, iat = 0, exp = 0 } = decodeJwt(second.access_token);
    expect([scope, exp - iat]).toEqual(['shipments:read offline_access', 300]);
    expect((await metadata()).body['scopes_supported']).not.toContain('shipments:write');
  });

  verifies('sandbox.server-as', 'of the URL counts at once, for those who are signed in as well', async () => {
    const client = await Client.register(at());
    const first = await signedIn(client, { resource: URL_OF_SERVER });
    await change({ resource_id: 'https://moved.example/mcp' });
    const second = await client.refresh(first.refresh_token);
    expect(decodeJwt(second.access_token).aud).toEqual(['https://moved.example/mcp', id]);
    expect(await client.refresh(second.refresh_token, { resource: URL_OF_SERVER })).toMatchObject({
      error: 'invalid_target',
    });
    expect(errorOf(await client.begin({ resource: URL_OF_SERVER }))).toBe('invalid_target');
  });

  verifies('sandbox.server-as', 'that ends registration leaves those in who have registered', async () => {
    const client = await Client.register(at());
    await change({ disable_dynamic_client_registration: true });
    expect((await metadata()).body).not.toHaveProperty('registration_endpoint');
    const refused = await register(at(), { redirect_uris: ['http://127.0.0.1/callback'] });
    expect(refused).toMatchObject({ status: 403, error: 'access_denied' });
    expect((await signedIn(client)).status).toBe(200);
  });

  verifies('sandbox.server-as', 'that deletes the server takes everything of it away', async () => {
    const client = await Client.register(at());
    const { refresh_token } = await signedIn(client);
    await api('DELETE', `/resources/${id}`);
    expect((await metadata()).status).toBe(404);
    expect((await fetch(`${sandbox.url}/.well-known/oauth-authorization-server/resources/${id}`)).status).toBe(404);
    expect((await client.begin()).status).toBe(404);
    expect((await client.refresh(refresh_token)).status).toBe(404);
    expect((await register(at(), { redirect_uris: ['http://127.0.0.1/callback'] })).status).not.toBe(201);
  });
});

describe('a consent', () => {
  const consents = async () => (await api('GET', `/user_consents?resource_id=${id}`)).body.consents;

  verifies('sandbox.server-as', 'is one for each person and client, and says what was allowed last', async () => {
    const client = await Client.register(at());
    await signedIn(client, { scope: 'shipments:read' });
    const [before] = await consents();
    await client.authorize({ scope: 'shipments:write' }, { person: ROSA });
    const after = await consents();
    expect(after).toMatchObject([
      {
        id: before.id,
        client_id: client.id,
        external_user_id: 'hl-u-4001',
        scopes: ['shipments:write', 'offline_access'],
      },
    ]);
    const { body } = await api('GET', `/resources/${id}/clients/${client.id}`);
    expect(body).toMatchObject({
      client: { is_dcr: true, redirect_uris: ['http://127.0.0.1/callback'] },
      consented_users: [{ consent_id: before.id, external_user_id: 'hl-u-4001' }],
    });
  });

  verifies('sandbox.server-as', 'that is revoked ends refreshing, also after the person has come back', async () => {
    const client = await Client.register(at());
    const first = await signedIn(client);
    const [{ id: consentId }] = await consents();
    await api('DELETE', `/clients/${client.id}/consents/${consentId}`);
    expect(await client.refresh(first.refresh_token)).toMatchObject({ status: 400, error: 'invalid_grant' });
    const again = await client.authorize({}, { person: ROSA });
    expect((await client.refresh(again.refresh_token)).status).toBe(200);
    expect((await client.refresh(first.refresh_token)).status).toBe(400);
  });

  verifies('sandbox.server-as', 'ends with its client, which is unknown then', async () => {
    const client = await Client.register(at());
    const { refresh_token } = await signedIn(client);
    await api('DELETE', `/resources/${id}/clients/${client.id}`);
    expect(await client.refresh(refresh_token)).toMatchObject({ error: 'invalid_client' });
    expect((await client.begin()).text).toContain('invalid_client');
    expect(await consents()).toEqual([]);
  });

  verifies('sandbox.server-as', 'is none after a no', async () => {
    const client = await Client.register(at());
    const landed = await client.deny(await client.signIn(await client.begin(), ROSA));
    expect(errorOf(landed)).toBe('access_denied');
    expect(await consents()).toEqual([]);
  });
});

describe('what is deleted while somebody decides', () => {
  const page = async (client: Client) => client.signIn(await client.begin(), ROSA);

  verifies('sandbox.server-as', 'a client gets nothing for the yes', async () => {
    const client = await Client.register(at());
    const consent = await page(client);
    await api('DELETE', `/resources/${id}/clients/${client.id}`);
    const landed = await client.allow(consent);
    expect([landed.status, landed.text.includes('invalid_client')]).toEqual([400, true]);
  });

  verifies('sandbox.server-as', 'a server is gone from the next click on', async () => {
    const client = await Client.register(at());
    const consent = await page(client);
    await api('DELETE', `/resources/${id}`);
    expect((await client.allow(consent)).status).toBe(404);
  });

  verifies('sandbox.server-as', 'a consent takes the code with it that came of it', async () => {
    const client = await Client.register(at());
    const landed = await client.allow(await page(client));
    const { consents } = (await api('GET', `/user_consents?resource_id=${id}`)).body;
    await api('DELETE', `/clients/${client.id}/consents/${consents[0].id}`);
    expect(await client.exchange(landed)).toMatchObject({ status: 400, error: 'invalid_grant' });
  });

  verifies('sandbox.server-as', 'a person cannot be anybody who is not offered', async () => {
    const client = await Client.register(at());
    // Invited and not there yet, switched off, one of the workspace's own people, nobody.
    for (const nobody of ['usr_71204418093062004', 'usr_71204418093062006', 'usr_71204418093056101', 'x']) {
      const again = await client.signIn(await client.begin(), nobody);
      expect([nobody, again.status, again.text.includes('name="account"')]).toEqual([nobody, 200, true]);
    }
  });
});

verifies('sandbox.server-as', 'many people sign in to one server at once, each for themselves', async () => {
  const clients = await Promise.all(Array.from({ length: 8 }, () => Client.register(at())));
  const people = clients.map((_, i) => (i % 2 === 0 ? ROSA : CALEB));
  const tokens = await Promise.all(clients.map((client, i) => signedIn(client, {}, people[i])));
  expect(tokens.map(({ access_token }) => decodeJwt(access_token).sub)).toEqual(people);
  const refreshed = await Promise.all(clients.map((client, i) => client.refresh(tokens[i]?.refresh_token)));
  expect(refreshed.map(({ access_token }) => decodeJwt(access_token)['client_id'])).toEqual(
    clients.map((one) => one.id),
  );
  const { consents } = (await api('GET', `/user_consents?resource_id=${id}&page_size=30`)).body;
  expect(consents).toHaveLength(8);
});

verifies.each<[string, unknown, string]>('sandbox.server-as', [
  ['nothing', {}, 'invalid_redirect_uri'],
  ['no address to come back to', { redirect_uris: [] }, 'invalid_redirect_uri'],
  ['an address with a fragment', { redirect_uris: ['https://a.example/#x'] }, 'invalid_redirect_uri'],
  ['a name that is no text', { redirect_uris: ['https://a.example/cb'], client_name: 1 }, 'invalid_client_metadata'],
])('refuses a registration with %s, and lists no such client', async (_name, body, error) => {
  const response = await fetch(`${sandbox.url}/api/v1/resources/${id}/clients:register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect([response.status, await response.json()]).toMatchObject([400, { error }]);
  expect((await api('GET', `/resources/${id}/clients`)).body.clients).toEqual([]);
});

verifies(
  'sandbox.server-as',
  'a client may be without a name, and one that was given another is called by that',
  async () => {
    const { client_id } = await register(at(), {
      redirect_uris: ['http://127.0.0.1/callback'],
      client_name: undefined,
    });
    const client = Client.of(at(), String(client_id));
    expect((await client.begin()).text).toContain('An application without a name');
    await api('PATCH', `/resources/${id}/clients/${client_id}`, { name: 'Harbour desk' });
    expect((await client.begin()).text).toContain('Harbour desk');
    expect((await signedIn(client)).status).toBe(200);
  },
);

describe('a client that was made for the server', () => {
  const made = async (client: object) =>
    (await api('POST', `/resources/${id}/clients`, { name: 'Planner', ...client })).body;
  const token = async (client_id: string, client_secret: string, form: Record<string, string> = {}) => {
    const body = new URLSearchParams({ grant_type: 'client_credentials', client_id, client_secret, ...form });
    const response = await fetch(`${issuer()}/oauth/token`, { method: 'POST', body });
    return { status: response.status, ...((await response.json()) as { access_token: string; error?: string }) };
  };

  verifies('sandbox.server-as', 'gets tokens for itself with its secret, for what it holds', async () => {
    const { client, plain_secret } = await made({ scopes: ['shipments:read', 'customs:declare'], expiry: '600' });
    const { access_token } = await token(client.client_id, plain_secret);
    const { iat = 0, exp = 0, ...claims } = decodeJwt(access_token);
    expect([claims, exp - iat]).toMatchObject([
      { sub: client.client_id, aud: [URL_OF_SERVER, id], scope: 'shipments:read' },
      600,
    ]);
    expect(await token(client.client_id, 'another')).toMatchObject({ status: 401, error: 'invalid_client' });
    expect(await token(client.client_id, plain_secret, { resource: 'https://elsewhere.example' })).toMatchObject({
      error: 'invalid_target',
    });
  });

  verifies('sandbox.server-as', 'signs people in with its secret, and not without', async () => {
    const { client, plain_secret } = await made({
      scopes: ['shipments:read'],
      redirect_uris: ['http://127.0.0.1/callback'],
    });
    const person = Client.of(at(), client.client_id);
    const landed = await person.allow(await person.signIn(await person.begin(), ROSA));
    expect(await person.exchange(landed)).toMatchObject({ status: 401, error: 'invalid_client' });
    const again = await person.allow(await person.begin());
    const tokens = await person.exchange(again, { client_secret: plain_secret });
    expect(tokens).toMatchObject({ status: 200, scope: 'shipments:read offline_access' });
  });
});

describe('a client that names a document', () => {
  let documents: ClientDocuments;
  beforeAll(async () => {
    documents = await clientDocuments();
  });
  afterAll(() => documents.close());
  beforeEach(() => change({ enable_cimd: true }));

  const begin = (clientId: string) => Client.of(at(), clientId).begin();

  verifies('sandbox.server-as', 'is told where the server takes none, in the metadata and on a page', async () => {
    expect((await metadata()).body['client_id_metadata_document_supported']).toBe(true);
    expect((await begin(documents.at('/a'))).text).toContain('Documented client');
    await change({ enable_cimd: false });
    expect((await metadata()).body).not.toHaveProperty('client_id_metadata_document_supported');
    expect((await begin(documents.at('/a'))).text).toContain('invalid_client_metadata_url');
  });

  verifies('sandbox.server-as', 'is taken from the list where the server has one', async () => {
    await change({ cimd_client_allowlist_enabled: true });
    expect((await begin(documents.at('/a'))).text).toContain('a list that this one is not on');
    await change({ cimd_client_allowlist: [{ type: 'URL', value: documents.at('/a') }] });
    expect((await begin(documents.at('/a'))).text).toContain('Documented client');
    expect((await begin(documents.at('/b'))).text).toContain('invalid_client_metadata_url');
    await change({ cimd_client_allowlist: [{ type: 'URL', value: documents.at('/*') }] });
    expect((await begin(documents.at('/b'))).text).toContain('Documented client');
    for (const value of [
      'http://a.example/x',
      'https://a.example',
      'https://a.example/*/x',
      'https://a*.example/x',
      'x',
    ]) {
      expect((await change({ cimd_client_allowlist: [{ type: 'URL', value }] })).status, value).toBe(400);
    }
  });

  verifies('sandbox.server-as', 'is known by the document’s redirect addresses alone', async () => {
    const client = Client.of(at(), documents.at('/a'));
    const page = await client.begin({ redirect_uri: 'https://evil.example/callback' });
    expect([page.status, page.text.includes('invalid_redirect_uri')]).toEqual([400, true]);
    expect((await signedIn(client)).status).toBe(200);
    const { body } = await api('GET', `/resources/${id}/clients`);
    expect(body).toMatchObject({
      clients: [{ is_cimd: true, metadata_uri: documents.at('/a') }],
      total_dcr_clients: 0,
    });
  });

  verifies('sandbox.bounded', 'is asked once for a document that cannot be used, however many want it', async () => {
    const broken = await clientDocuments((_req, res) => {
      res.writeHead(404).end();
    });
    try {
      const pages = await Promise.all([begin(broken.at('/gone')), begin(broken.at('/gone'))]);
      for (const { text } of pages) expect(text).toContain('invalid_client_metadata_url');
      expect(broken.asked).toBe(1);
    } finally {
      await broken.close();
    }
  });

  verifies('sandbox.server-as', 'is asked for its document once for one sign-in', async () => {
    const before = documents.asked;
    expect((await signedIn(Client.of(at(), documents.at('/once')))).status).toBe(200);
    expect(documents.asked - before).toBe(1);
  });
});

verifies('sandbox.server-as', 'the page of the sandbox says how one protects a server of one’s own', async () => {
  const { text } = await new Browser(sandbox.url).open(sandbox.url);
  expect(text).toContain('register_mcp_server');
  expect(text).toContain('forgets');
});
