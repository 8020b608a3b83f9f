import { decodeJwt } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { HOME_ORGANIZATION_ID, PERSON_IDS } from '../../../src/sandbox/data/ids.ts';
import type { SandboxEvent } from '../../../src/sandbox/events.ts';
import { type Sandbox, startSandbox } from '../../../src/sandbox/start.ts';
import { verifies } from '../../verifies.ts';
import { Browser, Client, checkboxes, register } from './browser.ts';

const RESOURCE = 'http://localhost:3002/mcp';
const LONG_SCOPES = [
  'environment:read',
  'environment:write',
  'organization:read',
  'organization:write',
  'workspace:read',
  'workspace:write',
];

/** What a client that can renew its access is granted when it asks for nothing in particular. */
const GRANTED = [...LONG_SCOPES, 'offline_access'];

const events: SandboxEvent[] = [];
let sandbox: Sandbox;
let issuer: string;

beforeAll(async () => {
  sandbox = await startSandbox({ port: 0, resource: RESOURCE, log: (event) => events.push(event) });
  issuer = `${sandbox.url}/resources/${sandbox.serverId}`;
});
afterAll(() => sandbox.close());

const scopesOf = (tokens: { access_token: string }) => decodeJwt(tokens.access_token)['scopes'];

describe('metadata', () => {
  it('is the same document in both well-known forms, and names what is served', async () => {
    const path = `/resources/${sandbox.serverId}`;
    const appended = await fetch(`${sandbox.url}${path}/.well-known/oauth-authorization-server`);
    const inserted = await fetch(`${sandbox.url}/.well-known/oauth-authorization-server${path}`);
    const document = (await appended.json()) as { scopes_supported: string[] };
    expect(await inserted.json()).toEqual(document);
    expect(document).toMatchObject({
      issuer,
      authorization_endpoint: `${issuer}/oauth/authorize`,
      token_endpoint: `${issuer}/oauth/token`,
      registration_endpoint: `${sandbox.url}/api/v1${path}/clients:register`,
      jwks_uri: `${sandbox.url}/keys`,
      code_challenge_methods_supported: ['S256'],
      authorization_response_iss_parameter_supported: true,
    });
    expect(document.scopes_supported).toEqual(expect.arrayContaining([...LONG_SCOPES, 'offline_access']));
  });

  it.each([
    '/resources/SERVER/.well-known/openid-configuration',
    '/resources/SERVER/keys',
    '/resources/SERVER/jwks',
    '/resources/SERVER/reg',
    '/resources/SERVER/me',
    '/resources/res_1/.well-known/oauth-authorization-server',
    '/nothing',
  ])('has nothing at %s', async (path) => {
    const response = await fetch(sandbox.url + path.replace('SERVER', sandbox.serverId));
    expect([response.status, response.headers.get('content-type')]).toEqual([404, 'application/json; charset=utf-8']);
  });

  it('is open to browsers, as are the keys, registration and both token endpoints', async () => {
    const places: [string, string][] = [
      ['GET', `${issuer}/.well-known/oauth-authorization-server`],
      ['GET', `${sandbox.url}/.well-known/oauth-authorization-server/resources/${sandbox.serverId}`],
      ['GET', `${sandbox.url}/keys`],
      ['POST', `${sandbox.url}/api/v1/resources/${sandbox.serverId}/clients:register`],
      ['POST', `${issuer}/oauth/token`],
      ['POST', `${sandbox.url}/oauth/token`],
    ];
    for (const [method, url] of places) {
      const preflight = await fetch(url, {
        method: 'OPTIONS',
        headers: {
          origin: 'https://inspector.example',
          'access-control-request-method': method,
          'access-control-request-headers': 'authorization,content-type,mcp-protocol-version',
        },
      });
      expect(preflight.status).toBe(204);
      expect(preflight.headers.get('access-control-allow-origin')).toBe('*');
      expect(preflight.headers.get('access-control-allow-methods')).toContain(method);
      expect(preflight.headers.get('access-control-allow-headers')).toContain('Authorization');
      const actual = await fetch(url, { method, headers: { origin: 'https://inspector.example' } });
      expect([url, actual.headers.get('access-control-allow-origin')]).toEqual([url, '*']);
    }
  });
});

