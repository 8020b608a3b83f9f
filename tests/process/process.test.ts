import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { verifyLedger } from '../../src/observability/audit/verify.ts';
import { recordsIn } from '../fixtures/ledger.ts';
import { listening } from '../fixtures/listening.ts';
import { ROOT, runScript, type ServerProcess, WARNS_ON_SIGNAL } from '../fixtures/process.ts';
import { callTool } from '../fixtures/rpc.ts';
import { FakeScalekit, json } from '../fixtures/scalekit.ts';
import { verifies } from '../verifies.ts';

const SERVER = 'dist/main.js';
const FREE = { PORT: '0', SANDBOX_PORT: '0', AUDIT_LOG: 'off' };

beforeAll(() => {
  execFileSync(process.execPath, ['scripts/build.mjs'], { cwd: ROOT });
});

const running: ServerProcess[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) {
    server.child.kill('SIGKILL');
    await server.exit();
  }
});

function start(...args: Parameters<typeof runScript>): ServerProcess {
  const server = runScript(...args);
  running.push(server);
  return server;
}

describe('the built server', () => {
  verifies(
    ['process.ready', 'config.sandbox'],
    'says in one line when it is ready, and serves from then on',
    async () => {
      const server = start(SERVER, { env: FREE });
      const { url, endpoint, mode } = await server.event('ready');
      expect({ url, endpoint, mode }).toEqual({
        url: expect.stringMatching(/^http:\/\/localhost:\d+$/),
        endpoint: `${url}/mcp`,
        mode: 'workspace',
      });
      // Right after the start the keys are still on their way.
      await expect.poll(async () => (await fetch(`${url}/health`)).status).toBe(200);
      expect(await server.event('sandbox')).toMatchObject({
        level: 'warn',
        notice: expect.stringContaining('fictional'),
      });
      for (const line of server.stdout().trim().split('\n')) expect(JSON.parse(line)).toHaveProperty('event');
      expect(server.stderr()).toBe('');
    },
  );

  verifies('config.plain-urls', 'warns in one line of addresses that are http without PUBLIC_URL', async () => {
    const server = start(SERVER, { env: { ...FREE, ALLOWED_HOSTS: 'mcp.example.com,127.0.0.1', TRUST_PROXY: '1' } });
    await server.event('ready');
    await expect
      .poll(() =>
        server
          .stdout()
          .split('\n')
          .filter((line) => line.includes('PUBLIC_URL')),
      )
      .toEqual([expect.stringContaining('"level":"warn"')]);
  });

  verifies('audit.stderr', 'writes its audit ledger to stderr, and all of it before it ends', async () => {
    const server = start(SERVER, { env: { ...FREE, AUDIT_LOG: '' } });
    const { url } = await server.event('ready');
    for (let i = 0; i < 100; i++) await callTool(`${url}/mcp`, 'modern', 'whoami', {}, { token: 'bad' });
    server.child.kill('SIGTERM');
    expect(await server.exit()).toBe(0);
    const folder = mkdtempSync(join(tmpdir(), 'audit-'));
    const ledger = join(folder, 'stderr.jsonl');
    writeFileSync(ledger, server.stderr());
    expect(await verifyLedger([ledger])).toMatchObject({ whole: true, records: 102, instances: 1 });
    rmSync(folder, { recursive: true });
  });

  verifies('audit.stderr-alone', 'keeps warnings of Node.js out of a ledger on stderr', async () => {
    const server = start(SERVER, { env: { ...FREE, AUDIT_LOG: 'stderr', NODE_OPTIONS: WARNS_ON_SIGNAL } });
    await server.event('ready');
    server.child.kill('SIGUSR2');
    expect(await server.event('node_warning')).toMatchObject({ level: 'warn', name: 'Odd', message: 'odd' });
    server.child.kill('SIGTERM');
    expect(await server.exit()).toBe(0);
    expect(recordsIn(server.stderr()).map(({ event }) => event)).toEqual(['audit_started', 'audit_stopped']);
  });

  verifies('audit.file', 'refuses a ledger that cannot be one, and starts nothing', async () => {
    const server = start(SERVER, { env: { ...FREE, AUDIT_LOG: '/nowhere/audit.jsonl' } });
    expect(await server.exit()).toBe(78);
    expect(server.stdout()).toBe('');
    expect(server.stderr()).toMatch(
      /^The configuration cannot be used:\n {2}- AUDIT_LOG: \/nowhere\/audit\.jsonl .*ENOENT.*there is no folder \/nowhere\..*\n$/,
    );
  });

  verifies(
    ['config.problems', 'config.public-url'],
    'refuses a configuration with one list of all its problems, and starts nothing',
    async () => {
      const wrong = { NODE_ENV: 'production', PORT: 'http', LOG_LEVEL: 'loud', TOOLSETS: 'usres', TOOLS: 'who' };
      const server = start(SERVER, { env: wrong });
      expect(await server.exit()).toBe(78);
      expect(server.stdout()).toBe('');
      expect(server.stderr()).toMatch(/^The configuration cannot be used:\n( {2}- .+\n){6}$/);
      for (const name of ['PORT', 'LOG_LEVEL', 'SCALEKIT_ENV_URL', 'PUBLIC_URL', 'TOOLSETS', 'TOOLS'])
        expect(server.stderr()).toContain(`- ${name}: `);
    },
  );

  verifies(['config.env-file', 'config.idle-lines'], 'reads .env, and lets real variables win', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'env-'));
    writeFileSync(join(folder, '.env'), 'PORT=1\nSANDBOX_PORT=0\nSCOPE_SPELLING=short\nNODE_EXTRA_CA_CERTS=/ca.pem\n');
    const server = start(SERVER, { cwd: folder, env: { PORT: '0' } });
    const { url } = await server.event('ready');
    const metadata = await fetch(`${url}/.well-known/oauth-protected-resource`);
    expect(await metadata.json()).toMatchObject({ scopes_supported: expect.arrayContaining(['org:read']) });
    expect(await server.event('configuration')).toMatchObject({ level: 'info', env_file: join(folder, '.env') });
    // What it has no effect on is told, and not what the process has as well.
    const told = server.events('configuration').flatMap(({ warning }) => (warning === undefined ? [] : [warning]));
    expect(told).toEqual([expect.stringMatching(/^NODE_EXTRA_CA_CERTS: not used, because this variable is read/)]);
    rmSync(folder, { recursive: true });
  });

  verifies('config.env-file', 'says that there was no .env where it was looked for', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'env-'));
    const server = start(SERVER, { cwd: folder, env: FREE });
    expect(await server.event('configuration')).toMatchObject({ env_file: 'none', looked_for: join(folder, '.env') });
    rmSync(folder, { recursive: true });
  });

  const CLIENT = { SCALEKIT_CLIENT_ID: 'skc_1', SCALEKIT_CLIENT_SECRET: 's3cret', ALLOWED_CLIENTS: 'x' };
  verifies.each('config.real-deployment', [
    ['SCALEKIT_CLIENT_ID', CLIENT],
    ['SCALEKIT_ENV_URL', { ...CLIENT, SCALEKIT_ENVIRONMENT_URL: 'https://acme.scalekit.dev' }],
    ['PUBLIC_URL', { HOST: '0.0.0.0', PUBLIC_URL: 'https://mcp.example.com' }],
    ['SCALEKIT_ENV_URL', { NODE_ENV: 'production', PUBLIC_URL: 'https://mcp.example.com' }],
  ] as [string, Record<string, string>][])('ends with 78, names %s and starts no sandbox: %o', async (name, env) => {
    const server = start(SERVER, { env: { ...FREE, ...env } });
    expect(await server.exit()).toBe(78);
    expect(server.stdout()).toBe('');
    expect(server.stderr()).toMatch(new RegExp(`^The configuration cannot be used:\\n {2}- .*\\b${name}\\b.*\\n$`));
    expect(server.stderr()).not.toContain('s3cret');
    // The settings may be in a file that was looked for elsewhere.
    expect(server.stderr()).toMatch(/(Read|Not found): \/\S+\/\.env\.\n$/);
  });

  verifies(['config.warnings', 'config.drain'], 'says at start what is probably not meant, and serves', async () => {
    const live = {
      SCALEKIT_ENV_URL: 'http://127.0.0.1:1',
      SCALEKIT_MCP_SERVER_ID: 'res_1',
      SCALEKIT_API_URL: 'http://127.0.0.1:1',
    };
    const left = { ...CLIENT, SCALEKIT_CLIENT_SECRET: '', SCALEKIT_CLIENT_SECRET_FILE: '/nowhere/secret' };
    const server = start(SERVER, { env: { ...FREE, ...live, ...left, DRAIN_TIMEOUT_MS: '10000' } });
    await server.event('configuration');
    await expect.poll(() => server.events('configuration').flatMap(({ warning }) => warning ?? [])).toHaveLength(2);
    expect(server.events('configuration').map(({ level, warning }) => `${level} ${warning}`)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(
          /^warn SCALEKIT_CLIENT_ID, SCALEKIT_CLIENT_SECRET_FILE: not used, .* no secret are needed\. Unset these/,
        ),
        expect.stringMatching(/^warn DRAIN_TIMEOUT_MS: 10000 is less/),
      ]),
    );
  });

  verifies.each('process.arguments', ['--port', '--worker'])(
    'refuses an argument that it does not know, and starts nothing: %s',
    async (argument) => {
      const server = start(SERVER, { env: FREE, arguments: [argument] });
      expect(await server.exit()).toBe(2);
      expect(server.stdout()).toBe('');
      expect(server.stderr()).toMatch(
        new RegExp(`^error: unknown option '${argument}'\\nTo see how it is used, run node \\S+ help serve\\n$`),
      );
    },
  );

  verifies('process.arguments', 'says how it is used, and which version it is', async () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    for (const [argument, said] of [
      // What was built in a work tree of git says from which commit.
      ['--version', expect.stringMatching(new RegExp(`^${version}( \\([\\w.-]+\\))?\n$`))],
      ['--help', expect.stringMatching(/^Usage: [\s\S]*\.env\.example[\s\S]*SCALEKIT_ENV_URL/)],
    ] as const) {
      const server = start(SERVER, { env: { ...FREE, PORT: 'x' }, arguments: [argument] });
      expect(await server.exit()).toBe(0);
      expect(server.stdout()).toEqual(said);
      expect(server.stderr()).toBe('');
    }
  });
});

