import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { crc32, inflateRawSync } from 'node:zlib';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterEach, expect, inject } from 'vitest';
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

verifies('package.bundle', 'the bundle asks for credentials, and lists tools as soon as it is unpacked', async () => {
  const work = mkdtempSync(join(tmpdir(), 'bundle-'));
  const file = join(work, 'scalekit.mcpb');
  const run = promisify(execFile);
  await run(process.execPath, [join(ROOT, 'scripts/bundle.mjs'), join(inject('built'), 'dist'), file], { cwd: ROOT });
  expect(statSync(file).size).toBeLessThan(12 * 2 ** 20);
  const folder = join(work, 'unpacked');
  unzip(readFileSync(file), folder);

  const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
  const { version, license, engines } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  expect(manifest).toMatchObject({
    manifest_version: '0.3',
    name: 'scalekit',
    version,
    license,
    server: { type: 'node' },
  });
  expect(manifest.compatibility.runtimes.node).toBe(engines.node);
  expect(existsSync(join(folder, manifest.server.entry_point))).toBe(true);
  const { user_config: asked, server } = manifest;
  expect(asked.scalekit_client_secret).toMatchObject({ type: 'string', required: true, sensitive: true });
  const [{ environmentVariables }] = JSON.parse(readFileSync(join(ROOT, 'server.json'), 'utf8')).packages;
  expect(Object.keys(server.mcp_config.env)).toEqual(environmentVariables.map(({ name }: { name: string }) => name));

  // As hosts of bundles start it: with the folder and what the person has typed in place of what is in braces.
  const typed: Record<string, string> = {
    scalekit_env_url: 'https://acme.invalid',
    scalekit_client_id: 'skc_1',
    scalekit_client_secret: 'typed',
    read_only: asked.read_only.default,
  };
  const filled = (text: string) =>
    text.replace(/\$\{(__dirname|user_config\.(\w+))\}/g, (_, name, key) =>
      name === '__dirname' ? folder : (typed[key] ?? ''),
    );
  const env = Object.entries<string>(server.mcp_config.env).map(([name, value]) => [name, filled(value)]);
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: server.mcp_config.args.map(filled),
    cwd: work,
    env: { PATH: String(process.env['PATH']), DOCS_URL: 'off', AUDIT_LOG: 'off', ...Object.fromEntries(env) },
    stderr: 'ignore',
  });
  const client = new Client({ name: 'host', version: '1.0.0' });
  await client.connect(transport);
  const { tools } = await client.listTools();
  expect(tools.map(({ name, title }) => ({ name, description: title }))).toEqual(manifest.tools);
  expect(tools.length).toBeGreaterThan(30);
  await client.close();
  rmSync(work, { recursive: true });
});

/** Unpacks an archive by its directory (APPNOTE.TXT 4.3.12), and checks what it says of each file. */
function unzip(archive: Buffer, folder: string): void {
  const end = archive.length - 22;
  expect(archive.readUInt32LE(end)).toBe(0x06054b50);
  let at = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left--) {
    expect(archive.readUInt32LE(at)).toBe(0x02014b50);
    const [crc, packed, size] = [16, 20, 24].map((offset) => archive.readUInt32LE(at + offset));
    const [length, ...more] = [28, 30, 32].map((offset) => archive.readUInt16LE(at + offset)) as [
      number,
      number,
      number,
    ];
    const place = archive.readUInt32LE(at + 42);
    const name = archive.toString('utf8', at + 46, at + 46 + length);
    const begin = place + 30 + archive.readUInt16LE(place + 26) + archive.readUInt16LE(place + 28);
    const bytes = inflateRawSync(archive.subarray(begin, begin + (packed ?? 0)));
    expect({ name, size: bytes.length, crc: crc32(bytes) }).toEqual({ name, size, crc });
    expect(name).not.toMatch(/^\/|\\|(^|\/)\.\.(\/|$)/);
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), bytes);
    at += 46 + length + more[0] + more[1];
  }
}
