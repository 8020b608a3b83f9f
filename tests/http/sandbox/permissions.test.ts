import { afterAll, beforeAll, describe, expect } from 'vitest';
import { DEVELOPMENT_CONNECTION_IDS, ENVIRONMENT_IDS, MEMBER_IDS, PERSON_IDS } from '../../../src/sandbox/data/ids.ts';
import { failureIn } from '../../fixtures/failure-in.ts';
import { callTool } from '../../fixtures/rpc.ts';
import { running, type TestServer } from '../../fixtures/running.ts';
import { verifies } from '../../verifies.ts';
import { Client } from './browser.ts';

const ALL = 'environment:read environment:write organization:read organization:write workspace:read workspace:write';
const { development, production } = ENVIRONMENT_IDS;

/** Priya changes connections and agents in development, only looks in production, and has every scope. */
let server: TestServer;
let token: string;

beforeAll(async () => {
  server = await running();
  const client = await Client.register(server.sandbox());
  ({ access_token: token } = await client.authorize({ scope: ALL }, { person: PERSON_IDS.integrator }));
});
afterAll(() => server.stop());

/** A client that begins to sign in again whenever the HTTP answer asks for it, which is one of the newer era. */
async function asPriya(name: string, args: Record<string, unknown>) {
  const { status, headers, body } = await callTool(`${server.localUrl}/mcp`, 'modern', name, args, { token });
  return {
    status,
    challenge: headers.get('www-authenticate'),
    data: body.result?.structuredContent,
    error: failureIn(body.result),
  };
}

const rename = { connectionId: DEVELOPMENT_CONNECTION_IDS.google, uiButtonTitle: 'Google', oidc_config: {} };

describe('somebody whose role in the dashboard lacks some permissions', () => {
  verifies('sandbox.roles', 'does what it allows', async () => {
    const { error } = await asPriya('update_environment_oidc_connection', { environmentId: development, ...rename });
    expect(error).toBeUndefined();
    expect((await asPriya('list_organizations', { environmentId: production })).error).toBeUndefined();
  });

  verifies.each<[string, string, Record<string, unknown>, string[]]>(
    ['api.permissions', 'sandbox.roles'],
    [
      [
        'changes no customer',
        'create_organization',
        { environmentId: development, name: 'Example Shipping' },
        ['organizations:write'],
      ],
      [
        'changes no connection in production, where her role is another',
        'create_environment_oidc_connection',
        { environmentId: production, provider: 'OKTA' },
        ['sso:write'],
      ],
      ['invites nobody', 'invite_workspace_member', { email: 'new@harborlight.example' }, ['members:write']],
      [
        'gives no role',
        'assign_dashboard_role',
        { memberId: MEMBER_IDS.auditor, role: 'member', environmentId: development },
        ['environment_access:write'],
      ],
    ],
  )(
    '%s: the refusal names the permission and who gives it, and asks for no other token',
    async (_, name, args, lacking) => {
      const { status, challenge, error } = await asPriya(name, args);
      expect([status, challenge]).toEqual([200, null]);
      expect(error).toMatchObject({ code: 'permission_denied', retryable: false });
      expect(error.upstream.required_permissions).toEqual(expect.arrayContaining(lacking));
      expect(error.message).toMatch(/An admin of the workspace can give it to you.*Signing in again does not help/);
      expect(error).not.toHaveProperty('scope');
    },
  );

  verifies('sandbox.roles', 'gets by whoami what her role allows', async () => {
    const { data } = await asPriya('whoami', {});
    expect(data).toMatchObject({ name: 'Priya Raman', dashboard_role: 'integrations_k3v9' });
    expect(data.dashboard_permissions).toContain('sso:write');
    expect(data.dashboard_permissions).not.toContain('organizations:write');
  });

  verifies(
    ['api.permissions', 'tools.dashboard-roles'],
    'gives nobody more than she holds, once she gives roles',
    async () => {
      const machine = await server.token();
      const give = (args: Record<string, unknown>) =>
        callTool(`${server.localUrl}/mcp`, 'modern', 'assign_dashboard_role', args, { token: machine });
      await give({ memberId: PERSON_IDS.integrator, role: 'developer' });
      const { error } = await asPriya('assign_dashboard_role', { memberId: MEMBER_IDS.auditor, role: 'admin' });
      expect(error).toMatchObject({ code: 'permission_denied' });
      // At once, with the same token.
      const { error: allowed } = await asPriya('create_organization', { environmentId: development, name: 'Now' });
      expect(allowed).toBeUndefined();
    },
  );
});