describe('registration', () => {
  it('makes a public client, whatever it asks for beside its redirect addresses', async () => {
    const answer = await register(sandbox, {
      redirect_uris: [
        'http://127.0.0.1/',
        'http://127.0.0.1:33418/',
        'https://vscode.dev/redirect',
        'http://localhost/callback',
        'cursor://anysphere.cursor-mcp/oauth/callback',
        'vscode://vscode.github-authentication/did-authenticate',
        'http://[::1]/callback',
      ],
      scope: 'organization:read something:else',
      token_endpoint_auth_method: 'client_secret_post',
      grant_types: ['password'],
    });
    expect(answer).toMatchObject({
      status: 201,
      client_id: expect.stringMatching(/^m2m_\d+$/),
      client_name: 'Test client',
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code'],
    });
    expect(answer).not.toHaveProperty('client_secret');
    expect(answer).not.toHaveProperty('scope');
  });

  verifies.each('sandbox.registration-blanks', [[''], [null]])('takes %j for what was left out', async (blank) => {
    const optional = ['grant_types', 'client_name', 'client_uri', 'logo_uri', 'tos_uri', 'policy_uri'];
    const blanks = Object.fromEntries(optional.map((name) => [name, blank]));
    const answer = await register(sandbox, { redirect_uris: ['http://127.0.0.1/cb'], ...blanks });
    expect(answer).toMatchObject({ status: 201, grant_types: ['authorization_code', 'refresh_token'] });
    for (const name of optional.slice(1)) expect(answer).not.toHaveProperty(name);
    const nowhere = await register(sandbox, { redirect_uris: blank });
    expect(nowhere).toMatchObject({ status: 400, error: 'invalid_redirect_uri' });
  });

  it.each([
    [{ redirect_uris: ['http://example.com/cb'] }, 'invalid_redirect_uri'],
    [{ redirect_uris: ['not a uri'] }, 'invalid_redirect_uri'],
    [{ redirect_uris: ['https://example.com/cb#f'] }, 'invalid_redirect_uri'],
    [{ redirect_uris: ['javascript:alert(1)'] }, 'invalid_redirect_uri'],
    [{ redirect_uris: [] }, 'invalid_redirect_uri'],
    [{}, 'invalid_redirect_uri'],
    [{ redirect_uris: 'https://example.com/cb' }, 'invalid_redirect_uri'],
    [{ client_name: 'alone', grant_types: ['client_credentials'] }, 'invalid_redirect_uri'],
    [{ redirect_uris: ['https://example.com/cb'], client_name: 7 }, 'invalid_client_metadata'],
    [{ redirect_uris: ['https://example.com/cb'], client_uri: 'javascript:x' }, 'invalid_client_metadata'],
  ])('refuses %j', async (metadata, error) => {
    const { error_description: why, ...refused } = await register(sandbox, metadata);
    expect(refused).toMatchObject({ status: 400, error });
    // Told in our own words, not in those of the library of schemas.
    expect(why).not.toMatch(/\b(invalid input|expected|received|too small)\b/i);
  });

  it('refuses what is no JSON object', async () => {
    for (const body of ['{', '[]', '"x"']) {
      const response = await fetch(`${sandbox.url}/api/v1/resources/${sandbox.serverId}/clients:register`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
      expect([response.status, ((await response.json()) as { error: string }).error]).toEqual([
        400,
        'invalid_client_metadata',
      ]);
    }
  });
});

describe('the code flow', () => {
  it('leads through sign-in and consent to a token that names person, client and server', async () => {
    const client = await Client.register(sandbox);
    const login = await client.begin();
    expect(login.text).toContain('Mira Okafor');
    expect(login.text).toContain('Jonas Lindqvist');
    const consent = await client.signIn(login);
    expect(checkboxes(consent)).toEqual(LONG_SCOPES);
    expect(consent.text).toContain('Test client');
    expect(consent.text).toContain(RESOURCE);
    expect(consent.text).toContain('Create, change and delete organizations');
    const landed = await client.allow(consent);
    expect(landed.url.href).toContain(client.redirectUri);
    expect(Object.fromEntries(landed.url.searchParams)).toMatchObject({ state: 'the-state', iss: issuer });
    const tokens = await client.exchange(landed);
    expect(tokens).toMatchObject({ status: 200, token_type: 'Bearer', expires_in: 3600, scope: GRANTED.join(' ') });
    const claims = decodeJwt(tokens.access_token);
    expect(claims).toMatchObject({
      iss: issuer,
      aud: [RESOURCE, sandbox.serverId],
      sub: PERSON_IDS.admin,
      client_id: client.id,
      scope: GRANTED.join(' '),
      scopes: GRANTED,
      oid: HOME_ORGANIZATION_ID,
      sid: expect.stringMatching(/^ses_\d+$/),
      jti: expect.stringMatching(/^tkn_\d+$/),
    });
    expect(Number(claims.exp) - Number(claims.iat)).toBe(3600);
    expect(claims.nbf).toBe(claims.iat);
  });

  it('gives back what is asked for, in the spelling of the request', async () => {
    const client = await Client.register(sandbox, { grant_types: ['authorization_code'] });
    const scopes = [
      'env:read',
      'organization:*',
      'mcp:tools:list_organizations',
      'mcp:tools:*',
      'mcp:resources:*',
      'wks:write',
    ];
    expect(scopesOf(await client.authorize({ scope: [...scopes, 'no:such'].join(' ') }))).toEqual(scopes);
  });

  it('says invalid_scope when nothing of the request is known', async () => {
    const client = await Client.register(sandbox);
    const landed = await client.signIn(await client.begin({ scope: 'no:such' }));
    expect(landed.url.searchParams.get('error')).toBe('invalid_scope');
  });

  it('wants a PKCE challenge, S256 and the right verifier', async () => {
    const client = await Client.register(sandbox);
    const errorOf = async (parameters: Record<string, string>) =>
      (await client.begin(parameters)).url.searchParams.get('error');
    expect(await errorOf({ code_challenge_method: 'plain' })).toBe('invalid_request');
    expect(await errorOf({ code_challenge: '' })).toBe('invalid_request');
    const landed = await client.allow(await client.signIn(await client.begin()));
    expect(await client.exchange(landed, { code_verifier: 'x'.repeat(43) })).toMatchObject({ error: 'invalid_grant' });
  });

  verifies(
    'sandbox.native-clients',
    'accepts any loopback port for a loopback address, and no other address',
    async () => {
      const client = await Client.register(sandbox, {
        redirect_uris: ['http://127.0.0.1:33418/', 'http://localhost/cb'],
      });
      const login = await client.begin({ redirect_uri: 'http://127.0.0.1:60001/' });
      expect(login.text).toContain('name="account"');
      expect((await client.begin({ redirect_uri: 'http://localhost:9/cb' })).status).toBe(200);
      const refused = await client.begin({ redirect_uri: 'https://evil.example/' });
      expect(refused.status).toBe(400);
      expect(refused.text).toContain('invalid_redirect_uri');
    },
  );

  it('tells the client that a person said no', async () => {
    const client = await Client.register(sandbox);
    const consent = await client.signIn(await client.begin());
    const landed = await client.deny(consent);
    expect(Object.fromEntries(landed.url.searchParams)).toMatchObject({ error: 'access_denied', state: 'the-state' });
  });

  it('lets another person take over the browser', async () => {
    const client = await Client.register(sandbox);
    await client.authorize();
    const consent = await client.begin();
    expect(consent.text).toContain('Mira Okafor');
    const account = /<a href="([^"]+)">Use another account/.exec(consent.text)?.[1] ?? '';
    const asJonas = await client.signIn(await client.open(account), PERSON_IDS.colleague);
    expect(asJonas.text).toContain('Jonas Lindqvist');
    const tokens = await client.exchange(await client.allow(asJonas));
    expect(decodeJwt(tokens.access_token).sub).toBe(PERSON_IDS.colleague);
  });

  it('shows the account page again for prompt=login and for nobody', async () => {
    const client = await Client.register(sandbox);
    await client.authorize();
    const login = await client.begin({ prompt: 'login' });
    const again = await client.signIn(login, 'usr_nobody');
    expect(again.text).toContain('name="account"');
    expect((await client.signIn(again)).text).toContain('name="decision"');
  });

  verifies.each('sandbox.prompt', ['select_account', 'consent select_account', 'login consent', 'create', 'login new'])(
    'lets people choose who they are for prompt=%s',
    async (prompt) => {
      const client = await Client.register(sandbox);
      await client.authorize();
      const consent = await client.signIn(await client.begin({ prompt }), PERSON_IDS.colleague);
      expect(consent.text).toContain('Jonas Lindqvist');
      expect((await client.exchange(await client.allow(consent))).status).toBe(200);
    },
  );

  verifies('sandbox.prompt', 'asks as always for a prompt that nobody has defined, and nobody for none', async () => {
    const client = await Client.register(sandbox);
    await client.authorize();
    expect((await client.begin({ prompt: 'new' })).text).toContain('name="decision"');
    expect((await client.begin({ prompt: 'none' })).url.searchParams.get('error')).toMatch(/_required$/);
    expect((await client.begin({ prompt: 'none login' })).url.searchParams.get('error')).toBe('invalid_request');
  });

  it('refuses a code twice, and takes back what it gave for it', async () => {
    const client = await Client.register(sandbox);
    const landed = await client.allow(await client.signIn(await client.begin({ scope: 'org:read offline_access' })));
    const first = await client.exchange(landed);
    expect(await client.exchange(landed)).toMatchObject({ status: 400, error: 'invalid_grant' });
    expect(await client.refresh(first.refresh_token)).toMatchObject({ error: 'invalid_grant' });
  });
});

