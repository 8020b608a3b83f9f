import { afterEach, describe, expect } from 'vitest';
import { DEVELOPMENT_ORGANIZATION_IDS, ENVIRONMENT_IDS } from '../../../src/sandbox/data/ids.ts';
import { failureIn } from '../../fixtures/failure-in.ts';
import { callTool } from '../../fixtures/rpc.ts';
import { sharedServer } from '../../fixtures/shared-server.ts';
import { confirmingCaller } from '../../fixtures/tool-caller.ts';
import { verifies } from '../../verifies.ts';

const { call, asked, server, token } = sharedServer();

describe('get_status', () => {
  verifies('tools.status', 'says in numbers what an environment holds, as its lists do', async () => {
    const { data } = await call('get_status');
    const [organizations, users, connections, servers, uris] = await Promise.all([
      call('list_organizations', { pageSize: 1 }),
      call('list_users', { pageSize: 1 }),
      call('list_environment_connections'),
      call('list_mcp_servers', { pageSize: 30 }),
      call('list_redirect_uris'),
    ]);
    const states: { enabled?: boolean }[] = connections.data.connections;
    expect(data.counts).toMatchObject({
      organizations: organizations.data.total_size,
      users: users.data.total_size,
      mcp_servers: servers.data.resources.length,
      connections: states.length,
      callback_uris: uris.data.post_login_uris.length,
    });
    const { enabled, ready_but_off, unfinished } = data.counts.connections_by_state;
    expect(enabled).toBe(states.filter((one) => one.enabled).length);
    expect(enabled + ready_but_off + unfinished).toBe(states.length);
    expect(data.not_read).toEqual([]);
  });

  verifies('tools.status', 'names what is unfinished, and the tool that finishes it', async () => {
    const organizationId = DEVELOPMENT_ORGANIZATION_IDS.tidewater;
    const made = await call('create_organization_connection', { organizationId, type: 'SAML', provider: 'OKTA' });
    const { data } = await call('get_status');
    const drafts = data.unfinished.find(({ what }: { what: string }) =>
      what.startsWith('Connections of organizations that are not'),
    );
    expect(drafts).toMatchObject({
      ids: expect.arrayContaining([made.data.connection.id]),
      next_tool: 'search_organization_connections',
    });
  });

  verifies('tools.status', 'asks the API once for each number', async () => {
    await call('get_status');
    const urls = asked().map(({ url }) => url.replace(/\?.*/, ''));
    expect(urls.filter((url) => !/\/environments\//.test(url)).sort()).toEqual(
      ['clients', 'connections', 'organizations', 'resources', 'users'].map((name) => `/api/v1/${name}`),
    );
  });

  verifies(
    ['tools.status', 'token.scopes'],
    'needs the scopes of all that it reads, and asks for them at once',
    async () => {
      const get = async (scope: string) => {
        const args = { environmentId: ENVIRONMENT_IDS.development };
        const token = await server().token(scope);
        return callTool(`${server().url}/mcp`, 'modern', 'get_status', args, { token });
      };
      expect((await get('environment:read organization:read')).status).toBe(200);
      for (const scope of ['environment:read', 'organization:read', 'workspace:read']) {
        const { status, body, headers } = await get(scope);
        // Whoever repeats a call is told in its result.
        const wanted =
          status === 403
            ? /scope="([^"]*)"/.exec(headers.get('www-authenticate') ?? '')?.[1]
            : failureIn(body.result).scope;
        expect(String(wanted).split(' ')).toEqual(expect.arrayContaining(['environment:read', 'organization:read']));
      }
    },
  );
});

