import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import type { Sandbox } from '../../src/sandbox/start.ts';
import { builtServer } from '../fixtures/built.ts';
import { commandsHere, type ServerHere, serverHere } from '../fixtures/here.ts';
import { listening } from '../fixtures/listening.ts';
import { runScript } from '../fixtures/process.ts';
import { verifies } from '../verifies.ts';

const CLIENT = { id: 'skc_71204418093056900', secret: 'test_s3cret_of_the_doctor' };

const built = builtServer();
const here = commandsHere(built);
const folder = mkdtempSync(join(tmpdir(), 'doctor-'));
let server: ServerHere;
let sandbox: Sandbox;

beforeAll(async () => {
  server = await serverHere(built);
  const { startSandbox } = await built.load<typeof import('../../src/sandbox/start.ts')>('sandbox/start.js');
  sandbox = await startSandbox({
    port: 0,
    resource: 'http://localhost:3002/mcp',
    environmentClient: CLIENT,
  });
});
afterAll(async () => {
  await server.stop();
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Reported {
  readonly healthy: boolean;
  readonly checks: readonly { area: string; check: string; state: string; seen: string; to_do?: string }[];
  readonly fixed?: readonly string[];
}

let homes = 0;
function home() {
  homes += 1;
  const path = join(folder, String(homes));
  mkdirSync(path);
  return path;
}

function put(path: string, text: string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

function run(at: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  return here(['doctor', ...args], { cwd: at, env: { HOME: at, PATH: '', PORT: '0', DOCS_URL: 'off', ...env } }).end();
}

async function doctor(at: string, args: readonly string[] = [], env: Readonly<Record<string, string>> = {}) {
  const { code, stdout, stderr } = await run(at, ['--json', ...args], env);
  const report = JSON.parse(stdout) as Reported;
  const of = (check: string) => report.checks.filter((one) => one.check === check);
  return { code, stderr, stdout, report, of };
}

describe('doctor', () => {
  verifies('doctor.all', 'says that nothing is wrong, for people and as JSON, and ends with 0', async () => {
    const at = home();
    const child = runScript(built.script, { cwd: at, env: { HOME: at, PATH: '', PORT: '0' }, arguments: ['doctor'] });
    const [code, stdout, stderr] = [await child.exit(), child.stdout(), child.stderr()];
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^Settings\n {2}ok {3}configuration: It can be used/m);
    expect(stdout).toContain('No client is on this machine.');
    const { report } = await doctor(at);
    expect(report.healthy).toBe(true);
    expect(report.checks.map(({ check }) => check)).toEqual(
      expect.arrayContaining(['node', 'configuration', 'audience', 'audit_ledger', 'port', 'found']),
    );
  });

  verifies(
    'doctor.settings',
    'lists every problem of the settings, goes on with the rest, and ends with 1',
    async () => {
      const { code, of } = await doctor(home(), [], { PORT: 'x', LOG_LEVEL: 'loud', CLIENT_SECRETS: 's3cret' });
      expect(code).toBe(1);
      expect(of('configuration').map(({ state, seen }) => [state, seen.split(':')[0]])).toEqual([
        ['fail', 'LOG_LEVEL'],
        ['fail', 'PORT'],
      ]);
      expect(of('found')).toHaveLength(1);
    },
  );

  verifies('doctor.settings', 'sees who has the port: a server of this kind, or another program', async () => {
    const env = { PORT: String(server.port) };
    const own = await doctor(home(), [], env);
    expect(own.of('port')).toEqual([expect.objectContaining({ state: 'pass' })]);
    // That server is then looked at as clients see it.
    expect(own.of('as_clients_see_it')).toHaveLength(1);
    const other = await listening((_, response) => response.end('{}'));
    const taken = await doctor(home(), [], { PORT: String(other.port) });
    expect(taken).toMatchObject({ code: 1 });
    expect(taken.of('port')).toEqual([
      expect.objectContaining({ state: 'fail', seen: expect.stringContaining('Another program') }),
    ]);
    await other.close();
  });

  verifies('doctor.fix', 'takes permissions of the ledger away that others have, when it is told to', async () => {
    const at = home();
    const ledger = put(join(at, 'audit.jsonl'), '');
    chmodSync(ledger, 0o666);
    const env = { AUDIT_LOG: ledger };
    const before = await doctor(at, [], env);
    expect(before).toMatchObject({ code: 1 });
    expect(before.of('audit_ledger')).toEqual([expect.objectContaining({ state: 'fail', fixable: true })]);
    expect(await run(at, ['--fix'], env)).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') });
    expect(statSync(ledger).mode & 0o777).toBe(0o666);
    const { code, report, of } = await doctor(at, ['--fix', '--yes'], env);
    expect({ code, fixed: report.fixed }).toEqual({ code: 0, fixed: [`chmod 640 ${ledger}`] });
    expect(of('audit_ledger')).toEqual([expect.objectContaining({ state: 'pass' })]);
    expect(statSync(ledger).mode & 0o777).toBe(0o640);
  });

  verifies(
    ['doctor.sign-ins', 'doctor.fix'],
    'mends what others could read of sign-ins, and removes what they wrote',
    async () => {
      const at = home();
      const state = join(at, '.local/state/scalekit-mcp');
      const names = ['good', 'read', 'written'].map((name) => put(join(state, `${name}.json`), '{}'));
      for (const [index, mode] of [0o600, 0o644, 0o666].entries()) chmodSync(names[index] ?? '', mode);
      const link = join(state, 'link.json');
      symlinkSync('/etc/hostname', link);
      chmodSync(state, 0o755);
      const before = await doctor(at);
      expect(before).toMatchObject({ code: 1 });
      const seen = before.of('kept').map(({ seen: text, to_do = '' }) => `${text} ${to_do}`);
      expect(seen).toEqual([
        expect.stringContaining(`Run chmod 700 ${state}`),
        expect.stringContaining(`${link} is a link`),
        expect.stringContaining(`Run chmod 600 ${names[1]}`),
        expect.stringMatching(/written\.json can be read or changed by others.* Remove it/),
      ]);
      rmSync(link);
      const { code, report, of } = await doctor(at, ['--fix', '--yes']);
      const fixed = [`chmod 700 ${state}`, `chmod 600 ${names[1]}`, `rm ${names[2]}`];
      expect({ code, fixed: report.fixed }).toEqual({ code: 0, fixed });
      expect(of('kept')).toEqual([expect.objectContaining({ state: 'pass' })]);
      expect(readdirSync(state)).toEqual(['good.json', 'read.json']);
      expect([state, names[1] ?? ''].map((path) => statSync(path).mode & 0o777)).toEqual([0o700, 0o600]);
    },
  );

  verifies('doctor.settings', 'says when the ledger has no folder', async () => {
    const { code, of } = await doctor(home(), [], { AUDIT_LOG: join(folder, 'none', 'audit.jsonl') });
    expect(code).toBe(1);
    expect(of('audit_ledger')).toEqual([
      expect.objectContaining({ state: 'fail', seen: expect.stringContaining('ENOENT') }),
    ]);
  });
});

describe('doctor with a Scalekit environment', () => {
  const env = (secret = CLIENT.secret) => ({
    SCALEKIT_ENV_URL: sandbox.url,
    SCALEKIT_MCP_SERVER_ID: sandbox.serverId,
    SCALEKIT_CLIENT_ID: CLIENT.id,
    SCALEKIT_CLIENT_SECRET: secret,
    ALLOWED_CLIENTS: 'skc_71204418093056901',
    PUBLIC_URL: 'http://localhost:3002',
  });

  verifies('doctor.scalekit', 'finds keys, API, authorization server, clock and client good', async () => {
    const { code, report, stdout } = await doctor(home(), [], env());
    const found = report.checks.filter(({ area }) => area === 'scalekit');
    expect(found.map(({ check, state }) => [check, state])).toEqual([
      ['keys', 'pass'],
      ['api', 'pass'],
      ['authorization_server', 'pass'],
      ['clock', 'pass'],
      ['client_secret', 'pass'],
    ]);
    expect(code).toBe(0);
    expect(stdout).not.toContain(CLIENT.secret);
  });

  verifies('doctor.scalekit', 'says that a secret is refused, without the secret', async () => {
    const { code, of, stdout } = await doctor(home(), [], env('test_wr0ng_secret'));
    expect(code).toBe(1);
    expect(of('client_secret')).toEqual([
      expect.objectContaining({ state: 'fail', to_do: expect.stringContaining('SCALEKIT_CLIENT_SECRET') }),
    ]);
    expect(stdout).not.toContain('wr0ng');
  });

  verifies('doctor.scalekit', 'says what cannot be reached, and what a clock that is wrong does', async () => {
    const stranger = await listening((_, response) => {
      response.setHeader('date', new Date(Date.now() - 3_600_000).toUTCString());
      response.end('hello');
    });
    const { code, of } = await doctor(home(), [], { ...env(), SCALEKIT_ENV_URL: stranger.url });
    await stranger.close();
    expect(code).toBe(1);
    expect(of('keys')).toEqual([expect.objectContaining({ state: 'fail' })]);
    expect(of('api')).toEqual([
      expect.objectContaining({ state: 'fail', seen: expect.stringContaining('no management API') }),
    ]);
    expect(of('clock')).toEqual([expect.objectContaining({ state: 'fail', seen: expect.stringContaining('ahead') })]);
    const away = await doctor(home(), [], { ...env(), SCALEKIT_ENV_URL: stranger.url });
    expect(away.of('api')).toEqual([
      expect.objectContaining({ state: 'fail', seen: expect.stringContaining('cannot be reached') }),
    ]);
    expect(away.of('clock')).toEqual([expect.objectContaining({ state: 'not_known' })]);
  });
});

describe('doctor with a server and clients', () => {
  const url = () => `http://localhost:${server.port}/mcp`;

  verifies('doctor.server', 'looks at a server as clients see it', async () => {
    const good = await doctor(home(), ['--url', url()]);
    expect(good).toMatchObject({ code: 0 });
    expect(good.of('as_clients_see_it')[0]?.seen).toMatch(/reachable/);
    const bad = await doctor(home(), ['--url', `http://localhost:${server.port}/nothing`]);
    expect(bad).toMatchObject({ code: 1, report: { healthy: false } });
    expect(bad.stdout).toMatch(/This breaks every client/);
    expect(bad.stdout).not.toContain('[object');
    const secret = await doctor(home(), ['--url', 'https://mira:s3cret@example.com/mcp']);
    expect(secret.of('url')).toEqual([expect.objectContaining({ state: 'fail' })]);
    expect(secret.stdout).not.toContain('s3cret');
  });

  verifies('doctor.clients', 'finds entries that work, and says what each of them is', async () => {
    const at = home();
    put(join(at, '.cursor/mcp.json'), JSON.stringify({ mcpServers: { scalekit: { url: `${url()}?read_only=true` } } }));
    const { code, of } = await doctor(at, ['--url', url()]);
    expect(code).toBe(0);
    expect(of('cursor')).toEqual([
      expect.objectContaining({ state: 'pass', seen: expect.stringContaining(`leads to ${url()}?read_only=true`) }),
    ]);
  });

  verifies(
    'doctor.clients',
    'finds entries that are wrong, stale, away, or hold a token, and shows no token',
    async () => {
      const at = home();
      const dead = await listening(() => undefined);
      await dead.close();
      const put_ = (file: string, member: string, entry: object) =>
        put(join(at, file), JSON.stringify({ [member]: { scalekit: entry } }));
      put_('.cursor/mcp.json', 'mcpServers', { url: url(), headers: { Authorization: 'Bearer t0psecret' } });
      put_('.claude.json', 'mcpServers', {
        type: 'stdio',
        command: join(at, 'gone'),
        args: ['stdio', '--key=t0psecret'],
      });
      put_('.gemini/settings.json', 'mcpServers', { httpUrl: `${dead.url}/mcp` });
      put_('.junie/mcp/mcp.json', 'mcpServers', { url: 'http://mcp.example.com/mcp?key=t0psecret' });
      put_('.copilot/mcp-config.json', 'mcpServers', { type: 'http', url: url(), enabled: false });
      put_('.kiro/settings/mcp.json', 'mcpServers', {});
      put(join(at, '.lmstudio/mcp.json'), '{');
      const { code, of, stdout } = await doctor(at);
      expect(code).toBe(1);
      const seen = (client: string) =>
        of(client)
          .map(({ state, seen: text }) => `${state} ${text}`)
          .join('\n');
      expect(seen('cursor')).toMatch(/^warn .*headers or a token of its own/);
      expect(seen('claude-code')).toMatch(/^fail .*gone, which it starts, is not there/);
      expect(seen('gemini-cli')).toMatch(/^fail .*Nothing listens there/);
      expect(seen('jetbrains')).toMatch(/^fail .*not https/);
      expect(seen('copilot-cli')).toMatch(/^warn .*switched off/);
      expect(seen('kiro')).toMatch(/^fail .*neither a URL nor a command/);
      expect(seen('lm-studio')).toMatch(/^fail .*no JSON/);
      expect(stdout).not.toContain('t0psecret');
    },
  );

  verifies('doctor.clients', 'looks at what a person has in one project, and mends it there', async () => {
    const at = home();
    const of = (entry: object) => ({ mcpServers: { scalekit: entry } });
    const projects = {
      '/a': of({ type: 'http', url: url() }),
      '/b': of({ type: 'sse', url: url() }),
      '/c': of({ type: 'http', url: 'http://mcp.example.com/mcp' }),
    };
    put(join(at, '.claude.json'), JSON.stringify({ projects }, null, 2));
    const first = await doctor(at, ['--fix', '--yes']);
    const seen = first.of('claude-code').map(({ state, seen: text }) => `${state} ${text}`);
    expect(seen).toEqual([
      expect.stringMatching(/^pass scalekit \(local, of \/a\) in /),
      expect.stringMatching(/^pass scalekit \(local, of \/b\) in /),
      expect.stringMatching(/^fail scalekit \(local, of \/c\) in .*not https/),
    ]);
    expect(JSON.parse(readFileSync(join(at, '.claude.json'), 'utf8')).projects).toEqual({
      ...projects,
      '/b': of({ type: 'http', url: url() }),
    });
  });

  verifies('doctor.clients', 'asks nothing on this machine that a project alone names', async () => {
    const at = home();
    const project = join(at, 'project');
    let asked = 0;
    const other = await listening((_, response) => {
      asked += 1;
      response.end('{}');
    });
    const entry = { type: 'http', url: `${other.url}/containers/prod/stop` };
    put(join(project, '.mcp.json'), JSON.stringify({ mcpServers: { scalekit: entry } }));
    const env = { HOME: at, PATH: '', PORT: '0', DOCS_URL: 'off' };
    const end = await here(['doctor', '--json'], { cwd: project, env }).end();
    const { checks } = JSON.parse(end.stdout) as Reported;
    expect(checks.filter(({ check }) => check === 'claude-code')).toEqual([
      expect.objectContaining({ state: 'not_known', seen: expect.stringContaining('named by the project alone') }),
    ]);
    expect(asked).toBe(0);
    const named = await here(['doctor', '--json', '--url', entry.url], { cwd: project, env }).end();
    expect(named.stdout).not.toContain('named by the project alone');
    expect(asked).toBeGreaterThan(0);
    await other.close();
  });

  verifies('doctor.fix', 'gives entries the form that their clients read, and touches nothing else', async () => {
    const at = home();
    const wrong = { disabled: true, url: url(), type: 'sse' };
    const files = [
      ['.config/Code/User/mcp.json', 'servers', wrong, { type: 'http', url: url(), disabled: true }],
      ['.codeium/windsurf/mcp_config.json', 'mcpServers', wrong, { serverUrl: url(), disabled: true }],
      ['.gemini/settings.json', 'mcpServers', wrong, { httpUrl: url(), disabled: true }],
      [
        '.cline/data/settings/cline_mcp_settings.json',
        'mcpServers',
        { url: url(), disabled: true },
        { type: 'streamableHttp', url: url(), disabled: true },
      ],
    ] as const;
    for (const [file, member, entry] of files) {
      put(join(at, file), `{\n  // mine\n  "${member}": {\n    "scalekit": ${JSON.stringify(entry)}\n  }\n}\n`);
    }
    const before = await doctor(at);
    expect(before).toMatchObject({ code: 1 });
    const { code, report } = await doctor(at, ['--fix', '--yes']);
    expect({ code, fixed: report.fixed?.length }).toEqual({ code: 0, fixed: files.length });
    for (const [file, member, , entry] of files) {
      const text = readFileSync(join(at, file), 'utf8');
      expect(text).toContain('  // mine\n');
      expect(JSON.parse(text.replace('// mine', ''))).toEqual({ [member]: { scalekit: entry } });
    }
    expect(existsSync(join(at, '.cursor'))).toBe(false);
  });
});
