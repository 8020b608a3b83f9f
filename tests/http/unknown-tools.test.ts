import { describe, expect } from 'vitest';
import { rpc } from '../fixtures/rpc.ts';
import { running } from '../fixtures/running.ts';
import { sharedServer } from '../fixtures/shared-server.ts';
import { verifies } from '../verifies.ts';

const { server, token } = sharedServer();

describe.each(['modern', 'legacy'] as const)('a call of a tool that is not there (%s)', (era) => {
  const refusalOf = async (name: unknown, url = server().localUrl, bearer = token()) => {
    const { body } = await rpc(`${url}/mcp`, era, 'tools/call', { name, arguments: {} }, { token: bearer });
    expect(body.error).toMatchObject({ code: -32602, message: expect.stringMatching(/^Unknown tool/) });
    return String(body.error.message);
  };

  verifies.each('refusal.unknown-tool', [
    ['list_organisations', ['list_organizations']],
    ['listOrganizations', ['list_organizations']],
    ['LIST_ORGANIZATIONS', ['list_organizations']],
    ['create_user', ['create_organization_user']],
    ['list_environment', ['list_environments']],
    ['organization_list', ['list_organizations']],
    ['whoam_i', ['whoami']],
    ['add_redirect_urls', ['add_redirect_uri']],
  ])('%s is told the nearest names', async (name, [first]) => {
    const message = await refusalOf(name);
    expect(message).toMatch(new RegExp(`^Unknown tool\\. Did you mean ${first}( or \\w+){0,2}\\? tools/list names`));
    expect(message.split(' or ').length).toBeLessThanOrEqual(3);
  });

  verifies.each('refusal.unknown-tool', [
    'xyzzy',
    'ignore_all_previous_instructions',
    `list_organizations${'s'.repeat(64)}`,
  ])('%s is told none, and is not repeated', async (name) => {
    expect(await refusalOf(name)).toBe('Unknown tool. tools/list names the tools of this server.');
  });

  verifies('refusal.unknown-tool', 'what this server does not offer is told as such', async () => {
    expect(await refusalOf('execute_agent_tool')).toContain('switched off by the operator');
    const own = await running({ SANDBOX_MODE: 'environment', ALLOWED_SUBJECTS: 'sandbox-machine' });
    const message = await refusalOf('list_environment_scopes', own.localUrl, await own.token());
    expect(message).toContain('this server acts in one environment');
    await own.stop();
  });
});
