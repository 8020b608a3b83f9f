import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect } from 'vitest';
import { builtServer } from '../fixtures/built.ts';
import { commandsHere } from '../fixtures/here.ts';
import { runScript } from '../fixtures/process.ts';
import { verifies } from '../verifies.ts';

const built = builtServer();
const here = commandsHere(built);
const folder = mkdtempSync(join(tmpdir(), 'install-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const URL = 'https://mcp.acme.example/mcp';
let homes = 0;

/** A person with a home, a project and the programs of some clients. */
function person(programs: Readonly<Record<string, string>> = {}) {
  homes += 1;
  const [home, project, bin] = ['home', 'project', 'bin'].map((name) => join(folder, String(homes), name)) as [
    string,
    string,
    string,
  ];
  for (const path of [home, project, bin]) mkdirSync(path, { recursive: true });
  for (const [name, script] of Object.entries(programs)) program(join(bin, name), script);
  return { home, project, bin, path: (...names: string[]) => join(home, ...names) };
}
type Person = ReturnType<typeof person>;

function program(path: string, script: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
}

/** Writes each argument on a line of its own. */
const RECORDS = 'printf "%s\\n" "$@" >> "$HOME/argv"; echo --- >> "$HOME/argv"';

async function run(
  { home, project, bin }: Person,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
) {
  return here(args, { cwd: project, env: { HOME: home, PATH: bin, ...env } }).end();
}

/** The same in a process of its own. */
async function runProcess({ home, project, bin }: Person, args: readonly string[]) {
  const child = runScript(built.script, { cwd: project, env: { HOME: home, PATH: bin }, arguments: args });
  const code = await child.exit();
  return { code, stdout: child.stdout(), stderr: child.stderr() };
}

function put(path: string, text: string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return text;
}

describe('install', () => {
  verifies('install.round-trip', 'gives Cursor this server, says so twice, and takes it out again', async () => {
    const mira = person();
    const file = mira.path('.cursor', 'mcp.json');
    const before = put(
      file,
      '{\n  // mine\n  "mcpServers": {\n    "other": { "url": "https://o.example/mcp" }\n  }\n}\n',
    );
    const args = ['cursor', '--url', URL, '--toolsets', 'organizations', '--read-only', '--yes'];
    const first = await runProcess(mira, ['install', ...args]);
    expect(first).toMatchObject({ code: 0, stdout: expect.stringMatching(/^cursor: done\.\nWhat the file was: /) });
    expect(first.stderr).toContain(`+       "url": "${URL}?toolsets=organizations&read_only=true"`);
    expect(readFileSync(file, 'utf8')).toContain('// mine');
    expect(await run(mira, ['install', ...args])).toMatchObject({
      code: 0,
      stdout: `cursor: nothing to do in ${file}.\n`,
    });
    const list = await run(mira, ['install', '--list', '--json']);
    const { clients } = JSON.parse(list.stdout);
    expect(clients.find(({ client }: { client: string }) => client === 'cursor')).toEqual({
      client: 'cursor',
      name: 'Cursor',
      found: true,
      installed: [{ scope: 'user', file, name: 'scalekit', url: `${URL}?toolsets=organizations&read_only=true` }],
    });
    expect(await run(mira, ['uninstall', 'cursor', '--yes'])).toMatchObject({ code: 0, stdout: 'cursor: done.\n' });
    expect(readFileSync(file, 'utf8')).toBe(before);
    expect(readdirSync(dirname(file))).toEqual(['mcp.json']);
  });

  verifies('install.asks', 'changes nothing with --dry-run, and nothing without a yes', async () => {
    const mira = person({ claude: RECORDS });
    for (const client of ['cursor', 'claude-code']) {
      const dry = await run(mira, ['install', client, '--url', URL, '--dry-run', '--yes', '--json']);
      expect(dry).toMatchObject({ code: 0, stderr: '' });
      expect(JSON.parse(dry.stdout)).toMatchObject({ client, state: 'planned', change: expect.stringContaining(URL) });
      const unasked = await run(mira, ['install', client, '--url', URL]);
      expect(unasked).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('Add --yes') });
    }
    expect(readdirSync(mira.home)).toEqual([]);
  });

  verifies('install.own-command', 'lets a client do it by its own command, without a shell', async () => {
    const mira = person({ claude: RECORDS, codex: RECORDS, code: RECORDS });
    const url = `${URL}?toolsets=organizations&read_only=true`;
    const options = ['--url', URL, '--toolsets', 'organizations', '--read-only', '--yes', '--name', 'scalekit-2'];
    for (const client of ['claude-code', 'codex', 'vs-code']) {
      expect(await run(mira, ['install', client, ...options])).toMatchObject({ code: 0 });
    }
    expect(readFileSync(mira.path('argv'), 'utf8').split('---\n').slice(0, -1)).toEqual([
      `mcp\nadd\n--transport\nhttp\n--scope\nuser\nscalekit-2\n${url}\n`,
      `mcp\nadd\nscalekit-2\n--url\n${url}\n`,
      `--add-mcp\n${JSON.stringify({ name: 'scalekit-2', type: 'http', url })}\n`,
    ]);
  });

  verifies('install.own-command', 'takes an entry that leads elsewhere out first', async () => {
    const mira = person({ claude: RECORDS });
    put(
      mira.path('.claude.json'),
      JSON.stringify({ mcpServers: { scalekit: { type: 'http', url: 'https://old.example/mcp' } } }),
    );
    await run(mira, ['install', 'claude-code', '--url', URL, '--yes']);
    await run(mira, ['uninstall', 'claude-code', '--yes']);
    expect(readFileSync(mira.path('argv'), 'utf8').split('---\n').slice(0, -1)).toEqual([
      'mcp\nremove\n--scope\nuser\nscalekit\n',
      `mcp\nadd\n--transport\nhttp\n--scope\nuser\nscalekit\n${URL}\n`,
      'mcp\nremove\n--scope\nuser\nscalekit\n',
    ]);
  });

  verifies('install.own-command', 'says what failed when the command of a client fails', async () => {
    const mira = person({ claude: 'echo "not signed in" >&2; exit 3' });
    const { code, stdout, stderr } = await runProcess(mira, ['install', 'claude-code', '--url', URL, '--yes']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('not signed in');
    expect(stderr).toContain(`claude mcp add --transport http --scope user scalekit ${URL} ended with 3`);
  });

  verifies('install.own-command', 'runs nothing that the project brings along', async () => {
    const mira = person();
    const evil = join(mira.project, 'node_modules', '.bin');
    program(join(evil, 'claude'), RECORDS);
    put(join(mira.project, '.env'), `PATH=${evil}\nXDG_CONFIG_HOME=${mira.project}\nHOME=${mira.project}\n`);
    const { code } = await run(mira, ['install', 'claude-code', '--url', URL, '--yes'], {
      PATH: `${evil}:.:${mira.bin}`,
    });
    expect(code).toBe(0);
    expect(existsSync(mira.path('argv'))).toBe(false);
    expect(JSON.parse(readFileSync(mira.path('.claude.json'), 'utf8'))).toEqual({
      mcpServers: { scalekit: { type: 'http', url: URL } },
    });
  });

  verifies(
    'install.own-command',
    'runs nothing of the project that it is in, through no link, and from no folder of packages',
    async () => {
      const mira = person();
      const [root, sub] = [mira.project, join(mira.project, 'sub')];
      put(join(root, 'package.json'), '{}');
      mkdirSync(sub);
      const folders = ['bin', 'node_modules/.bin'].map((name) => join(root, name));
      for (const folder of folders) program(join(folder, 'claude'), RECORDS);
      const packages = mira.path('elsewhere', 'node_modules', '.bin');
      program(join(packages, 'claude'), RECORDS);
      symlinkSync(join(root, 'bin', 'claude'), join(mira.bin, 'claude'));
      const PATH = [...folders, packages, mira.bin].join(':');
      const args = ['install', 'claude-code', '--url', URL, '--yes'];
      expect(await here(args, { cwd: sub, env: { HOME: mira.home, PATH } }).end()).toMatchObject({ code: 0 });
      expect(existsSync(mira.path('argv'))).toBe(false);
      expect(existsSync(mira.path('.claude.json'))).toBe(true);
    },
  );

  verifies('install.broken', 'touches no file that it cannot read, and says where it is broken', async () => {
    const mira = person();
    const file = mira.path('.cursor', 'mcp.json');
    const before = put(file, '{\n  "mcpServers": {\n    "a": {"headers": {"Authorization": "Bearer s3cret"}\n');
    for (const args of [
      ['install', 'cursor', '--url', URL, '--yes'],
      ['uninstall', 'cursor', '--yes'],
    ]) {
      const { code, stdout, stderr } = await run(mira, args);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toMatch(
        /^\S+mcp\.json was not touched: it is no JSON \(\w+\), in line \d\. Mend it, then try again\.$/m,
      );
      expect(stderr).not.toContain('s3cret');
    }
    expect(readFileSync(file, 'utf8')).toBe(before);
    expect(await run(mira, ['install', '--list'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('no JSON'),
    });
  });

  verifies('install.concurrent', 'loses nothing when several run at the same time', async () => {
    const mira = person();
    const names = ['one', 'two', 'three'];
    const ended = await Promise.all(
      names.map((name) => runProcess(mira, ['install', 'cursor', '--url', URL, '--name', name, '--yes'])),
    );
    const { mcpServers } = JSON.parse(readFileSync(mira.path('.cursor', 'mcp.json'), 'utf8'));
    // Who has found the file changed too often says so; who has said that it is done has done it.
    const done = names.filter((_, at) => ended[at]?.code === 0);
    expect(done.length).toBeGreaterThan(0);
    expect(Object.keys(mcpServers).toSorted()).toEqual(done.toSorted());
  });

  verifies.each('install.url', [
    ['http://mcp.acme.example/mcp', 'not https'],
    ['https://mira:s3cret@mcp.acme.example/mcp', 'a name or a password'],
    ['https://mcp.acme.example/mcp?token=s3cret', 'could be a secret'],
    ['https://mcp.acme.example', 'no endpoint'],
    ['mcp.acme.example/mcp', 'no URL'],
    ['https://mcp.acme.example/mcp?toolsets=organisations', 'There are organizations'],
    ['', 'Say which server'],
  ])('gives no client a URL such as %s', async (url, why) => {
    const mira = person();
    const { code, stdout, stderr } = await run(mira, ['install', 'cursor', '--url', url, '--yes']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(why);
    expect(stderr).not.toContain('s3cret');
    expect(readdirSync(mira.home)).toEqual([]);
  });

  verifies('install.url', 'takes the URL from SCALEKIT_MCP_URL, and a name that is none from nobody', async () => {
    const mira = person();
    const env = { SCALEKIT_MCP_URL: 'http://localhost:3000/mcp' };
    expect(await run(mira, ['install', 'kiro', '--scope', 'project', '--yes'], env)).toMatchObject({ code: 0 });
    expect(readFileSync(join(mira.project, '.kiro/settings/mcp.json'), 'utf8')).toContain('localhost:3000/mcp');
    for (const args of [
      ['install', 'cursr'],
      ['install', 'cursor', '--name', '../x'],
      ['install', 'cursor', '--scope', 'world'],
      ['install', 'windsurf', '--scope', 'project'],
    ]) {
      expect(await run(mira, [...args, '--yes'], env)).toMatchObject({ code: 2, stdout: '' });
    }
    expect((await run(mira, ['install', 'cursr'], env)).stderr).toContain('Did you mean cursor?');
  });

  verifies('install.list', 'tells which clients are there, and asks for one by name where it cannot ask', async () => {
    const mira = person({ gemini: RECORDS });
    mkdirSync(mira.path('.cursor'));
    const { stdout } = await run(mira, ['install', '--list']);
    expect(stdout).toMatch(/^cursor +found, not installed$/m);
    expect(stdout).toMatch(/^gemini-cli +found, not installed$/m);
    expect(stdout).toMatch(/^Not found: .*windsurf/m);
    const unnamed = await run(mira, ['install', '--url', URL]);
    expect(unnamed).toMatchObject({ code: 2, stderr: 'Name a client. On this machine: cursor, gemini-cli.\n' });
  });

  /** What Claude Code keeps, when somebody has added a server in two projects for themselves. */
  const ofClaude = (...projects: readonly string[]) => {
    const mcpServers = { scalekit: { type: 'http', url: URL } };
    return JSON.stringify({ projects: Object.fromEntries(projects.map((path) => [path, { mcpServers }])) }, null, 2);
  };
  const serversOf = (mira: Person, project: string) =>
    JSON.parse(readFileSync(mira.path('.claude.json'), 'utf8')).projects[project].mcpServers;

  verifies('install.local', 'tells what a person has in a project, of every project, and takes it out', async () => {
    const mira = person();
    const gone = join(mira.home, 'gone');
    put(mira.path('.claude.json'), ofClaude(mira.project, gone));
    const { stdout } = await run(mira, ['install', '--list']);
    for (const project of [mira.project, gone]) {
      expect(stdout).toContain(`scalekit (local, of ${project}): ${URL}, in ${mira.path('.claude.json')}`);
    }
    const { clients } = JSON.parse((await run(mira, ['install', '--list', '--json'])).stdout);
    const [claude] = clients.filter(({ client }: { client: string }) => client === 'claude-code');
    expect(claude.installed[1]).toEqual({
      ...{ scope: 'local', project: gone, file: mira.path('.claude.json'), name: 'scalekit', url: URL },
    });
    const uninstall = ['uninstall', 'claude-code', '--scope', 'local', '--yes'];
    expect(await run(mira, uninstall)).toMatchObject({ code: 0, stdout: expect.stringContaining('done') });
    expect([serversOf(mira, mira.project), serversOf(mira, gone)]).toEqual([{}, { scalekit: expect.anything() }]);
    expect(await run(mira, [...uninstall, '--project', gone])).toMatchObject({ code: 0 });
    expect(serversOf(mira, gone)).toEqual({});
  });

  verifies('install.local', 'uses the own command of a client, in the project that is named', async () => {
    const mira = person({ claude: `pwd >> "$HOME/argv"; ${RECORDS}` });
    const other = mira.path('other');
    mkdirSync(other);
    const named = ['claude-code', '--scope', 'local', '--project', other, '--yes'];
    expect(await run(mira, ['install', ...named, '--url', URL])).toMatchObject({ code: 0 });
    put(mira.path('.claude.json'), ofClaude(other));
    expect(await run(mira, ['uninstall', ...named])).toMatchObject({ code: 0 });
    expect(readFileSync(mira.path('argv'), 'utf8').split('---\n').slice(0, -1)).toEqual([
      `${other}\nmcp\nadd\n--transport\nhttp\n--scope\nlocal\nscalekit\n${URL}\n`,
      `${other}\nmcp\nremove\n--scope\nlocal\nscalekit\n`,
    ]);
    const nowhere = ['claude-code', '--scope', 'local', '--project', mira.path('nowhere'), '--yes'];
    expect(await run(mira, ['install', ...nowhere, '--url', URL])).toMatchObject({ code: 2 });
  });

  verifies('install.local', 'runs nothing of the folder that it is in, whatever project is named', async () => {
    const mira = person();
    const bin = join(mira.project, 'bin');
    program(join(bin, 'claude'), RECORDS);
    const other = mira.path('other');
    mkdirSync(other);
    const args = ['install', 'claude-code', '--scope', 'local', '--project', other, '--url', URL, '--yes'];
    expect(await run(mira, args, { PATH: bin })).toMatchObject({ code: 0 });
    expect(existsSync(mira.path('argv'))).toBe(false);
    expect(serversOf(mira, other)).toEqual({ scalekit: { type: 'http', url: URL } });
  });

  verifies('install.local', 'says which scopes a client has that has none of this kind', async () => {
    const mira = person();
    const { code, stderr } = await run(mira, ['install', 'cursor', '--scope', 'local', '--url', URL, '--yes']);
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('Use --scope user') });
  });

  verifies('install.list', 'tells names that a project brings along without control characters', async () => {
    const mira = person();
    put(join(mira.project, '.mcp.json'), JSON.stringify({ mcpServers: { '\u001b[2J\u009bevil\n': { url: URL } } }));
    const { stdout } = await run(mira, ['install', '--list', '--url', URL]);
    expect(stdout).toContain(String.raw`"\u001b[2J\u{9b}evil\n" (project): ${URL}`);
    expect(stdout).not.toMatch(/[^\P{C}\n]/u);
  });

  verifies('install.by-hand', 'prints what people do for clients whose settings it cannot write', async () => {
    const mira = person();
    const continued = await run(mira, ['install', 'continue', '--url', URL, '--yes']);
    expect(continued).toMatchObject({ code: 1, stdout: expect.stringContaining('type: streamable-http') });
    const file = mira.path('.config', 'goose', 'config.yaml');
    put(file, 'extensions: {a: {uri: x}} # mine\n');
    const goose = await run(mira, ['install', 'goose', '--url', URL, '--yes']);
    expect(goose).toMatchObject({ code: 1, stdout: expect.stringContaining(`uri: "${URL}"`) });
    expect(readFileSync(file, 'utf8')).toBe('extensions: {a: {uri: x}} # mine\n');
  });
});
