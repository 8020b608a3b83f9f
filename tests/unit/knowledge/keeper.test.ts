import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, vi } from 'vitest';
import { ToolError } from '../../../src/core/errors.ts';
import { DocumentationKeeper, type KeeperOptions } from '../../../src/knowledge/keeper.ts';
import { answerFrom, type DocsSite, startDocsSite } from '../../fixtures/docs-site/site.ts';
import { verifies } from '../../verifies.ts';

let site: DocsSite;
let other: DocsSite;
let folder: string;
const keepers: DocumentationKeeper[] = [];
let lines: { readonly event: string; readonly [fact: string]: unknown }[];

beforeEach(async () => {
  site = await startDocsSite();
  other = await startDocsSite();
  folder = await mkdtemp(join(tmpdir(), 'docs-'));
  lines = [];
});
afterEach(async () => {
  vi.useRealTimers();
  for (const keeper of keepers.splice(0)) await keeper.stop();
  await Promise.all([site.stop(), other.stop()]);
  await rm(folder, { recursive: true });
});

function keeperOf(options: Partial<KeeperOptions> = {}): DocumentationKeeper {
  const tell = (event: string, facts = {}) => void lines.push({ event, ...facts });
  const log = { error: tell, warn: tell, info: tell, debug: tell };
  const keeper = new DocumentationKeeper({ site: site.origin, folder: undefined, log, ...options });
  keepers.push(keeper);
  return keeper;
}

const { signal } = new AbortController();
const events = () => lines.map(({ event }) => event);

verifies('docs.refresh', 'reads the site once for all who ask, and the files once each', async () => {
  const keeper = keeperOf();
  const libraries = await Promise.all(Array.from({ length: 20 }, () => keeper.library(new AbortController().signal)));
  expect(new Set(libraries).size).toBe(1);
  expect(new Set(site.requests).size).toBe(site.requests.length);
  expect(site.requests).toContain('GET /llms.txt 200');
  expect(keeper.staleSince).toBeUndefined();
});

describe('with a clock', () => {
  /** Lets the next reading begin, and end. */
  async function nextReading(keeper: DocumentationKeeper) {
    const before = site.requests.length;
    await vi.advanceTimersByTimeAsync(90 * 60_000);
    await vi.waitFor(() => expect(site.requests.length).toBeGreaterThan(before), { timeout: 20_000 });
    await keeper.idle();
  }

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  });

  verifies('docs.refresh', 'begins by itself, and reads again only what has changed', async () => {
    const keeper = keeperOf();
    keeper.start();
    await nextReading(keeper);
    const first = await keeper.library(signal);
    site.requests.length = 0;
    await nextReading(keeper);
    expect(site.requests.every((request) => request.endsWith(' 304'))).toBe(true);
    expect(await keeper.library(signal)).toBe(first);
    site.files.set('/llms-full.txt', '# News\n\n> What is new.\n\nA zeppelin.');
    await nextReading(keeper);
    const second = await keeper.library(signal);
    expect(second.search('zeppelin', 1)[0]?.page.title).toBe('News');
    expect(events()).toEqual(['documentation_read', 'documentation_read']);
  });

  verifies.each('docs.refresh', ['/_llms-txt/agentkit.txt', '/llms-full.txt'])(
    'looks again for %s, which the index names and the site did not have',
    async (path) => {
      const text = String(site.files.get(path));
      site.files.delete(path);
      const keeper = keeperOf();
      const { pages } = await keeper.library(signal);
      await keeper.idle();
      await nextReading(keeper);
      expect((await keeper.library(signal)).pages).toBe(pages);
      site.files.set(path, `${text}\n---\n# DOCUMENT BOUNDARY\n---\n# News\n\n> What is new.\n\nA zeppelin.`);
      await nextReading(keeper);
      expect((await keeper.library(signal)).search('zeppelin', 1)[0]?.page.title).toBe('News');
      expect(events()).toEqual(['documentation_read', 'documentation_read']);
    },
  );

  verifies(
    'docs.refresh',
    'looks again for a missing file after a restart too, and fails where it may be there',
    async () => {
      const path = '/_llms-txt/agentkit.txt';
      site.files.delete(path);
      const first = keeperOf({ folder });
      await first.library(signal);
      await first.idle();
      await first.stop();
      const second = keeperOf({ folder });
      await second.library(signal);
      await second.idle();
      expect(site.requests.at(-1)).toBe(`GET ${path} 404`);
      site.answer = (request, response) => {
        if (request.url === path) response.writeHead(503).end();
        else answerFrom(site.files, request, response);
      };
      await nextReading(second);
      expect(second.staleSince).toBeInstanceOf(Date);
      expect(events()).toEqual(['documentation_read', 'documentation_failing']);
    },
  );

  verifies(
    'docs.away',
    'answers with what was read last while the site is away, dated, and tells it once',
    async () => {
      const keeper = keeperOf();
      const first = await keeper.library(signal);
      site.answer = (_request, response) => response.writeHead(503).end();
      for (let reading = 0; reading < 3; reading++) await nextReading(keeper);
      expect(await keeper.library(signal)).toBe(first);
      expect(keeper.staleSince).toBeInstanceOf(Date);
      site.answer = undefined;
      await nextReading(keeper);
      expect(keeper.staleSince).toBeUndefined();
      expect(events()).toEqual(['documentation_read', 'documentation_failing', 'documentation_back']);
    },
  );
});

