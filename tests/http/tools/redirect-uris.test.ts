import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { ENVIRONMENT_DOMAINS, ENVIRONMENT_IDS } from '../../../src/sandbox/data/ids.ts';
import type { PlannedFault } from '../../../src/sandbox/faults/fault.ts';
import { catalogue } from '../../../src/tools/index.ts';
import { running, type TestServer } from '../../fixtures/running.ts';
import { confirmingCaller } from '../../fixtures/tool-caller.ts';
import { verifies } from '../../verifies.ts';

const { development, production } = ENVIRONMENT_IDS;
const CLIENT = 'skc_71204418093064101';
const CALLBACKS = [
  'http://localhost:3000/callback',
  'https://app.dev.harborlight.example/callback',
  'https://support.dev.harborlight.example/callback',
];
const LOGOUTS = ['https://app.dev.harborlight.example/goodbye', 'https://support.dev.harborlight.example/goodbye'];
const BACK_CHANNEL = 'https://app.dev.harborlight.example/backchannel-logout';
const LOGIN = 'https://app.dev.harborlight.example/login';
const PRODUCTION_CLIENT = 'prd_skc_71204418093064301';
const PRODUCTION_CALLBACK = 'https://app.harborlight.example/callback';

let server: TestServer;
let token: string;

const call = (name: string, args: Record<string, unknown> = {}, environmentId: string = development) =>
  confirmingCaller(server.localUrl, token)(name, { environmentId, ...args });
const requests = () => server.exchanges.map(({ request: { method, url } }) => `${method} ${url.slice(7)}`);
const bodies = () => server.exchanges.flatMap(({ request: { body } }) => (body === undefined ? [] : [body]));

/** Puts a client back to how the sandbox starts with it. */
async function reset(id: string, domain: string, client: object) {
  const headers = { authorization: `Bearer ${token}`, 'x-env-domain': domain };
  const init = { method: 'PATCH', headers, body: JSON.stringify(client) };
  expect((await fetch(`${server.sandbox().url}/api/v1/clients/${id}`, init)).status).toBe(200);
}

beforeAll(async () => {
  server = await running();
  token = await server.token();
  // From here on the domains are known, and requests are only what the tools need.
  for (const environmentId of [development, production]) await call('list_redirect_uris', {}, environmentId);
});
afterAll(() => server.stop());
beforeEach(async () => {
  await reset(CLIENT, ENVIRONMENT_DOMAINS.development, {
    post_login_uris: CALLBACKS,
    post_logout_redirect_uris: LOGOUTS,
    back_channel_logout_uris: [BACK_CHANNEL],
    initiate_login_uri: LOGIN,
  });
  await reset(PRODUCTION_CLIENT, ENVIRONMENT_DOMAINS.production, { post_login_uris: [PRODUCTION_CALLBACK] });
  server.exchanges.length = 0;
});

verifies('tools.redirect-uris', 'lists what the environment’s own client allows', async () => {
  expect((await call('list_redirect_uris')).data).toEqual({
    client_id: CLIENT,
    post_login_uris: CALLBACKS,
    post_logout_redirect_uris: LOGOUTS,
    back_channel_logout_uris: [BACK_CHANNEL],
    initiate_login_uri: LOGIN,
  });
  expect(requests()).toEqual(['GET /clients?filter.client_type=ENV&page_size=30']);
  const other = await call('list_redirect_uris', {}, production);
  expect(other.data.client_id).toBe(PRODUCTION_CLIENT);
  expect(other.data).not.toHaveProperty('initiate_login_uri');
});

