import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { afterAll, beforeAll, expect } from 'vitest';
import { listening } from '../fixtures/listening.ts';
import { ROOT } from '../fixtures/process.ts';
import { running, type TestServer } from '../fixtures/running.ts';
import { toolCaller } from '../fixtures/tool-caller.ts';
import { verifies } from '../verifies.ts';

const require = createRequire(import.meta.url);
const TSX = require.resolve('tsx/cli');
const BROWSER = fileURLToPath(new URL('../fixtures/open-browser.ts', import.meta.url));
const MCP_REMOTE = require.resolve('mcp-remote/dist/proxy.js');
const PAGE = readFileSync(new URL('../../docs/protect-your-server.md', import.meta.url), 'utf8');

let server: TestServer;
let folder: string;
let port: number;
let own: ChildProcess | undefined;

beforeAll(async () => {
  server = await running();
  folder = mkdtempSync(join(tmpdir(), 'own-server-'));
  // What `npm install` would put there.
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  const free = await listening(() => {});
  ({ port } = free);
  await free.close();
});
afterAll(async () => {
  own?.kill();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** The blocks of the page in one language, at the addresses of this test. */
function blocks(language: string): string[] {
  const found = [...PAGE.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))];
  return found.map(([, text = '']) =>
    text
      .replaceAll('http://localhost:3002', `http://localhost:${server.port}`)
      .replaceAll('http://localhost:3003', server.sandbox().url)
      .replaceAll('http://localhost:4000', `http://localhost:${port}`),
  );
}

verifies(
  'sandbox.own-server',
  'the page for people holds: its commands, its server, and a client in front of it',
  async () => {
    const [register = '', start = '', connect = ''] = blocks('sh');
    const [code = ''] = blocks('js');
    await promisify(execFile)('sh', ['-euc', register], { cwd: folder });
    writeFileSync(join(folder, 'server.mjs'), code);
    expect(start).toBe('node --env-file=.env server.mjs\n');
    own = spawn(process.execPath, ['--env-file=.env', 'server.mjs'], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(own.stdout as NodeJS.ReadableStream, 'data');

    const url = `http://localhost:${port}/mcp`;
    expect(connect.split('\n')[0]).toBe(`npx -y mcp-remote ${url}`);
    const refused = await fetch(url, { method: 'POST' });
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([
      401,
      `Bearer resource_metadata="http://localhost:${port}/.well-known/oauth-protected-resource/mcp"`,
    ]);
    // It publishes what the registration says.
    const { resource } = JSON.parse(readFileSync(join(folder, 'registration.json'), 'utf8'));
    const published = await (await fetch(resource.protected_metadata_uri)).json();
    const { resource_documentation: _, ...wanted } = resource.protected_metadata;
    expect(published).toEqual(wanted);

    const call = toolCaller(server.localUrl, await server.token());
    const environmentId = 'env_71204418093056001';
    const { data } = await call('diagnose_mcp_server', { environmentId, id: resource.id });
    expect(data).toMatchObject({ healthy: true, findings: [] });

    // A machine gets in as well, and hears that there is no stream.
    const bot = { environmentId, serverId: resource.id, name: 'bot', scopes: ['shipments:read'] };
    const { data: made } = await call('create_mcp_server_client', bot);
    const credentials = { client_id: made.client.client_id, client_secret: made.plain_secret };
    const token = await fetch(`${server.sandbox().url}/resources/${resource.id}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'client_credentials', ...credentials }),
    });
    const authorization = `Bearer ${((await token.json()) as { access_token: string }).access_token}`;
    const stream = await fetch(url, { headers: { authorization, accept: 'text/event-stream' } });
    expect(stream.status).toBe(405);

    const client = new Client({ name: 'stdio-host', version: '1' });
    await client.connect(remote(url));
    const { content } = await client.callTool({ name: 'free_berths', arguments: {} });
    expect(content).toEqual([{ type: 'text', text: 'Berths 3 and 7 are free.' }]);
    await client.close();
  },
);

/** mcp-remote, which opens a browser: it finds ours, which needs nobody in front of it. */
function remote(url: string): StdioClientTransport {
  const browser = join(folder, 'xdg-open');
  writeFileSync(browser, `#!/bin/sh\nexec "${process.execPath}" "${TSX}" "${BROWSER}" "$@"\n`);
  chmodSync(browser, 0o755);
  return new StdioClientTransport({
    command: process.execPath,
    args: [MCP_REMOTE, url],
    env: {
      PATH: `${folder}${delimiter}${process.env['PATH']}`,
      HOME: folder,
      BROWSER: browser,
      MCP_REMOTE_CONFIG_DIR: join(folder, 'mcp-remote'),
    },
    stderr: 'pipe',
  });
}
