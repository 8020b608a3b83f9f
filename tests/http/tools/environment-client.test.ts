import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { requestProblems } from '../../contract/contract.ts';
import { running, type TestServer } from '../../fixtures/running.ts';
import { FakeScalekit, json, SERVER_ID } from '../../fixtures/scalekit.ts';
import { confirmingCaller, toolCaller } from '../../fixtures/tool-caller.ts';
import { verifies } from '../../verifies.ts';

/** A client as the API shows it. */
type Client = Record<string, unknown> & { readonly id: string };

const OWN: Client = {
  id: 'skc_2',
  client_type: 'ENV',
  post_login_uris: ['https://a.example/'],
  post_logout_redirect_uris: [],
  back_channel_logout_uris: [],
  initiate_login_uri: 'https://a.example/login',
  secrets: [{ id: 'sec_1', secret_suffix: 'abcd', status: 'ACTIVE', plain_secret: 'hidden' }],
};
const OTHER: Client = { ...OWN, id: 'skc_1', client_type: 'WEB_APP' };

let scalekit: FakeScalekit;
let server: TestServer;
let token: string;
/** The pages of the list. */
let pages: Client[][];
let stored: Record<string, unknown>;
/** What somebody else does right after a write of ours. */
let meanwhile: () => void;
/** Whether the API does what a PATCH says. */
let heeds: boolean;
/** The answer to an operation on a single URI. */
let answer: (asked: Record<string, string>) => unknown;

const call = (name: string, args: Record<string, unknown> = {}) =>
  confirmingCaller(server.localUrl, token)(name, { environmentId: 'env_1', ...args });
const writes = () => scalekit.operations.filter(({ method }) => method !== 'GET');

beforeAll(async () => {
  scalekit = await FakeScalekit.start();
  server = await running(scalekit.env);
  token = await scalekit.mint({ claims: { scope: 'environment:read environment:write' } });
});
afterAll(async () => {
  await server.stop();
  await scalekit.close();
});
beforeEach(() => {
  scalekit.requests.length = 0;
  pages = [[OWN]];
  stored = OWN;
  meanwhile = () => {};
  heeds = true;
  answer = ({ redirect_uri, initiate_login_uri }) => ({
    client_id: 'skc_2',
    redirect_uris: ['https://a.example/', redirect_uri].flatMap((uri) => uri ?? []),
    initiate_login_uri,
  });
  scalekit.serveApi(({ method, url, body }, response) => {
    const { pathname, searchParams } = new URL(url, scalekit.url);
    if (pathname === '/api/v1/clients') {
      const page = Number(searchParams.get('page_token') ?? '0');
      const next_page_token = page + 1 < pages.length ? String(page + 1) : '';
      return json(response, 200, { clients: pages[page], next_page_token, total_size: 2 });
    }
    const sent = body === '' ? Object.fromEntries(searchParams) : JSON.parse(body);
    if (pathname.startsWith('/api/v1/environment/')) return json(response, 200, answer(sent));
    if (method === 'PATCH' && heeds) stored = { ...stored, ...sent };
    json(response, 200, { client: stored });
    if (method === 'PATCH') meanwhile();
  });
});
afterEach(() => {
  const facts = scalekit.operations.map(({ method, url, body }) => ({
    method,
    url: url.slice('/api/v1'.length),
    ...(body !== '' && { body: JSON.parse(body) }),
  }));
  expect(facts.flatMap(requestProblems)).toEqual([]);
});

verifies('tools.redirect-uris', 'looks for its own client on every page', async () => {
  pages = [[OTHER], [], [OWN]];
  expect((await call('list_redirect_uris')).data.client_id).toBe('skc_2');
  expect(scalekit.operations.map(({ url }) => url)).toEqual([
    '/api/v1/clients?filter.client_type=ENV&page_size=30',
    '/api/v1/clients?filter.client_type=ENV&page_size=30&page_token=1',
    '/api/v1/clients?filter.client_type=ENV&page_size=30&page_token=2',
  ]);
});

verifies('tools.redirect-uris', 'never takes another client in its place', async () => {
  pages = [[OTHER], [OTHER]];
  for (const [tool, args] of [
    ['list_redirect_uris', {}],
    ['get_environment_credentials', {}],
    ['add_redirect_uri', { uri: 'https://b.example/' }],
    ['remove_redirect_uri', { uri: 'https://a.example/' }],
    ['remove_initiate_login_uri', {}],
  ] as const) {
    expect((await call(tool, args)).error, tool).toMatchObject({
      code: 'not_found',
      message: expect.stringContaining('type ENV'),
    });
  }
  expect(writes()).toEqual([]);
});

verifies('tools.redirect-uris', 'never asks for secrets, and passes none on', async () => {
  const { data, text } = await call('get_environment_credentials');
  expect(data).toMatchObject({ client_id: 'skc_2', secrets: [{ secret_suffix: 'abcd' }] });
  expect(text).not.toContain('hidden');
  await call('add_redirect_uri', { uri: 'https://b.example/' });
  expect(scalekit.operations.map(({ url }) => url).join()).not.toContain('secret');
});

verifies('tools.redirect-uris', 'builds on the list as it is right before the write', async () => {
  stored = { ...OWN, post_logout_redirect_uris: ['https://a.example/', 'https://newer.example/'] };
  const { data } = await call('add_post_logout_redirect_uri', { uri: 'https://b.example/' });
  expect(data.post_logout_redirect_uris).toEqual([
    'https://a.example/',
    'https://newer.example/',
    'https://b.example/',
  ]);
});

