import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from 'vitest';
import { ENVIRONMENT_IDS } from '../../src/sandbox/data/ids.ts';
import { builtServer } from '../fixtures/built.ts';
import { commandsHere, type ServerHere, serverHere } from '../fixtures/here.ts';
import { signInAt } from '../fixtures/terminal.ts';
import { verifies } from '../verifies.ts';

// Lines that the program says to run are taken from what it has written, and run.

const built = builtServer();
const here = commandsHere(built);
let server: ServerHere;
let url: string;
let folder: string;
/** How the program calls itself here. */
let program: string;
beforeAll(async () => {
  server = await serverHere(built);
  url = server.url;
  program = (await built.load<typeof import('../../src/install/own-call.ts')>('install/own-call.js')).ownCall();
});
afterAll(() => server.stop());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lines-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

type Variables = Readonly<Record<string, string>>;

const start = (args: readonly string[], env: Variables = {}) =>
  here(args, { cwd: folder, env: { HOME: folder, XDG_STATE_HOME: folder, DOCS_URL: 'off', AUDIT_LOG: 'off', ...env } });
const run = (args: readonly string[], env: Variables = {}) => start(args, env).end();

/** The arguments of the lines in a text that call the program, as a shell reads them. */
function linesIn(text: string): readonly (readonly string[])[] {
  return text.split('\n').flatMap((line) => {
    const at = line.indexOf(`${program} `);
    return at === -1 ? [] : [wordsOf(line.slice(at + program.length))];
  });
}

function wordsOf(line: string): readonly string[] {
  return execFileSync('sh', ['-c', `printf '%s\\0' ${line}`], { encoding: 'utf8' })
    .split('\0')
    .slice(0, -1);
}

/** What a command that fails says to run: the same for people and for programs. */
async function saidBy(args: readonly string[], code: number, env: Variables = {}) {
  const told = await run(args, env);
  expect(told).toMatchObject({ code, stdout: '' });
  const lines = linesIn(told.stderr);
  expect(lines).not.toEqual([]);
  return { lines, line: lines[0] ?? [], text: told.stderr };
}

/** The same, and that programs are told it. */
async function saidToAllBy(args: readonly string[], code: number) {
  const said = await saidBy(args, code);
  const { error } = JSON.parse((await run([...args, '--json'])).stdout);
  expect(linesIn(error.run)).toEqual([said.line]);
  return said;
}

async function signInBy(line: readonly string[], keep?: (scope: string) => boolean): Promise<void> {
  expect(line[0]).toBe('login');
  const command = start([...line, '--no-browser']);
  await signInAt(command, keep === undefined ? {} : { keep });
  expect(await command.end()).toMatchObject({ code: 0 });
}