describe('step-up', () => {
  it('grants to a registered client more than it had, and what was unticked before', async () => {
    const client = await Client.register(sandbox, { scope: 'organization:read', grant_types: ['authorization_code'] });
    const narrowed = await client.authorize(
      { scope: 'organization:read organization:write' },
      { untick: ['organization:write'] },
    );
    expect(scopesOf(narrowed)).toEqual(['organization:read']);
    expect(narrowed.scope).toBe('organization:read');
    const widened = await client.authorize({ scope: 'organization:read organization:write environment:read' });
    expect(scopesOf(widened)).toEqual(['organization:read', 'organization:write', 'environment:read']);
  });
});

describe('refresh', () => {
  afterEach(() => sandbox.faults.clear());

  verifies(
    'sandbox.refresh',
    'comes to whoever registered the grant, with offline_access that it did not ask for',
    async () => {
      for (const metadata of [{}, { grant_types: ['authorization_code', 'refresh_token'] }]) {
        const client = await Client.register(sandbox, metadata);
        const first = await client.authorize({ scope: 'organization:read' });
        expect([first.scope, scopesOf(first)]).toEqual([
          'organization:read offline_access',
          ['organization:read', 'offline_access'],
        ]);
        const second = await client.refresh(first.refresh_token);
        expect(scopesOf(second)).toEqual(['organization:read', 'offline_access']);
        expect((await client.refresh(second.refresh_token)).status).toBe(200);
      }
      const client = await Client.register(sandbox);
      const asked = await client.authorize({ scope: 'offline_access org:read' });
      expect(scopesOf(asked)).toEqual(['offline_access', 'org:read']);
      expect((await client.authorize({ scope: ' ' })).scope).toBe(GRANTED.join(' '));
    },
  );

  verifies('sandbox.refresh', 'does not come to whoever registered another grant, even when it asks', async () => {
    const other = await Client.register(sandbox, { grant_types: ['authorization_code'] });
    const tokens = await other.authorize({ scope: 'organization:read offline_access' });
    expect([tokens.refresh_token, tokens.scope]).toEqual([undefined, 'organization:read']);
  });

  verifies('sandbox.refresh-twice', 'a used token is good for 30 seconds more, and every new one works', async () => {
    const client = await Client.register(sandbox);
    const first = await client.authorize({ scope: 'mcp:tools:x organization:read offline_access' });
    const pairs = await Promise.all([client.refresh(first.refresh_token), client.refresh(first.refresh_token)]);
    sandbox.faults.clockSkew(29);
    pairs.push(await client.refresh(first.refresh_token));
    expect(new Set([first, ...pairs].map(({ refresh_token }) => refresh_token)).size).toBe(4);
    for (const pair of pairs) {
      expect(decodeJwt(pair.access_token)).toMatchObject({
        sub: PERSON_IDS.admin,
        aud: [RESOURCE, sandbox.serverId],
        scope: 'mcp:tools:x organization:read offline_access',
        sid: decodeJwt(first.access_token)['sid'],
      });
      expect((await client.refresh(pair.refresh_token)).status).toBe(200);
    }
  });

  verifies('sandbox.refresh-twice', 'later it is refused, and takes its successors with it', async () => {
    const client = await Client.register(sandbox);
    const first = await client.authorize({ scope: 'organization:read' });
    const second = await client.refresh(first.refresh_token);
    sandbox.faults.clockSkew(20);
    const third = await client.refresh(first.refresh_token);
    sandbox.faults.clockSkew(31);
    for (const used of [first, second, third]) {
      expect(await client.refresh(used.refresh_token)).toMatchObject({ status: 400, error: 'invalid_grant' });
    }
  });

  verifies('sandbox.refresh-twice', 'a code is good for one use, at once as well', async () => {
    const client = await Client.register(sandbox);
    const landed = await client.allow(await client.signIn(await client.begin()));
    expect((await client.exchange(landed)).status).toBe(200);
    expect(await client.exchange(landed)).toMatchObject({ status: 400, error: 'invalid_grant' });
  });

  it('can narrow the scope and cannot widen it', async () => {
    const client = await Client.register(sandbox);
    const { refresh_token } = await client.authorize({ scope: 'org:read org:write offline_access' });
    const narrow = await client.refresh(refresh_token, { scope: 'org:read' });
    expect(scopesOf(narrow)).toEqual(['org:read']);
    expect(await client.refresh(narrow.refresh_token, { scope: 'env:read' })).toMatchObject({ error: 'invalid_scope' });
  });
});

