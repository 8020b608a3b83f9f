import { afterEach, expect } from 'vitest';
import { ENVIRONMENT_IDS } from '../../../src/sandbox/data/ids.ts';
import { type Changes, changedScalekit } from '../../fixtures/changed-scalekit.ts';
import { running } from '../../fixtures/running.ts';
import { FakeScalekit, json } from '../../fixtures/scalekit.ts';
import { confirmingCaller, toolCaller } from '../../fixtures/tool-caller.ts';
import { verifies } from '../../verifies.ts';

const MIRA = 'mira@harborlight.example';
const TRIAGE = 'cfg_71204418093065301';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

/** Calls tools against the sandbox, of which something is changed on the way. */
async function caller(changes: Partial<Changes> = {}) {
  const answer: Changes['answer'] = (body, _url, status) => ({ status, text: JSON.stringify(body) });
  const scalekit = await changedScalekit(() => ({ body: (sent) => sent, answer, ...changes }));
  stops.push(() => scalekit.close());
  const server = await running(scalekit.env);
  stops.push(() => server.stop());
  const ask = confirmingCaller(server.localUrl, scalekit.token);
  return (tool: string, args: object = {}) => ask(tool, { environmentId: ENVIRONMENT_IDS.development, ...args });
}

verifies('write.lost-answer', 'a URI whose removal was answered 503 is told as removed', async () => {
  let isFirst = true;
  const call = await caller({
    answer(body, url, status) {
      const isLost = isFirst && url.includes('/environment/redirect-uris?');
      if (isLost) isFirst = false;
      return isLost
        ? { status: 503, text: JSON.stringify({ code: 14, message: 'away', details: [] }) }
        : { status, text: JSON.stringify(body) };
    },
  });
  const uri = 'http://localhost:3000/callback';
  const { data, error } = await call('remove_redirect_uri', { uri });
  expect(error).toBeUndefined();
  expect(isFirst).toBe(false);
  expect(data).toMatchObject({ changed: true, initiate_login_uri: expect.any(String) });
  expect(data.post_login_uris).not.toContain(uri);
  expect(data).toEqual({ ...(await call('list_redirect_uris')).data, changed: true });
});

verifies('write.lost-answer', 'a URI whose removal is ignored is not told as removed', async () => {
  const call = await caller({ ignored: (method) => (method === 'DELETE' ? {} : undefined) });
  const { error } = await call('remove_redirect_uri', { uri: 'http://localhost:3000/callback' });
  expect(error).toMatchObject({ code: 'not_applied', field: 'uri', nextTool: 'list_redirect_uris' });
});

verifies.each('write.noted', [
  ['a config', { configId: TRIAGE }],
  ['a connection', { connector: 'gmail' }],
])('a session token of %s with another lifetime is handed out, and says so', async (_name, server) => {
  const wanted = { ...server, user_identifier: MIRA, expirySeconds: 86_400 };
  const call = await caller({ body: (sent) => ({ ...(sent as object), expiry: undefined }) });
  const { data } = await call('create_mcp_session_token', wanted);
  expect(data).toMatchObject({ token: expect.any(String), note: expect.stringContaining('expires_at') });
  const heeding = await caller();
  for (const args of [wanted, { ...wanted, expirySeconds: undefined }]) {
    const { data: heeded } = await heeding('create_mcp_session_token', args);
    expect(heeded.token).toEqual(expect.any(String));
    expect(heeded.note ?? '').not.toContain('expires_at');
  }
});

verifies('write.noted', 'a new instance without its name says so, one that exists does not', async () => {
  const call = await caller({ body: (sent) => ({ ...(sent as object), name: undefined }) });
  const fresh = { config_name: 'weekly-digest', user_identifier: 'buyer-9', name: 'Digest of buyer 9' };
  const { data } = await call('ensure_mcp_instance', fresh);
  expect(data).toMatchObject({
    instance: { url: expect.any(String) },
    note: expect.stringContaining('name that was asked for'),
  });
  expect((await call('ensure_mcp_instance', fresh)).data).not.toHaveProperty('note');
  const heeding = await caller();
  expect((await heeding('ensure_mcp_instance', fresh)).data).not.toHaveProperty('note');
});