describe('--check', () => {
  const LIVE = {
    PORT: 'x',
    NODE_ENV: 'production',
    PUBLIC_URL: 'https://mcp.example.com',
    SCALEKIT_ENV_URL: 'https://acme.scalekit.dev',
    SCALEKIT_MCP_SERVER_ID: 'res_1',
    SCALEKIT_CLIENT_ID: 'skc_1',
    SCALEKIT_CLIENT_SECRET: 's3cret-of-the-client',
    ALLOWED_ORGANIZATIONS: 'usr_1',
    REDIS_URL: 'redis://:s3cret-of-redis@redis.example.com',
    AUDIT_LOG: '/nowhere/audit.jsonl',
  };

  verifies('process.check', 'ends with 78 and every problem, as a start does', async () => {
    const server = start(SERVER, { env: { ...LIVE, TOOLS: 'nothing' }, arguments: ['--check'] });
    expect(await server.exit()).toBe(78);
    expect(server.stdout()).toBe('');
    expect(server.stderr()).toMatch(/^The configuration cannot be used:\n( {2}- .+\n){2}$/);
    for (const name of ['PORT', 'TOOLS']) expect(server.stderr()).toContain(`- ${name}: `);
  });

  verifies('process.check', 'says what the settings mean and what is doubtful, and starts nothing', async () => {
    const taken = await listening((_request, response) => response.end());
    const PORT = new URL(taken.url).port;
    const server = start(SERVER, { env: { ...LIVE, PORT }, arguments: ['--check'] });
    expect(await server.exit()).toBe(0);
    await taken.close();
    expect(server.stderr()).toBe('');
    const told = server.stdout();
    expect(told).toMatch(/^The configuration can be used\.\n/);
    expect(told).toContain('Scalekit: https://acme.scalekit.dev, environment mode');
    expect(told).toContain('clients connect to: https://mcp.example.com');
    expect(told).toContain(`listens on: 127.0.0.1:${PORT}, one process`);
    expect(told).toContain('  offers: all tools\n  documentation: off\n');
    expect(told).toContain('  metrics: off\n');
    for (const name of ['TRUST_PROXY', 'ALLOWED_ORGANIZATIONS']) expect(told).toContain(`  - ${name}: `);
    expect(told).not.toContain('s3cret');
  });
});

