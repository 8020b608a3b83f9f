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

/** What a page says, without its markup. */
const textOf = ({ text }: { readonly text: string }) => text.replace(/<[^>]*>/g, '');

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
  expect(textOf(page)).toContain('claude mcp add --transport http scalekit http://localhost:3002/mcp');
  // At the width of a telephone, a line must not end in the middle of an option.
  expect(page.text).toContain('<span class="word">--scope</span>');
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

verifies(
  'sandbox.error-pages',
  'a page of a sign-in that is opened again is that page, or says that it is over',
  async () => {
    const client = await Client.register(sandbox);
    const login = await client.begin();
    expect((await client.open(`${login.url.href}/login`)).url.href).toBe(login.url.href);
    const consent = await client.signIn(login);
    expect((await client.open(`${consent.url.href}/consent`)).url.href).toBe(consent.url.href);
    await client.allow(consent);
    const over = await client.open(`${consent.url.href}/consent`);
    expect([over.status, over.text.includes('This sign-in is over')]).toEqual([400, true]);
  },
);

verifies(
  'sandbox.home',
  'the home page shows how to connect for the first time, as whom, and as a machine',
  async () => {
    const home = textOf(await new Browser(sandbox.url).open(`${sandbox.url}/`));
    expect(home).toContain('claude mcp add --transport http scalekit http://localhost:3002/mcp');
    expect(home).toMatch(/Mira Okafor[\s\S]*Jonas Lindqvist/);
    const [, credentials = '', at = '', body = ''] = /curl -s -u (\S+) (\S+) -d (.*)/.exec(home) ?? [];
    const [grant = '', scope = ''] = body.replaceAll('&quot;', '').split(' -d ');
    const headers = { authorization: `Basic ${btoa(credentials)}` };
    const answer = await fetch(at, { method: 'POST', headers, body: new URLSearchParams(`${grant}&${scope}`) });
    expect(await answer.json()).toMatchObject({ scope: 'environment:read organization:read' });
  },
);