verifies('tools.any-case', 'an empty last page stands when its token is refused in another spelling', async () => {
  const scalekit = await FakeScalekit.start();
  stops.push(() => scalekit.close());
  const server = await running(scalekit.env);
  stops.push(() => server.stop());
  scalekit.serveApi(({ url }, response) => {
    const query = new URL(url, 'http://localhost').searchParams;
    if (url.startsWith('/api/v1/connections')) return json(response, 200, { connections: [], next_page_token: '' });
    if (query.get('filter.provider') === 'gmail')
      return json(response, 200, { tools: [], tool_names: [], total_size: 1 });
    return json(response, 400, { code: 3, message: 'token', details: [{ error_code: 'INVALID_ARGUMENT' }] });
  });
  const ask = toolCaller(server.localUrl, await scalekit.mint({ claims: { scope: 'environment:read' } }));
  const args = { environmentId: 'env_1', provider: 'gmail', pageToken: 'of-gmail' };
  expect((await ask('list_agent_tools', args)).data).toMatchObject({ tools: [] });
});

verifies('tools.account-links', 'a link for an account that does not exist names the account', async () => {
  const call = await caller();
  const { error } = await call('create_connected_account_magic_link', { connectedAccountId: 'ca_1' });
  expect(error).toMatchObject({
    code: 'not_found',
    field: 'connectedAccountId',
    nextTool: 'list_connected_accounts',
  });
});

verifies('arguments.shown', 'blanks around do not count, characters do, and what is shown is seen', async () => {
  const call = await caller();
  const blank = (text: string) => ` ${text}\n`;
  const link = { connector: blank('gmail'), identifier: blank(MIRA) };
  expect((await call('create_connected_account_magic_link', link)).data.link).toEqual(expect.any(String));
  const listed = await call('list_connected_accounts', { ...link, provider: blank('gmail') });
  expect(listed.data.connected_accounts).toMatchObject([{ identifier: MIRA }]);
  const token = await call('create_mcp_session_token', { configId: TRIAGE, user_identifier: blank(MIRA) });
  expect(token.data.token).toEqual(expect.any(String));
  const connection = { connectionId: 'conn_71204418093063001', oidc_config: {} };
  const key = '😀'.repeat(60);
  const mapped = await call('update_environment_oidc_connection', { ...connection, attributeMapping: { [key]: 'x' } });
  expect(mapped.error?.code).not.toBe('invalid_arguments');
  const unseen = await call('update_environment_oidc_connection', { ...connection, uiButtonTitle: '\u200b' });
  expect(unseen.error).toMatchObject({ code: 'invalid_arguments', field: 'uiButtonTitle' });
  const long = await call('update_environment_oidc_connection', {
    ...connection,
    attributeMapping: { ['😀'.repeat(101)]: 'x' },
  });
  expect(long.error).toMatchObject({ code: 'invalid_arguments', field: 'attributeMapping' });
});

verifies('answers.only-what-is-used', 'an odd secret hides neither the others nor the redirect URIs', async () => {
  const call = await caller({
    answer(body, _url, status) {
      const [client] = (body as { clients?: { secrets: unknown[] }[] }).clients ?? [];
      if (client !== undefined) client.secrets = [{ id: 5 }, ...client.secrets];
      return { status, text: JSON.stringify(body) };
    },
  });
  const { data } = await call('get_environment_credentials');
  expect(data.secrets[0]).toEqual({ unreadable: true });
  expect(data.secrets[1]).toMatchObject({ secret_suffix: expect.any(String) });
  expect((await call('list_redirect_uris')).data.client_id).toEqual(expect.any(String));
  expect((await call('add_redirect_uri', { uri: 'https://odd.example/callback' })).data.changed).toBe(true);
});
