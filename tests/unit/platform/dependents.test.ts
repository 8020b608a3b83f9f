import { describe, expect } from 'vitest';
import type { Api, Query } from '../../../src/core/api.ts';
import { type ErrorCode, ToolError } from '../../../src/core/errors.ts';
import { showConnectedAccount, showMcpConfig } from '../../../src/platform/mcp-dependents.ts';
import { verifies } from '../../verifies.ts';

type Answer = (query: Query) => unknown;

/** An API that answers reads by their paths. */
function apiOf(answers: Readonly<Record<string, Answer>>): Api {
  const get: Api['get'] = async ({ text }, query = {}) => answers[text]?.(query);
  return { get } as Api;
}

const CONFIG: Answer = () => ({ config: { id: 'cfg_1', name: 'triage' } });
const refusing = (code: ErrorCode) => () => {
  throw new ToolError(code, 'No.');
};

describe('the instances of a config', () => {
  verifies('confirm.dependents', 'are those of this config alone, and come in one order', async () => {
    const asked: Query[] = [];
    const api = apiOf({
      '/mcp/configs/cfg_1': CONFIG,
      '/mcp/instances': (query) => {
        asked.push(query);
        return query['page_token'] === undefined
          ? { instances: [{ id: 'inst_9' }, { id: 'inst_7', config: { id: 'cfg_2' } }], next_page_token: 'more' }
          : { instances: [{ id: 'inst_3', user_identifier: 'mira', config: { id: 'cfg_1', name: 'triage' } }] };
      },
    });
    expect((await showMcpConfig(api, 'cfg_1')).instances).toEqual({
      count: 2,
      is_complete: true,
      entries: [
        { id: 'inst_3', user_identifier: 'mira', config_name: 'triage' },
        { id: 'inst_9', config_name: undefined },
      ],
    });
    expect(asked).toMatchObject([{ 'filter.config_name': 'triage' }, { page_token: 'more' }]);
  });

  verifies('confirm.dependents', 'are counted up to ten pages, and are said to be more then', async () => {
    let pages = 0;
    const api = apiOf({
      '/mcp/configs/cfg_1': CONFIG,
      '/mcp/instances': () => ({ instances: [{ id: `inst_${pages++}` }], next_page_token: String(pages) }),
    });
    expect((await showMcpConfig(api, 'cfg_1')).instances).toMatchObject({ count: 10, is_complete: false });
    expect(pages).toBe(10);
  });

  verifies.each<ErrorCode>('confirm.dependents', ['not_found', 'not_supported', 'permission_denied'])(
    'are said to be unknown to those who cannot list them: %s',
    async (code) => {
      const api = apiOf({ '/mcp/configs/cfg_1': CONFIG, '/mcp/instances': refusing(code) });
      const { config, instances } = await showMcpConfig(api, 'cfg_1');
      expect([config['id'], instances]).toEqual(['cfg_1', { count: null, is_complete: false, entries: [] }]);
    },
  );

  verifies.each<ErrorCode>('confirm.dependents', ['upstream_error', 'upstream_timeout', 'rate_limited'])(
    'are needed where only this attempt has failed: %s',
    async (code) => {
      const api = apiOf({ '/mcp/configs/cfg_1': CONFIG, '/mcp/instances': refusing(code) });
      await expect(showMcpConfig(api, 'cfg_1')).rejects.toMatchObject({ code });
    },
  );

  verifies.each<[object, number | undefined]>('confirm.dependents', [
    [{ next_page_token: '', total_size: 0 }, 0],
    [{ instances: null, total_size: '0' }, 0],
    [{ instances: [] }, 0],
    [{}, undefined],
    [{ total_size: 3 }, undefined],
    [{ instances: 'none', total_size: 0 }, undefined],
  ])('are none only where the API says so: %j', async (answer, count) => {
    const shown = showMcpConfig(apiOf({ '/mcp/configs/cfg_1': CONFIG, '/mcp/instances': () => answer }), 'cfg_1');
    if (count === undefined) await expect(shown).rejects.toMatchObject({ code: 'unexpected_response' });
    else expect((await shown).instances).toEqual({ count, is_complete: true, entries: [] });
  });

  verifies('confirm.dependents', 'are not asked for where the config itself cannot be read', async () => {
    const api = apiOf({ '/mcp/configs/cfg_1': refusing('not_found') });
    await expect(showMcpConfig(api, 'cfg_1')).rejects.toMatchObject({ code: 'not_found' });
  });
});

verifies('confirm.dependents', 'an account is needed by connection, by its id where both sides name one', async () => {
  const mapped = (id: string, ...mappings: object[]) => ({ id, name: id, connection_tool_mappings: mappings });
  const configs = [
    mapped('by_id', { connection_id: 'conn_1', connection_name: 'renamed' }),
    mapped('by_name', { connection_name: 'Slack-Ops' }),
    mapped('another_id', { connection_id: 'conn_2', connection_name: 'slack-ops' }),
    mapped('another_name', { connection_name: 'gmail' }),
    { id: 'none' },
  ];
  const api = apiOf({
    '/connected_accounts/details': () => ({
      connected_account: { id: 'ca_1', identifier: 'mira', connector: 'slack-ops', connection_id: 'conn_1' },
    }),
    '/mcp/configs': () => ({ configs }),
    '/mcp/instances': () => ({
      instances: [
        { id: 'hers', user_identifier: 'mira', config: configs[0] },
        { id: 'unknown_config', user_identifier: 'mira' },
        { id: 'hers_without', user_identifier: 'mira', config: configs[3] },
        { id: 'his', user_identifier: 'jonas', config: configs[0] },
      ],
    }),
  });
  const { configs: needing, instances } = await showConnectedAccount(api, 'ca_1');
  expect(needing.entries.map(({ id }) => id)).toEqual(['by_id', 'by_name']);
  expect(instances.entries.map(({ id }) => id)).toEqual(['hers', 'unknown_config']);
});
