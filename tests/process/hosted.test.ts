import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { authorizeLikeAPerson } from '../../demo/browser.ts';
import { thisProcess } from '../../src/core/holder.ts';
import { ENVIRONMENT_IDS } from '../../src/sandbox/data/ids.ts';
import { builtServer } from '../fixtures/built.ts';
import { commandsHere, type ServerHere, serverHere } from '../fixtures/here.ts';
import { freePort } from '../fixtures/redis.ts';
import { signInAt, terminal } from '../fixtures/terminal.ts';
import { verifies } from '../verifies.ts';

const built = builtServer();
let server: ServerHere;
let url: string;
let folder: string;
beforeAll(async () => {
  server = await serverHere(built);
  url = server.url;
});
afterAll(() => server.stop());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hosted-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const inTerminal = terminal(
  () => built.script,
  () => folder,
);
const here = commandsHere(built);
const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  here(args, { cwd: folder, env: { HOME: folder, XDG_STATE_HOME: folder, ...env } });
const login = (...more: string[]) => run(['login', '--url', url, '--no-browser', ...more]);
const state = () => join(folder, 'scalekit-mcp');
const file = () => join(state(), readdirSync(state()).find((name) => name.endsWith('.json')) ?? 'none');
const kept = () => JSON.parse(readFileSync(file(), 'utf8'));

verifies('hosted.login', 'a person signs in with their browser, and is known in the next run', async () => {
  const script = join(folder, 'browser');
  writeFileSync(script, `#!/bin/sh\nprintf %s "$1" > "${script}.asked"\nmv "${script}.asked" "${script}.opened"\n`);
  chmodSync(script, 0o755);
  const command = inTerminal(['login', '--url', url, '--json'], { BROWSER: script });
  await expect.poll(() => existsSync(`${script}.opened`)).toBe(true);
  await fetch(await authorizeLikeAPerson(new URL(readFileSync(`${script}.opened`, 'utf8'))));
  const signedIn = await command.end();
  expect(signedIn).toMatchObject({ code: 0, stderr: expect.stringContaining('Your browser opens') });
  expect(JSON.parse(signedIn.stdout)).toMatchObject({
    url,
    signedIn: true,
    scopes: expect.arrayContaining(['organization:write']),
  });

  const who = await inTerminal(['whoami', '--json'], { SCALEKIT_MCP_URL: url }).end();
  expect(who).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(who.stdout)).toMatchObject({ scopes: { granted: expect.arrayContaining(['organization:write']) } });
  const called = await run(['call', 'whoami', '--url', url, '--json']).end();
  expect(called).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(called.stdout).scopes).toEqual(JSON.parse(who.stdout).scopes);
  const { tokens } = kept();
  for (const secret of [tokens.access, tokens.refresh]) {
    for (const text of [signedIn.stdout, signedIn.stderr, who.stdout, server.logText()])
      expect(text).not.toContain(secret);
  }
});

verifies('hosted.login', 'the sign-in asks as it should: PKCE, state, resource, and a loopback address', async () => {
  const command = login('--scope', 'organization:read');
  const { searchParams } = await command.signInUrl();
  expect(Object.fromEntries(searchParams)).toMatchObject({
    response_type: 'code',
    code_challenge_method: 'S256',
    code_challenge: expect.stringMatching(/^[\w-]{43}$/),
    state: expect.stringMatching(/^[\w-]{43}$/),
    resource: url,
    redirect_uri: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/callback$/),
    scope: 'organization:read offline_access',
  });
  await signInAt(command);
  expect(await command.end()).toMatchObject({ code: 0, stdout: expect.stringContaining('organization:read') });
});

verifies('hosted.callback', 'what does not belong to the sign-in is refused, and waited past', async () => {
  const command = login();
  const callback = await authorizeLikeAPerson(await command.signInUrl());
  const other = new URL(callback);
  other.searchParams.set('state', 'x'.repeat(43));
  const ask = async (to: URL, init?: RequestInit) => {
    const response = await fetch(to, init);
    return { status: response.status, text: await response.text() };
  };
  expect(await ask(other)).toMatchObject({
    status: 400,
    text: expect.stringContaining('Open the address that the terminal shows'),
  });
  expect(await ask(new URL('/', callback))).toMatchObject({ status: 404 });
  expect(await ask(callback, { method: 'POST' })).toMatchObject({ status: 405 });
  expect(await ask(callback)).toMatchObject({ status: 200, text: expect.stringContaining('go back there') });
  expect(await command.end()).toMatchObject({ code: 0 });
});

