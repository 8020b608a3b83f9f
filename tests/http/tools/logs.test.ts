import { afterAll, beforeAll, describe, expect } from 'vitest';
import { DEVELOPMENT_ORGANIZATION_IDS } from '../../../src/sandbox/data/ids.ts';
import { running, type TestServer } from '../../fixtures/running.ts';
import { FakeScalekit, json } from '../../fixtures/scalekit.ts';
import { sharedServer } from '../../fixtures/shared-server.ts';
import { toolCaller } from '../../fixtures/tool-caller.ts';
import { verifies } from '../../verifies.ts';

const { server, call, asked } = sharedServer({ AGENT_TOOL_EXECUTION: 'on' });

// biome-ignore lint/suspicious/noExplicitAny: entries are looked into freely.
const list = async (tool: string, member: string, args: object): Promise<any[]> =>
  (await call(tool, { ...args })).data[member];

describe('list_auth_logs', () => {
  const signIns = (args: object = {}) => list('list_auth_logs', 'authRequests', args);

  verifies('tools.logs', 'shows sign-ins, youngest first, page by page', async () => {
    const first = (await call('list_auth_logs', { pageSize: 2 })).data;
    expect(first).toMatchObject({ total_size: 7, authRequests: [{ status: 'SUCCESS' }, { status: 'FAILED' }] });
    const second = await signIns({ pageSize: 2, pageToken: first.next_page_token });
    expect(second.map(({ email }) => email)).toEqual(['anke.vogel@meridian.example', 'caleb.nwosu@tidewater.example']);
    expect((await call('list_auth_logs', {}, 'production')).data.authRequests).toEqual([]);
  });

  verifies.each<[object, number]>('tools.logs', [
    [{ status: 'FAILED' }, 2],
    [{ email: 'rosa.delgado@tidewater.example' }, 1],
    [{ mcpServerId: 'res_71204418093064001' }, 1],
    [{ clientId: 'm2m_71204418093064403' }, 1],
    [{ connectedAccountIdentifier: 'jonas@harborlight.example' }, 1],
    [{ startTime: '2026-01-20T06:55:10Z', endTime: '2026-01-20T08:14:03Z' }, 2],
    [{ email: 'nobody@example.com' }, 0],
  ])('narrows by %j', async (args, count) => {
    expect(await signIns(args)).toHaveLength(count);
  });

  verifies.each<[string, object, string]>('tools.logs', [
    ['list_auth_logs', { startTime: '2026-01-20T00:00:00Z', endTime: '2026-01-19T00:00:00Z' }, 'endTime'],
    ['list_auth_logs', { startTime: 'yesterday' }, 'startTime'],
    ['list_auth_logs', { status: 'DENIED' }, 'status'],
    ['list_auth_logs', { pageSize: 101 }, 'pageSize'],
    ['list_events', { organizationId: 'acme' }, 'organizationId'],
    ['list_tool_call_logs', { source: 'CLI' }, 'source'],
    ['get_agent_analytics', { startTime: '2099-01-01T00:00:00Z' }, 'endTime'],
  ])('%s refuses %j, and asks nothing', async (tool, args, field) => {
    expect((await call(tool, { ...args })).error).toMatchObject({ code: 'invalid_arguments', field });
    expect(asked()).toEqual([]);
  });
});

describe('list_events', () => {
  const events = (args: object = {}) => list('list_events', 'events', args);

  verifies('tools.logs', 'shows what happened, and what happened in one sign-in', async () => {
    expect((await events()).map(({ type }) => type).slice(0, 2)).toEqual(['user.login', 'user.login']);
    expect(await events({ authRequestId: 'areq_71204418093066202' })).toMatchObject([
      {
        organization_id: DEVELOPMENT_ORGANIZATION_IDS.meridian,
        data: { error: expect.stringContaining('certificate') },
      },
    ]);
    expect(asked().at(-1)).toMatchObject({ method: 'POST', body: { auth_request_id: 'areq_71204418093066202' } });
  });

  verifies.each<[object, number]>('tools.logs', [
    [{ organizationId: DEVELOPMENT_ORGANIZATION_IDS.tidewater }, 2],
    [{ eventTypes: ['organization.created', 'user.login'] }, 3],
    [{ source: 'DIR_SYNC' }, 1],
    [{ connectionId: 'conn_71204418093063004' }, 1],
    [{ connectedAccountId: 'ca_71204418093065104' }, 1],
    [{ endTime: '2025-12-31T00:00:00Z' }, 1],
  ])('narrows by %j', async (args, count) => {
    expect(await events(args)).toHaveLength(count);
  });

  verifies('tools.logs', 'goes on from page to page', async () => {
    const first = (await call('list_events', { pageSize: 4 })).data;
    const second = (await call('list_events', { pageSize: 4, pageToken: first.next_page_token })).data;
    expect([first.events.length, second.events.length, Boolean(second.next_page_token)]).toEqual([4, 2, false]);
    expect(asked().map(({ url }) => url.split('?')[1])).toEqual([
      'page_size=4',
      expect.stringMatching(/^page_size=4&page_token=/),
    ]);
  });
});