const now = (changes: Record<string, unknown>) => () => {
  stored = { ...stored, ...changes };
};
verifies.each<[string, string, Record<string, unknown>, Record<string, unknown>, string]>(
  ['tools.redirect-uris', 'tools.redirect-uris-at-once'],
  [
    [
      'the URI that was added is missing',
      'add_post_logout_redirect_uri',
      { uri: 'https://b.example/' },
      { post_logout_redirect_uris: ['https://c.example/'] },
      'added is missing again',
    ],
    [
      'the whole list is gone',
      'add_back_channel_logout_uri',
      { uri: 'https://b.example/' },
      { back_channel_logout_uris: null, initiate_login_uri: 'https://other.example/' },
      'added is missing again',
    ],
    [
      'the URI that was removed is back',
      'remove_post_logout_redirect_uri',
      { uri: 'https://a.example/' },
      { post_logout_redirect_uris: ['https://a.example/', 'https://b.example/'] },
      'removed is there again',
    ],
    [
      'the setting that was cleared is set',
      'remove_initiate_login_uri',
      {},
      { initiate_login_uri: 'https://c.example/login' },
      'another one than this call has set',
    ],
  ],
)('reports an update that others go on overwriting: %s', async (_name, tool, args, change, reason) => {
  stored = { ...OWN, post_logout_redirect_uris: ['https://a.example/'] };
  let round = 0;
  meanwhile = () => now({ ...change, name: `${round}`, post_login_uris: [`https://${round++}.example/`] })();
  const { data, error } = await call(tool, args);
  expect(data).toBeUndefined();
  expect(error).toMatchObject({ code: 'conflict', retryable: false, nextTool: 'list_redirect_uris' });
  expect(error.message).toContain('These settings changed at the same time.');
  expect(error.message).toContain(reason);
  expect(writes()).toHaveLength(4);
});

verifies.each<[string, Record<string, unknown>, Record<string, unknown>]>('tools.redirect-uris-at-once', [
  [
    'add_post_logout_redirect_uri',
    { uri: 'https://b.example/' },
    { post_logout_redirect_uris: ['https://c.example/'] },
  ],
  [
    'remove_post_logout_redirect_uri',
    { uri: 'https://a.example/' },
    { post_logout_redirect_uris: ['https://a.example/'] },
  ],
  ['remove_initiate_login_uri', {}, { initiate_login_uri: 'https://c.example/login' }],
])('%s makes a change again that somebody overwrote once', async (tool, args, change) => {
  stored = { ...OWN, post_logout_redirect_uris: ['https://a.example/'] };
  meanwhile = () => {
    meanwhile = () => {};
    now(change)();
  };
  const { data } = await call(tool, args);
  expect(data).toMatchObject({ changed: true });
  expect(writes()).toHaveLength(2);
});

verifies.each<[string, Record<string, unknown>]>('tools.redirect-uris', [
  ['add_post_logout_redirect_uri', { uri: 'https://b.example/' }],
  ['remove_post_logout_redirect_uri', { uri: 'https://a.example/' }],
  ['remove_initiate_login_uri', {}],
])('%s tells when the API accepts a change and keeps everything', async (tool, args) => {
  heeds = false;
  stored = { ...OWN, post_logout_redirect_uris: ['https://a.example/'] };
  expect((await call(tool, args)).error).toMatchObject({ code: 'not_applied', nextTool: 'list_redirect_uris' });
});

verifies.each<[string, Record<string, unknown>]>('tools.redirect-uris', [
  ['add_redirect_uri', { uri: 'https://b.example/' }],
  ['remove_redirect_uri', { uri: 'https://a.example/' }],
  ['set_initiate_login_uri', { uri: 'https://b.example/login' }],
])('%s tells when the answer does not show what was asked', async (tool, args) => {
  pages = [[{ ...OWN, post_login_uris: ['https://a.example/', 'https://c.example/'] }]];
  answer = () => ({ client_id: 'skc_2', redirect_uris: ['https://a.example/', 'https://c.example/'] });
  const { error } = await call(tool, args);
  expect(error).toMatchObject({ code: 'not_applied', field: 'uri', nextTool: 'list_redirect_uris' });
});

verifies('tools.redirect-uris', 'does not mind what others add', async () => {
  meanwhile = now({ post_logout_redirect_uris: ['https://b.example/', 'https://c.example/'] });
  const { data } = await call('add_post_logout_redirect_uri', { uri: 'https://b.example/' });
  expect(data).toMatchObject({ changed: true, post_logout_redirect_uris: { length: 2 } });
});

verifies('tools.redirect-uris', 'writes nothing on an answer that it does not understand', async () => {
  stored = { ...OWN, post_logout_redirect_uris: 'https://a.example/' };
  const { error } = await call('add_post_logout_redirect_uri', { uri: 'https://b.example/' });
  expect(error.code).toBe('unexpected_response');
  expect(writes()).toEqual([]);
});

verifies('tools.redirect-uris', 'shows the configured URL where there is one environment only', async () => {
  const alone = await running({
    SCALEKIT_ENV_URL: scalekit.url,
    SCALEKIT_MCP_SERVER_ID: SERVER_ID,
    SCALEKIT_CLIENT_ID: 'skc_2',
    SCALEKIT_CLIENT_SECRET: 'word',
    ALLOWED_SUBJECTS: 'usr_1',
  });
  try {
    const { data, text } = await toolCaller(alone.localUrl, token)('get_environment_credentials');
    expect(data).toMatchObject({ environment_url: scalekit.url, client_id: 'skc_2' });
    expect(data.env_file).toContain(`SCALEKIT_ENVIRONMENT_URL=${scalekit.url}\n`);
    expect(text).not.toContain('word');
  } finally {
    await alone.stop();
  }
});