verifies('hosted.callback', 'an answer of another authorization server is not used', async () => {
  const command = login();
  const callback = await authorizeLikeAPerson(await command.signInUrl());
  callback.searchParams.set('iss', 'https://other.example');
  await fetch(callback);
  const { code, stdout, stderr } = await command.end();
  expect({ code, stdout }).toEqual({ code: 77, stdout: '' });
  expect(stderr).toContain('came from another authorization server');
  expect(stderr).not.toContain(callback.searchParams.get('code'));
});

verifies('hosted.refused', 'a person who denies access is told so, and nothing is kept', async () => {
  const command = login();
  const page = await (await fetch(await authorizeLikeAPerson(await command.signInUrl(), { deny: true }))).text();
  expect(page).toContain('You are not signed in');
  const { code, stderr } = await command.end();
  expect(code).toBe(77);
  expect(stderr).toContain('access was denied on the page');
  expect((await run(['whoami', '--url', url]).end()).code).toBe(77);
});

verifies('hosted.refused', 'a sign-in that nobody finishes ends with the time limit', async () => {
  const { code, stderr } = await login('--time-limit', '1').end();
  expect(code).toBe(77);
  expect(stderr).toContain('Nobody signed in within');
});

verifies('hosted.kept', 'what is kept is for its owner alone, and refused where others could reach it', async () => {
  const command = login();
  await signInAt(command);
  await command.end();
  expect(statSync(state()).mode & 0o777).toBe(0o700);
  expect(statSync(file()).mode & 0o777).toBe(0o600);
  expect(readdirSync(state())).toHaveLength(1);

  const whoami = () => run(['whoami', '--url', url]).end();
  chmodSync(file(), 0o644);
  expect(await whoami()).toMatchObject({
    code: 78,
    stdout: '',
    stderr: expect.stringContaining('can be read or changed by others'),
  });
  chmodSync(file(), 0o600);
  chmodSync(state(), 0o755);
  expect(await whoami()).toMatchObject({ code: 78, stderr: expect.stringContaining('chmod 700') });
  chmodSync(state(), 0o700);
  const [path, copy] = [file(), join(folder, 'copy.json')];
  writeFileSync(copy, readFileSync(path), { mode: 0o600 });
  rmSync(path);
  symlinkSync(copy, path);
  expect(await whoami()).toMatchObject({ code: 78, stderr: expect.stringContaining('is a link') });
});

verifies('hosted.logout', 'after logout nobody is signed in, and nothing is kept', async () => {
  const command = login();
  await signInAt(command);
  await command.end();
  expect(await run(['logout', '--url', url]).end()).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('You are signed out'),
  });
  expect(readdirSync(state())).toEqual([]);
  expect(await run(['logout', '--url', url]).end()).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('were not signed in'),
  });
  expect(await run(['whoami', '--url', url]).end()).toMatchObject({
    code: 77,
    stderr: expect.stringMatching(new RegExp(`Run .+ login --url ${url}\n`)),
  });
});

/** Makes the access token that is kept one that no server takes, or one that is over. */
function spoil(change: Record<string, unknown>): void {
  const saved = kept();
  writeFileSync(file(), JSON.stringify({ ...saved, tokens: { ...saved.tokens, ...change } }), { mode: 0o600 });
}

verifies.each('hosted.refresh', [
  ['is refused', { access: 'not-taken' }],
  ['is over', { expiresAt: 0 }],
] as const)('a token that %s is renewed without the person', async (_, change) => {
  const command = login();
  await signInAt(command);
  await command.end();
  const before = kept().tokens;
  spoil(change);
  expect(await run(['whoami', '--url', url]).end()).toMatchObject({ code: 0, stderr: '' });
  expect(kept().tokens.access).not.toBe(before.access);
  expect(kept().tokens.refresh).not.toBe(before.refresh);
});

