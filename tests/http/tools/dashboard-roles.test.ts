import { afterAll, beforeAll, describe, expect } from 'vitest';
import { CUSTOM_DASHBOARD_ROLE_ID, ENVIRONMENT_IDS, MEMBER_IDS, PERSON_IDS } from '../../../src/sandbox/data/ids.ts';
import { running, type TestServer } from '../../fixtures/running.ts';
import { FakeScalekit, json } from '../../fixtures/scalekit.ts';
import { sharedServer } from '../../fixtures/shared-server.ts';
import { confirmingCaller, toolCaller } from '../../fixtures/tool-caller.ts';
import { verifies } from '../../verifies.ts';

const { server, token, asked } = sharedServer();
const { development, production } = ENVIRONMENT_IDS;

const call = (name: string, args: Record<string, unknown> = {}) => toolCaller(server().url, token())(name, args);
const confirmed = (name: string, args: Record<string, unknown>) => confirmingCaller(server().url, token())(name, args);
const written = () => asked().filter(({ method }) => method !== 'GET');

describe('members of the workspace', () => {
  verifies('tools.members', 'are shown one by one, with the role that they have', async () => {
    const { data } = await call('get_workspace_member', { memberId: PERSON_IDS.integrator });
    expect(data.member).toMatchObject({
      role: 'USER',
      dashboard_role: { id: CUSTOM_DASHBOARD_ROLE_ID, display_name: 'Integrations' },
      organizations: [{ membership_status: 'ACTIVE' }],
    });
    const invited = await call('get_workspace_member', { memberId: MEMBER_IDS.auditor });
    expect(invited.data.member.organizations).toMatchObject([{ membership_status: 'PENDING_INVITE' }]);
    expect(invited.data.member).not.toHaveProperty('dashboard_role');
    const nobody = await call('get_workspace_member', { memberId: 'usr_71204418093099999' });
    expect(nobody.error).toMatchObject({ code: 'not_found' });
    const odd = await call('get_workspace_member', { memberId: 'usr_1' });
    expect(odd.error).toMatchObject({ code: 'invalid_arguments', field: 'memberId' });
  });

  verifies('tools.removed-workspace-member', 'are shown with the other admins before they are removed', async () => {
    const args = { memberId: MEMBER_IDS.contractor };
    const { error } = await call('remove_workspace_member', args);
    expect(error).toMatchObject({
      code: 'confirmation_required',
      preview: {
        member: { email: 'lena@voss-consulting.example' },
        other_admins: { count: 1, is_complete: true, entries: [{ id: PERSON_IDS.admin }] },
        is_you: false,
      },
    });
    expect((await confirmed('remove_workspace_member', args)).data).toEqual({ deleted_id: MEMBER_IDS.contractor });
    expect(written()).toMatchObject([{ method: 'DELETE', url: `/api/v1/members/${MEMBER_IDS.contractor}` }]);
    expect((await call('get_workspace_member', args)).error).toMatchObject({ code: 'not_found' });
  });

  verifies('tools.removed-workspace-member', 'are not removed where nobody else administers it', async () => {
    const { error } = await call('remove_workspace_member', { memberId: PERSON_IDS.admin });
    expect(error).toMatchObject({
      code: 'invalid_arguments',
      field: 'memberId',
      nextTool: 'assign_dashboard_role',
      message: expect.stringContaining('only active admin'),
    });
    expect(written()).toEqual([]);
  });
});

describe('the workspace', () => {
  verifies('tools.workspace', 'is shown without its ids at those who bill it', async () => {
    const { data } = await call('get_workspace');
    expect(data.workspace).toMatchObject({ region_code: 'EU', extended_info: { payment_method_present: true } });
    expect(data.workspace).not.toHaveProperty('billing_customer_id');
  });

  verifies('tools.workspace', 'tells what it has used by product and tier', async () => {
    const { data } = await call('get_workspace_usage');
    expect(data.products).toMatchObject([
      { product_name: 'Monthly active users', tiers: [{ is_free_tier: true }, { current_count: '2412' }] },
      { product_name: 'SSO connections', total_amount: '200' },
    ]);
  });
});

