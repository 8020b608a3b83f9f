import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, vi } from 'vitest';
import { ENVIRONMENT_IDS } from '../../../src/sandbox/data/ids.ts';
import { running, type TestServer } from '../../fixtures/running.ts';
import { confirmingCaller, toolCaller } from '../../fixtures/tool-caller.ts';
import { verifies } from '../../verifies.ts';

const environmentId = ENVIRONMENT_IDS.development;

let server: TestServer;
let call: ReturnType<typeof toolCaller>;
beforeAll(async () => {
  server = await running();
  call = toolCaller(server.localUrl, await server.token());
  await call('list_organizations', { environmentId });
});
afterAll(() => server.stop());
beforeEach(() => {
  server.requests.length = 0;
});

const asked = () => server.requests.map(({ url }) => decodeURIComponent(url));

describe('search_connectors', () => {
  const identifiers = async (args: object) => {
    const { data } = await call('search_connectors', { environmentId, ...args });
    return data.providers.map(({ identifier }: { identifier: string }) => identifier);
  };

  verifies(
    'tools.connectors',
    'finds every word of a text in names, descriptions and categories, custom ones too',
    async () => {
      expect(await identifiers({ query: 'crm contacts' })).toEqual(['SALESFORCE', 'HUBSPOT']);
      expect(await identifiers({ query: 'Gmail' })).toEqual(['GMAIL']);
      expect(await identifiers({ query: 'tide' })).toEqual(['CUSTOM_TIDES']);
      expect(await identifiers({ query: 'nothing like it' })).toEqual([]);
      const nine = await call('search_connectors', { environmentId, query: 'b c d e f g h i j' });
      expect(nine.error).toMatchObject({ code: 'invalid_arguments', field: 'query' });
      expect((await identifiers({})).length).toBeGreaterThan(8);
      expect(asked()).toEqual(Array(5).fill('/api/v1/providers?filter.provider_type=ALL&page_size=100'));
    },
  );

  verifies('tools.connectors', 'says how accounts are authorized, and what cannot be connected yet', async () => {
    const { data } = await call('list_connectors', { environmentId, query: 'linear' });
    expect(data.providers).toEqual([
      expect.objectContaining({ identifier: 'LINEAR', auth_types: ['API_KEY'], coming_soon: true, is_custom: false }),
    ]);
  });

  verifies('tools.connectors', 'reads all pages of the API, and pages what it has found', async () => {
    const first = await call('search_connectors', { environmentId, pageSize: 4 });
    expect(first.data.providers).toHaveLength(4);
    const { next_page_token: pageToken } = first.data;
    const second = await call('search_connectors', { environmentId, pageSize: 4, pageToken });
    expect(second.data.providers).toHaveLength(4);
    expect(second.data.providers[0].identifier).not.toBe(first.data.providers[0].identifier);
  });
});

