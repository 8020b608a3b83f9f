import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { rpc } from '../../fixtures/rpc.ts';
import { sharedServer } from '../../fixtures/shared-server.ts';
import { verifies } from '../../verifies.ts';

const { server, token, call } = sharedServer({ AGENT_TOOL_EXECUTION: 'on' });

/** What nobody knows of a link that the API made. */
const PROMISED = /no stated expiry|works once|works only once|for one minute|single[- ]use/i;

verifies('tools.links', 'no definition of a tool promises what nobody knows of a link', async () => {
  const { body } = await rpc(`${server().url}/mcp`, 'modern', 'tools/list', {}, { token: token() });
  const linking = body.result.tools.filter((tool: object) => /link/i.test(JSON.stringify(tool)));
  expect(linking.length).toBeGreaterThan(3);
  for (const tool of linking) expect(JSON.stringify(tool), tool.name).not.toMatch(PROMISED);
});

verifies('tools.links', 'no page of the documentation does either', () => {
  const pages = readdirSync('docs', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.md'));
  const texts = ['README.md', ...pages.map((name) => `docs/${name}`)].map((file) => readFileSync(file, 'utf8'));
  for (const line of texts
    .join('\n')
    .split('\n')
    .filter((text) => /\blinks?\b/i.test(text))) {
    expect(line).not.toMatch(PROMISED);
  }
});

verifies('tools.links', 'a link to the admin portal is handed out as the credential that it is', async () => {
  const { data } = await call('generate_admin_portal_link', { organizationId: 'org_71204418093057001' });
  expect(data.link.expire_time).toEqual(expect.any(String));
  expect(data.note).toMatch(/credential.*preview.*SSO and directory.*administrator alone/);
});

verifies('tools.links', 'each result that discloses a link has its sentence', async () => {
  const account = { identifier: 'mira@harborlight.example', connector: 'gmail' };
  const answers = [
    await call('create_connected_account_magic_link', account),
    await call('list_mcp_config_connected_accounts', {
      configId: 'cfg_71204418093065301',
      user_identifier: account.identifier,
      includeAuthLinks: true,
    }),
    await call('get_mcp_instance_auth_state', { instanceId: 'inst_71204418093065401', includeAuthLinks: true }),
  ];
  for (const { data } of answers) expect(data.note).toMatch(/about a minute.*previews/);
});
