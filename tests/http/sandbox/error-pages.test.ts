import { afterAll, beforeAll, expect } from 'vitest';
import { type Sandbox, startSandbox } from '../../../src/sandbox/start.ts';
import { verifies } from '../../verifies.ts';
import { Browser, Client } from './browser.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ port: 0, resource: 'http://localhost:3002/mcp' });
});
afterAll(() => sandbox.close());

const authorize = (query: string) =>
  new Browser(sandbox.url).open(`${sandbox.url}/resources/${sandbox.serverId}/oauth/authorize?${query}`);

verifies('sandbox.unknown-client', 'an unknown client: what happened, and the way back for each program', async () => {
  const page = await authorize('response_type=code&client_id=m2m_of_yesterday');
  expect(page.status).toBe(400);
  expect(page.text).toContain('restarted');
  expect(page.text).toContain('m2m_of_yesterday');
  for (const program of [
    'Claude Code',
    'Codex',
    'Gemini CLI',
    'Qwen Code',
    'opencode',
    'Kilo Code',
    'GitHub Copilot',
  ]) {
    expect(page.text).toContain(program);
  }
  for (const program of ['Cline', 'VS Code', 'Cursor', 'mcp-remote', 'MCP Inspector']) {
    expect(page.text).toContain(program);
  }
  expect(page.text).toContain('claude mcp remove scalekit');
  expect(page.text).toContain('claude mcp add --transport http scalekit http://localhost:3002/mcp');
});

verifies('sandbox.error-pages', 'no page is a dead end or speaks a library’s words', async () => {
  const client = await Client.register(sandbox);
  const finished = await client.begin();
  await client.allow(await client.signIn(finished));
  const pages = [
    await authorize('response_type=code&client_id=nobody'),
    await authorize('response_type=code'),
    await authorize('response_type=code&client_id=a&client_id=b'),
    await client.begin({ redirect_uri: 'https://evil.example/' }),
    await client.open(finished.url.href),
    await new Browser(sandbox.url).open(`${sandbox.url}/resources/${sandbox.serverId}/oauth/authorize/unknown`),
  ];
  for (const page of pages) {
    expect([page.url.href, page.status]).toEqual([page.url.href, 400]);
    expect(page.text).toMatch(/<a href="\/(#reconnect)?"/);
    expect(page.text).not.toMatch(
      /is invalid|did not match|is mandatory|missing required|session not found|policy requires/i,
    );
  }
  const home = await new Browser(sandbox.url).open(`${sandbox.url}/`);
  expect([home.status, home.text.includes('id="reconnect"')]).toEqual([200, true]);
});