verifies.each('tools.redirect-uris', [
  ['post_logout_redirect_uri', 'post_logout_redirect_uris'],
  ['back_channel_logout_uri', 'back_channel_logout_uris'],
])('reads, writes the whole list and reads again to add and remove a %s', async (tool, list) => {
  const before = (await call('list_redirect_uris')).data;
  server.exchanges.length = 0;
  const uri = 'https://new.harborlight.example/page';
  const added = await call(`add_${tool}`, { uri });
  expect(added.data).toEqual({ ...before, [list]: [...before[list], uri], changed: true });
  expect(requests()).toEqual([
    'GET /clients?filter.client_type=ENV&page_size=30',
    `GET /clients/${CLIENT}`,
    `PATCH /clients/${CLIENT}`,
    `GET /clients/${CLIENT}`,
  ]);
  expect(bodies()).toEqual([{ [list]: [...before[list], uri] }]);
  server.exchanges.length = 0;
  const removed = await call(`remove_${tool}`, { uri });
  expect(removed.data).toEqual({ ...before, changed: true });
  expect(bodies()).toEqual([{ [list]: before[list] }]);
  expect((await call('list_redirect_uris')).data).toEqual(before);
});

verifies('tools.redirect-uris', 'adds and removes a callback alone, without the others', async () => {
  const before = (await call('list_redirect_uris')).data;
  server.exchanges.length = 0;
  const asked = 'https://new.harborlight.example/page';
  const added = await call('add_redirect_uri', { uri: asked });
  expect(added.data).toEqual({ ...before, post_login_uris: [...CALLBACKS, asked], changed: true });
  expect(requests()).toEqual(['GET /clients?filter.client_type=ENV&page_size=30', 'POST /environment/redirect-uris']);
  expect(bodies()).toEqual([{ redirect_uri: asked }]);
  server.exchanges.length = 0;
  const removed = await call('remove_redirect_uri', { uri: asked });
  expect(removed.data).toEqual({ ...before, changed: true });
  expect(requests().at(-1)).toBe(`DELETE /environment/redirect-uris?redirect_uri=${encodeURIComponent(asked)}`);
  expect(bodies()).toEqual([]);
});

verifies(
  'tools.redirect-uris',
  'writes the callback of an app to the client, since the operation takes none',
  async () => {
    const uri = 'harborlight://login/callback';
    const added = await call('add_redirect_uri', { uri });
    expect(added.data).toMatchObject({ post_login_uris: [...CALLBACKS, uri], changed: true });
    expect(bodies()).toEqual([{ post_login_uris: [...CALLBACKS, uri] }]);
    expect((await call('remove_redirect_uri', { uri })).data.post_login_uris).toEqual(CALLBACKS);
    const start = await call('set_initiate_login_uri', { uri });
    expect(start.data).toMatchObject({ initiate_login_uri: uri, changed: true });
  },
);

verifies.each('tools.redirect-uris', [
  ['add_redirect_uri', CALLBACKS[1]],
  ['add_post_logout_redirect_uri', LOGOUTS[1]],
  ['add_back_channel_logout_uri', BACK_CHANNEL],
  ['set_initiate_login_uri', LOGIN],
])('%s succeeds and writes nothing when it is so already', async (tool, uri) => {
  const { data } = await call(tool, { uri });
  expect(data).toMatchObject({ client_id: CLIENT, post_login_uris: CALLBACKS, changed: false });
  expect(requests().filter((request) => !request.startsWith('GET'))).toEqual([]);
});

verifies.each('tools.redirect-uris', [
  ['remove_redirect_uri', { uri: 'https://app.dev.harborlight.example/callback/' }],
  ['remove_post_logout_redirect_uri', { uri: CALLBACKS[1] }],
  ['remove_back_channel_logout_uri', { uri: LOGOUTS[1] }],
])('%s says when there is nothing to remove', async (tool, args) => {
  const { error } = await call(tool, args);
  expect(error).toMatchObject({ code: 'not_found', field: 'uri', nextTool: 'list_redirect_uris' });
  expect(bodies()).toEqual([]);
});

verifies('tools.redirect-uris', 'removes the last entry of a list with an empty list', async () => {
  const { data } = await call('remove_back_channel_logout_uri', { uri: BACK_CHANNEL });
  expect(data).toMatchObject({ back_channel_logout_uris: [], changed: true });
  expect(bodies()).toEqual([{ back_channel_logout_uris: [] }]);
});

