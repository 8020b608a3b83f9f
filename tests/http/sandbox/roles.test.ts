import { afterAll, beforeAll, describe, expect } from 'vitest';
import type { Tool } from '../../../src/core/tool.ts';
import { ENVIRONMENT_IDS, PERSON_IDS } from '../../../src/sandbox/data/ids.ts';
import type { PlannedFault } from '../../../src/sandbox/faults/fault.ts';
import { exampleArguments } from '../../fixtures/example-calls.ts';
import { callTool } from '../../fixtures/rpc.ts';
import { running, type TestServer } from '../../fixtures/running.ts';
import { toolCaller } from '../../fixtures/tool-caller.ts';
import { TOOLS_OF_THE_API } from '../../fixtures/tools-of-the-api.ts';
import { verifies } from '../../verifies.ts';
import { Client } from './browser.ts';

const ALL = 'environment:read environment:write organization:read organization:write workspace:read workspace:write';

let server: TestServer;
let asJonas: ReturnType<typeof toolCaller>;

beforeAll(async () => {
  server = await running({ AGENT_TOOL_EXECUTION: 'on' });
  const client = await Client.register(server.sandbox());
  const { access_token: token } = await client.authorize({ scope: ALL }, { person: PERSON_IDS.colleague });
  asJonas = toolCaller(server.localUrl, token);
});
afterAll(() => server.stop());

const looks = ({ effect, name }: Tool) => effect === 'read' && !MORE_THAN_LOOKING.has(name);
/** They read what permissions to read do not cover. */
const MORE_THAN_LOOKING: ReadonlySet<string> = new Set(['list_admin_portal_links']);
const named = (tools: readonly Tool[]) => tools.map((tool): [string, Tool] => [tool.name, tool]);

describe('a member with the role USER who has every scope', () => {
  verifies.each('sandbox.roles', named(TOOLS_OF_THE_API.filter(looks)))('may %s', async (_name, tool) => {
    const { error } = await asJonas(tool.name, exampleArguments(tool));
    expect(error).toBeUndefined();
  });

  verifies.each('sandbox.roles', named(TOOLS_OF_THE_API.filter((tool) => !looks(tool) && tool.elevated === undefined)))(
    'may not %s',
    async (_name, tool) => {
      const first = await asJonas(tool.name, exampleArguments(tool));
      const confirmation = first.error?.confirmation;
      const { error } = confirmation ? await asJonas(tool.name, { ...exampleArguments(tool), confirmation }) : first;
      expect(error).toMatchObject({ code: 'permission_denied' });
    },
  );

  verifies('sandbox.roles', 'may see where accounts stand, and not make links that bring them into being', async () => {
    const args = {
      environmentId: ENVIRONMENT_IDS.development,
      configId: 'cfg_71204418093065301',
      user_identifier: 'new@tidewater.example',
    };
    expect((await asJonas('list_mcp_config_connected_accounts', args)).error).toBeUndefined();
    const { error } = await asJonas('list_mcp_config_connected_accounts', { ...args, includeAuthLinks: true });
    expect(error).toMatchObject({ code: 'permission_denied' });
  });
});

describe('the permissions of the dashboard', () => {
  verifies(['api.permissions', 'tools.whoami'], 'are told by whoami, and by what lacks one', async () => {
    const { data } = await asJonas('whoami');
    expect(data).toMatchObject({ name: 'Jonas Lindqvist', dashboard_role: expect.any(String) });
    expect(data.dashboard_permissions).toContain('members:read');
    expect(data.dashboard_permissions).not.toContain('members:write');
    const { error } = await asJonas('invite_workspace_member', { email: 'new@harborlight.example' });
    expect(error).toMatchObject({ code: 'permission_denied', upstream: { required_permissions: ['members:write'] } });
    expect(error.message).toMatch(/An admin of the workspace can give it to you.*Signing in again does not help/);
  });

  const THIS = { path: '/api/v1/members:this' };
  verifies.each<[string, PlannedFault]>('tools.whoami', [
    ['is away', { kind: 'status', status: 500, times: 9 }],
    ['hangs', { kind: 'hang' }],
    ['knows no such member', { kind: 'status', status: 404 }],
    ['has no roles in the dashboard', { kind: 'status', status: 200, body: { dashboard_permissions: [] } }],
    ['answers with a page', { kind: 'html', status: 200 }],
  ])('are left out by whoami while the API %s', async (_, fault) => {
    server.sandbox().faults.add({ ...fault, when: THIS });
    const { data, error } = await asJonas('whoami');
    server.sandbox().faults.clear();
    expect(error).toBeUndefined();
    expect(data).toMatchObject({ subject: PERSON_IDS.colleague, mode: 'workspace' });
    expect(data).not.toHaveProperty('dashboard_permissions');
  });

  verifies(['tools.whoami', 'tools.selected'], 'stand beside what the request is limited to', async () => {
    const environment = ENVIRONMENT_IDS.development;
    const there = `${server.localUrl}/mcp?toolsets=session,users&read_only=true&environment=${environment}`;
    const { body } = await callTool(there, 'modern', 'whoami', {}, { token: await server.token() });
    expect(body.result.structuredContent).toMatchObject({
      ...{ environment_id: environment, read_only: true, toolsets: ['session', 'users'] },
    });
    const whole = (await toolCaller(server.localUrl, await server.token())('whoami')).data;
    expect(whole).not.toHaveProperty('environment_id');
    expect(whole).not.toHaveProperty('read_only');
    expect(whole.toolsets).toContain('discovery');
  });

  verifies('tools.whoami', 'are nothing that a machine is asked for', async () => {
    server.requests.length = 0;
    const machine = toolCaller(server.localUrl, await server.token());
    expect((await machine('whoami')).data).not.toHaveProperty('dashboard_permissions');
    expect(server.requests).toEqual([]);
  });
});