describe('get_workspace_status', () => {
  interface Row {
    readonly [member: string]: unknown;
    readonly id: string;
    readonly counts?: Readonly<Record<string, unknown>>;
    readonly not_read?: readonly string[];
  }
  const status = () => call('get_workspace_status', { environmentId: undefined });
  const fail = (path: string, status: number, code: number, times: number) =>
    server()
      .sandbox()
      .faults.add({
        kind: 'status',
        status,
        body: { code, message: 'planned' },
        when: { path: `/api/v1/${path}` },
        times,
      });
  afterEach(() => server().sandbox().faults.clear());

  verifies('tools.workspace-status', 'has a row for each environment, with what get_status says of it', async () => {
    const [listed, told] = [await call('list_environments', { environmentId: undefined }), await status()];
    const ids = ({ environments }: { environments: Row[] }) => environments.map(({ id }) => id);
    expect(ids(told.data)).toEqual(ids(listed.data));
    for (const { id, counts, unfinished, ...rest } of told.data.environments) {
      const { data } = await call('get_status', { environmentId: id });
      expect(counts).toEqual(data.counts);
      expect(unfinished).toEqual(data.unfinished.map(({ what }: { what: string }) => what));
      expect(rest).toMatchObject({ not_read: [] });
      expect(rest).not.toHaveProperty('failure');
    }
  });

  verifies('tools.workspace-status', 'tells of the environment concerned what could not be read', async () => {
    fail('users', 403, 7, 1);
    fail('connections', 500, 13, 1);
    const { data } = await status();
    const counted = (name: string) =>
      data.environments.filter(({ counts }: Row) => counts?.[name] !== undefined).length;
    const failed = data.environments.filter((row: Row) => row['failure'] !== undefined);
    expect(failed).toEqual([{ ...failed[0], failure: expect.stringMatching(/Scalekit/) }]);
    expect(failed[0]).not.toHaveProperty('counts');
    expect(counted('organizations')).toBe(data.environments.length - 1);
    const denied = data.environments.filter(({ not_read }: Row) => not_read?.includes('users'));
    expect(counted('users') + denied.length).toBe(data.environments.length - 1);
  });

  verifies('tools.workspace-status', 'fails where no environment can be read', async () => {
    fail('connections', 500, 13, 100);
    expect((await status()).error).toMatchObject({ code: 'upstream_error' });
  });

  verifies('tools.workspace-status', 'is not offered to whoever is kept in one environment', async () => {
    const fenced = `${server().url}/mcp?environment=${ENVIRONMENT_IDS.development}`;
    const { body } = await callTool(fenced, 'modern', 'get_workspace_status', {}, { token: token() });
    expect(body.error ?? failureIn(body.result)).toBeDefined();
    expect(asked()).toEqual([]);
  });

  verifies(
    'tools.workspace-status',
    'looks into ten environments at most, with five requests for each, and goes on with a page token',
    async () => {
      for (let known = (await status()).data.environments.length; known < 11; known++) {
        await call('create_environment', { environmentId: undefined, name: `More ${known}` });
      }
      server().exchanges.length = 0;
      const { data } = await status();
      expect(data.environments).toHaveLength(10);
      expect(asked()).toHaveLength(1 + 10 * 5);
      const rest = { environmentId: undefined, pageToken: data.next_page_token };
      expect((await call('get_workspace_status', rest)).data.environments).toHaveLength(1);
    },
  );
});

