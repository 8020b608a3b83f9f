import { afterAll, beforeAll, describe, expect } from 'vitest';
import {
  DEVELOPMENT_ORGANIZATION_IDS,
  ENVIRONMENT_IDS,
  DEVELOPMENT_PORTAL_LINK_IDS as LINKS,
} from '../../../src/sandbox/data/ids.ts';
import { running, type TestServer } from '../../fixtures/running.ts';
import { FakeScalekit, json } from '../../fixtures/scalekit.ts';
import { sharedServer } from '../../fixtures/shared-server.ts';
import { confirmingCaller, type toolCaller } from '../../fixtures/tool-caller.ts';
import { verifies } from '../../verifies.ts';

const { tidewater, lagerhaus, meridian, samphire } = DEVELOPMENT_ORGANIZATION_IDS;

const { server, token, call, asked } = sharedServer();

const written = () => asked().filter(({ method }) => method !== 'GET');
const confirmed = (name: string, args: Record<string, unknown>) =>
  confirmingCaller(server().url, token())(name, { environmentId: ENVIRONMENT_IDS.development, ...args });
const read = async (organizationId: string) =>
  (await call('get_organization_session_policy', { organizationId })).data.policy;
const change = (organizationId: string, changes: object) =>
  call('update_organization_session_policy', { organizationId, ...changes });

describe('the session policy of an organization', () => {
  verifies('tools.session-policy', 'is shown beside that of the application', async () => {
    const { data } = await call('get_organization_session_policy', {
      ...{ organizationId: samphire, includeApplication: true },
    });
    expect(data.policy).toEqual({ policy_source: 'APPLICATION' });
    expect(data.application_policy).toMatchObject({ absolute_session_timeout: 10_080, access_token_expiry: 5 });
    expect(await read(lagerhaus)).toMatchObject({ policy_source: 'CUSTOM', absolute_session_timeout: 720 });
    const other = { organizationId: lagerhaus, environmentId: ENVIRONMENT_IDS.production };
    expect((await call('get_organization_session_policy', other)).error).toMatchObject({ code: 'not_found' });
  });

  verifies('tools.session-policy', 'is changed in part, and the rest stays', async () => {
    const { data } = await change(lagerhaus, { idleTimeoutMinutes: 20 });
    expect(data.policy).toMatchObject({ absolute_session_timeout: 720, idle_session_timeout: 20 });
    expect(data.previous_policy).toMatchObject({ idle_session_timeout: 30 });
    expect(written()).toMatchObject([{ body: { policy_source: 'CUSTOM', absolute_session_timeout: 720 } }]);
    expect((await change(lagerhaus, { idleTimeoutEnabled: false })).data.policy).toMatchObject({
      ...{ idle_session_timeout_enabled: false, absolute_session_timeout: 720 },
    });
    const first = await change(samphire, { absoluteTimeoutMinutes: 60 });
    expect(first.data.policy).toMatchObject({ policy_source: 'CUSTOM', absolute_session_timeout: 60 });
    const back = await change(samphire, { policySource: 'APPLICATION' });
    expect(back.data).toMatchObject({
      policy: { policy_source: 'APPLICATION' },
      previous_policy: { absolute_session_timeout: 60 },
    });
    expect(await read(samphire)).toEqual({ policy_source: 'APPLICATION' });
  });

  verifies('tools.session-policy', 'is not changed to what contradicts itself, or is too short', async () => {
    for (const [changes, field] of [
      [{}, 'policySource'],
      [{ policySource: 'APPLICATION', absoluteTimeoutMinutes: 60 }, 'policySource'],
      [{ idleTimeoutEnabled: false, idleTimeoutMinutes: 60 }, 'idleTimeoutMinutes'],
      [{ absoluteTimeoutMinutes: 0 }, 'absoluteTimeoutMinutes'],
    ] as const) {
      expect((await change(tidewater, changes)).error).toMatchObject({ code: 'invalid_arguments', field });
    }
    expect(written()).toEqual([]);
    const { error } = await change(tidewater, { absoluteTimeoutMinutes: 3 });
    expect(error).toMatchObject({ code: 'invalid_request', field: 'absoluteTimeoutMinutes' });
    expect(await read(tidewater)).toEqual({ policy_source: 'APPLICATION' });
  });
});