verifies('tools.redirect-uris', 'says before anybody confirms that the last callback stays', async () => {
  const { error } = await call('remove_redirect_uri', { uri: PRODUCTION_CALLBACK }, production);
  expect(error).toMatchObject({ code: 'invalid_request', field: 'uri', nextTool: 'add_redirect_uri' });
  expect(requests()).toEqual(['GET /clients?filter.client_type=ENV&page_size=30']);
});

verifies('tools.redirect-uris', 'sets the initiate-login URI, and clears it with an empty value', async () => {
  const uri = 'https://app.dev.harborlight.example/start';
  const set = await call('set_initiate_login_uri', { uri });
  expect(set.data).toMatchObject({ initiate_login_uri: uri, post_login_uris: CALLBACKS, changed: true });
  expect(requests().at(-1)).toBe('PUT /environment/initiate-login-uri');
  const cleared = await call('remove_initiate_login_uri');
  expect(cleared.data).toMatchObject({ post_login_uris: CALLBACKS, changed: true });
  expect(cleared.data).not.toHaveProperty('initiate_login_uri');
  expect(bodies()).toEqual([{ initiate_login_uri: uri }, { initiate_login_uri: '' }]);
  expect((await call('remove_initiate_login_uri')).error).toMatchObject({ code: 'not_found' });
  expect(bodies()).toHaveLength(2);
});

verifies.each('tools.redirect-uris-at-once', [
  ['redirect_uri', 'post_login_uris', 2],
  ['post_logout_redirect_uri', 'post_logout_redirect_uris', 5],
  ['back_channel_logout_uri', 'back_channel_logout_uris', 5],
])('calls at the same time all add and remove their %s', async (tool, list, count) => {
  const before = (await call('list_redirect_uris')).data[list];
  const uris = Array.from({ length: count }, (_, i) => `https://at-once.harborlight.example/${i}`);
  const added = await Promise.all(uris.map((uri) => call(`add_${tool}`, { uri })));
  expect(added.map(({ data }) => data?.changed)).toEqual(uris.map(() => true));
  expect([...(await call('list_redirect_uris')).data[list]].sort()).toEqual([...before, ...uris].sort());
  const removed = await Promise.all(uris.map((uri) => call(`remove_${tool}`, { uri })));
  expect(removed.map(({ data }) => data?.changed)).toEqual(uris.map(() => true));
  expect((await call('list_redirect_uris')).data[list]).toEqual(before);
});

verifies('tools.redirect-uris-at-once', 'calls at the same time that change different things all stand', async () => {
  const uri = 'https://at-once.harborlight.example/';
  const tools = ['add_redirect_uri', 'add_post_logout_redirect_uri', 'add_back_channel_logout_uri'];
  const answers = await Promise.all([...tools, 'set_initiate_login_uri'].map((tool) => call(tool, { uri })));
  expect(answers.map(({ data }) => data?.changed)).toEqual([true, true, true, true]);
  expect((await call('list_redirect_uris')).data).toMatchObject({
    post_login_uris: [...CALLBACKS, uri],
    post_logout_redirect_uris: [...LOGOUTS, uri],
    back_channel_logout_uris: [BACK_CHANNEL, uri],
    initiate_login_uri: uri,
  });
});

verifies('tools.redirect-uris-at-once', 'five calls for the same URI add it once, and none fails', async () => {
  const uri = 'https://at-once.harborlight.example/same';
  for (const tool of ['add_redirect_uri', 'add_post_logout_redirect_uri']) {
    const answers = await Promise.all(Array.from({ length: 5 }, () => call(tool, { uri })));
    expect(answers.filter(({ data }) => data?.changed === true)).toHaveLength(1);
    expect(answers.filter(({ data }) => data?.changed === false)).toHaveLength(4);
  }
});