verifies(
  'docs.away',
  'fails with a reason before anything was read, and asks again when somebody asks later',
  async () => {
    let now = 0;
    const keeper = keeperOf({ now: () => now });
    site.answer = (_request, response) => response.writeHead(500).end();
    const failure = await keeper.library(signal).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ToolError);
    expect(failure).toMatchObject({ code: 'upstream_unavailable', recovery: { retryable: true } });
    site.answer = undefined;
    const before = site.requests.length;
    await expect(keeper.library(signal)).rejects.toBeInstanceOf(ToolError);
    expect(site.requests.length).toBe(before);
    now += 5_000;
    expect((await keeper.library(signal)).pages.length).toBeGreaterThan(5);
  },
);

verifies('docs.away', 'lets go of a caller who has gone, and goes on for the others', async () => {
  const keeper = keeperOf();
  let letGo: () => void = () => undefined;
  const asked = new Promise<void>((resolve) => {
    site.answer = (request, response) => {
      resolve();
      letGo = () => answerFrom(site.files, request, response);
    };
  });
  const gone = new AbortController();
  const [left, stayed] = [keeper.library(gone.signal), keeper.library(signal)];
  await asked;
  gone.abort();
  await expect(left).rejects.toMatchObject({ code: 'cancelled' });
  site.answer = undefined;
  letGo();
  expect((await stayed).pages.length).toBeGreaterThan(5);
});