describe('search_tools', () => {
  verifies('tools.search-tools', 'shows names in groups, or whole tools, by connector, words, or both', async () => {
    const names = await call('search_tools', { environmentId, query: 'page' });
    expect(names.data.groups).toEqual([
      { connector: 'notion', tool_names: ['notion_page_search', 'notion_page_content_get'] },
    ]);
    const inAnyCase = await call('search_tools', { environmentId, connector: 'slack' });
    expect(inAnyCase.data.groups).toEqual([
      { connector: 'slack', tool_names: ['slack_send_message', 'slack_list_channels'] },
    ]);
    const whole = await call('search_tools', { environmentId, connector: 'SLACK', query: 'send', summary: false });
    expect(whole.data.tools).toEqual([
      expect.objectContaining({ definition: expect.objectContaining({ name: 'slack_send_message' }) }),
    ]);
  });

  verifies('tools.search-tools', 'goes on page by page, with 30 entries at most', async () => {
    const args = { environmentId, query: 'gmail', pageSize: 1 };
    const first = await call('search_tools', args);
    const { next_page_token: pageToken } = first.data;
    const second = await call('search_tools', { ...args, pageToken });
    expect(
      [first, second].flatMap(({ data }) => data.groups.flatMap((group: { tool_names: string[] }) => group.tool_names)),
    ).toEqual(['gmail_fetch_mails', 'gmail_get_message_by_id']);
    expect((await call('search_tools', { ...args, pageSize: 31 })).error).toMatchObject({ field: 'pageSize' });
  });

  const forUser = async (identifier: string, args: Record<string, unknown> = {}) =>
    (await call('search_tools', { environmentId, identifier, query: 'fetch mails', ...args })).data;
  const next_tool = 'create_connected_account_magic_link';

  verifies('tools.search-tools', 'says for a user what is to be done before a tool runs', async () => {
    const [ready] = (await forUser('mira@harborlight.example')).found;
    expect(ready).toEqual({
      name: 'gmail_fetch_mails',
      provider: 'GMAIL',
      description: expect.any(String),
      connections: [
        { connection_name: 'gmail', readiness_state: 'READY', connected_account_id: 'ca_71204418093065101' },
      ],
      next_step: 'run',
    });
    // Whose login has run out, whose account is idle, who has none.
    const [expired] = (await forUser('jonas@harborlight.example')).found;
    expect(expired).toMatchObject({
      connections: [{ readiness_state: 'NEEDS_REAUTH' }],
      next_step: 'reconnect',
      next_tool,
    });
    expect(expired.connections[0]).not.toHaveProperty('connected_account_id');
    const [idle] = (await forUser('buying@driftwood.example')).found;
    expect(idle).toMatchObject({ connections: [{ readiness_state: 'NEEDS_CONNECTION' }], next_step: 'reconnect' });
    const [none] = (await forUser('nobody@driftwood.example')).found;
    expect(none).toMatchObject({ connections: [], next_step: 'connect', next_tool });
  });

  verifies('tools.search-tools', 'finds for a user in one request, of one connector if it is named', async () => {
    const { found, tools } = await forUser('mira@harborlight.example', {
      query: 'channel mailbox',
      connector: 'slack',
    });
    expect(found.map(({ name }: { name: string }) => name)).toEqual(['slack_send_message']);
    expect(tools).toEqual([]);
    expect(asked()).toEqual(['/api/v1/tools:search']);
    expect((await forUser('mira@harborlight.example', { query: 'a page of mail', pageSize: 1 })).found).toHaveLength(1);
    const identifier = 'mira@harborlight.example';
    const wrong = [{ query: undefined }, { query: 'mails', pageToken: 'x' }];
    for (const args of wrong) {
      const { error } = await call('search_tools', { environmentId, identifier, ...args });
      expect(error).toMatchObject({ code: 'invalid_arguments' });
    }
  });

  verifies('tools.search-tools', 'finds those of a connection that was just enabled half a minute later', async () => {
    const agreed = confirmingCaller(server.localUrl, await server.token());
    const { data } = await call('list_app_connections', { environmentId, provider: 'slack' });
    const connectionId = data.connections[0].id;
    const names = async () => {
      const { found } = await forUser('mira@harborlight.example', { query: 'slack message' });
      return found.map(({ name }: { name: string }) => name);
    };
    const later = () => vi.setSystemTime(Date.now() + 31_000);
    vi.useFakeTimers({ toFake: ['Date'] });
    onTestFinished(() => void vi.useRealTimers());
    expect(await names()).toContain('slack_send_message');
    await agreed('disable_environment_connection', { environmentId, connectionId });
    expect(await names()).toContain('slack_send_message');
    later();
    expect(await names()).not.toContain('slack_send_message');
    await agreed('enable_environment_connection', { environmentId, connectionId });
    expect(await names()).not.toContain('slack_send_message');
    later();
    expect(await names()).toContain('slack_send_message');
  });

  verifies('tools.search-tools', 'needs a connector or a text of three characters', async () => {
    expect((await call('search_tools', { environmentId })).error).toMatchObject({ code: 'invalid_arguments' });
    expect((await call('search_tools', { environmentId, query: 'ab' })).error).toMatchObject({ field: 'query' });
    expect(asked()).toEqual([]);
  });
});