describe('the user limit of an organization', () => {
  verifies('tools.session-policy', 'is set, and lifted by leaving the number out', async () => {
    const limit = (maxUsers: number) => call('set_organization_user_limit', { organizationId: tidewater, maxUsers });
    expect((await limit(30)).data).toEqual({ settings: { max_allowed_users: 30 } });
    expect((await limit(0)).data).toEqual({ settings: {} });
    expect(written().at(-1)?.body).toEqual({ settings: {} });
    expect((await limit(-1)).error).toMatchObject({ code: 'invalid_arguments', field: 'maxUsers' });
  });
});

describe('links into the admin portal', () => {
  const target = { organizationId: meridian, linkId: LINKS.meridian };

  verifies('tools.portal-links', 'are listed without their addresses', async () => {
    const { data: made } = await call('generate_admin_portal_link', { organizationId: samphire });
    const { data, text } = await call('list_admin_portal_links', { organizationId: samphire });
    expect(data.links).toEqual([{ id: made.link.id, expire_time: made.link.expire_time }]);
    expect(text).not.toContain(made.link.location);
    expect((await fetch(made.link.location)).status).toBe(200);
    await confirmed('revoke_admin_portal_link', { organizationId: samphire, linkId: made.link.id });
    expect((await fetch(made.link.location)).status).toBe(404);
  });

  verifies('tools.portal-links', 'are revoked one by one, after a look at whose they are', async () => {
    const first = await call('revoke_admin_portal_link', target);
    expect(first.error.preview).toMatchObject({
      ...{ organization: { id: meridian }, link: { id: LINKS.meridian }, other_links: 0 },
    });
    expect((await confirmed('revoke_admin_portal_link', target)).data).toEqual({ revoked_id: LINKS.meridian });
    expect((await call('list_admin_portal_links', { organizationId: meridian })).data.links).toEqual([]);
    expect((await call('revoke_admin_portal_link', target)).error).toMatchObject({
      ...{ code: 'not_found', nextTool: 'list_admin_portal_links' },
    });
  });
});

describe('an API that does not do what it says', () => {
  let scalekit: FakeScalekit;
  let own: TestServer;
  let callOwn: ReturnType<typeof toolCaller>;
  beforeAll(async () => {
    scalekit = await FakeScalekit.start();
    own = await running(scalekit.env);
    const scope = 'organization:read organization:write';
    callOwn = confirmingCaller(own.localUrl, await scalekit.mint({ claims: { scope } }));
  });
  afterAll(async () => {
    await own.stop();
    await scalekit.close();
  });
  const ids = { environmentId: 'env_1', organizationId: 'org_1' };

  verifies('tools.session-policy', 'is told of when it keeps a policy or a limit', async () => {
    const policy = { policy_source: 2, absolute_session_timeout: 8, absolute_session_timeout_unit: 'HOURS' };
    scalekit.serveApi((_request, response) => json(response, 200, { policy, settings: { max_allowed_users: 9 } }));
    const kept = await callOwn('update_organization_session_policy', { ...ids, idleTimeoutMinutes: 10 });
    expect(kept.error).toMatchObject({ code: 'not_applied', field: 'idleTimeoutEnabled' });
    const same = await callOwn('update_organization_session_policy', { ...ids, absoluteTimeoutMinutes: 480 });
    expect(same.error).toBeUndefined();
    const limit = await callOwn('set_organization_user_limit', { ...ids, maxUsers: 0 });
    expect(limit.error).toMatchObject({ code: 'not_applied', field: 'maxUsers' });
  });

  verifies('tools.session-policy', 'is asked for what the application has only on demand', async () => {
    scalekit.serveApi(({ url }, response) =>
      json(response, url.includes('application') ? 404 : 200, { policy: { policy_source: 'CUSTOM' } }),
    );
    const { data } = await callOwn('get_organization_session_policy', ids);
    expect(data).toEqual({ policy: { policy_source: 'CUSTOM' } });
    const both = await callOwn('get_organization_session_policy', { ...ids, includeApplication: true });
    expect(both.error).toBeDefined();
  });

  verifies('tools.portal-links', 'is not believed that a link is gone', async () => {
    const answer = { links: [{ id: 'lnk_1' }], organization: { id: 'org_1' } };
    scalekit.serveApi((_request, response) => json(response, 200, answer));
    const { error } = await callOwn('revoke_admin_portal_link', { ...ids, linkId: 'lnk_1' });
    expect(error).toMatchObject({ code: 'not_applied', nextTool: 'list_admin_portal_links' });
  });
});
