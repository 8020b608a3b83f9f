import { afterAll, beforeAll, describe, expect } from 'vitest';
import { ENVIRONMENT_IDS } from '../../../src/sandbox/data/ids.ts';
import { callTool } from '../../fixtures/rpc.ts';
import { running, type TestServer } from '../../fixtures/running.ts';
import { FakeScalekit, json } from '../../fixtures/scalekit.ts';
import { sharedServer } from '../../fixtures/shared-server.ts';
import { confirmingCaller, toolCaller } from '../../fixtures/tool-caller.ts';
import { verifies } from '../../verifies.ts';

const { server, token, call, asked } = sharedServer();
const { development, production } = ENVIRONMENT_IDS;

const written = () => asked().filter(({ method }) => method !== 'GET');

describe('environments', () => {
  verifies('tools.changed-environments', 'are created empty, of the harmless type unless told otherwise', async () => {
    const anywhere = toolCaller(server().url, token());
    const { data } = await anywhere('create_environment', { name: 'Staging' });
    expect(data.environment).toMatchObject({ display_name: 'Staging', type: 'DEV', region_code: 'EU' });
    expect(written()).toMatchObject([{ body: { display_name: 'Staging', type: 'DEV' } }]);
    const inIt = { environmentId: data.environment.id };
    expect((await anywhere('list_organizations', inIt)).data).toMatchObject({ organizations: [], total_size: 0 });
    expect((await anywhere('list_environment_roles', inIt)).data.roles).not.toEqual([]);
    expect((await anywhere('get_environment_credentials', inIt)).data).toMatchObject({ secrets: [] });
    expect((await anywhere('list_environments')).data.environments).toHaveLength(3);
    const wrong = await anywhere('create_environment', { name: 'Test', type: 'STAGING' });
    expect(wrong.error).toMatchObject({ field: 'type', allowed: ['DEV', 'PRD'] });
  });

  verifies('tools.changed-environments', 'are renamed, and keep the rest', async () => {
    const { data } = await call('update_environment', { name: 'Live' }, 'production');
    expect(data.environment).toMatchObject({ display_name: 'Live', type: 'PRD', custom_domain_status: 'ACTIVE' });
    expect(written()).toMatchObject([{ method: 'PATCH', body: { display_name: 'Live' } }]);
    expect((await call('update_environment', { name: ' ' })).error).toMatchObject({ field: 'name' });
    const nowhere = await call('update_environment', { environmentId: 'env_71204418093099999', name: 'A' });
    expect(nowhere.error).toMatchObject({ code: 'not_found', field: 'environmentId' });
  });

  verifies('tools.environment-settings', 'are changed in the one that a connection is limited to', async () => {
    const there = `${server().localUrl}/mcp?toolsets=environments,environment_settings&environment=${development}`;
    const change = { idleTimeoutEnabled: true };
    const { body } = await callTool(there, 'modern', 'update_environment_session_settings', change, { token: token() });
    expect(body.result.structuredContent.session_settings).toMatchObject({ idle_session_enabled: true });
    expect(written()).toMatchObject([{ url: `/api/v1/environments/${development}/session-settings` }]);
  });
});

describe('settings of sessions', () => {
  const read = async () => (await call('get_environment_session_settings', {}, 'production')).data.session_settings;

  verifies('tools.environment-settings', 'stay where a change does not name them, and times are minutes', async () => {
    const before = await read();
    expect(before).toMatchObject({ access_token_expiry_unit: 'HOURS', cookie_custom_domain: 'harborlight.example' });
    const { data } = await call('update_environment_session_settings', { accessTokenMinutes: 15 }, 'production');
    expect(data.before).toEqual(before);
    expect(data.session_settings).toEqual({
      ...before,
      access_token_expiry: 15,
      access_token_expiry_unit: 'MINUTES',
    });
    expect(written()).toMatchObject([
      {
        method: 'PATCH',
        url: `/api/v1/environments/${production}/session-settings`,
        body: { ...before, access_token_expiry: 15, access_token_expiry_unit: 'MINUTES' },
      },
    ]);
    expect(await read()).toEqual(data.session_settings);
  });

  verifies('tools.environment-settings', 'have bounds, and something must change', async () => {
    const long = await call('update_environment_session_settings', { idleTimeoutMinutes: 10_081 });
    expect(long.error).toMatchObject({ code: 'invalid_arguments', field: 'idleTimeoutMinutes' });
    const nothing = await call('update_environment_session_settings', {});
    expect(nothing.error).toMatchObject({ code: 'invalid_arguments' });
    expect(written()).toEqual([]);
  });

  verifies('tools.environment-settings', 'changed at once are all changed', async () => {
    const changes = [{ idleTimeoutEnabled: false }, { cookieSameSite: 'NONE_MODE' }, { clientAccessTokenMinutes: 20 }];
    await Promise.all(changes.map((change) => call('update_environment_session_settings', change, 'production')));
    expect(await read()).toMatchObject({
      idle_session_enabled: false,
      cookie_same_site_setting: 'NONE_MODE',
      client_access_token_expiry: 20,
    });
  });
});

describe('rules for users', () => {
  verifies('tools.environment-settings', 'stay where a change does not name them, an explicit false too', async () => {
    const { user_management: before } = (await call('get_environment_user_management', {}, 'production')).data;
    expect(before).toMatchObject({ allow_organization_signup: false, enable_bot_detection: false });
    const { data } = await call('update_environment_user_management', { invitationMinutes: 1_440 }, 'production');
    expect(data).toEqual({ before, user_management: { ...before, invitation_expiry: 1_440 } });
    const off = await call('update_environment_user_management', { syncProfileOnSignIn: false }, 'production');
    expect(off.data.user_management).toMatchObject({ sync_user_profile_on_signin: false });
  });
});