verifies.each('docs.site', [
  [
    'leads to another origin',
    (response, path) => response.writeHead(302, { location: `${other.origin}${path}` }).end(),
  ],
  ['leads in a circle', (response, path) => response.writeHead(301, { location: path }).end()],
  ['is a web page', (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('# Page')],
  ['is a web page without a type', (response) => response.writeHead(200).end('\n<!DOCTYPE html><h1>Page</h1>')],
  ['is too large', (response) => response.writeHead(200, { 'content-length': String(2 ** 30) }).flushHeaders()],
  ['breaks off', (response) => response.writeHead(200, { 'content-length': '99' }).end('# Pa') && response.destroy()],
  ['is refused', (response) => response.writeHead(403).end()],
  ['is not there', (response) => response.writeHead(404).end()],
  ['names nothing', (response) => response.writeHead(200, { 'content-type': 'text/plain' }).end('# Nothing')],
] as [string, (response: Parameters<NonNullable<DocsSite['answer']>>[1], path: string) => void][])(
  'an index that %s is a failure of the site',
  async (_, answer) => {
    const keeper = keeperOf();
    site.answer = (request, response) =>
      request.url === '/llms.txt' ? answer(response, request.url) : answerFrom(new Map(), request, response);
    await expect(keeper.library(signal)).rejects.toMatchObject({ code: 'upstream_unavailable' });
    expect(other.requests).toEqual([]);
    expect(events()).toEqual(['documentation_failing']);
  },
);

verifies('docs.site', 'follows a redirect within the site, and asks no other host that its files write', async () => {
  site.files.set(
    '/moved.txt',
    String(site.files.get('/llms.txt')).replaceAll('https://docs.example.com', other.origin),
  );
  site.answer = (request, response) => {
    if (request.url === '/llms.txt') response.writeHead(308, { location: '/moved.txt' }).end();
    else answerFrom(site.files, request, response);
  };
  const library = await keeperOf().library(signal);
  expect(library.topics).toHaveLength(8);
  expect(other.requests).toEqual([]);
});

verifies('docs.site', 'does without a part that is not there', async () => {
  site.files.delete('/_llms-txt/agentkit.txt');
  const library = await keeperOf().library(signal);
  expect(library.topics.find(({ name }) => name === 'agent-auth')?.pages.map(({ path }) => path)).toEqual([
    'agents/langchain',
  ]);
});

describe('with a folder', () => {
  verifies(
    'docs.copy',
    'is there at once after a restart, while the site is away, and is read again when it is back',
    async () => {
      const first = keeperOf({ folder });
      const { pages } = await first.library(signal);
      await first.idle();
      await first.stop();
      site.answer = (_request, response) => response.writeHead(503).end();
      const second = keeperOf({ folder });
      expect((await second.library(signal)).pages).toEqual(pages);
      await second.idle();
      expect(second.staleSince).toBeInstanceOf(Date);
      await second.stop();
      site.answer = undefined;
      site.requests.length = 0;
      const third = keeperOf({ folder });
      await third.library(signal);
      await third.idle();
      expect(third.staleSince).toBeUndefined();
      // What the copy holds is not fetched again.
      expect(site.requests.length).toBeGreaterThan(0);
      expect(site.requests.every((request) => request.endsWith(' 304'))).toBe(true);
    },
  );

  verifies('docs.copy', 'is dated after a restart by when the site confirmed it last', async () => {
    let now = Date.parse('2026-11-30T10:00:00Z');
    const restarted = async () => {
      const keeper = keeperOf({ folder, now: () => now });
      await keeper.library(signal);
      await keeper.idle();
      await keeper.stop();
      return keeper;
    };
    await restarted();
    now += 3_600_000;
    await restarted();
    site.answer = (_request, response) => response.writeHead(503).end();
    now += 3_600_000;
    expect((await restarted()).staleSince).toEqual(new Date('2026-11-30T11:00:00Z'));
    expect(events()).toEqual(['documentation_read', 'documentation_failing']);
  });

  verifies('docs.copy', 'is kept whatever a site names: parts with endless paths are not read', async () => {
    const index = String(site.files.get('/llms.txt'));
    const parts = Array.from({ length: 60 }, (_, i) => `- [Part](/${'é'.repeat(40 + (i % 2) * 200)}-${i}.txt): Part`);
    site.files.set('/llms.txt', [index, ...parts].join('\n'));
    site.answer = (request, response) => {
      const isPart = String(request.url).startsWith('/%C3%A9');
      const headers = { 'content-type': 'text/plain', etag: `"${'\\'.repeat(254)}"` };
      if (isPart) response.writeHead(200, headers).end(`# Page ${request.url?.length}\n\n> About.\n\nText.`);
      else answerFrom(site.files, request, response);
    };
    const first = keeperOf({ folder });
    const { pages } = await first.library(signal);
    await first.idle();
    await first.stop();
    const asked = site.requests.map((request) => request.split(' ')[1] ?? '');
    expect([asked.length > 40, asked.every((path) => path.length <= 500)]).toEqual([true, true]);
    site.answer = (_request, response) => response.writeHead(503).end();
    expect((await keeperOf({ folder }).library(signal)).pages).toEqual(pages);
    expect(events()[0]).toBe('documentation_read');
    expect(events()).not.toContain('documentation_copy_unusable');
  });

  verifies('docs.copy', 'reads the site where the copy is damaged, says so, and makes it whole', async () => {
    const first = keeperOf({ folder });
    await first.library(signal);
    await first.idle();
    for (const name of await readdir(folder)) await writeFile(join(folder, name), 'nonsense');
    const second = keeperOf({ folder });
    expect((await second.library(signal)).pages.length).toBeGreaterThan(5);
    await second.idle();
    expect(events()).toEqual(['documentation_read', 'documentation_copy_unusable', 'documentation_read']);
    const third = keeperOf({ folder });
    await third.library(signal);
    await third.idle();
    expect(events()).toHaveLength(3);
  });

  verifies('docs.copy', 'goes on without a copy where none can be written', async () => {
    await writeFile(join(folder, 'file'), '');
    const keeper = keeperOf({ folder: join(folder, 'file', 'in') });
    expect((await keeper.library(signal)).pages.length).toBeGreaterThan(5);
    await keeper.idle();
    expect(events()).toEqual(['documentation_copy_unusable', 'documentation_read', 'documentation_copy_not_written']);
  });
});

verifies('docs.refresh', 'stops in the middle of a reading, and reads no more', async () => {
  const keeper = keeperOf();
  const asked = new Promise<void>((resolve) => {
    site.answer = () => resolve();
  });
  const waiting = keeper.library(signal);
  await asked;
  await keeper.stop();
  await expect(waiting).rejects.toBeInstanceOf(ToolError);
  await expect(keeper.library(signal)).rejects.toBeInstanceOf(ToolError);
  expect(events()).toEqual([]);
});
