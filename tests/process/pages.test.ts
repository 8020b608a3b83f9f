import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect } from 'vitest';
import { builtServer } from '../fixtures/built.ts';
import { CHROMIUM_NOTE, hasChromium, startChromium } from '../fixtures/chromium.ts';
import { type ServerHere, serverHere } from '../fixtures/here.ts';
import { verifies } from '../verifies.ts';

const built = builtServer();
const AXE = hasChromium ? readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8') : '';
/** What stands out of its box, which hides or overlaps text, and widens no page. */
const TOO_WIDE = `[...document.querySelectorAll('main *')]
  .filter((each) => {
    const { display, overflowX } = getComputedStyle(each);
    return display !== 'inline' && overflowX === 'visible' && each.scrollWidth > each.clientWidth + 1;
  })
  .map((each) => each.tagName + ' ' + each.textContent.trim().slice(0, 80))`;
const PAGES = ['/info', '/info?toolsets=nowhere', '/docs/tools', '/docs/errors'];

describe.skipIf(!hasChromium)(`pages in a browser${CHROMIUM_NOTE}`, () => {
  let server: ServerHere;
  let browser: Browser;
  /** What the console said, and requests that failed, in all pages of a test. */
  const complaints: string[] = [];

  beforeAll(async () => {
    [server, browser] = await Promise.all([serverHere(built), startChromium()]);
    await server.token();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });
  beforeEach(() => {
    complaints.length = 0;
  });

  /** The server under the name that its sandbox knows it by. */
  const origin = () => `http://localhost:${server.port}`;

  async function opened(path: string, options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'], ...options });
    const page = await context.newPage();
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
    await page.goto(origin() + path);
    return page;
  }

  const clipboard = (page: Page) => page.evaluate<string>('navigator.clipboard.readText()');
  const address = (page: Page) => page.locator('#address pre code').textContent();

  verifies.each('page.accessible', PAGES)('are for everybody, in both themes, wide and narrow: %s', async (path) => {
    const page = await opened(path, { viewport: { width: 1280, height: 800 } });
    await page.evaluate(`for (const each of document.querySelectorAll('details')) each.open = true`);
    await page.evaluate(AXE);
    const shown = async (colorScheme: 'light' | 'dark', width: number) => {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 800 });
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
      expect(await page.evaluate(TOO_WIDE)).toEqual([]);
    };
    // What breaks a rule depends on the colours, or on the width, and on no pair of them.
    for (const [colorScheme, width] of [
      ['light', 1280],
      ['dark', 360],
    ] as const) {
      await shown(colorScheme, width);
      const { violations } = await page.evaluate<AxeResults>('axe.run()');
      expect(violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`))).toEqual(
        [],
      );
    }
    await shown('dark', 1280);
    await shown('dark', 768);
    await shown('light', 360);
    // The browser itself tells of an answer with 400.
    expect(complaints.filter((text) => !text.includes('400 (Bad Request)'))).toEqual([]);
    await page.context().close();
  });

  verifies('page.copy', 'copy what they show, by mouse and by keyboard', async () => {
    const page = await opened('/info');
    await page.getByRole('button', { name: 'Copy: The address' }).click();
    expect(await clipboard(page)).toBe(`${origin()}/mcp`);
    await page.locator('#codex summary').press('Enter');
    await page.getByRole('button', { name: 'Copy: The line for Codex' }).press('Enter');
    expect(await clipboard(page)).toBe(`codex mcp add scalekit --url ${origin()}/mcp`);
    const blocks = await page.locator('pre[data-copy]').count();
    expect(await page.locator('pre[data-copy] > button.copy').count()).toBe(blocks);
    expect(blocks).toBeGreaterThan(30);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  verifies('page.copy', 'select it where the browser lets no page write to the clipboard', async () => {
    const page = await opened('/info', { permissions: [] });
    await page.evaluate(`Object.defineProperty(navigator, 'clipboard', { value: undefined })`);
    await page.getByRole('button', { name: 'Copy: The address' }).click();
    expect(await page.evaluate('String(getSelection())')).toBe(`${origin()}/mcp`);
    await page.context().close();
  });

  verifies('page.live-builder', 'update every snippet while a URL is put together', async () => {
    const page = await opened('/info');
    await page.locator('#claude-code summary').click();
    await page.locator('.builder > summary').click();
    await page.getByLabel('Users', { exact: false }).first().check();
    await page.getByLabel('Only read').check();
    const url = `${origin()}/mcp?toolsets=users&read_only=true`;
    await expect.poll(() => address(page)).toBe(url);
    expect(await page.locator('#claude-code pre code').textContent()).toBe(
      `claude mcp add --transport http scalekit "${url}"`,
    );
    // What was open stays open, and what is new can be copied.
    expect(await page.locator('#claude-code').getAttribute('open')).toBe('');
    await page.getByRole('button', { name: 'Copy: The address' }).click();
    expect(await clipboard(page)).toBe(url);
    expect(await page.locator('#said').textContent()).toMatch(
      /^With this address \d+ tools are listed.*Nothing can be changed\./,
    );
    expect(new URL(page.url()).search).toBe('?toolsets=users&read_only=true');
    const link = await page.locator('#ways .buttons a').first().getAttribute('href');
    expect(decodeURIComponent(String(link))).toContain(JSON.stringify(url));

    await page.getByLabel('One environment').fill('prod');
    await expect.poll(() => page.locator('#summary').textContent()).toContain('is the id of an environment');
    expect(await address(page)).toBe(`${origin()}/mcp`);
    await page.getByLabel('One environment').fill('env_1');
    await expect.poll(() => address(page)).toBe(`${url}&environment=env_1`);
    expect(complaints.filter((text) => !text.includes('400 (Bad Request)'))).toEqual([]);
    await page.context().close();
  });

  verifies('page.builder', 'do the same without a script, by the form', async () => {
    const page = await opened('/info', { javaScriptEnabled: false });
    await page.locator('.builder > summary').click();
    await page.locator('input[value="users"]').check();
    await page.locator('input[name="read_only"]').check();
    await page.getByRole('button', { name: 'Update the address' }).click();
    expect(await address(page)).toBe(`${origin()}/mcp?toolsets=users&read_only=true`);
    expect(await page.locator('input[value="users"]').isChecked()).toBe(true);
    expect(await page.getByRole('button', { name: /^Copy|^Sign in/ }).count()).toBe(0);
    await page.getByRole('link', { name: 'Start again' }).click();
    expect(await address(page)).toBe(`${origin()}/mcp`);
    await page.context().close();
  });

  verifies('page.tools-page', 'filter the tools while somebody types', async () => {
    const page = await opened('/docs/tools');
    const shown = () => page.locator('.catalogue li:visible').count();
    await page.getByRole('searchbox').fill('scim secret');
    await expect.poll(() => page.locator('#found').textContent()).toMatch(/^\d+ tools have these words\.$/);
    expect(await shown()).toBe(Number.parseInt(String(await page.locator('#found').textContent()), 10));
    for (const text of await page.locator('.catalogue li:visible').allTextContents()) {
      expect(text.toLowerCase()).toMatch(/(?=.*scim)(?=.*secret)/s);
    }
    await page.getByRole('searchbox').fill('xyzzy');
    await expect.poll(() => page.locator('#found').textContent()).toContain('No tool has these words.');
    expect(await shown()).toBe(0);
    await page.getByRole('searchbox').fill('');
    await expect.poll(() => page.locator('.catalogue summary:visible').count()).toBeGreaterThan(30);
    expect(await shown()).toBe(0);
    await page.getByRole('searchbox').fill('delete a customer');
    await page.getByRole('searchbox').press('Enter');
    await page.waitForURL(/q=delete\+a\+customer/);
    expect(await page.locator('.catalogue li code').first().textContent()).toMatch(/^delete_/);
    // A toolset that the front page leads to is open.
    await page.goto(`${origin()}/info`);
    await page.getByRole('link', { name: 'Directories' }).click();
    await expect.poll(() => page.locator('#directories li').first().isVisible()).toBe(true);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  describe('in the sandbox', () => {
    /** Goes through the sandbox's pages. */
    async function signIn(page: Page, person: string) {
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('button', { name: person }).click();
      await page.getByRole('button', { name: 'Allow', exact: true }).click();
    }

    verifies('page.trial', 'sign somebody in and show what tools answer', async () => {
      const page = await opened('/info?toolsets=users');
      await signIn(page, 'Mira');
      await expect.poll(() => page.locator('#trial-state').textContent()).toBe('whoami has answered:');
      expect(await page.locator('#trial-result').textContent()).toContain('Mira Okafor');
      expect(page.url()).toBe(`${origin()}/info#try`);
      await page.getByRole('button', { name: 'Which environments are there?' }).click();
      await expect.poll(() => page.locator('#trial-state').textContent()).toBe('list_environments has answered:');
      expect(await page.locator('#trial-result table tr').count()).toBeGreaterThan(1);
      await page.getByRole('button', { name: 'How does the first one stand?' }).click();
      await expect.poll(() => page.locator('#trial-state').textContent()).toMatch(/^get_status with .*has answered:$/);
      expect(await page.locator('#trial-result pre').textContent()).toContain('"counts"');
      await page.getByRole('button', { name: 'Which customers are in it?' }).click();
      await expect
        .poll(() => page.locator('#trial-state').textContent())
        .toMatch(/^list_organizations with .*has answered:$/);
      expect(await page.locator('#trial-result td').allTextContents()).toContain('Samphire Foods');
      expect(server.requests.map(({ method }) => method)).not.toContain('POST');
      const kept = await page.evaluate('JSON.stringify([{ ...sessionStorage }, { ...localStorage }, document.cookie])');
      expect(kept).toBe(JSON.stringify([{}, {}, '']));
      expect(complaints).toEqual([]);
      await page.context().close();
    });

    verifies('sandbox.consent', 'have both answers in view on a small phone', async () => {
      const page = await opened('/info', { viewport: { width: 360, height: 640 } });
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('button', { name: 'Mira' }).click();
      for (const name of ['Allow', 'Deny']) {
        const box = await page.getByRole('button', { name, exact: true }).boundingBox();
        expect(box?.y, name).toBeGreaterThan(0);
        expect(Number(box?.y) + Number(box?.height), name).toBeLessThanOrEqual(640);
      }
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
      expect(complaints).toEqual([]);
      await page.context().close();
    });

    verifies(
      'page.trial',
      'say in one sentence that access was denied, and cut nothing off on a small phone',
      async () => {
        const page = await opened('/info', { viewport: { width: 360, height: 640 } });
        await page.getByRole('button', { name: 'Sign in' }).click();
        await page.getByRole('button', { name: 'Mira' }).click();
        await page.getByRole('button', { name: 'Deny', exact: true }).click();
        await expect
          .poll(() => page.locator('#trial-state').textContent())
          .toMatch(/^You are not signed in: [^.]*[.]$/);
        await signIn(page, 'Jonas');
        await page.getByRole('button', { name: 'How does the first one stand?' }).click();
        await expect
          .poll(() => page.locator('#trial-state').textContent())
          .toMatch(/^get_status with .*has answered:$/);
        const state = 'document.querySelector("#trial-state")';
        expect(await page.evaluate(`${state}.scrollWidth <= ${state}.clientWidth`)).toBe(true);
        // The address breaks at none of its letters.
        const address = 'document.querySelector("#address pre")';
        expect(await page.evaluate(`${address}.clientHeight`)).toBeLessThan(45);
        expect(complaints).toEqual([]);
        await page.context().close();
      },
    );

    verifies('page.trial', 'say what went wrong, and let one begin again', async () => {
      const page = await opened('/info');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('button', { name: 'Jonas' }).click();
      await page.getByRole('button', { name: 'Deny', exact: true }).click();
      await expect.poll(() => page.locator('#trial-state').textContent()).toMatch(/^You are not signed in: /);
      await signIn(page, 'Jonas');
      await expect.poll(() => page.locator('#trial-result').textContent()).toContain('Jonas');
      await page.context().close();
    });

    verifies('page.trial', 'take no answer that they did not ask for', async () => {
      const requests: string[] = [];
      const page = await opened('/info');
      page.on('request', (request) => requests.push(`${request.method()} ${new URL(request.url()).pathname}`));
      await page.goto(`${origin()}/info?code=stolen&state=made-up`);
      await expect.poll(() => page.locator('#trial-state').textContent()).toContain('was not begun here');
      await page.evaluate(`sessionStorage.setItem('scalekit-trial', '{"state":"mine","server":{"issuer":"x"}}')`);
      await page.goto(`${origin()}/info?code=stolen&state=mine&iss=y`);
      await expect.poll(() => page.locator('#trial-state').textContent()).toContain('was not begun here');
      expect(new URL(page.url()).search).toBe('');
      expect(requests.filter((request) => request.startsWith('POST'))).toEqual([]);
      await page.context().close();
    });
  });

  verifies('page.trial', 'say so where the place to sign in is gone, and let one try again', async () => {
    const page = await opened('/info');
    await page.route('**/oauth-authorization-server/**', (route) => route.abort());
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect.poll(() => page.locator('#trial-state').textContent()).toContain('does not answer');
    expect(await page.getByRole('button', { name: 'Sign in' }).isEnabled()).toBe(true);
    await page.context().close();
  });
});