describe('signing in', () => {
  verifies.each('cli.lines', [
    ['', ['tools']],
    ['?read_only=true', ['call', 'whoami']],
    ['?toolsets=organizations,users&read_only=true', ['call', 'list_organizations']],
    ['', ['whoami']],
  ])('is said for the URL that was given, and works: %j %j', async (query, command) => {
    const args = [
      ...[...command, '--url', `${url}${query}`],
      ...(command.includes('list_organizations') ? ['--arg', `environmentId=${ENVIRONMENT_IDS.development}`] : []),
    ];
    const { line } = await saidToAllBy(args, 77);
    expect(line).toEqual(['login', '--url', `${url}${query}`]);
    await signInBy(line);
    expect(await run(args)).toMatchObject({ code: 0, stderr: '' });
  });

  verifies('cli.lines', 'is said with the options that narrow the tools, and with SCALEKIT_MCP_URL', async () => {
    const { line } = await saidToAllBy(['tools', '--url', url, '--toolsets', 'organizations', '--read-only'], 77);
    expect(line).toEqual(['login', '--url', `${url}?toolsets=organizations&read_only=true`]);
    const named = await saidBy(['tools'], 77, { SCALEKIT_MCP_URL: url });
    await signInBy(named.line);
    expect(await run(['tools'], { SCALEKIT_MCP_URL: url })).toMatchObject({ code: 0 });
  });

  verifies('cli.lines', 'is said again to who has denied it, or has taken too long', async () => {
    const denied = start(['login', '--url', url, '--no-browser']);
    await signInAt(denied, { deny: true });
    const { code, stderr } = await denied.end();
    expect(code).toBe(77);
    expect(linesIn(stderr)).toEqual([['login', '--url', url]]);
    const late = await saidBy(['login', '--url', url, '--no-browser', '--time-limit', '1'], 77);
    expect(late.lines).toEqual([
      ['login', '--url', url],
      ['logout', '--url', url],
    ]);
    expect(await run(late.lines[1] ?? [])).toMatchObject({ code: 0 });
    await signInBy(late.line);
  });

  verifies('cli.lines', 'is said where what is kept cannot be used, or the token of a machine', async () => {
    await signInBy(['login', '--url', url]);
    const state = join(folder, 'scalekit-mcp');
    const kept = join(state, readdirSync(state).find((name) => name.endsWith('.json')) ?? '');
    chmodSync(kept, 0o644);
    const { line, text } = await saidBy(['tools', '--url', url], 78);
    execFileSync('sh', ['-c', /Run (chmod [^,]+),/.exec(text)?.[1] ?? 'false']);
    await signInBy(line);
    const token = { SCALEKIT_MCP_URL: url, SCALEKIT_MCP_TOKEN: 'token-of-another' };
    await signInBy((await saidBy(['whoami'], 77, token)).line);
    expect(await run(['whoami', '--url', url])).toMatchObject({ code: 0 });
  });
});

describe('a call', () => {
  const environment = ['--environment', ENVIRONMENT_IDS.development];
  const create = (name: string) => ['call', 'create_organization', '--arg', `name=${name}`];

  verifies('cli.lines', 'that lacks a scope says how it is got, without losing the others', async () => {
    await signInBy(['login', '--url', url, '--scope', 'environment:read organization:read']);
    const args = [...create('Acme'), '--url', url, ...environment];
    const { line } = await saidToAllBy(args, 77);
    expect(line.slice(0, 4)).toEqual([
      'login',
      '--url',
      `${url}?environment=${ENVIRONMENT_IDS.development}`,
      '--scope',
    ]);
    expect(line[4]?.split(' ')).toEqual(expect.arrayContaining(['organization:read', 'organization:write']));
    await signInBy(line);
    expect(await run(args)).toMatchObject({ code: 0 });
    expect(await run(['call', 'list_organizations', '--url', url, ...environment])).toMatchObject({ code: 0 });
  });

  verifies('cli.lines', 'that would destroy something says the whole command that does it', async () => {
    await signInBy(['login', '--url', url]);
    const made = JSON.parse((await run([...create("Ann's & co"), '--url', url, ...environment])).stdout);
    const remove = ['call', 'delete_organization', '--arg', `organizationId=${made.organization.id}`];
    const { line } = await saidToAllBy([...remove, '--url', url, ...environment], 1);
    expect(await run(line)).toMatchObject({ code: 0 });
    const json = JSON.stringify({ organizationId: made.organization.id });
    const gone = ['call', 'get_organization_details', '--json-args', json, '--url', url, ...environment];
    expect(await run(gone)).toMatchObject({ code: 1, stderr: expect.stringContaining('not_found') });
  });

  verifies.each('cli.mistyped', ['hosted', 'own'])(
    'of a tool that there is not, or with an argument that it has not, says what was meant: %s',
    async (kind) => {
      if (kind === 'hosted') await signInBy(['login', '--url', url]);
      const where = kind === 'hosted' ? ['--url', `${url}?tools=whoami,list_organizations`] : [];
      const tool = await saidToAllBy(['call', 'lst_organizations', ...where], 2);
      expect(tool.text).toContain('No tool is called "lst_organizations". Did you mean list_organizations');
      expect(await run(tool.line)).toMatchObject({ code: 0, stdout: expect.stringContaining('list_organizations') });
      const argument = await saidToAllBy(['call', 'list_organizations', '--arg', 'querry=a', ...where], 1);
      expect(argument.text).toMatch(/querry: not an argument.* Did you mean query\?/);
      const [shown] = JSON.parse((await run(argument.line)).stdout).filter(
        ({ name }: { name: string }) => name === 'list_organizations',
      );
      expect(shown.inputSchema.properties).toHaveProperty('query');
    },
  );

  verifies('cli.mistyped', 'of a tool that the options leave out does not say that there is none', async () => {
    const { line, text } = await saidToAllBy([...create('Acme'), '--read-only'], 2);
    expect(text).toContain('create_organization is not offered here');
    expect(await run(line)).toMatchObject({ code: 0 });
  });
});