describe('identity scopes', () => {
  verifies(
    'sandbox.consent',
    'are shown without boxes, granted whatever is ticked, and yield an ID token',
    async () => {
      const client = await Client.register(sandbox);
      const scope = 'openid email profile organization:read organization:write';
      const consent = await client.signIn(await client.begin({ scope }));
      expect(checkboxes(consent)).toEqual(['organization:read', 'organization:write']);
      for (const shown of ['openid', 'profile', 'email', 'offline_access']) {
        expect(consent.text).toContain(`<code>${shown}</code>`);
      }
      const tokens = await client.exchange(await client.allow(consent, { untick: ['organization:write'] }));
      expect(decodeJwt(tokens.id_token ?? '')).toMatchObject({
        sub: PERSON_IDS.admin,
        aud: client.id,
        name: 'Mira Okafor',
        email: expect.stringContaining('@'),
      });
      expect(scopesOf(tokens)).toEqual(['openid', 'email', 'profile', 'organization:read', 'offline_access']);
    },
  );

  verifies('sandbox.consent', 'alone are asked about as well, with nothing to tick', async () => {
    const client = await Client.register(sandbox);
    const consent = await client.signIn(await client.begin({ scope: 'openid profile' }));
    expect([checkboxes(consent), consent.text.includes('what you tick')]).toEqual([[], false]);
    expect(scopesOf(await client.exchange(await client.allow(consent)))).toEqual([
      'openid',
      'profile',
      'offline_access',
    ]);
    const again = await client.begin({ scope: 'openid' });
    expect((await client.deny(again)).url.searchParams.get('error')).toBe('access_denied');
  });
});