verifies('hosted.refresh', 'programs that renew at the same time use a refresh token once', async () => {
  const command = login();
  await signInAt(command);
  await command.end();
  const { refresh } = kept().tokens;
  spoil({ expiresAt: 0 });
  const ends = await Promise.all(Array.from({ length: 4 }, () => inTerminal(['whoami', '--url', url]).end()));
  expect(ends.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
  expect(kept().tokens.refresh).not.toBe(refresh);
  expect(readdirSync(state())).toHaveLength(1);
});

verifies('hosted.refresh', 'a person is told that another process is waited for', async () => {
  const command = login();
  await signInAt(command);
  await command.end();
  spoil({ expiresAt: 0 });
  const lock = file().replace(/json$/, 'lock');
  writeFileSync(lock, JSON.stringify(thisProcess()));
  const waiting = run(['whoami', '--url', url]);
  await expect.poll(waiting.said).toContain('Another process of yours is signing in');
  rmSync(lock);
  expect(await waiting.end()).toMatchObject({ code: 0 });
});

verifies('hosted.logout', 'what cannot be read any more is forgotten all the same', async () => {
  const command = login();
  await signInAt(command);
  await command.end();
  writeFileSync(file(), 'x'.repeat(200_000), { mode: 0o600 });
  expect(await run(['logout', '--url', url]).end()).toMatchObject({ code: 0 });
  expect(readdirSync(state())).toEqual([]);
});

verifies('hosted.refresh', 'a sign-in that cannot be renewed is over, and its end is told', async () => {
  const command = login();
  await signInAt(command);
  await command.end();
  spoil({ access: 'not-taken', refresh: 'not-taken' });
  expect(await run(['whoami', '--url', url]).end()).toMatchObject({
    code: 77,
    stderr: expect.stringMatching(/is over\. Run .+ login --url /),
  });
  expect(kept().tokens).toBeNull();
});

verifies('hosted.token', 'a machine brings a token, and signs in nowhere', async () => {
  const token = await server.token();
  expect(await run(['whoami', '--json'], { SCALEKIT_MCP_URL: url, SCALEKIT_MCP_TOKEN: token }).end()).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('sandbox-machine'),
  });
  expect(readdirSync(folder)).toEqual([]);
  const refused = await run(['whoami'], { SCALEKIT_MCP_URL: url, SCALEKIT_MCP_TOKEN: 'not-a-token-of-anybody' }).end();
  expect(refused).toMatchObject({ code: 77, stderr: expect.stringContaining('SCALEKIT_MCP_TOKEN') });
  expect(refused.stderr).not.toContain('not-a-token-of-anybody');
});

verifies('hosted.tools', 'tools and call use a hosted server as they use the catalogue of the program', async () => {
  const bringing = { SCALEKIT_MCP_URL: url, SCALEKIT_MCP_TOKEN: await server.token() };
  const as = async (env: Readonly<Record<string, string>>, ...args: string[]) => {
    const { code, stdout, stderr } = await run([...args, '--json'], env).end();
    return { code, stderr, json: JSON.parse(stdout) };
  };
  const own = await as({}, 'tools', '--toolsets', 'organizations');
  const hosted = await as(bringing, 'tools', '--toolsets', 'organizations');
  expect(hosted).toMatchObject({ code: 0, stderr: '' });
  const shown = ({ name, effect, scope, title }: Record<string, unknown>) => ({ name, effect, scope, title });
  expect(hosted.json.map(shown)).toEqual(own.json.map(shown));
  const all = await run(['tools'], bringing).end();
  expect(all.stdout).toMatch(/^delete_organization +destroy +organization:write +Delete an organization$/m);
  expect(all.stdout).toContain('create_organization_client');

  const environment = ['--environment', ENVIRONMENT_IDS.development];
  const call = (...args: string[]) => as(bringing, 'call', ...args, ...environment);
  const made = await call('create_organization', '--arg', 'name=Acme', '--arg', 'metadata={"plan":"gold"}');
  expect(made).toMatchObject({ code: 0, json: { organization: { metadata: { plan: 'gold' } } } });
  const organization = ['--arg', `organizationId=${made.json.organization.id}`];
  const preview = await call('delete_organization', ...organization);
  expect(preview).toMatchObject({
    code: 1,
    json: { error: { code: 'confirmation_required', preview: { organization: { display_name: 'Acme' } } } },
  });
  expect(preview.json.error.confirmation).toBeUndefined();
  const confirmed = ['--confirm', preview.json.error.confirm];
  expect(await call('delete_organization', ...organization, ...confirmed)).toMatchObject({ code: 0 });
  expect(await call('get_organization_details', ...organization)).toMatchObject({
    code: 1,
    json: { error: { code: 'not_found' } },
  });
  expect(await call('no_such_tool')).toMatchObject({ code: 2, json: { error: { code: 'usage' } } });
  expect(await call('whoami', '--secrets-to', '.env')).toMatchObject({ code: 2, json: { error: { code: 'usage' } } });

  const less = { ...bringing, SCALEKIT_MCP_TOKEN: await server.token('organization:read') };
  const denied = await as(less, 'call', 'create_organization', '--arg', 'name=Beta', ...environment);
  expect(denied).toMatchObject({
    code: 77,
    json: { error: { code: 'insufficient_scope', message: expect.stringContaining('organization:write') } },
  });
  expect(await as({}, 'tools', '--url', url)).toMatchObject({ code: 77, json: { error: { code: 'denied' } } });
});

