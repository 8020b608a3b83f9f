import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { afterAll, beforeAll, expect } from 'vitest';
import { running, type TestServer } from '../fixtures/running.ts';
import { verifies } from '../verifies.ts';

const require = createRequire(import.meta.url);
const TSX = require.resolve('tsx/cli');
const BROWSER = fileURLToPath(new URL('../fixtures/open-browser.ts', import.meta.url));
const MCP_REMOTE = require.resolve('mcp-remote/dist/proxy.js');

let server: TestServer;
let home: string;

beforeAll(async () => {
  server = await running();
  home = mkdtempSync(join(tmpdir(), 'mcp-remote-'));
  // mcp-remote opens a browser: it finds ours, which needs nobody in front of it.
  const script = join(home, 'xdg-open');
  writeFileSync(script, `#!/bin/sh\nexec "${process.execPath}" "${TSX}" "${BROWSER}" "$@"\n`);
  chmodSync(script, 0o755);
});
afterAll(async () => {
  await server.stop();
  rmSync(home, { recursive: true, force: true });
});

function remote(...args: string[]): StdioClientTransport {
  return new StdioClientTransport({
    command: process.execPath,
    args: [MCP_REMOTE, `http://localhost:${server.port}/mcp`, ...args],
    env: {
      PATH: `${home}${delimiter}${process.env['PATH']}`,
      HOME: home,
      BROWSER: join(home, 'xdg-open'),
      MCP_REMOTE_CONFIG_DIR: join(home, args.join('-') || 'default'),
    },
    stderr: 'pipe',
  });
}

verifies.each('client.mcp-remote', [[], ['--protocol', 'auto']])(
  'a stdio host reaches the server through mcp-remote %s %s',
  async (...args) => {
    const client = new Client({ name: 'stdio-host', version: '1' });
    await client.connect(remote(...args));
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toContain('create_organization');
    const { structuredContent } = await client.callTool({ name: 'list_environments', arguments: {} });
    expect(structuredContent).toMatchObject({ environments: [{ type: 'DEV' }, { type: 'PRD' }] });
    await client.close();
  },
);

verifies('client.mcp-remote', 'a stdio host that brings a token needs no browser', async () => {
  const metadata = await fetch(`http://localhost:${server.port}/.well-known/oauth-protected-resource/mcp`);
  const { authorization_servers } = (await metadata.json()) as { authorization_servers: string[] };
  const response = await fetch(`${authorization_servers[0]}/oauth/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from('sandbox-machine:sandbox-secret').toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  const { access_token } = (await response.json()) as { access_token: string };
  const client = new Client({ name: 'stdio-host', version: '1' });
  await client.connect(remote('--header', `Authorization: Bearer ${access_token}`));
  const { structuredContent } = await client.callTool({ name: 'whoami', arguments: {} });
  expect(structuredContent).toMatchObject({ subject: 'sandbox-machine' });
  await client.close();
});
