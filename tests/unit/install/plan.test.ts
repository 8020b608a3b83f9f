import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { afterEach, describe, expect } from 'vitest';
import { clientsOf } from '../../../src/install/clients.ts';
import { findClients } from '../../../src/install/found.ts';
import type { Machine } from '../../../src/install/machine.ts';
import { bridgeTo } from '../../../src/install/own-call.ts';
import { carryOut, planInstall, planUninstall, type Wanted } from '../../../src/install/plan.ts';
import { SCOPES, type Scope, type Setup } from '../../../src/install/setup.ts';
import { type EmptyMachine, emptyMachine } from '../../fixtures/clients-machine.ts';
import { verifies } from '../../verifies.ts';

const URL = 'https://mcp.acme.example/mcp?toolsets=organizations';
const ORIGIN = 'https://mcp.acme.example/mcp';
const NAME = 'scalekit';
const clients = clientsOf(ORIGIN).flatMap(({ setup, ...client }) =>
  setup === undefined ? [] : [{ ...client, setup }],
);

const machines: EmptyMachine[] = [];
afterEach(() => {
  for (const machine of machines.splice(0)) machine.remove();
});

function machine(platform?: Machine['platform'], variables?: Readonly<Record<string, string>>): EmptyMachine {
  const made = emptyMachine(platform, variables);
  machines.push(made);
  return made;
}

/** What a client is given by default. */
function wanted(setup: Setup, url = URL): Wanted {
  if (setup.remote !== undefined) return { remote: { name: NAME, url } };
  return { local: { name: NAME, command: bridgeTo(url) } };
}

function clientCalled(id: string) {
  const client = clients.find((one) => one.id === id);
  if (client === undefined) throw new Error(`There is no client ${id}.`);
  return client;
}

