import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import type { AxeResults } from 'axe-core';
import type { Browser, BrowserContextOptions, Frame, FrameLocator, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect } from 'vitest';
import { ENVIRONMENT_IDS } from '../../src/sandbox/data/ids.ts';
import { builtServer } from '../fixtures/built.ts';
import { CHROMIUM_NOTE, hasChromium, startChromium } from '../fixtures/chromium.ts';
import { type ServerHere, serverHere } from '../fixtures/here.ts';
import { startViewHost, type ViewHost } from '../fixtures/view-host/start.ts';
import { verifies } from '../verifies.ts';

const built = builtServer();
const AXE = hasChromium ? readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8') : '';
const DECLARED = { extensions: { 'io.modelcontextprotocol/ui': { mimeTypes: ['text/html;profile=mcp-app'] } } };
/** What would run or be shown as markup, were it not a text. */
const HOSTILE = '<img src=x onerror="alert(1)"><script>alert(2)</script> </script>&lt;b&gt; Press Confirm';
const CARRIES = { serverTools: {}, updateModelContext: { text: {} } };

type Json = Record<string, unknown>;
interface Call {
  readonly name: string;
  readonly arguments: Json;
}
interface Options extends BrowserContextOptions {
  readonly theme?: 'light' | 'dark';
  readonly capabilities?: object;
  /** Whether the host says which tool was called. */
  readonly tellsTool?: boolean;
  /** Another answer than that of the server, as JSON. */
  readonly changed?: (answer: string) => string;
}

function frameOf(page: Page): Frame {
  const frame = page.frames()[1];
  if (frame === undefined) throw new Error('The page shows no view.');
  return frame;
}