describe('tool calls of agents', () => {
  const calls = (args: object = {}) => list('list_tool_call_logs', 'tool_call_logs', args);

  verifies.each<[object, number]>('tools.logs', [
    [{ status: 'platform_error' }, 2],
    [{ provider: 'GMAIL' }, 3],
    [{ connector: 'Tide' }, 1],
    [{ source: 'MCP', agentRunId: 'run-morning-20' }, 3],
    [{ identifier: 'jonas@harborlight.example' }, 2],
    [{ connectedAccountId: 'ca_71204418093065105' }, 2],
    [{ connectionId: 'conn_71204418093065002', startTime: '2026-01-20T00:00:00Z' }, 2],
  ])('are narrowed by %j', async (args, count) => {
    expect(await calls(args)).toHaveLength(count);
  });

  verifies('tools.logs', 'are there once a tool has run, and are found by their execution', async () => {
    const { data } = await call('execute_agent_tool', {
      toolName: 'gmail_fetch_mails',
      connector: 'gmail',
      identifier: 'mira@harborlight.example',
      agentRunId: 'run-1',
    });
    expect(await calls({ agentRunId: 'run-1' })).toMatchObject([{ status: 'success', provider: 'gmail' }]);
    const { tool_call_log: log } = (await call('get_tool_call_log', { executionId: data.execution_id })).data;
    expect(log).toMatchObject({ tool_name: 'gmail_fetch_mails', connection_name: 'gmail', agent_run_id: 'run-1' });
    const unknown = await call('get_tool_call_log', { executionId: 'nothing' });
    expect(unknown.error).toMatchObject({ code: 'not_found' });
    const foreign = await call('get_tool_call_log', { executionId: data.execution_id }, 'production');
    expect(foreign.error).toMatchObject({ code: 'not_found' });
  });

  verifies('tools.logs', 'are counted, over a week unless told otherwise', async () => {
    const times = { startTime: '2026-01-19T00:00:00Z', endTime: '2026-01-20T23:00:00Z' };
    const { data } = await call('get_agent_analytics', times);
    expect(data).toMatchObject({
      ...{ total: 7, success: 3, errors: 4, provider_errors: 2, platform_errors: 2 },
      top_error_codes: [{ error_code: 'ACCOUNT_NOT_ACTIVE', count: 2 }, {}, {}],
      start_time: times.startTime,
      end_time: times.endTime,
    });
    expect(data.connector_breakdown).toContainEqual(
      expect.objectContaining({ provider: 'slack', total: 4, errors: 2 }),
    );
    expect(data.time_series[0]).toMatchObject({ bucket_duration_seconds: 7200 });
    const one = (await call('get_agent_analytics', { ...times, errorCode: 'RATE_LIMITED' })).data;
    expect(one).toMatchObject({ total: 1, provider_errors: 1 });
    const usual = (await call('get_agent_analytics', {})).data;
    expect(Date.parse(usual.end_time) - Date.parse(usual.start_time)).toBe(7 * 24 * 60 * 60 * 1000);
  });
});

describe('webhooks', () => {
  verifies('tools.webhooks', 'have a portal, whose link is flagged as a secret and stands in no log', async () => {
    const { data, meta } = await call('get_webhook_portal_url');
    expect(data.note).toContain('credential');
    expect(JSON.stringify(meta)).toContain('url');
    expect(server().logText()).not.toContain(data.url);
    expect(asked()).toMatchObject([{ method: 'GET', url: '/api/v1/webhooks/portal-url' }]);
  });

  verifies('tools.webhooks', 'get a sample of an event, of a type that there is', async () => {
    const { data } = await call('send_test_webhook_event', { eventType: 'organization.created' });
    expect(data.event_payload).toMatchObject({
      type: 'organization.created',
      data: { display_name: expect.any(String) },
    });
    const unknown = await call('send_test_webhook_event', { eventType: 'harbour.opened' });
    expect(unknown.error).toMatchObject({
      code: 'invalid_request',
      upstream: { violations: [{ field: 'event_type' }] },
    });
    const wrong = await call('send_test_webhook_event', { eventType: '../events' });
    expect(wrong.error).toMatchObject({ code: 'invalid_arguments', field: 'eventType' });
  });
});

describe('an API that answers otherwise', () => {
  let scalekit: FakeScalekit;
  let own: TestServer;
  let callOwn: ReturnType<typeof toolCaller>;
  beforeAll(async () => {
    scalekit = await FakeScalekit.start();
    own = await running(scalekit.env);
    const scope = 'environment:read environment:write';
    callOwn = toolCaller(own.localUrl, await scalekit.mint({ claims: { scope } }));
  });
  afterAll(async () => {
    await own.stop();
    await scalekit.close();
  });
  const environmentId = 'env_1';

  verifies('tools.webhooks', 'is not believed when it names another event, or none, or no link', async () => {
    const args = { environmentId, eventType: 'user.login' };
    scalekit.serveApi((_request, response) => json(response, 200, { event_type: 'user.logout' }));
    expect((await callOwn('send_test_webhook_event', args)).error).toMatchObject({ code: 'not_applied' });
    scalekit.serveApi((_request, response) => json(response, 200, {}));
    for (const tool of ['send_test_webhook_event', 'get_webhook_portal_url']) {
      const { error } = await callOwn(tool, tool === 'get_webhook_portal_url' ? { environmentId } : args);
      expect(error).toMatchObject({ code: 'unexpected_response' });
    }
  });
});
