import { afterEach, beforeEach, describe, expect } from 'vitest';
import { ENVIRONMENT_DOMAINS } from '../../src/sandbox/data/ids.ts';
import { EXAMPLES } from '../fixtures/examples/index.ts';
import { sharedServer } from '../fixtures/shared-server.ts';
import { confirmingCaller } from '../fixtures/tool-caller.ts';
import { verifies } from '../verifies.ts';

const { server, token, call, asked } = sharedServer();

const CLIENT = 'skc_71204418093064101';
const CLEAN = 'https://new.example.com/cb';
/** None of them is seen, each in its own way: a joiner too, which other texts may hold. */
const UNSEEN = ['\u200b', '\u00ad', '\ufe0f', '\u202e', '\u200d', '\u00a0', '\u{e0041}', '\u0600', '\u0000', '\ud800'];

const oidc = (name: string) => (value: string) => ({
  ...EXAMPLES['update_environment_oidc_connection']?.arguments,
  oidc_config: { [name]: value },
});
const OIDC_URIS = ['discovery_endpoint', 'issuer', 'authorize_uri', 'token_uri', 'user_info_uri', 'jwks_uri'];
type Row = [tool: string, field: string, args: (value: string) => Record<string, unknown>];
const URIS: readonly Row[] = [
  ...['redirect_uri', 'post_logout_redirect_uri', 'back_channel_logout_uri'].map(
    (kind): Row => [`add_${kind}`, 'uri', (uri) => ({ uri })],
  ),
  ['set_initiate_login_uri', 'uri', (uri) => ({ uri })],
  ['register_mcp_server', 'url', (url) => ({ name: 'A', url })],
  ['register_mcp_server', 'logoUri', (logoUri) => ({ name: 'A', logoUri })],
  ['update_mcp_server', 'logoUri', (logoUri) => ({ ...EXAMPLES['update_mcp_server']?.arguments, logoUri })],
  ['update_mcp_server', 'url', (url) => ({ ...EXAMPLES['update_mcp_server']?.arguments, url })],
  ...OIDC_URIS.map((name): Row => ['update_environment_oidc_connection', `oidc_config.${name}`, oidc(name)]),
];

describe('what must match exactly', () => {
  verifies.each('arguments.exact', URIS)('%s refuses a %s with what nobody sees', async (tool, field, args) => {
    for (const unseen of UNSEEN) {
      for (const uri of [
        `${CLEAN}${unseen}`,
        `https://new.ex${unseen}ample.com/cb`,
        `https://new.example.com/${unseen}cb?a=1`,
      ]) {
        expect((await call(tool, args(uri))).error, JSON.stringify(uri)).toMatchObject({
          code: 'invalid_arguments',
          field,
        });
      }
    }
    expect(asked()).toEqual([]);
  });

  const organizationId = EXAMPLES['create_organization_user']?.arguments['organizationId'];
  const user = (more: object) => ({ organizationId, email: 'new@example.com', ...more });
  const magicLink = (more: object) => ({ ...EXAMPLES['create_connected_account_magic_link']?.arguments, ...more });

  verifies.each<Row>('arguments.exact', [
    ['create_organization', 'externalId', (externalId) => ({ name: 'A', externalId })],
    ['create_organization', 'metadata', (key) => ({ name: 'A', metadata: { [key]: 'b' } })],
    ['create_organization_user', 'email', (email) => user({ email: `${email}@example.com` })],
    ['create_organization_user', 'email', (domain) => user({ email: `ada@${domain}.example.com` })],
    ['create_organization_user', 'externalId', (externalId) => user({ externalId })],
    ['create_organization_user', 'roles', (role) => user({ roles: [role] })],
    ['create_connected_account_magic_link', 'identifier', (identifier) => magicLink({ identifier })],
    ['create_connected_account_magic_link', 'connector', (connector) => magicLink({ connector })],
    ['search_connected_accounts', 'query', (query) => ({ query })],
    ['update_environment_oidc_connection', 'oidc_config.client_id', oidc('client_id')],
    ['update_environment_oidc_connection', 'oidc_config.client_secret', oidc('client_secret')],
    ['update_environment_oidc_connection', 'key_id', (key_id) => ({ ...oidc('client_id')('a'), key_id })],
    ['register_mcp_server', 'scopes', (scope) => ({ name: 'A', scopes: [scope] })],
    ['register_mcp_server', 'provider', (provider) => ({ name: 'A', url: 'https://z.example/mcp', provider })],
    ['ensure_mcp_instance', 'config_name', (config_name) => ({ config_name, user_identifier: 'u' })],
    ['ensure_mcp_instance', 'user_identifier', (user_identifier) => ({ config_name: 'a', user_identifier })],
  ])('%s refuses a %s with what nobody sees', async (tool, field, args) => {
    // The last ones stay where a text is shown: a joiner in a Persian word, and in an emoji.
    for (const value of [
      ...UNSEEN.map((unseen) => `hl-${unseen}1001`),
      'hl-1001\u200b',
      'می\u200cخواهم',
      '👩🏽\u200d💻',
    ]) {
      const { error } = await call(tool, args(value));
      expect(error, JSON.stringify(value)).toMatchObject({ code: 'invalid_arguments' });
      expect(error.field.startsWith(field), error.field).toBe(true);
    }
    expect(asked()).toEqual([]);
  });

  verifies.each('arguments.exact', [
    '<ada2@example.com>',
    'mailto:ada@example.com',
    'ada@exa(x)mple.com',
    'ada@[10.0.0.1]',
    'a;da@example.com',
    'a,da@example.com',
    'a"da@example.com',
    'ada@exam\\ple.com',
  ])('is no email: %s', async (email) => {
    for (const [tool, args] of [
      ['create_organization_user', user({ email })],
      ['invite_workspace_member', { email, environmentId: undefined }],
    ] as const) {
      expect((await call(tool, args)).error).toMatchObject({ code: 'invalid_arguments', field: 'email' });
    }
    expect(asked()).toEqual([]);
  });
});