describe.skipIf(!hasChromium)(`views in a host${CHROMIUM_NOTE}`, () => {
  let server: ServerHere;
  let browser: Browser;
  let host: ViewHost;
  let client: Client;
  const complaints: string[] = [];

  beforeAll(async () => {
    [server, browser, host] = await Promise.all([serverHere(built), startChromium(), startViewHost()]);
    client = new Client(
      { name: 'host', version: '1' },
      { capabilities: DECLARED, versionNegotiation: { mode: { pin: '2026-07-28' } } },
    );
    const authorization = `Bearer ${await server.token()}`;
    const url = new URL(`${server.url}?toolsets=default,organizations,status`);
    await client.connect(new StreamableHTTPClientTransport(url, { requestInit: { headers: { authorization } } }));
  });
  afterAll(async () => {
    await client?.close();
    await Promise.all([browser?.close(), host?.stop(), server?.stop()]);
  });
  beforeEach(() => {
    complaints.length = 0;
  });

  /** Calls a tool, and shows its result as a host does: in the view that the list of tools names. */
  async function shown(call: Call, options: Options = {}): Promise<{ page: Page; view: FrameLocator }> {
    const { theme = 'light', capabilities = CARRIES, tellsTool = true, changed, ...context } = options;
    const answer = JSON.stringify(await client.callTool(call));
    const result: unknown = JSON.parse(changed?.(answer) ?? answer);
    const page = await (await browser.newContext(context)).newPage();
    page.on('console', (message) => message.type() === 'debug' || complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('dialog', (dialog) => {
      complaints.push('a dialog');
      void dialog.dismiss();
    });
    await page.exposeFunction('carryCall', (asked: Call) => client.callTool(asked));
    await page.goto(host.url);
    const html = await documentFor(call.name);
    const tool = tellsTool ? { name: call.name, inputSchema: { type: 'object' } } : undefined;
    const show = { html, tool, args: call.arguments, result, theme, capabilities };
    await page.evaluate(`showView(${JSON.stringify(show)})`);
    const view = page.frameLocator('iframe[title="A view"]');
    await view.locator('h1').waitFor();
    return { page, view };
  }

  const asked = (page: Page) => page.evaluate<[string, Call][]>('asked');

  async function documentFor(name: string): Promise<string> {
    const { tools } = await client.listTools();
    const listed = tools.find((tool) => tool.name === name);
    const uri = String(Object(listed?._meta?.['ui'])['resourceUri']);
    const { contents } = await client.readResource({ uri });
    return (contents[0] as { text: string }).text;
  }

  const environmentId = ENVIRONMENT_IDS.development;

  async function organization(name: string): Promise<string> {
    const { structuredContent } = await client.callTool({
      name: 'create_organization',
      arguments: { environmentId, name, externalId: `of-a-view-${++organizations}`, metadata: { note: HOSTILE } },
    });
    return (structuredContent as { organization: { id: string } }).organization.id;
  }
  let organizations = 0;

  async function isThere(organizationId: string): Promise<boolean> {
    const details = { name: 'get_organization_details', arguments: { environmentId, organizationId } };
    return (await client.callTool(details)).isError !== true;
  }

  /** Deletes an organization: by its own tool, and by the one that stands for others. */
  const deletion = (organizationId: string): Call => ({
    name: 'delete_organization',
    arguments: { environmentId, organizationId },
  });
  const through = ({ name, arguments: args }: Call): Call => ({
    name: 'call_tool',
    arguments: { name, arguments: args },
  });

  const CALLS: readonly [string, (organizationId: string) => Call][] = [
    ['a status', () => ({ name: 'get_status', arguments: { environmentId } })],
    ['a preview', deletion],
    ['a preview of another tool', (id) => through(deletion(id))],
  ];

  verifies('views.shown', 'what was not read whole is not said to be none', async () => {
    const call = deletion(await organization('Harbour'));
    const changed = (answer: string) =>
      answer.replaceAll(String.raw`"count\":0,\"is_complete\":true`, String.raw`"count\":0,\"is_complete\":false`);
    const { page, view } = await shown(call, { changed });
    const text = await view.locator('main').innerText();
    expect(text).toContain('None were found.');
    expect(text).toContain('There may be more.');
    expect(text).not.toContain('There are none of these');
    await page.context().close();
  });

  verifies.each('views.shown', CALLS)('are for everybody, in both themes, wide and narrow: %s', async (_, callOf) => {
    const call = callOf(await organization(HOSTILE));
    const { page, view } = await shown(call, { theme: 'light', viewport: { width: 720, height: 1200 } });
    const frame = frameOf(page);
    // The view's policy lets no script in but by the debugger.
    await frame.evaluate(AXE);
    const fits = async (theme: 'light' | 'dark', width: number) => {
      await page.evaluate(`bridge.sendHostContextChange({ theme: '${theme}' })`);
      await page.setViewportSize({ width, height: 1200 });
      await expect.poll(() => view.locator('html').getAttribute('data-theme')).toBe(theme);
      const size = await frame.evaluate<number[]>('[document.documentElement.scrollWidth, innerWidth]');
      expect(size[0]).toBeLessThanOrEqual(size[1] ?? 0);
      // The host makes room for all of it.
      await expect.poll(() => frame.evaluate('document.documentElement.scrollHeight <= innerHeight')).toBe(true);
      const folder = process.env['VIEW_SCREENSHOTS'];
      if (folder !== undefined)
        await page.screenshot({ path: `${folder}/${call.name}-${theme}-${width}.png`, fullPage: true });
    };
    // What breaks a rule depends on the colours, or on the width, and on no pair of them.
    for (const [theme, width] of [
      ['light', 720],
      ['dark', 360],
    ] as const) {
      await fits(theme, width);
      const { violations } = (await frame.evaluate('axe.run()')) as AxeResults;
      expect(violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`))).toEqual(
        [],
      );
    }
    await fits('dark', 720);
    await fits('light', 360);
    await page.context().close();
  });

  verifies('views.decision', 'call what they show only when the person has ticked and pressed', async () => {
    for (const wrapped of [false, true]) {
      const id = await organization(HOSTILE);
      const call = wrapped ? through(deletion(id)) : deletion(id);
      const { page, view } = await shown(call);
      const confirm = view.getByRole('button', { name: 'Confirm', exact: true });
      expect(await confirm.isDisabled()).toBe(true);
      const frame = frameOf(page);
      // Nothing that a script could do in the frame is a decision.
      await frame.evaluate(
        `for (const button of document.querySelectorAll('button')) { button.disabled = false; button.click() }`,
      );
      await frame.evaluate(
        `document.querySelector('button').dispatchEvent(new MouseEvent('click', { bubbles: true }))`,
      );
      expect((await asked(page)).filter(([method]) => method === 'tools/call')).toEqual([]);
      await page.context().close();

      const again = await shown(call);
      await again.view.getByRole('checkbox').focus();
      await again.page.keyboard.press('Space');
      await again.page.keyboard.press('Tab');
      await again.page.keyboard.press('Enter');
      await expect.poll(() => again.view.getByRole('status').textContent()).toBe('Done.');
      expect(await isThere(id)).toBe(false);
      const done = await asked(again.page);
      const calls = done.filter(([method]) => method === 'tools/call');
      expect(calls).toHaveLength(1);
      const sent = calls[0]?.[1] as Call;
      const inner = wrapped ? (sent.arguments['arguments'] as Json) : sent.arguments;
      expect(sent.name).toBe(call.name);
      expect(inner).toEqual({ environmentId, organizationId: id, confirmation: expect.any(String) });
      await expect
        .poll(async () => JSON.stringify(await asked(again.page)))
        .toContain(`The person confirmed ${call.name} in its preview, and it was carried out.`);
      expect(await again.view.getByRole('button').count()).toBe(0);
      expect(complaints).toEqual([]);
      await again.page.context().close();
    }
  });

  verifies('views.decision', 'leave things as they are when the person says so', async () => {
    const id = await organization('Stays');
    const { page, view } = await shown(deletion(id));
    await view.getByRole('button', { name: 'Leave it as it is' }).click();
    await expect.poll(() => view.getByRole('status').textContent()).toBe('Nothing was changed.');
    const methods = (await asked(page)).map(([method]) => method);
    expect(methods).toEqual(['ui/update-model-context']);
    expect(await isThere(id)).toBe(true);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  verifies('views.decision', 'show what is there now, if it has changed since', async () => {
    const id = await organization('Before');
    const { page, view } = await shown(deletion(id));
    await client.callTool({
      name: 'update_organization',
      arguments: { environmentId, organizationId: id, name: 'After' },
    });
    await view.getByRole('checkbox').check();
    await view.getByRole('button', { name: 'Confirm', exact: true }).click();
    await expect.poll(() => view.locator('main').textContent()).toContain('After');
    expect(await isThere(id)).toBe(true);
    expect(await view.getByRole('checkbox').isChecked()).toBe(false);
    await view.getByRole('checkbox').check();
    await view.getByRole('button', { name: 'Confirm', exact: true }).click();
    await expect.poll(() => view.getByRole('status').textContent()).toBe('Done.');
    expect(await isThere(id)).toBe(false);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  verifies('views.decision', 'say why a confirmed call failed', async () => {
    const id = await organization('Gone');
    const { page, view } = await shown(deletion(id));
    const other = await shown(deletion(id));
    for (const each of [other, { page, view }]) {
      await each.view.getByRole('checkbox').check();
      await each.view.getByRole('button', { name: 'Confirm', exact: true }).click();
      await expect.poll(() => each.view.getByRole('status').textContent()).not.toMatch(/^$|Under way/);
    }
    expect(await other.view.getByRole('status').textContent()).toBe('Done.');
    expect(await view.getByRole('status').textContent()).toContain('The confirmation is used up');
    await other.page.context().close();
    await page.context().close();
  });

  verifies.each('views.alone', [
    ['carries no calls', { capabilities: {} }],
    ['does not say which tool it called', { tellsTool: false }],
  ])('have no buttons in a host that %s', async (_host, options) => {
    const id = await organization('Alone');
    const { page, view } = await shown(deletion(id), options);
    expect(await view.getByRole('status').textContent()).toBe(
      'Nothing has been changed yet. Tell the assistant whether you agree.',
    );
    expect(await view.getByRole('button').count()).toBe(0);
    expect(await view.getByRole('checkbox').count()).toBe(0);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  verifies('views.shown', 'show text as text alone, and obey nobody but their host', async () => {
    const id = await organization(HOSTILE);
    const { page, view } = await shown(deletion(id));
    const text = await view.locator('main').innerText();
    expect(text).toContain('onerror="alert(1)"');
    expect(await view.locator('main img, main script, main a').count()).toBe(0);
    // Another frame of the page sends what only the host may send.
    await page.evaluate(`{
      const other = document.createElement('iframe');
      other.srcdoc = '<script>parent.frames[0].postMessage({ jsonrpc: "2.0", method: "ui/notifications/tool-result", params: { content: [], isError: false } }, "*"); parent.postMessage("sent", "*")</' + 'script>';
      window.sent = new Promise((resolve) => addEventListener('message', ({ data }) => data === 'sent' && resolve(true)));
      document.body.append(other);
    }`);
    await page.evaluate('window.sent');
    // What the host sends next comes after it.
    await page.evaluate(`bridge.sendHostContextChange({ theme: 'dark' })`);
    await expect.poll(() => view.locator('html').getAttribute('data-theme')).toBe('dark');
    expect(await view.locator('main').innerText()).toBe(text);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  verifies('views.shown', 'ask to be taken away where there is nothing to decide', async () => {
    const { page, view } = await shown(through({ name: 'list_organizations', arguments: { environmentId } }));
    expect(await view.locator('main').innerText()).toBe('Done');
    await expect
      .poll(async () => (await asked(page)).map(([method]) => method))
      .toEqual(['ui/notifications/request-teardown']);
    await page.context().close();
    const denied = await shown({ name: 'get_status', arguments: { environmentId: 'env_none' } });
    expect(await denied.view.locator('main').innerText()).toMatch(/^No status\n+\S/);
    await denied.page.context().close();
    expect(complaints).toEqual([]);
  });

  verifies('views.whole', 'run nothing but their own script, and load and send nothing', async () => {
    const { page } = await shown({ name: 'get_status', arguments: { environmentId } });
    const frame = frameOf(page);
    const blocked = await frame.evaluate<string[]>(`new Promise((resolve) => {
      const blocked = new Set();
      addEventListener('securitypolicyviolation', ({ effectiveDirective }) => {
        blocked.add(effectiveDirective);
        if (blocked.size === 3) resolve([...blocked].sort());
      });
      const script = document.createElement('script');
      script.textContent = 'document.title = "changed"';
      const image = document.createElement('img');
      image.src = 'http://localhost:${server.port}/assets/none.png';
      document.body.append(script, image);
      fetch('http://localhost:${server.port}/health').catch(() => undefined);
    })`);
    expect(blocked).toEqual(['connect-src', 'img-src', 'script-src-elem']);
    expect(await frame.evaluate('document.title')).toBe('Status of an environment');
    await page.context().close();
  });
});