describe('the pages', () => {
  it('load and run nothing, cannot be framed, and may lead to the client alone', async () => {
    const client = await Client.register(sandbox);
    const login = await client.begin();
    const policy = login.headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self' http:\/\/127\.0\.0\.1:51234;/,
    );
    expect(policy).toContain("frame-ancestors 'none'");
    expect(login.headers.get('cache-control')).toBe('no-store');
    for (const page of [login, await client.signIn(login)]) {
      expect(page.text).not.toMatch(/<script|<img|<link|\son\w+=|style="/);
      expect(page.text.match(/<h1[ >]/g)).toHaveLength(1);
      expect(page.text).toMatch(/<html lang="en">[\s\S]*<header[\s\S]*<main>[\s\S]*<footer>/);
    }
  });

  it('escape what a client says of itself', async () => {
    const client = await Client.register(sandbox, { client_name: '<script>"\'&' });
    const login = await client.begin();
    const consent = await client.signIn(login);
    for (const { text } of [login, consent]) {
      expect(text).not.toContain('<script>');
      expect(text).toContain('&lt;script&gt;&quot;&#39;&amp;');
    }
  });

  it('name the scheme of a private-use address', async () => {
    const uri = 'cursor://anysphere.cursor-mcp/oauth/callback';
    const client = await Client.register(sandbox, { redirect_uris: [uri] });
    const login = await client.begin({ redirect_uri: uri });
    expect(login.headers.get('content-security-policy')).toContain("form-action 'self' cursor:;");
    const landed = await client.allow(await client.signIn(login));
    expect(landed.url.href).toContain(`${uri}?code=`);
  });

  it.each([
    ['http://[::1]:51234/callback', 'http:'],
    ['https://a;sandbox/callback', 'https:'],
    ['https://app.example.com/callback', 'https://app.example.com'],
  ])('name no more of %s than a policy can express', async (uri, source) => {
    const client = await Client.register(sandbox, { redirect_uris: [uri] });
    const login = await client.begin({ redirect_uri: uri });
    expect(login.headers.get('content-security-policy')).toContain(`form-action 'self' ${source};`);
  });

  it('refuse a form that cannot be read', async () => {
    const body = `account=${'x'.repeat(20_000)}`;
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const response = await fetch(`${issuer}/interaction/x/login`, { method: 'POST', headers, body });
    expect(response.status).toBe(413);
  });

  it('are of no use in another browser', async () => {
    const client = await Client.register(sandbox);
    const login = await client.begin();
    const stranger = new Browser(sandbox.url);
    const page = await stranger.open(login.url);
    expect([page.status, page.text.includes('another browser')]).toEqual([400, true]);
    const posted = await stranger.submit(login, [['account', PERSON_IDS.admin]]);
    expect(posted.status).toBe(400);
  });

  it('explain an unknown client', async () => {
    const page = await new Browser(sandbox.url).open(`${issuer}/oauth/authorize?response_type=code&client_id=nobody`);
    expect([page.status, page.headers.get('content-type')]).toEqual([400, 'text/html; charset=utf-8']);
    expect(page.text).toContain('invalid_client');
  });
});

describe('the log', () => {
  it('has an event for each token request, and no secret in any', async () => {
    const client = await Client.register(sandbox);
    const consent = await client.signIn(await client.begin({ scope: 'org:read offline_access' }));
    const landed = await client.allow(consent);
    events.length = 0;
    const tokens = await client.exchange(landed);
    await client.refresh(tokens.refresh_token);
    await client.exchange(landed);
    const common = { event: 'oauth_token_request', client_id: client.id };
    const requested_scopes = ['offline_access', 'org:read'];
    expect(events).toEqual([
      { ...common, grant_type: 'authorization_code', requested_scopes, success: true },
      { ...common, grant_type: 'refresh_token', requested_scopes, success: true },
      { ...common, grant_type: 'authorization_code', requested_scopes: [], success: false },
    ]);
    const written = JSON.stringify(events);
    for (const secret of [tokens.access_token, tokens.refresh_token, landed.url.searchParams.get('code')]) {
      expect(written).not.toContain(secret);
    }
  });
});
