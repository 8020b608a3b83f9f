import { afterEach, beforeEach, describe, expect, vi } from 'vitest';
import { DEVELOPMENT_ORGANIZATION_IDS, ENVIRONMENT_IDS } from '../../../src/sandbox/data/ids.ts';
import { running, type TestServer } from '../../fixtures/running.ts';
import { toolCaller } from '../../fixtures/tool-caller.ts';
import { verifies } from '../../verifies.ts';
import { Browser, type Visit } from './browser.ts';

const environmentId = ENVIRONMENT_IDS.development;
const PENDING = 'ca_71204418093065104';
const JONAS = { identifier: 'jonas@harborlight.example', connector: 'notion' };
const TRIAGE = 'cfg_71204418093065301';
const { tidewater, meridian, quayside } = DEVELOPMENT_ORGANIZATION_IDS;

let server: TestServer;
let browser: Browser;
let call: (name: string, args?: Record<string, unknown>) => ReturnType<ReturnType<typeof toolCaller>>;

beforeEach(async () => {
  server = await running();
  browser = new Browser(server.sandbox().url);
  const caller = toolCaller(server.localUrl, await server.token());
  call = (name, args = {}) => caller(name, { environmentId, ...args });
});
afterEach(async () => {
  vi.useRealTimers();
  await server.stop();
});

/** Opens a link and presses the one button of its page. */
async function finish(link: string): Promise<Visit> {
  const page = await browser.open(link);
  expect([page.status, page.text.match(/<button/g)]).toEqual([200, ['<button']]);
  const done = await browser.submit(page, [['decision', 'finish']]);
  expect(done.status).toBe(200);
  return done;
}

const statusOf = async (connectedAccountId: string) =>
  (await call('get_connected_account', { connectedAccountId })).data.connected_account.status;

describe('accounts', () => {
  verifies('sandbox.steps', 'a magic link makes an account active, once', async () => {
    const { data } = await call('create_connected_account_magic_link', JONAS);
    await browser.open(data.link);
    expect(await statusOf(PENDING)).toBe('PENDING_AUTH');
    expect((await finish(data.link)).text).toContain('ACTIVE');
    expect(await statusOf(PENDING)).toBe('ACTIVE');
    const again = await browser.open(data.link);
    expect([again.status, again.text.includes('has been used')]).toEqual([410, true]);
  });

  verifies('sandbox.steps', 'authorization links do so for accounts that are new', async () => {
    const user_identifier = 'new@tidewater.example';
    const states = async (includeAuthLinks: boolean) =>
      (await call('list_mcp_config_connected_accounts', { configId: TRIAGE, user_identifier, includeAuthLinks })).data
        .connected_accounts as { connected_account_status: string; authentication_link: string }[];
    for (const { authentication_link } of await states(true)) await finish(authentication_link);
    const statuses = (await states(false)).map(({ connected_account_status }) => connected_account_status);
    expect(statuses).toEqual(['ACTIVE', 'ACTIVE']);
  });

  verifies('sandbox.steps', 'a link that is no good says so, and leads on', async () => {
    const { data } = await call('create_connected_account_magic_link', JONAS);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 11 * 60_000 });
    for (const link of [data.link, `${server.sandbox().url}/magicLink/unknown`]) {
      const page = await browser.open(link);
      expect(page.status).toBeGreaterThanOrEqual(400);
      expect(page.text).toContain('<a href="/');
      expect(page.text).not.toContain('<form');
    }
    expect(await statusOf(PENDING)).toBe('PENDING_AUTH');
  });
});

describe('the portal', () => {
  verifies('sandbox.steps', 'sets up single sign-on for a customer', async () => {
    const connectionsOf = async (organizationId: string) =>
      (await call('list_organization_connections', { organizationId })).data.connections as Record<string, unknown>[];
    for (const [organizationId, before] of [
      [meridian, 1],
      [quayside, 0],
      [tidewater, 1],
    ] as const) {
      expect(await connectionsOf(organizationId)).toHaveLength(before);
      const { data } = await call('generate_admin_portal_link', { organizationId });
      await finish(data.link.location);
      expect(await connectionsOf(organizationId)).toMatchObject([{ status: 'COMPLETED', enabled: true }]);
    }
  });
});

describe('a connection', () => {
  verifies('sandbox.steps', 'is tested on a page of the sandbox, in whatever state', async () => {
    const created = await call('create_environment_oidc_connection', { provider: 'OKTA' });
    expect((await finish(created.data.connection.test_connection_uri)).text).toContain('failed');
    expect((await finish(`${server.sandbox().url}/sso/v1/connections/conn_71204418093063001/test`)).text).toContain(
      'worked',
    );
    expect((await browser.open(`${server.sandbox().url}/sso/v1/connections/conn_1/test`)).status).toBe(404);
  });
});
