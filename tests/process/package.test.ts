import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterEach, expect } from 'vitest';
import { BUILT_COMMIT } from '../fixtures/build.ts';
import { installedPackage } from '../fixtures/packed.ts';
import { ROOT, runScript, type ServerProcess } from '../fixtures/process.ts';
import { callTool } from '../fixtures/rpc.ts';
import { verifies } from '../verifies.ts';

const installed = installedPackage();

const running: ServerProcess[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) {
    server.child.kill('SIGKILL');
    await server.exit();
  }
});

/** Starts what `npx scalekit-mcp` starts, in the folder in which the package is installed. */
function start(args: readonly string[], env: Readonly<Record<string, string>> = {}): ServerProcess {
  const server = runScript(relative(ROOT, installed.script), { cwd: installed.folder, env, arguments: args });
  running.push(server);
  return server;
}

verifies('package.content', 'the package holds what runs, and its guide, and nothing else', () => {
  const { files, size, unpackedSize } = installed.packed;
  const strange = files
    .map(({ path }) => path)
    .filter((path) => !/^dist\/[\w./-]+\.(js|css)$/.test(path) && path !== 'dist/build.json')
    .filter((path) => !['package.json', 'README.md', 'LICENSE', '.env.example', 'CHANGELOG.md'].includes(path));
  expect(strange).toEqual([]);
  const held = files.map(({ path }) => path);
  expect(held).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'dist/main.js', 'dist/sandbox/start.js']));
  // What an npx downloads before it says anything.
  expect(size).toBeLessThan(1_000_000);
  expect(unpackedSize).toBeLessThan(4_000_000);
});

verifies('package.runs', 'the package serves its sandbox in an empty folder, and a client calls a tool', async () => {
  const server = start([], { PORT: '0', SANDBOX_PORT: '0', AUDIT_LOG: 'off' });
  const [{ url }, sandbox] = [await server.event('ready'), await server.event('sandbox')];
  const granted = await fetch(`${sandbox['url']}/oauth/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa('sandbox-machine:sandbox-secret')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'environment:read' }),
  });
  const { access_token: token } = (await granted.json()) as { access_token: string };
  const { status, body } = await callTool(`${url}/mcp`, 'modern', 'list_environments', {}, { token });
  expect({ status, result: body.result }).toMatchObject({
    status: 200,
    result: { structuredContent: { environments: expect.arrayContaining([expect.objectContaining({ type: 'DEV' })]) } },
  });
  expect(await (await fetch(`${url}/health`)).json()).toMatchObject({ revision: BUILT_COMMIT });
  expect(await (await fetch(`${url}/info`, { headers: { accept: 'text/html' } })).text()).toContain('0123456789ab');
});

verifies(['package.runs', 'discovery.registry'], 'a client starts the package as server.json says', async () => {
  const [{ packageArguments }] = JSON.parse(readFileSync(join(ROOT, 'server.json'), 'utf8')).packages;
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [installed.script, ...packageArguments.map(({ value }: { value: string }) => value)],
    cwd: installed.folder,
    env: { PATH: String(process.env['PATH']), DOCS_URL: 'off', AUDIT_LOG: 'off' },
    stderr: 'ignore',
  });
  const client = new Client({ name: 'registry', version: '1.0.0' });
  await client.connect(transport);
  const { structuredContent } = await client.callTool({ name: 'list_organizations', arguments: { pageSize: 1 } });
  expect(structuredContent).toMatchObject({ organizations: [{ id: expect.stringMatching(/^org_/) }] });
  await client.close();
});

verifies('package.revision', '--version says the commit of the build, shortened', async () => {
  const program = start(['--version']);
  expect(await program.exit()).toBe(0);
  expect(program.stdout()).toMatch(/^\d+\.\d+\.\d+\S* \(0123456789ab\)\n$/);
});
