import { afterAll, beforeAll, describe, expect } from 'vitest';
import { ENVIRONMENT_IDS, MEMBER_IDS, PRODUCTION_ORGANIZATION_IDS } from '../../src/sandbox/data/ids.ts';
import { failureIn } from '../fixtures/failure-in.ts';
import { recordsIn } from '../fixtures/ledger.ts';
import { callTool, rpc } from '../fixtures/rpc.ts';
import { running, type TestServer } from '../fixtures/running.ts';
import { toolCaller } from '../fixtures/tool-caller.ts';
import { verifies } from '../verifies.ts';

const { development, production } = ENVIRONMENT_IDS;

describe.each(['confirm', 'deny'] as const)('with PRODUCTION_WRITES=%s', (rule) => {
  let server: TestServer;
  let call: ReturnType<typeof toolCaller>;

  beforeAll(async () => {
    server = await running({ PRODUCTION_WRITES: rule, AUDIT_LOG: 'stderr', AGENT_TOOL_EXECUTION: 'on' });
    call = toolCaller(server.url, await server.token());
  });
  afterAll(() => server.stop());

  const create = (environmentId: string, more: object = {}) =>
    call('create_organization', { environmentId, name: 'Harbour Tours', ...more });

  verifies('confirm.production', 'other environments are changed at once', async () => {
    expect(await create(development)).toMatchObject({ data: { organization: { display_name: 'Harbour Tours' } } });
  });

  verifies('confirm.production', 'reading is left alone', async () => {
    expect(await call('list_organizations', { environmentId: production })).toHaveProperty('data.organizations');
    expect(await call('whoami', {})).toHaveProperty('data.subject');
  });

  if (rule === 'deny') {
    verifies('confirm.production', 'nothing is changed there, by any way', async () => {
      const before = server.requests.length;
      const refused = { code: 'production_protected', retryable: false };
      expect(await create(production)).toMatchObject({ error: refused });
      const args = { environmentId: production, name: 'Harbour Tours' };
      expect(await call('call_tool', { name: 'create_organization', arguments: args })).toMatchObject({
        error: refused,
      });
      const promote = { memberId: MEMBER_IDS.contractor, role: 'admin', environmentId: production };
      expect(await call('assign_dashboard_role', promote)).toMatchObject({ error: refused });
      const everywhere = { memberId: MEMBER_IDS.contractor, role: 'admin' };
      expect(await call('assign_dashboard_role', everywhere)).toMatchObject({ error: refused });
      const inFence = await callTool(
        `${server.localUrl}/mcp?environment=${production}`,
        'modern',
        'create_organization',
        { name: 'Harbour Tours' },
        { token: await server.token() },
      );
      expect(failureIn(inFence.body.result)).toMatchObject(refused);
      const destroy = { environmentId: production, organizationId: PRODUCTION_ORGANIZATION_IDS.meridian };
      expect(await call('delete_organization', destroy)).toMatchObject({ error: refused });
      expect(server.requests.slice(before).filter(({ method }) => method !== 'GET')).toEqual([]);
    });
    return;
  }

  verifies.each('confirm.production', [
    ["Ann password='"],
    ['Ann secret: '],
    ['https://a.example/?code='],
    ['Ann password%3D"'],
    ['x'.repeat(240)],
  ])('no value takes those behind it out of the sentence: %s', async (firstName) => {
    const user = {
      environmentId: production,
      organizationId: PRODUCTION_ORGANIZATION_IDS.meridian,
      email: 'ann@meridian.example',
      firstName,
      metadata: Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`member${i}`, 'y'.repeat(240)])),
      roles: ['admin'],
      sendInvitationEmail: true,
    };
    const { error } = await call('create_organization_user', user);
    expect(error, JSON.stringify(error)).toMatchObject({ code: 'confirmation_required' });
    expect(error?.action).toContain('"ann@meridian.example"');
    expect(error?.action).toContain('"admin"');
    expect(error?.action).toMatch(/invitation/);
    await call('create_organization_user', { ...user, confirmation: error?.confirmation });
    const actions = recordsIn(server.ledger()).map(({ action }) => action);
    expect(actions).toContain(error?.action);
  });

  verifies('confirm.readable', 'what nobody would read to its end is refused before anybody agrees to it', async () => {
    const cells = (count: number) =>
      JSON.stringify({ rows: Array.from({ length: count }, (_, i) => `harmless cell ${i}`) });
    const write = (environmentId: string, count: number) =>
      call('execute_agent_tool', {
        toolName: 'slack_send_message',
        connectedAccountId: 'ca_71204418093065102',
        paramsJson: cells(count),
        environmentId,
      });
    const { error } = await write(production, 2_000);
    expect(error).toMatchObject({ code: 'invalid_arguments', message: expect.stringContaining('Make several calls') });
    expect(error).not.toHaveProperty('confirmation');
    const { action } = recordsIn(server.ledger()).at(-1) ?? {};
    expect(action).toMatch(/"harmless cell 0".*….*"harmless cell 1999"/);
    expect(String(action).length).toBeLessThanOrEqual(12_000);
    expect((await write(development, 2_000)).error?.message ?? '').not.toContain('Make several calls');
    const asked = await write(production, 300);
    expect(asked.error).toMatchObject({ code: 'confirmation_required' });
    expect(asked.error?.action).toContain('"harmless cell 150", "harmless cell 151"');
    expect(asked.error?.action).toContain('"harmless cell 299"]}');
  });

  verifies('confirm.readable', 'nothing is confirmed of which a part is beyond what can be looked at', async () => {
    const audience = Array.from({ length: 40 }, (_, i) => `https://a${i}.harbour.example/${'a'.repeat(1_100)}`);
    const client = {
      organizationId: PRODUCTION_ORGANIZATION_IDS.meridian,
      name: 'Harbour',
      audience: [...audience, 'https://elsewhere.example'],
    };
    const { error } = await call('create_organization_client', { ...client, environmentId: production });
    expect(error).toMatchObject({ code: 'invalid_arguments', message: expect.stringContaining('Make several calls') });
    await call('create_organization_client', { ...client, environmentId: development });
    const { action } = recordsIn(server.ledger()).at(-1) ?? {};
    expect(action).toMatch(/^Create .*a0\.harbour\.example.* The arguments are longer than this says\.$/);
  });

  verifies('confirm.production', 'what is changed in the whole workspace is changed there', async () => {
    const everywhere = { memberId: MEMBER_IDS.contractor, role: 'admin' };
    const { error } = await call('assign_dashboard_role', everywhere);
    expect(error).toMatchObject({ code: 'confirmation_required' });
    expect(await call('assign_dashboard_role', { ...everywhere, environmentId: development })).toHaveProperty('data');
    const done = await call('assign_dashboard_role', { ...everywhere, confirmation: error?.confirmation });
    expect(done).toHaveProperty('data');
  });

  verifies('confirm.production', 'a change there is made once it is confirmed, for the same call alone', async () => {
    const asked = await create(production);
    expect(asked.error).toMatchObject({
      code: 'confirmation_required',
      action: 'Create the organization "Harbour Tours".',
      confirmation: expect.any(String),
    });
    expect(asked.error).not.toHaveProperty('preview');
    const confirmation = asked.error?.confirmation;
    const other = await create(production, { confirmation, slug: 'harbour' });
    expect(other).toMatchObject({ error: { code: 'confirmation_invalid' } });
    expect(await create(development, { confirmation })).toMatchObject({ error: { code: 'confirmation_invalid' } });
    expect(await create(production, { confirmation })).toMatchObject({
      data: { organization: { display_name: 'Harbour Tours' } },
    });
    expect(await create(production, { confirmation })).toMatchObject({ error: { code: 'confirmation_invalid' } });
    const records = recordsIn(server.ledger()).filter((record) => record['environment'] === production);
    expect(records.map(({ action }) => action)).toContain('Create the organization "Harbour Tours".');
    expect(records.some((record) => 'confirmation_sha256' in record && record['success'] === true)).toBe(true);
  });

  verifies(
    'confirm.production',
    'an argument announces it wherever something is changed in an environment',
    async () => {
      const { body } = await rpc(`${server.localUrl}/mcp`, 'modern', 'tools/list', {}, { token: await server.token() });
      for (const { name, inputSchema, annotations } of body.result.tools) {
        const takes = 'confirmation' in (inputSchema.properties ?? {});
        const isWrite = annotations.readOnlyHint === false && 'environmentId' in (inputSchema.properties ?? {});
        expect([name, takes]).toEqual([name, isWrite]);
      }
    },
  );

  verifies('confirm.production', 'a tool that only writes with an argument reads without it', async () => {
    const args = { environmentId: production, configId: 'cfg_700000000000000999', user_identifier: 'nobody' };
    expect(await call('list_mcp_config_connected_accounts', args)).toMatchObject({ error: { code: 'not_found' } });
    const links = await call('list_mcp_config_connected_accounts', { ...args, includeAuthLinks: true });
    expect(links).toMatchObject({ error: { code: 'confirmation_required' } });
  });
});