function placesOf(setup: Setup, scope: Scope, on: Machine): readonly string[] {
  if (scope === 'project') return (setup.files.project ?? []).map((path) => join(on.project, path));
  if (scope === 'local' && setup.localMember === undefined) return [];
  return (setup.files.user ?? []).map((place) => place(on)).filter((path) => path !== undefined);
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** Files that people have, with comments, an indentation of their own, and another server. */
function lived(setup: Setup, end = '\n'): string {
  const { format, member } = setup;
  const lines = {
    json: [
      '// Mine.',
      '{',
      '\t"theme": "dark", // at night',
      `\t"${member}": {`,
      '\t\t/* Do not touch. */',
      '\t\t"other": { "url": "https://other.example/mcp", "headers": { "Authorization": "Bearer s3cret-of-another" } },',
      '\t},',
      '\t"last": [1,2,   3],',
      '}',
    ],
    toml: [
      '# Mine.',
      'model = "o9"',
      '',
      `[${member}.other]`,
      'url = "https://other.example/mcp" # kept',
      '',
      '[ui]',
      'a=1',
    ],
    yaml: [
      '# Mine.',
      'model: o9',
      `${member}:`,
      '    other:',
      '        uri:   "https://other.example/mcp" # kept',
      '# End.',
      'ui:',
      '  - 1',
    ],
  };
  return lines[format].join(end) + end;
}

const everywhere = (['linux', 'darwin', 'win32'] as const).flatMap((platform) =>
  SCOPES.flatMap((scope) =>
    clients
      .filter(({ setup }) => placesOf(setup, scope, machineFor(platform)).length > 0)
      .map(({ id }) => [id, platform, scope] as const),
  ),
);

function machineFor(platform: Machine['platform']): Machine {
  return { platform, home: '/home/mira', project: '/project', variables: {} };
}

/** Installs, looks that it is found, installs again, takes it out. */
async function roundTrip(id: string, on: Machine, scope: Scope): Promise<void> {
  const client = clientCalled(id);
  const asked = { client, setup: client.setup, scope, name: NAME, machine: on };
  const plan = await planInstall(asked, wanted(client.setup));
  expect(plan.kind).toBe('edit');
  await carryOut(plan, on, false);
  const found = await findClients(on, { name: NAME, url: ORIGIN });
  const entries = found.find((one) => one.client.id === id)?.entries ?? [];
  expect(entries.map((entry) => [entry.scope, entry.name, entry.state.url, entry.state.problems])).toEqual([
    [scope, NAME, URL, []],
  ]);
  expect(await planInstall(asked, wanted(client.setup))).toMatchObject({ kind: 'nothing' });
  await carryOut(await planUninstall(asked), on, false);
  expect(await planUninstall(asked)).toMatchObject({ kind: 'nothing' });
}

describe('every client', () => {
  verifies.each('install.round-trip', everywhere)(
    'gets this server, shows it, and is as before: %s on %s, %s',
    async (id, platform, scope) => {
      const on = machine(platform);
      const [path = ''] = placesOf(clientCalled(id).setup, scope, on);
      await roundTrip(id, on, scope);
      expect(existsSync(path)).toBe(false);
      for (const end of ['\n', '\r\n']) {
        const before = lived(clientCalled(id).setup, end);
        write(path, before);
        await roundTrip(id, on, scope);
        expect(readFileSync(path, 'utf8')).toBe(before);
        // Neither what was written in between nor copies stay.
        expect(readdirSync(dirname(path)).filter((name) => name.includes(basename(path)))).toEqual([basename(path)]);
      }
    },
  );

  verifies.each(
    'install.kept',
    clients.map(({ id }) => id),
  )('keeps every line of others, with comments: %s', async (id) => {
    const on = machine(id === 'visual-studio' ? 'win32' : 'linux');
    const { setup } = clientCalled(id);
    const [path = ''] = placesOf(setup, 'user', on);
    const before = lived(setup);
    write(path, before);
    const asked = { client: clientCalled(id), setup, scope: 'user' as const, name: NAME, machine: on };
    const plan = await planInstall(asked, wanted(setup));
    expect(JSON.stringify(plan)).toContain('"shown"');
    expect('shown' in plan && plan.shown).not.toContain('s3cret');
    const { backup = '' } = await carryOut(plan, on, false);
    expect(readFileSync(backup, 'utf8')).toBe(before);
    const after = readFileSync(path, 'utf8').split('\n');
    // A line that was last in its list may get a comma.
    for (const line of before.split('\n')) expect([line, `${line},`].some((one) => after.includes(one))).toBe(true);
  });
});

describe('places', () => {
  verifies('install.places', 'follow the variables by which people name their folders', () => {
    const on = { ...machineFor('linux'), variables: { XDG_CONFIG_HOME: '/x', CODEX_HOME: '/c', APPDATA: '/a' } };
    expect(placesOf(clientCalled('zed').setup, 'user', on)).toEqual(['/x/zed/settings.json']);
    expect(placesOf(clientCalled('vs-code').setup, 'user', on)).toEqual(['/x/Code/User/mcp.json']);
    expect(placesOf(clientCalled('codex').setup, 'user', on)).toEqual(['/c/config.toml']);
    expect(placesOf(clientCalled('vs-code').setup, 'user', { ...on, platform: 'win32' })).toEqual([
      '/a/Code/User/mcp.json',
    ]);
    expect(placesOf(clientCalled('vs-code').setup, 'user', { ...on, platform: 'darwin' })).toEqual([
      '/home/mira/Library/Application Support/Code/User/mcp.json',
    ]);
    expect(placesOf(clientCalled('goose').setup, 'user', { ...on, platform: 'win32' })).toEqual([
      '/a/Block/goose/config/config.yaml',
    ]);
  });

  verifies('install.places', 'are the one of several that is there', async () => {
    const on = machine();
    const { setup } = clientCalled('opencode');
    const [, second = ''] = placesOf(setup, 'user', on);
    write(second, '{}\n');
    const client = clientCalled('opencode');
    const plan = await planInstall({ client, setup, scope: 'user', name: NAME, machine: on }, wanted(setup));
    expect(plan).toMatchObject({ kind: 'edit', file: { path: second } });
  });

  verifies('install.places', 'are all of those that a client reads, when something is taken out', async () => {
    const on = machine();
    const client = clientCalled('opencode');
    const [first = '', second = ''] = placesOf(client.setup, 'user', on);
    write(first, '{}\n');
    write(second, JSON.stringify({ mcp: { [NAME]: { type: 'remote', url: URL } } }));
    const asked = { client, setup: client.setup, scope: 'user' as const, name: NAME, machine: on };
    expect(await planUninstall(asked)).toMatchObject({ kind: 'edit', file: { path: second } });
  });

  verifies('install.places', 'of a project are those up to the root of its repository, and no further', async () => {
    const on = machine();
    const [inside, outside] = [join(on.project, 'repository'), on.project];
    const entry = JSON.stringify({ mcpServers: { [NAME]: { type: 'http', url: URL } } });
    write(join(inside, '.git', 'HEAD'), '');
    write(join(outside, '.mcp.json'), entry);
    write(join(inside, '.mcp.json'), entry);
    mkdirSync(join(inside, 'a', 'b'), { recursive: true });
    const below = { ...on, project: join(inside, 'a', 'b') };
    const found = (await findClients(below, { name: NAME })).find((one) => one.client.id === 'claude-code');
    expect(found?.entries.map(({ file }) => file)).toEqual([join(inside, '.mcp.json')]);
    const client = clientCalled('claude-code');
    const asked = { client, setup: client.setup, scope: 'project' as const, name: NAME, machine: below };
    expect(await planUninstall(asked)).toMatchObject({ kind: 'edit', file: { path: join(inside, '.mcp.json') } });
    // What is added is added where the person is.
    const added = await planInstall(asked, wanted(client.setup));
    expect(added).toMatchObject({ kind: 'edit', file: { path: join(below.project, '.mcp.json') } });
  });
});

describe('an entry that is there already', () => {
  const asked = (on: Machine) => {
    const client = clientCalled('cursor');
    return { client, setup: client.setup, scope: 'user' as const, name: NAME, machine: on };
  };
  const entryAfter = async (on: Machine, entry: object) => {
    const path = join(on.home, '.cursor/mcp.json');
    write(path, JSON.stringify({ mcpServers: { [NAME]: entry } }));
    const plan = await planInstall(asked(on), { remote: { name: NAME, url: URL } });
    await carryOut(plan, on, false);
    return { plan, entry: JSON.parse(readFileSync(path, 'utf8')).mcpServers[NAME] };
  };

  verifies('install.replaces', 'gets the new URL, and keeps what people have set beside it', async () => {
    const { entry } = await entryAfter(machine(), { url: ORIGIN, disabled: true, headers: { 'X-Team': 'a' } });
    expect(entry).toEqual({ url: URL, disabled: true, headers: { 'X-Team': 'a' } });
  });

  verifies('install.replaces', 'of another server hands over nothing, and shows no secret', async () => {
    const headers = { Authorization: 'Bearer t0psecret' };
    const { plan, entry } = await entryAfter(machine(), { url: 'https://old.example/mcp?key=t0psecret', headers });
    expect(entry).toEqual({ url: URL });
    expect('shown' in plan && plan.shown).toContain('https://old.example/mcp?…');
    expect('shown' in plan && plan.shown).not.toContain('t0psecret');
  });
});

verifies.each('install.url', ['add-mcp', 'stdio', 'mcp-remote', 'goose', 'claude-code', 'codex'])(
  'a line to paste for %s executes nothing of the URL',
  (id) => {
    const url = "https://x.example/mcp$(echo%20run);echo'a";
    const client = clientsOf(url).find((one) => one.id === id);
    const line = client?.steps.find((step) => step.kind === 'command')?.text ?? '';
    const words = execFileSync('sh', ['-c', `printf '%s\\n' ${line}`], { encoding: 'utf8' })
      .trim()
      .split('\n');
    expect(words.at(-1)).toBe(url);
  },
);