describe('a name', () => {
  const role = (displayName: string) => ({ roleName: 'role_1', displayName });
  const user = (more: object) => ({ ...EXAMPLES['create_organization_user']?.arguments, ...more });

  verifies.each<Row>('arguments.exact', [
    ['create_organization', 'name', (name) => ({ name })],
    ['create_environment_role', 'displayName', role],
    ['register_mcp_server', 'name', (name) => ({ name, url: 'https://z.example/mcp' })],
    ['create_organization_user', 'firstName', (firstName) => user({ firstName })],
    ['create_organization_user', 'lastName', (lastName) => user({ lastName })],
    ['ensure_mcp_instance', 'name', (name) => ({ config_name: 'a', user_identifier: 'u', name })],
  ])('of %s (%s) holds something that people see', async (tool, field, args) => {
    for (const name of ['\u200b', '\u00ad\u200d', '\u2800', '\u{e0041}']) {
      expect((await call(tool, args(name))).error).toMatchObject({ code: 'invalid_arguments', field });
    }
    for (const name of ['A\u0000B', 'A\ud800']) {
      expect((await call(tool, args(name))).error).toMatchObject({ code: 'invalid_arguments', field });
    }
    expect(asked()).toEqual([]);
  });

  verifies(['arguments.exact', 'text.visible'], 'keeps the joiners that its spelling needs', async () => {
    const name = 'می\u200cخواهم 👩🏽\u200d💻';
    expect((await call('create_organization', { name })).data.organization.display_name).toBe(name);
  });
});

describe.each([
  ['redirect_uri', 'post_login_uris'],
  ['post_logout_redirect_uri', 'post_logout_redirect_uris'],
])('a %s that results do not show as it is', (kind, list) => {
  const base = ['https://app.dev.harborlight.example/a', 'https://app.dev.harborlight.example/b'];
  const remove = (uri: string) =>
    confirmingCaller(server().localUrl, token())(`remove_${kind}`, { environmentId: 'env_71204418093056001', uri });
  const written = () => asked().filter(({ method }) => method !== 'GET');
  /** How a URI is removed: by itself where the API can, else with what is left of the list. */
  const removal = (uri: string, rest: readonly string[]) =>
    list === 'post_login_uris'
      ? {
          method: 'DELETE',
          url: `/api/v1/environment/redirect-uris?redirect_uri=${encodeURIComponent(uri)}`,
          body: undefined,
        }
      : { method: 'PATCH', url: `/api/v1/clients/${CLIENT}`, body: { [list]: rest } };
  let before: unknown;

  /** Stores a list, as other clients of the API can. */
  const store = async (uris: unknown) => {
    const headers = { authorization: `Bearer ${token()}`, 'x-env-domain': ENVIRONMENT_DOMAINS.development };
    const init = { method: 'PATCH', headers, body: JSON.stringify({ [list]: uris }) };
    expect((await fetch(`${server().sandbox().url}/api/v1/clients/${CLIENT}`, init)).status).toBe(200);
    server().exchanges.length = 0;
  };
  const shown = async () => (await call('list_redirect_uris')).data[list];
  beforeEach(async () => {
    before = await shown();
  });
  afterEach(() => store(before));

  verifies.each('arguments.as-shown', [
    ['an invisible character', `${CLEAN}\u200b`, CLEAN],
    ['a direction', `https://new.example.com/\u202ecb`, CLEAN],
    ['a secret', 'https://app.example.com/secret=abcdefgh/cb', 'https://app.example.com/secret=[redacted]'],
  ])('is removed as it is shown: %s', async (_name, stored, expected) => {
    await store([...base, stored]);
    const [, , asShown] = await shown();
    expect(asShown.startsWith(expected)).toBe(true);
    const { data } = await remove(asShown);
    expect(data).toMatchObject({ [list]: base, changed: true });
    expect(written()).toEqual([removal(stored, base)]);
  });

  verifies('arguments.as-shown', 'is not taken for the one that is equal', async () => {
    await store([...base, `${CLEAN}\u200b`, CLEAN]);
    expect((await remove(CLEAN)).data).toMatchObject({ changed: true });
    expect(written()).toEqual([removal(CLEAN, [...base, `${CLEAN}\u200b`])]);
  });

  verifies('arguments.as-shown', 'is named by nothing that two are shown as', async () => {
    await store([...base, `${CLEAN}\u200b`, `${CLEAN}\u00ad`]);
    expect((await remove(CLEAN)).error).toMatchObject({
      code: 'invalid_arguments',
      field: 'uri',
      message: expect.stringContaining('2 entries are shown like this'),
    });
    expect(written()).toEqual([]);
    expect((await remove(`${CLEAN}\u00ad`)).data).toMatchObject({ changed: true });
    expect(written()).toEqual([removal(`${CLEAN}\u00ad`, [...base, `${CLEAN}\u200b`])]);
  });

  verifies(['arguments.as-shown', 'arguments.masked'], 'is not named by a mark that no entry shows', async () => {
    await store(base);
    for (const uri of ['https://app.example.com/secret=[redacted]/cb', `${base[0]}[redacted]`]) {
      expect((await remove(uri)).error).toMatchObject({ code: 'invalid_arguments', field: 'uri' });
    }
    expect((await remove('https://app.example.com/')).error).toMatchObject({ code: 'not_found', field: 'uri' });
    expect(written()).toEqual([]);
  });
});