verifies('process.check', 'says what is offered, and where documentation and metrics are', async () => {
  const told = async (env: Record<string, string>) => {
    const server = start(SERVER, { env, arguments: ['--check'] });
    expect(await server.exit()).toBe(0);
    return server.stdout();
  };
  const narrow = { TOOLSETS: 'session,users', TOOLS: 'find_tools', READ_ONLY: 'on', METRICS_PORT: '9464' };
  const facts = await told({ ...narrow, DOCS_URL: 'https://docs.example.com' });
  expect(facts).toContain('  offers: of the tools only session, users, find_tools; nothing that changes anything\n');
  expect(facts).toContain('  documentation: https://docs.example.com\n');
  expect(facts).toContain('  metrics: 127.0.0.1:9464\n');
  expect(await told({ PRODUCTION_WRITES: 'deny' })).toContain('  offers: all tools; production is not changed\n');
});

describe('on a terminal', () => {
  // What Node reads from a terminal, without one.
  const TERMINAL = [
    '--import',
    'data:text/javascript,for (const stream of [process.stdout, process.stderr]) stream.isTTY = true',
  ];
  const reads = async (env: Readonly<Record<string, string>>, until: string) => {
    const server = start(SERVER, { env: { ...env, PORT: '0', SANDBOX_PORT: '0' }, node: TERMINAL });
    await expect.poll(server.stdout).toContain(until);
    const port = /url=\S*?:(\d+) .*endpoint=/.exec(plain(server.stdout()))?.[1];
    await callTool(`http://127.0.0.1:${port}/mcp`, 'modern', 'whoami', {}, { token: 'bad' });
    server.child.kill('SIGTERM');
    await server.exit();
    return { stdout: plain(server.stdout()), stderr: server.stderr(), port };
  };
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours of a terminal.
  const plain = (text: string) => text.replace(/\u001b\[\d+m/g, '');

  verifies(
    'process.terminal',
    'has the next steps, the address of the README, and no JSON between the lines',
    async () => {
      const { stdout, stderr, port } = await reads({}, 'npm run demo');
      expect(stderr).toBe('');
      expect(stdout).not.toMatch(/^\s*\{/m);
      // A request that is refused has its reason in its line, with every name of this server.
      expect(stdout.slice(0, stdout.indexOf(' request '))).not.toContain('127.0.0.1:');
      expect(stdout).toMatch(new RegExp(`^ *connect +claude mcp add .* http://localhost:${port}/mcp$`, 'm'));
      expect(stdout).toMatch(/^ *look +http:\/\/localhost:\d+ /m);
      expect(stdout).toMatch(new RegExp(`^ *demo +PORT=${port} npm run demo`, 'm'));
      expect(stdout).toMatch(/^ *ledger +off .*AUDIT_LOG=/m);
    },
  );

  verifies('process.terminal', 'loses no ledger that was asked for, or that is not of the sandbox', async () => {
    expect((await reads({ AUDIT_LOG: 'stderr' }, 'npm run demo')).stderr).toContain('"event":"mcp_auth_failure"');
    const live = {
      SCALEKIT_ENV_URL: 'http://127.0.0.1:1',
      SCALEKIT_MCP_SERVER_ID: 'res_1',
      SCALEKIT_API_URL: 'http://127.0.0.1:1',
    };
    const { stdout, stderr } = await reads(live, 'AUDIT_LOG: the audit ledger is written to this terminal');
    expect(stderr).toContain('"event":"audit_started"');
    expect(stdout).not.toContain('npm run demo');
  });

  verifies('config.secret-files', 'reads secrets from files, and ends with 78 when one cannot be read', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'secret-'));
    writeFileSync(join(folder, 'secret'), 'from-a-file\n');
    const client = {
      SCALEKIT_ENV_URL: 'http://127.0.0.1:1',
      SCALEKIT_MCP_SERVER_ID: 'res_1',
      SCALEKIT_CLIENT_ID: 'skc_file',
      ALLOWED_CLIENTS: 'sandbox-machine',
    };
    const server = start(SERVER, { env: { ...FREE, ...client, SCALEKIT_CLIENT_SECRET_FILE: join(folder, 'secret') } });
    expect(await server.event('listening')).toMatchObject({ mode: 'environment' });
    const wrong = start(SERVER, { env: { ...FREE, ...client, SCALEKIT_CLIENT_SECRET_FILE: folder, PORT: 'x' } });
    expect(await wrong.exit()).toBe(78);
    for (const name of ['SCALEKIT_CLIENT_SECRET_FILE', 'PORT']) expect(wrong.stderr()).toContain(`- ${name}: `);
    expect(wrong.stderr()).toContain(`does not name a file: ${folder}.`);
    rmSync(folder, { recursive: true });
  });

  verifies('config.env-lines', 'does not put the sandbox in place of a .env that it cannot read', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'unread-'));
    const text = 'SCALEKIT_ENV_URL=https://acme.scalekit.dev\r\n';
    for (const content of [Buffer.from(text, 'utf16le'), Buffer.from(`\uFEFF${text}`, 'utf16le'), `set ${text}`]) {
      writeFileSync(join(folder, '.env'), content);
      const server = start(SERVER, { env: FREE, cwd: folder });
      expect(await server.exit()).toBe(78);
      expect(server.stderr()).toMatch(/- \.env: (.* is not text in UTF-8|line 1 of .* sets nothing)/);
      expect(server.stdout()).toBe('');
    }
    rmSync(folder, { recursive: true });
  });

  it('says which port is taken, and starts nothing else', async () => {
    const taken = await listening((_request, response) => response.end());
    const server = start(SERVER, { env: { ...FREE, PORT: String(taken.port) } });
    expect(await server.exit()).toBe(1);
    expect(server.stderr()).toMatch(new RegExp(`${taken.port}.*PORT`));
    expect(server.stdout()).toBe('');
    const sandbox = start(SERVER, { env: { ...FREE, SANDBOX_PORT: String(taken.port) } });
    expect(await sandbox.exit()).toBe(1);
    expect(sandbox.stderr()).toMatch(new RegExp(`${taken.port}.*SANDBOX_PORT`));
    await taken.close();
  });

  verifies.each('process.drain', ['SIGTERM', 'SIGINT'] as const)(
    'lets calls in flight finish at %s, takes no new ones, and ends with 0',
    async (signal) => {
      const scalekit = await FakeScalekit.start();
      const held: ServerResponse[] = [];
      scalekit.serveApi((_request, response) => {
        held.push(response);
      });
      const server = start(SERVER, { env: { ...FREE, ...scalekit.env } });
      const { url } = await server.event('ready');
      const call = callTool(
        `${url}/mcp`,
        'modern',
        'list_organizations',
        { environmentId: 'env_1' },
        { token: await scalekit.mint() },
      );
      await expect.poll(() => held.length).toBe(1);
      server.child.kill(signal);
      await server.event('stopping');
      await expect
        .poll(() =>
          fetch(`${url}/health`).then(
            () => 'answered',
            () => 'refused',
          ),
        )
        .toBe('refused');
      for (const response of held) json(response, 200, { organizations: [] });
      expect((await call).body.result.structuredContent).toEqual({ organizations: [] });
      expect(await server.exit()).toBe(0);
      await scalekit.close();
    },
  );
});

describe('npm start', () => {
  verifies('process.ready', 'builds first when a source is newer than what was built', async () => {
    utimesSync(join(ROOT, SERVER), new Date(0), new Date(0));
    const server = start('scripts/start.mjs', { env: FREE });
    await server.event('ready');
    expect(server.stderr()).toContain('Building the server first');
    const again = start('scripts/start.mjs', { env: FREE });
    await again.event('ready');
    expect(again.stderr()).toBe('');
  });
});