verifies('tools.redirect-uris', 'names the maximum of five callbacks before anything is sent', async () => {
  const more = ['https://four.harborlight.example/', 'https://five.harborlight.example/'];
  for (const uri of more) expect((await call('add_redirect_uri', { uri })).data.changed).toBe(true);
  server.exchanges.length = 0;
  const { error } = await call('add_redirect_uri', { uri: 'https://six.harborlight.example/' });
  expect(error).toMatchObject({
    code: 'invalid_request',
    retryable: false,
    field: 'uri',
    nextTool: 'list_redirect_uris',
    message: expect.stringContaining('at most 5 callback URIs'),
  });
  expect(bodies()).toEqual([]);
  expect((await call('add_redirect_uri', { uri: more[1] })).data.changed).toBe(false);
  // The other list has no such maximum.
  for (const uri of [...more, ...CALLBACKS]) await call('add_post_logout_redirect_uri', { uri });
  expect((await call('list_redirect_uris')).data.post_logout_redirect_uris).toHaveLength(7);
});

verifies('tools.redirect-uris', 'leaves it to the platform where http is good enough', async () => {
  for (const uri of ['http://myapp.test:3000/cb', 'http://10.0.0.5:3000/cb']) {
    expect((await call('add_redirect_uri', { uri })).data).toMatchObject({ changed: true });
    expect((await call('remove_redirect_uri', { uri })).data).toMatchObject({ changed: true });
    expect((await call('add_post_logout_redirect_uri', { uri })).data).toMatchObject({ changed: true });
    expect((await call('add_back_channel_logout_uri', { uri })).data).toMatchObject({ changed: true });
    expect((await call('set_initiate_login_uri', { uri })).data).toMatchObject({ changed: true });
  }
});

verifies.each('tools.redirect-uris', ['add_redirect_uri', 'add_post_logout_redirect_uri', 'set_initiate_login_uri'])(
  '%s passes on what the API refuses, naming the argument',
  async (tool) => {
    const http = await call(tool, { uri: 'http://myapp.test:3000/cb' }, production);
    expect(http.error).toMatchObject({
      code: 'invalid_request',
      field: 'uri',
      upstream: {
        status: 400,
        violations: [{ field: 'uri', description: 'http is not allowed in production environments' }],
      },
    });
    const local = await call(tool, { uri: 'http://localhost:3000/callback' }, production);
    expect(local.error.upstream.violations).toMatchObject([{ field: 'uri' }, { field: 'uri' }]);
    const query = await call(tool, { uri: 'https://app.harborlight.example/login?a=b' }, production);
    expect(query.error).toMatchObject({
      code: 'invalid_request',
      field: 'uri',
      upstream: { violations: [{ description: expect.stringContaining('query') }] },
    });
  },
);

verifies('tools.redirect-uris', 'leaves the reason as it is when another URI of the list is at fault', async () => {
  const violation = { field: 'client.post_logout_redirect_uris[0]', description: 'value must be a URI' };
  const info = { error_code: 'INVALID_ARGUMENT', validation_error_info: { field_violations: [violation] } };
  const body = { code: 3, message: 'validation error', details: [info] };
  const when = { method: 'PATCH', path: `/api/v1/clients/${CLIENT}` };
  server.sandbox().faults.add({ kind: 'status', status: 400, body, when });
  const { error } = await call('add_post_logout_redirect_uri', { uri: 'https://new.harborlight.example/page' });
  expect(error).toMatchObject({ code: 'invalid_request', upstream: { violations: [violation] } });
  expect(error.field).toBeUndefined();
});

verifies.each('arguments.trimmed', ['add_redirect_uri', 'add_post_logout_redirect_uri', 'set_initiate_login_uri'])(
  '%s drops the white space around a URI and an id, and refuses what stands inside',
  async (tool) => {
    const uri = 'https://trim.harborlight.example/cb';
    const spaced = { environmentId: ` ${development}\n`, uri: ` \t${uri} \n` };
    expect(JSON.stringify((await call(tool, spaced)).data)).toContain(`"${uri}"`);
    const { error } = await call(tool, { uri: 'https://trim.harborlight.example/c b' });
    expect(error).toMatchObject({ code: 'invalid_arguments', field: 'uri' });
    const inside = await call(tool, { environmentId: `env_1 ${development}`, uri });
    expect(inside.error).toMatchObject({ code: 'invalid_arguments', field: 'environmentId' });
  },
);