verifies.each('cli.lines', [
  [['call', 'whoami', '--ar', 'a=b'], 'call [options] <tool>'],
  [['audit', 'verfy'], 'audit [options] [command]'],
  [['audit', 'verify'], 'audit verify [options] <file...>'],
  [['cal'], '[options] [command]'],
  [['completion', 'bsh'], 'completion [options] <shell>'],
])('what is called wrongly leads to the help of what was called: %j', async (args, usage) => {
  const { line } = await saidBy(args, 2);
  expect(await run(line)).toMatchObject({ code: 0, stdout: expect.stringContaining(usage) });
});

verifies(
  'cli.lines',
  'what is in another scope of a client than was asked is taken out by the line that is said',
  async () => {
    const gone = join(folder, 'gone');
    const mcpServers = { scalekit: { type: 'http', url } };
    const file = join(folder, '.claude.json');
    writeFileSync(file, JSON.stringify({ projects: { [gone]: { mcpServers } } }));
    const { code, stdout } = await run(['uninstall', 'claude-code', '--yes'], { PATH: '' });
    expect(code).toBe(0);
    const [line = []] = linesIn(stdout);
    expect(line).toEqual(['uninstall', 'claude-code', '--scope', 'local', '--project', gone]);
    expect(await run([...line, '--yes'], { PATH: '' })).toMatchObject({ code: 0 });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ projects: { [gone]: { mcpServers: {} } } });
  },
);

verifies('cli.lines', 'what is wrong with an entry of a client is mended by the lines that doctor says', async () => {
  const put = (file: string, value: object) => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), JSON.stringify(value));
  };
  put('.cursor/mcp.json', { mcpServers: { scalekit: {}, acme: { url: 'https://other.example/mcp' } } });
  put('.config/Claude/claude_desktop_config.json', { mcpServers: { scalekit: { url } } });
  const projects = { [join(folder, 'gone')]: { mcpServers: { scalekit: { command: join(folder, 'gone') } } } };
  put('.claude.json', { projects });
  const env = { PATH: '', PORT: '0' };
  const hasLines = async (...args: string[]) => linesIn((await run(['doctor', ...args], env)).stdout);
  const taken = await hasLines('--name', 'scalekit');
  expect(taken.map(([command, client]) => [command, client]).toSorted()).toEqual([
    ['uninstall', 'claude'],
    ['uninstall', 'claude-code'],
    ['uninstall', 'cursor'],
  ]);
  const replaced = await hasLines('--url', url);
  expect(replaced).toHaveLength(3);
  for (const line of replaced) {
    const isOver = line.includes('--project');
    expect(line.slice(0, isOver ? 1 : 4)).toEqual(isOver ? ['uninstall'] : ['install', line[1], '--url', url]);
    expect(await run([...line, '--yes'], env)).toMatchObject({ code: 0 });
  }
  for (const line of await hasLines('--name', 'scalekit')) {
    expect(await run([...line, '--yes'], env)).toMatchObject({ code: 0 });
  }
  expect(await hasLines('--name', 'scalekit')).toEqual([]);
  expect(await hasLines('--url', url)).toEqual([]);
});

verifies('cli.lines', 'what is left to do in a client names the server as it is called there', async () => {
  const install = ['install', 'claude-code', '--url', url, '--name', 'acme', '--yes'];
  const { stdout } = await run(install, { PATH: '' });
  expect(stdout).toContain('`claude mcp login acme`');
});
