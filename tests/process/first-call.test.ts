import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { Client, StreamableHTTPClientTransport, type Transport, UnauthorizedError } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from 'vitest';
import { Account } from '../../demo/account.ts';
import { builtServer } from '../fixtures/built.ts';
import { CHROMIUM_NOTE, hasChromium, startChromium } from '../fixtures/chromium.ts';
import { commandsHere, type ServerHere, serverHere } from '../fixtures/here.ts';
import { verifies } from '../verifies.ts';

const built = builtServer();
const here = commandsHere(built);
const MCP_REMOTE = createRequire(import.meta.url).resolve('mcp-remote/dist/proxy.js');

// What a person does who has nothing but the page: copy from it, use that, sign in, and ask.
describe.skipIf(!hasChromium)(`from the page to a first answer${CHROMIUM_NOTE}`, () => {
  let server: ServerHere;
  let browser: Browser;
  let context: BrowserContext;
  let home: string;

  beforeAll(async () => {
    [server, browser] = await Promise.all([serverHere(built), startChromium()]);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });
  beforeEach(async () => {
    home = mkdtempSync(join(tmpdir(), 'first-call-'));
    context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] });
  });
  afterEach(async () => {
    await context.close();
    rmSync(home, { recursive: true, force: true });
  });

  /** What the button of this name puts into the clipboard, after the part of a client, if it is in one, was opened. */
  async function copied(name: string, client?: string): Promise<string> {
    const page = await context.newPage();
    await page.goto(`http://localhost:${server.port}/`);
    if (client !== undefined) await page.locator('summary', { hasText: new RegExp(`^${client}$`) }).click();
    await page.getByRole('button', { name: `Copy: ${name}`, exact: true }).click();
    const text = await page.evaluate<string>('navigator.clipboard.readText()');
    await page.close();
    return text;
  }

  /** Signs in on the sandbox's pages, as Mira, who grants all that is asked for. @returns where that ended */
  async function signIn(address: string) {
    const page = await context.newPage();
    await page.goto(address);
    await page.getByRole('button', { name: 'Mira' }).click();
    await page.getByRole('button', { name: 'Allow', exact: true }).click();
    const back = String(new URL(address).searchParams.get('redirect_uri'));
    await page.waitForURL(({ href }) => href.startsWith(back));
    return { url: page.url(), text: await page.locator('body').innerText() };
  }

  /** A program on the search path of the person. */
  function program(name: string, script: string): void {
    mkdirSync(join(home, 'bin'), { recursive: true });
    writeFileSync(join(home, 'bin', name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }
  const path = () => [join(home, 'bin'), dirname(process.execPath), process.env['PATH']].join(delimiter);

  /** Starts a program, as clients do that know only stdio. */
  function started(command: string, args: string[]) {
    const opened = join(home, 'opened');
    for (const name of ['browser', 'xdg-open']) program(name, `echo "$1" >> "${opened}"`);
    const env = { PATH: path(), HOME: home, XDG_STATE_HOME: home, BROWSER: join(home, 'bin', 'browser') };
    const signedIn = expect
      .poll(() => existsSync(opened) && readFileSync(opened, 'utf8'), { timeout: 30_000 })
      .toMatch(/^http.*\n/)
      .then(() => signIn(readFileSync(opened, 'utf8').trim()));
    return { transport: new StdioClientTransport({ command, args, env, stderr: 'pipe' }), signedIn };
  }

  async function expectAnswer(transport: Transport): Promise<void> {
    const client = new Client({ name: 'somebody', version: '1' });
    await client.connect(transport);
    const { structuredContent: caller } = await client.callTool({ name: 'whoami', arguments: {} });
    expect(caller).toMatchObject({ sandbox: true, name: 'Mira Okafor' });
    const { structuredContent } = await client.callTool({ name: 'list_environments', arguments: {} });
    expect(structuredContent).toMatchObject({ environments: [{ type: 'DEV' }, { type: 'PRD' }] });
    await client.close();
  }

  /** The same for a client that speaks HTTP and signs in itself. */
  async function expectAnswerAt(url: string): Promise<void> {
    const account = new ByBrowser();
    const http = () => new StreamableHTTPClientTransport(new URL(url), { authProvider: account });
    await context.route(
      ({ href }) => href.startsWith(account.redirectUrl),
      (route) => route.fulfill({ body: 'Signed in.' }),
    );
    const first = http();
    await expect(new Client({ name: 'somebody', version: '1' }).connect(first)).rejects.toBeInstanceOf(
      UnauthorizedError,
    );
    await first.finishAuth(new URL(account.endedAt).searchParams);
    await expectAnswer(http());
  }

  class ByBrowser extends Account {
    endedAt = '';
    override async redirectToAuthorization(url: URL): Promise<void> {
      this.endedAt = (await signIn(url.href)).url;
    }
  }

  verifies(
    'page.first-call',
    'the entry of the bridge is started as it stands, and signs in by the browser',
    async () => {
      const { mcpServers } = JSON.parse(await copied('The entry for Only stdio', 'Only stdio'));
      const { command, args } = mcpServers.scalekit;
      const { transport, signedIn } = started(command, args);
      const [page] = await Promise.all([signedIn, expectAnswer(transport)]);
      expect(page.text).toContain('You can close this tab');
    },
  );

  verifies('page.first-call', 'so is the line of the bridge, in a shell', async () => {
    const { transport, signedIn } = started('sh', ['-c', await copied('The line for Only stdio', 'Only stdio')]);
    await Promise.all([signedIn, expectAnswer(transport)]);
  });

  verifies('page.first-call', 'the line of mcp-remote leads there', async () => {
    program('npx', `[ "$1 $2" = "-y mcp-remote" ] && shift 2 && exec node "${MCP_REMOTE}" "$@"`);
    const line = await copied('The line for Only stdio: mcp-remote', 'Only stdio: mcp-remote');
    const { transport, signedIn } = started('sh', ['-c', line]);
    await Promise.all([signedIn, expectAnswer(transport)]);
  });

  verifies('page.first-call', 'the line of a client in a terminal gives it what leads there', async () => {
    program('claude', `printf '%s\\n' "$@" > "${home}/argv"`);
    program('run', await copied('The line for Claude Code', 'Claude Code.*'));
    expect(spawnSync(join(home, 'bin', 'run'), { env: { PATH: path() } }).status).toBe(0);
    const [url = '', ...rest] = readFileSync(join(home, 'argv'), 'utf8').trim().split('\n').reverse();
    expect(rest.reverse()).toEqual(['mcp', 'add', '--transport', 'http', 'scalekit']);
    await expectAnswerAt(url);
  });

  verifies('page.first-call', 'so does the address, which the command line installs in a client', async () => {
    const address = await copied('The address');
    const install = here(['install', 'cursor', '--url', address, '--yes'], {
      cwd: home,
      env: { HOME: home, PATH: join(home, 'bin') },
    });
    expect(await install.end()).toMatchObject({ code: 0 });
    const { mcpServers } = JSON.parse(readFileSync(join(home, '.cursor', 'mcp.json'), 'utf8'));
    await expectAnswerAt(mcpServers.scalekit.url);
  });
});