verifies('arguments.trimmed', 'a listed URI is removed with white space around it', async () => {
  const { data } = await call('remove_post_logout_redirect_uri', { uri: ` ${LOGOUTS[1]}\n` });
  expect(data).toMatchObject({ post_logout_redirect_uris: [LOGOUTS[0]], changed: true });
});

verifies.each('tools.redirect-uris', [
  ['what is no URI', 'localhost:3000/callback'],
  ['a script', 'javascript:alert(1)'],
  ['data', 'data:text/html,hello'],
  ['257 characters', `https://app.harborlight.example/${'x'.repeat(225)}`],
])('refuses %s before anything is sent', async (_name, uri) => {
  for (const tool of [
    'add_redirect_uri',
    'add_post_logout_redirect_uri',
    'add_back_channel_logout_uri',
    'set_initiate_login_uri',
  ]) {
    expect((await call(tool, { uri })).error, tool).toMatchObject({ code: 'invalid_arguments', field: 'uri' });
  }
  expect(server.exchanges).toEqual([]);
});

verifies('tools.redirect-uris', 'shows the credentials of an environment without its secret', async () => {
  const { data } = await call('get_environment_credentials');
  const { url } = server.sandbox();
  expect(data).toEqual({
    environment_url: url,
    client_id: CLIENT,
    secrets: [
      expect.objectContaining({ secret_suffix: 'Jq4w', status: 'INACTIVE' }),
      expect.objectContaining({ secret_suffix: 'x7Vn', status: 'ACTIVE' }),
    ],
    env_file: [`SCALEKIT_ENVIRONMENT_URL=${url}`, `SCALEKIT_CLIENT_ID=${CLIENT}`, 'SCALEKIT_CLIENT_SECRET=', ''].join(
      '\n',
    ),
  });
  expect((await call('get_environment_credentials', {}, production)).data).toMatchObject({
    environment_url: 'https://harborlight.scalekit.example',
    client_id: PRODUCTION_CLIENT,
  });
});

verifies.each<[string, PlannedFault, string]>('tools.redirect-uris', [
  ['404', { kind: 'status', status: 404 }, 'not_found'],
  ['a page', { kind: 'html', status: 200 }, 'unexpected_response'],
  ['500', { kind: 'status', status: 500 }, 'upstream_error'],
])('says that it has written when reading back ends in %s', async (_, fault, code) => {
  const { faults } = server.sandbox();
  const path = `/api/v1/clients/${CLIENT}`;
  const genuine = { client: { id: CLIENT, post_logout_redirect_uris: LOGOUTS } };
  // The first read is answered as it should be.
  faults.add({ kind: 'status', status: 200, body: genuine, when: { method: 'GET', path } });
  faults.add({ ...fault, when: { method: 'GET', path } });
  const { error } = await call('add_post_logout_redirect_uri', { uri: 'https://new.harborlight.example/page' });
  faults.clear();
  expect(error).toMatchObject({ code, retryable: false, nextTool: 'list_redirect_uris' });
  expect(error.message).toContain('has been sent');
  expect(error.message).not.toContain('Repeat the call');
  expect((await call('list_redirect_uris')).data.post_logout_redirect_uris).toHaveLength(3);
});

verifies('tools.texts-of-secrets-and-logins', 'says what a lost secret means, and what hangs on the login page', () => {
  const described = (name: string) => catalogue.find((tool) => tool.name === name)?.description ?? '';
  expect(described('get_environment_credentials')).toContain('shown once');
  for (const file of ['README.md', 'docs/tools.md']) {
    const text = readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8');
    expect(text, file).not.toMatch(/only in the dashboard/);
  }
  const clears = catalogue.find(({ name }) => name === 'remove_initiate_login_uri');
  for (const text of [described('set_initiate_login_uri'), `${clears?.description} ${clears?.preview?.stopsWorking}`]) {
    for (const word of [/invitation/i, /magic link/i, /bookmark/i, /\btile/i]) expect(text).toMatch(word);
  }
  expect(described('set_initiate_login_uri')).toContain('not its callback');
});