describe('check_production_readiness', () => {
  const checksIn = ({ data }: Awaited<ReturnType<typeof call>>) =>
    Object.fromEntries(data.checks.map((one: { check: string }) => [one.check, one]));

  verifies('tools.readiness', 'tells what a development environment lacks, and what to do about it', async () => {
    const uri = 'http://localhost:3000/callback';
    await call('add_redirect_uri', { uri });
    const answer = await call('check_production_readiness');
    const states = answer.data.checks.map(({ state }: { state: string }) => state);
    expect(answer.data.to_do).toBe(states.filter((state: string) => state === 'to_do').length);
    expect(answer.data.not_known).toBeGreaterThan(0);
    const checks = checksIn(answer);
    expect(checks['type']).toMatchObject({ state: 'to_do', next_tool: 'list_environments' });
    expect(checks['custom_domain']).toMatchObject({ state: 'to_do', next_tool: 'get_custom_domain_dns_records' });
    expect(checks['callbacks']).toMatchObject({ state: 'to_do', items: expect.arrayContaining([uri]) });
    expect(checks['connections']).toMatchObject({ state: 'to_do' });
    expect(checks['webhooks']).toMatchObject({ state: 'not_known', next_tool: 'get_webhook_portal_url' });
  });

  verifies(
    'tools.readiness',
    'looks at every kind of URI: what is missing, what is for development, what is good',
    async () => {
      const uriChecks = async () => {
        const { callbacks, initiate_login, post_logout, back_channel_logout } = checksIn(
          await call('check_production_readiness'),
        );
        return { callbacks, initiate_login, post_logout, back_channel_logout };
      };
      const local = 'http://localhost:3000/out';
      const good = 'https://app.harborlight.example/out';
      await call('set_initiate_login_uri', { uri: local });
      await call('add_post_logout_redirect_uri', { uri: local });
      await call('add_back_channel_logout_uri', { uri: local });
      const item = { state: 'to_do', items: expect.arrayContaining([local]) };
      expect(await uriChecks()).toMatchObject({
        initiate_login: { ...item, next_tool: 'set_initiate_login_uri' },
        post_logout: { ...item, next_tool: 'remove_post_logout_redirect_uri' },
        back_channel_logout: { ...item, next_tool: 'remove_back_channel_logout_uri' },
      });

      await call('set_initiate_login_uri', { uri: good });
      await call('add_post_logout_redirect_uri', { uri: good });
      const { data: uris } = await call('list_redirect_uris');
      const agree = confirmingCaller(server().url, token());
      const environmentId = ENVIRONMENT_IDS.development;
      const remove = async (tool: string, listed: readonly string[]) => {
        for (const uri of listed) await agree(tool, { environmentId, uri });
      };
      const others = uris.post_logout_redirect_uris.filter((uri: string) => uri !== good);
      await remove('remove_post_logout_redirect_uri', others);
      await remove('remove_back_channel_logout_uri', uris.back_channel_logout_uris);
      expect(await uriChecks()).toMatchObject({
        initiate_login: { state: 'good' },
        post_logout: { state: 'good', seen: 'Post-logout URIs: 1, none for development.' },
        back_channel_logout: { state: 'not_known', next_tool: 'add_back_channel_logout_uri' },
      });

      await agree('remove_initiate_login_uri', { environmentId });
      await remove('remove_post_logout_redirect_uri', [good]);
      expect(await uriChecks()).toMatchObject({
        initiate_login: { state: 'to_do', seen: 'There is no initiate-login URI.' },
        post_logout: { state: 'not_known', next_tool: 'add_post_logout_redirect_uri' },
      });
    },
  );

  verifies('tools.readiness', 'names clients whose only secret was never used, and no others', async () => {
    const secrets = async () => checksIn(await call('check_production_readiness'))['client_secrets'];
    const before = await secrets();
    const create = { name: 'Orders', clientType: 'WEB_APP', redirectUris: ['https://orders.harborlight.example/back'] };
    const { data } = await call('create_environment_client', create);
    const clientId = data.client.id;
    const { data: held } = await call('list_environment_clients', { clientId });
    if ((held.clients?.[0]?.secrets ?? []).length === 0) await call('create_client_secret', { clientId });
    const unused = await secrets();
    expect(unused).toMatchObject({ state: 'to_do', next_tool: 'list_environment_clients' });
    expect(new Set(unused.items)).toEqual(new Set([...(before.items ?? []), clientId]));
    // On its way from one secret to the next.
    await call('create_client_secret', { clientId });
    expect((await secrets()).items ?? []).not.toContain(clientId);
    const production = checksIn(await call('check_production_readiness', {}, 'production'));
    expect(production['client_secrets']).toMatchObject({ state: 'good' });
  });

  verifies('tools.readiness', 'tells what production has, and goes with it when it changes', async () => {
    const before = checksIn(await call('check_production_readiness', {}, 'production'));
    expect(before['type']).toMatchObject({ state: 'good' });
    expect(before['custom_domain']).toMatchObject({ state: 'good', items: ['auth.harborlight.example'] });
    expect(before['callbacks']).toMatchObject({ state: 'good' });
    expect(before['default_roles']).toMatchObject({ state: 'good' });
    const sessions = { idleTimeoutEnabled: false, absoluteTimeoutMinutes: 43_200 };
    await call('update_environment_session_settings', sessions, 'production');
    const after = checksIn(await call('check_production_readiness', {}, 'production'));
    expect(after['sessions']).toMatchObject({ state: 'to_do', next_tool: 'update_environment_session_settings' });
  });
});
