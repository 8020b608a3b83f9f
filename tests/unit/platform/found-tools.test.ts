import { expect } from 'vitest';
import type { Api } from '../../../src/core/api.ts';
import { findForUser } from '../../../src/platform/found-tools.ts';
import { verifies } from '../../verifies.ts';

const find = async (connections: unknown) => {
  const tool = { name: 'slack_send_message', provider: 'SLACK', connections };
  const post = async () => ({ tools: [tool] });
  const { found } = (await findForUser({ post } as unknown as Api, { query: 'send', identifier: 'a' })) as {
    found: Record<string, unknown>[];
  };
  return found[0];
};
const connection = (connection_name: string, state: string) => ({
  connection_name,
  connected_account_id: `ca_${connection_name}`,
  readiness_state: `TOOL_READINESS_STATE_${state}`,
});

verifies(
  'tools.search-tools',
  'lets the user choose among several workspaces, and hands on no idle account',
  async () => {
    const both = await find([connection('north', 'READY'), connection('south', 'READY')]);
    expect(both).toMatchObject({ next_step: 'ask_which' });
    expect(both).not.toHaveProperty('next_tool');
    const idle = await find([connection('north', 'NEEDS_REAUTH'), connection('south', 'NEEDS_CONNECTION')]);
    expect(idle).toMatchObject({ next_step: 'ask_which', next_tool: 'create_connected_account_magic_link' });
    expect(JSON.stringify(idle)).not.toContain('ca_');
  },
);

verifies('tools.search-tools', 'takes no state that it does not know for a good one', async () => {
  for (const state of ['UNSPECIFIED', 'SOON_READY']) {
    const found = await find([connection('north', state)]);
    expect(found).toMatchObject({ next_step: 'reconnect' });
    expect(JSON.stringify(found)).not.toContain('ca_');
  }
  expect(await find([{ ...connection('north', ''), readiness_state: 3 }])).toMatchObject({ next_step: 'reconnect' });
});