describe('features', () => {
  verifies('tools.environment-settings', 'are switched, and unknown ones are not found', async () => {
    const flags = async () => (await call('list_environment_features')).data.features;
    expect(await flags()).toContainEqual({ name: 'custom_user_attributes', enabled: false });
    const on = await call('set_environment_feature', { feature: 'custom_user_attributes', enabled: true });
    expect(on.data).toEqual({ feature: { name: 'custom_user_attributes', enabled: true } });
    expect(await flags()).toContainEqual({ name: 'custom_user_attributes', enabled: true });
    const none = await call('set_environment_feature', { feature: 'teleport', enabled: true });
    expect(none.error).toMatchObject({ code: 'not_found' });
  });

  verifies('tools.environment-settings', 'branding is shown as it is stored, or as not there', async () => {
    const { data } = await call('get_portal_branding', {}, 'production');
    expect(data).toMatchObject({ environmentId: production, customization_settings: { primary_color: '#0b5fa5' } });
    expect((await call('get_portal_branding')).data).not.toHaveProperty('customization_settings');
  });
});

describe('a custom domain', () => {
  const confirmed = (name: string, args: Record<string, unknown>) =>
    confirmingCaller(server().url, token())(name, { environmentId: development, ...args });

  verifies('tools.custom-domains', 'is asked for, verified and becomes active', async () => {
    const customDomain = 'Auth.Dev.Harborlight.example';
    const { dns_records } = (await call('get_custom_domain_dns_records', { customDomain })).data;
    expect(dns_records).toMatchObject([{ host_name: 'auth.dev.harborlight.example', type: 'CNAME' }, { type: 'TXT' }]);
    expect((await call('check_custom_domain_status')).data.environment).toMatchObject({
      custom_domain_status: 'INITIAL',
    });
    const set = await confirmed('set_custom_domain', { customDomain });
    expect(set.data.environment).toMatchObject({
      custom_domain: 'auth.dev.harborlight.example',
      custom_domain_status: 'PENDING',
    });
    const verified = await call('verify_custom_domain_dns', { customDomain });
    expect(verified.data.environment).toMatchObject({ custom_domain_status: 'ACTIVE' });
  });

  verifies('tools.custom-domains', 'in use is shown before another takes its place, and is nobody else’s', async () => {
    const { error } = await call('set_custom_domain', { customDomain: 'login.harborlight.example' }, 'production');
    expect(error).toMatchObject({
      code: 'confirmation_required',
      preview: { environment: { custom_domain: 'auth.harborlight.example', custom_domain_status: 'ACTIVE' } },
    });
    const taken = await confirmed('set_custom_domain', { customDomain: 'auth.harborlight.example' });
    expect(taken.error).toMatchObject({ code: 'conflict', field: 'customDomain', nextTool: 'list_environments' });
  });

  verifies('tools.custom-domains', 'whose records are not there leads to them', async () => {
    const { error } = await call('verify_custom_domain_dns', { customDomain: 'unpublished.harborlight.example' });
    expect(error).toMatchObject({
      code: 'invalid_request',
      field: 'customDomain',
      nextTool: 'get_custom_domain_dns_records',
    });
    const odd = await call('get_custom_domain_dns_records', { customDomain: 'harborlight.example' });
    expect(odd.error).toMatchObject({ code: 'invalid_request', field: 'customDomain' });
  });
});

describe('against a Scalekit that replaces what is left out', () => {
  let scalekit: FakeScalekit;
  let own: TestServer;
  let ask: ReturnType<typeof toolCaller>;
  const environmentId = 'env_1';
  beforeAll(async () => {
    scalekit = await FakeScalekit.start();
    own = await running(scalekit.env);
    ask = toolCaller(own.localUrl, await scalekit.mint({ claims: { scope: 'environment:write environment:read' } }));
  });
  afterAll(async () => {
    await own.stop();
    await scalekit.close();
  });

  /** Keeps of each change only what is in it, but for what it loses. */
  function replacing(loses?: string): { now: Record<string, unknown> } {
    const state = {
      now: { max_users_limit: 5, enable_max_users_limit: true, org_user_relationship: 7 } as Record<string, unknown>,
    };
    scalekit.serveApi(({ method, url, body }, response) => {
      if (!url.endsWith('/user-management')) {
        return json(response, 200, { environment: { id: environmentId, domain: 'a.example' } });
      }
      if (method === 'PATCH') {
        state.now = { ...(JSON.parse(String(body)) as Record<string, unknown>) };
        if (loses !== undefined) delete state.now[loses];
      }
      json(response, 200, { user_management: state.now });
    });
    return state;
  }

  verifies('tools.environment-settings', 'all is written, but for a word that nobody knows', async () => {
    const state = replacing();
    const { error } = await ask('update_environment_user_management', { environmentId, maxUsers: 9 });
    expect(state.now).toEqual({ max_users_limit: 9, enable_max_users_limit: true });
    expect(error).toMatchObject({ code: 'not_applied', field: 'org_user_relationship' });
  });

  verifies('tools.environment-settings', 'what is gone beside a change is told', async () => {
    replacing('enable_max_users_limit');
    const { error } = await ask('update_environment_user_management', {
      environmentId,
      maxUsers: 9,
      organizationsOfUsers: 'SINGLE_ORGANIZATION',
    });
    expect(error).toMatchObject({ code: 'not_applied', field: 'enable_max_users_limit' });
  });
});