verifies('hosted.token', 'the token goes to no other server than the one that the environment names', async () => {
  const token = 'token-of-a-machine';
  const answers: unknown[] = [];
  const other = createServer((request, response) => {
    answers.push(request.headers.authorization);
    response.writeHead(401).end();
  });
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const elsewhere = `http://127.0.0.1:${(other.address() as AddressInfo).port}/mcp`;
  for (const env of [{}, { SCALEKIT_MCP_URL: url }]) {
    for (const command of ['whoami', 'stdio']) {
      const end = await run([command, '--url', elsewhere], { ...env, SCALEKIT_MCP_TOKEN: token }).end();
      expect(end).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('SCALEKIT_MCP_URL') });
    }
  }
  const broken = await run(['whoami'], { SCALEKIT_MCP_URL: elsewhere, SCALEKIT_MCP_TOKEN: `${token}\nx` }).end();
  expect(broken).toMatchObject({ code: 78, stderr: expect.stringContaining('line break') });
  expect(broken.stderr).not.toContain(token);
  await new Promise((resolve) => other.close(resolve));
  expect(answers).toEqual([]);
});

verifies.each('hosted.away', [
  [500, 69, 'answered 500'],
  [404, 1, 'answered 404'],
] as const)('whoami says what a server has answered that is no MCP: %i', async (status, code, why) => {
  const other = createServer((_, response) => response.writeHead(status).end('<h1>No</h1>'));
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const named = `http://127.0.0.1:${(other.address() as AddressInfo).port}/mcp`;
  const end = await run(['whoami'], { SCALEKIT_MCP_URL: named, SCALEKIT_MCP_TOKEN: 'token' }).end();
  other.closeAllConnections();
  await new Promise((resolve) => other.close(resolve));
  expect(end).toMatchObject({ code, stdout: '', stderr: expect.stringContaining(why) });
  expect(end.stderr).not.toContain('<h1>');
});

verifies('hosted.url', 'what the URL and an option both narrow is said once', async () => {
  const end = await run(['stdio', '--url', `${url}?toolsets=users`, '--toolsets', 'all']).end();
  expect(end).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('Say it once') });
});

verifies.each('hosted.url', [
  ['nonsense', 2, 'is no URL'],
  ['http://mcp.example.com/mcp', 2, 'in the clear'],
  ['localhost:3002/mcp', 2, 'does not begin with https://'],
  ['https://me:secret@mcp.example.com/mcp', 2, 'carries credentials'],
  ['https://mcp.example.com/mcp#part', 2, 'behind #'],
] as const)('a URL that cannot be used is refused before anything is sent: %s', async (given, code, why) => {
  const end = await run(['whoami', '--url', given]).end();
  expect(end).toMatchObject({ code, stdout: '', stderr: expect.stringContaining(why) });
  expect(end.stderr).not.toContain('secret');
});

verifies('hosted.url', 'a server is named by an option or the environment', async () => {
  expect(await run(['whoami']).end()).toMatchObject({ code: 2, stderr: expect.stringContaining('SCALEKIT_MCP_URL') });
});

verifies('hosted.away', 'a server that is away is told as that', async () => {
  const end = await run(['login', '--url', `http://127.0.0.1:${await freePort()}/mcp`]).end();
  expect(end).toMatchObject({ code: 69, stderr: expect.stringContaining('cannot be reached (ECONNREFUSED)') });
});