describe('roles in the dashboard', () => {
  verifies('tools.dashboard-roles', 'are listed with what each permits, the workspace’s own ones too', async () => {
    const { roles } = (await call('list_dashboard_roles')).data;
    expect(roles.map(({ name }: { name: string }) => name)).toEqual([
      ...['admin', 'developer', 'member', 'no_access', 'integrations_k3v9'],
    ]);
    expect(roles[3]).toMatchObject({ is_fixed: true, permissions: [] });
    const { permissions } = (await call('list_dashboard_permissions')).data;
    const known = permissions.map(({ key }: { key: string }) => key);
    expect(known).toEqual(expect.arrayContaining(roles[4].permissions));
  });

  verifies(
    'tools.dashboard-roles',
    'are given in the workspace, by name or id, and the one before is told',
    async () => {
      const args = { memberId: MEMBER_IDS.auditor };
      const first = await call('assign_dashboard_role', { ...args, role: 'developer' });
      expect(first.data).toMatchObject({ member_id: MEMBER_IDS.auditor, role: { name: 'developer' } });
      expect(first.data).not.toHaveProperty('before.name');
      const second = await call('assign_dashboard_role', { ...args, role: CUSTOM_DASHBOARD_ROLE_ID });
      expect(second.data).toMatchObject({ before: { name: 'developer' }, role: { id: CUSTOM_DASHBOARD_ROLE_ID } });
      expect(written()).toMatchObject([
        { url: `/api/v1/dashboard/members/${MEMBER_IDS.auditor}/role`, body: { role: 'developer' } },
        { body: { role: CUSTOM_DASHBOARD_ROLE_ID } },
      ]);
      const unknown = await call('assign_dashboard_role', { ...args, role: 'captain' });
      expect(unknown.error).toMatchObject({ code: 'invalid_request', field: 'role', nextTool: 'list_dashboard_roles' });
    },
  );

  verifies(
    'tools.dashboard-roles',
    'are given in one environment, where they hold until they are cleared',
    async () => {
      const args = { memberId: PERSON_IDS.colleague, environmentId: development };
      const { data } = await call('assign_dashboard_role', { ...args, role: 'developer' });
      expect(data).toMatchObject({
        environment_id: development,
        before: { name: 'member' },
        role: { name: 'developer' },
      });
      const roles = async () =>
        (await call('list_member_environment_roles', { memberId: PERSON_IDS.colleague })).data.environments;
      expect(await roles()).toMatchObject([
        { environment_id: development, is_override: true, effective_role: { name: 'developer' } },
        { environment_id: production, is_override: false, effective_role: { name: 'member' } },
      ]);
      const preview = await call('clear_member_environment_role', args);
      expect(preview.error.preview).toMatchObject({
        environment_role: { effective_role: { name: 'developer' } },
        workspace_role: { name: 'member' },
      });
      const cleared = await confirmed('clear_member_environment_role', args);
      expect(cleared.data.environment_role).toMatchObject({ is_override: false, effective_role: { name: 'member' } });
      expect((await call('clear_member_environment_role', args)).error).toMatchObject({
        code: 'not_found',
        nextTool: 'list_member_environment_roles',
      });
      const elsewhere = { memberId: PERSON_IDS.colleague, environmentId: 'env_71204418093099999' };
      for (const [name, more] of [
        ['assign_dashboard_role', { role: 'member' }],
        ['clear_member_environment_role', {}],
      ] as const) {
        expect((await call(name, { ...elsewhere, ...more })).error).toMatchObject({ code: 'not_found' });
      }
    },
  );

  verifies(
    'tools.dashboard-roles',
    'leave the workspace an admin: the last one stays one, and no longer the last may go',
    async () => {
      const mira = { memberId: PERSON_IDS.admin };
      const last = await call('assign_dashboard_role', { ...mira, role: 'developer' });
      expect(last.error).toMatchObject({ code: 'invalid_arguments', field: 'memberId' });
      expect(written()).toEqual([]);
      // Whoever has not come yet can give no roles.
      await call('assign_dashboard_role', { memberId: MEMBER_IDS.auditor, role: 'admin' });
      expect((await call('assign_dashboard_role', { ...mira, role: 'developer' })).error.field).toBe('memberId');
      await call('assign_dashboard_role', { memberId: PERSON_IDS.colleague, role: 'admin' });
      const { data } = await call('assign_dashboard_role', { ...mira, role: 'developer' });
      expect(data).toMatchObject({ before: { name: 'admin' }, role: { name: 'developer' } });
    },
  );
});

describe('against a Scalekit that answers otherwise', () => {
  let scalekit: FakeScalekit;
  let own: TestServer;
  let ask: ReturnType<typeof toolCaller>;
  const memberId = 'usr_71204418093056199';
  beforeAll(async () => {
    scalekit = await FakeScalekit.start();
    own = await running(scalekit.env);
    ask = toolCaller(own.localUrl, await scalekit.mint({ claims: { scope: 'workspace:write workspace:read' } }));
  });
  afterAll(async () => {
    await own.stop();
    await scalekit.close();
  });

  verifies(
    'tools.dashboard-roles',
    'a workspace without dashboard roles is not told as one where it was given',
    async () => {
      scalekit.serveApi(({ method }, response) =>
        json(response, 200, method === 'GET' ? { member: { id: memberId, role: 'USER' } } : {}),
      );
      const { error } = await ask('assign_dashboard_role', { memberId, role: 'developer' });
      expect(error).toMatchObject({ code: 'not_applied', field: 'role', nextTool: 'get_workspace_member' });
    },
  );

  verifies('tools.removed-workspace-member', 'the older role counts where there is no other', async () => {
    const pending = [{ membership_status: 'INVITE_EXPIRED' }];
    const other = { id: 'usr_71204418093056198', role: 'ADMIN', organizations: pending };
    scalekit.serveApi(({ url }, response) =>
      json(
        response,
        200,
        url.includes('page_size')
          ? { members: [{ id: memberId, role: 'ADMIN' }, other], next_page_token: '', total_size: 2 }
          : { member: { id: memberId, role: 'ADMIN' } },
      ),
    );
    const { error } = await ask('remove_workspace_member', { memberId });
    expect(error).toMatchObject({ code: 'invalid_arguments', field: 'memberId' });
  });

  verifies('tools.removed-workspace-member', 'the API decides where the others cannot be listed', async () => {
    scalekit.serveApi(({ url }, response) =>
      url.includes('page_size')
        ? json(response, 403, { code: 7, message: 'no', details: [] })
        : json(response, 200, { member: { id: memberId, role: 'ADMIN' } }),
    );
    const { error } = await ask('remove_workspace_member', { memberId });
    expect(error).toMatchObject({
      code: 'confirmation_required',
      preview: { other_admins: { count: null, is_complete: false } },
    });
  });
});
