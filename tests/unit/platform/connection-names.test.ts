import { describe, expect } from 'vitest';
import type { Api } from '../../../src/core/api.ts';
import { requireConnection, requireConnections } from '../../../src/platform/connection-names.ts';
import { verifies } from '../../verifies.ts';

/** An API with these app connections. */
const apiWith = (...connections: unknown[]) =>
  ({ get: async () => ({ connections, next_page_token: '' }) }) as unknown as Api;

const GMAIL = { key_id: 'gmail', mcp_server_url: 'https://a.example/mcp' };
const ODD = { key_id: 7 };

describe('the name of an app connection', () => {
  verifies('tools.mcp-configs', 'is unknown where the API lists none of that name', async () => {
    const refusal = { code: 'invalid_arguments', recovery: { allowed: ['gmail'], nextTool: 'list_app_connections' } };
    await expect(requireConnections(apiWith(GMAIL), ['gmail', 'slack'])).rejects.toMatchObject(refusal);
    await expect(requireConnection(apiWith(GMAIL), 'slack')).rejects.toMatchObject(refusal);
  });

  verifies('list.odd-entry', 'is left to the API where one of them cannot be read', async () => {
    await expect(requireConnections(apiWith(ODD, GMAIL), ['gmail', 'slack'])).resolves.toBeUndefined();
    await expect(requireConnection(apiWith(ODD, GMAIL), 'slack')).resolves.toEqual({ key_id: 'slack' });
    await expect(requireConnection(apiWith(ODD, GMAIL), 'GMAIL')).resolves.toEqual(GMAIL);
  });
});
