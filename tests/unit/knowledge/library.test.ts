import { describe, expect, it, vi } from 'vitest';
import { makeLibrary } from '../../../src/knowledge/library.ts';
import { readingOf, uriOfPage } from '../../../src/knowledge/readings.ts';
import { saidOtherwise } from '../../../src/knowledge/said-otherwise.ts';
import type { FilesByPath } from '../../../src/knowledge/site-files.ts';
import { Slices } from '../../../src/knowledge/slices.ts';
import { PAGES, type SitePage } from '../../fixtures/docs-site/pages.ts';
import { filesOf } from '../../fixtures/docs-site/site.ts';
import { verifies } from '../../verifies.ts';

const SITE = 'https://docs.example.com';
const slices = () => new Slices(new AbortController().signal);

function libraryOf(files: Record<string, string>) {
  const byPath: FilesByPath = new Map(Object.entries(files).map(([path, text]) => [path, { text, tag: undefined }]));
  return makeLibrary(byPath, SITE, slices());
}

const library = await libraryOf(filesOf(PAGES));
const pathsOf = (pages: readonly { readonly path: string }[]) => pages.map(({ path }) => path);

describe('the library', () => {
  it('has every page under the path of its address, and each part with its pages', () => {
    expect(pathsOf(library.pages)).toEqual(pathsOf(PAGES));
    expect(library.topics.map(({ name, pages }) => [name, pathsOf(pages)])).toEqual([
      ['full-stack-auth', ['login/sessions', 'organizations/create']],
      ['agent-auth', ['agents/connected-accounts', 'agents/langchain']],
      ['mcp-auth', ['mcp/quickstart', 'mcp/troubleshooting']],
      ['sso-scim', ['sso/okta-saml', 'sso/entra-saml', 'directory/scim']],
      ['quickstart', ['organizations/create', 'mcp/quickstart']],
      ['api-sdk', ['sdk/node/users', 'sdk/python/users']],
      ['integrations', ['sso/okta-saml', 'sso/entra-saml']],
      ['m2m-auth', ['m2m/api-keys', 'm2m/tokens']],
    ]);
  });

  it('has the pages without the whole file, and without a list of pages', async () => {
    const { '/llms-full.txt': _, ...sets } = filesOf(PAGES);
    const withoutWhole = await libraryOf(sets);
    expect(pathsOf(withoutWhole.pages).sort()).toEqual(pathsOf(PAGES.filter((page) => page.in.length > 0)).sort());
    const index = String(sets['/llms.txt']).split('## Pages')[0] ?? '';
    const withoutList = await libraryOf({ ...sets, '/llms.txt': index });
    expect(withoutList.page('okta-saml')).toMatchObject({ title: 'Okta SAML', url: expect.stringMatching(/\.txt$/) });
    expect(pathsOf(withoutList.pages)).toEqual(expect.arrayContaining(['users', 'users-2']));
  });

  it('tells pages of the same title apart by what is said of them', () => {
    expect(library.page('sdk/node/users')?.text).toContain('listUsers');
    expect(library.page('sdk/python/users')?.text).toContain('list_users');
  });

  verifies('docs.bounded', 'shortens titles, and gives every page an address', async () => {
    const titles = ['long '.repeat(50_000), `a${'\u{1d4d0}'.repeat(200)}`];
    const whole = titles.map((title) => `# ${title}\n\nText.\n`).join('\n');
    const { pages, page } = await libraryOf({ '/llms.txt': '', '/llms-full.txt': whole });
    expect(pages).toHaveLength(2);
    for (const one of pages) {
      expect(one.title.length).toBeLessThanOrEqual(301);
      expect(one.title.isWellFormed()).toBe(true);
      expect(readingOf(uriOfPage(one), { site: SITE, pages, topics: [], page, search: () => [] })).toBeDefined();
    }
  });

  it('refuses files that hold no page', async () => {
    await expect(libraryOf({ '/llms.txt': '', '/llms-full.txt': 'nothing' })).rejects.toThrow('hold no page');
  });

  it.each([
    '/sso/okta-saml/',
    'sso/okta-saml.md',
    'docs://page/sso/okta-saml',
    'docs://page/sso%2Fokta-saml',
    'page/sso/okta-saml',
    `${SITE}/sso/okta-saml`,
    ` ${SITE}/sso/okta-saml/?x=1#map-attributes `,
  ])('reads a page by %s', (named) => {
    expect(readingOf(named, library)).toMatchObject({
      uri: 'docs://page/sso/okta-saml',
      title: 'Okta SAML',
      url: `${SITE}/sso/okta-saml`,
      text: expect.stringMatching(/^# Okta SAML\n\nSet up SAML.*## Map attributes/s),
    });
  });

  it.each(['', 'nothing', 'docs://', 'docs://page/', 'docs://%zz', '__proto__', 'constructor'])(
    'has nothing under %j',
    (named) => expect(readingOf(named, library)).toBeUndefined(),
  );

  it('reads the list of its parts, and the list of the pages of each', () => {
    const index = readingOf('docs://index', library)?.text ?? '';
    for (const { name } of library.topics) expect(index).toContain(`docs://${name} (`);
    for (const { name, pages } of library.topics) {
      const { text = '' } = readingOf(`docs://${name}`, library) ?? {};
      for (const { path } of pages) expect(readingOf(`docs://page/${path}`, library)).toBeDefined();
      expect(text.match(/docs:\/\/page\/[^)]+/g)).toEqual(pages.map(({ path }) => `docs://page/${path}`));
    }
  });
});

describe('the search', () => {
  const QUESTIONS: readonly [ask: string, page: string][] = [
    ['how do I refresh an access token', 'login/sessions'],
    ['log somebody out', 'login/sessions'],
    ['createOrganization', 'organizations/create'],
    ['set up okta', 'sso/okta-saml'],
    ['single sign on with entra id', 'sso/entra-saml'],
    ['azure metadata xml enterprise application', 'sso/entra-saml'],
    ['remove users when the directory does', 'directory/scim'],
    ['map SCIM groups to roles', 'directory/scim'],
    ['protect my MCP server', 'mcp/quickstart'],
    ['oauth-protected-resource', 'mcp/quickstart'],
    ['MCP client loops on 401', 'mcp/troubleshooting'],
    ['authorize a connected account', 'agents/connected-accounts'],
    ['langchain agent', 'agents/langchain'],
    ['node sdk list users', 'sdk/node/users'],
    ['python users', 'sdk/python/users'],
    ['API keys of customers', 'm2m/api-keys'],
    ['webhook signature', 'webhooks'],
    ['what if a webhook delivery fails', 'webhooks'],
    ['langchian agnet', 'agents/langchain'],
    ['provisoning users from a directory', 'directory/scim'],
  ];

  verifies('docs.ranks', 'finds the page that answers', () => {
    const ranks = QUESTIONS.map(([ask, page]) => library.search(ask, 3).findIndex((found) => found.page.path === page));
    const missed = QUESTIONS.filter((_, i) => ranks[i] !== 0).map(([ask]) => ask);
    expect(ranks.filter((rank) => rank === 0).length / ranks.length, missed.join('; ')).toBeGreaterThanOrEqual(0.8);
    expect(ranks.filter((rank) => rank >= 0).length / ranks.length, missed.join('; ')).toBeGreaterThanOrEqual(0.95);
  });

  verifies('docs.ranks', 'looks for what the documentation says where people say something else', () => {
    expect(saidOtherwise(['Where', 'do', 'I', 'begin', 'with', 'MCP'])).toEqual({
      kept: ['with', 'MCP'],
      said: ['quickstart'],
    });
    expect(saidOtherwise(['MCP', 'quickstart']).said).toEqual([]);
    expect(library.search('where do I begin with an MCP server', 1)[0]?.page.path).toBe('mcp/quickstart');
  });

  verifies('docs.search', 'shows the section that fits', () => {
    const [first] = library.search('delivery tried again', 1);
    expect(first).toMatchObject({ page: { path: 'webhooks' }, headings: ['Retries'] });
    expect(first?.text).toBe('## Retries\n\nA delivery that fails is tried again for two days.');
    expect(library.search('post_logout_redirect_uri', 1)[0]?.headings).toEqual([
      'End a session',
      'Call the logout endpoint',
    ]);
  });

  verifies.each('docs.ranks', [
    ['like stripe has it for developers', 'm2m/api-keys'],
    ['cursor opens the browser again and again', 'mcp/troubleshooting'],
  ])('finds the page about what somebody asks who uses none of its words: %s', (ask, path) => {
    expect(library.search(ask, 1).map(({ page }) => page.path)).toEqual([path]);
  });

  // Both speak of calendars, one of them far more often.
  verifies('docs.ranks', 'prefers the page that is called so', async () => {
    const { search } = await libraryOf({
      '/llms.txt': '',
      '/llms-full.txt': [
        '# Hubcal',
        'Reads events.',
        '# A day with an assistant',
        ...Array.from({ length: 9 }, (_, i) => `## Step ${i}\n\nThe hubcal assistant writes to hubcal.`),
      ].join('\n\n'),
    });
    expect(search('an assistant that writes to hubcal', 1)[0]?.page.title).toBe('A day with an assistant');
    expect(search('hubcal events', 1)[0]?.page.title).toBe('Hubcal');
  });

  it.each(['', '   ', 'how do I', '???', 'zzzzqqqq xxxxkkkk'])('finds nothing for %j', (ask) => {
    expect(library.search(ask, 5)).toEqual([]);
  });

  // Each further letter multiplies the words that have to be compared, while everybody waits.
  verifies('docs.bounded', 'takes a word for another one up to two letters, in short questions and words', async () => {
    const word = 'hexadecimalphotogram';
    const { search } = await libraryOf({ '/llms.txt': '', '/llms-full.txt': `# Pictures\n\nAbout ${word}.` });
    const found = (text: string) => search(text, 1).length;
    expect([word, 'hexedecimelphotogram', 'hexedecimelphotogrem'].map(found)).toEqual([1, 1, 0]);
    // Three such words of a question are read, and none that is very long.
    expect(['qqqqq wwwww hexadecimalphotogrim', 'qqqqq wwwww zzzzz hexadecimalphotogrim'].map(found)).toEqual([1, 0]);
    const long = await libraryOf({ '/llms.txt': '', '/llms-full.txt': `# Pictures\n\nAbout x${word}.` });
    expect([`x${word}`, `z${word}`].map((text) => long.search(text, 1).length)).toEqual([1, 0]);
  });

  it('reads a question of any length and any words', () => {
    const words = Array.from({ length: 5_000 }, (_, i) => `okta${i}`).join(' ');
    expect(() => library.search(`${words} okta`, 5)).not.toThrow();
    expect(library.search('__proto__ constructor okta toString', 1)[0]?.page.path).toBe('sso/okta-saml');
  });
});

verifies(
  'docs.refresh',
  'gives the event loop its turn while a large site is indexed, and ends when it is told to',
  async () => {
    const many: SitePage[] = Array.from({ length: 300 }, (_, i) => ({
      ...(PAGES[i % PAGES.length] as SitePage),
      path: `page/${i}`,
      title: `Page ${i}`,
    }));
    const files: FilesByPath = new Map(
      Object.entries(filesOf(many)).map(([path, text]) => [path, { text, tag: undefined }]),
    );
    let turns = 0;
    let isMaking = true;
    const count = () => {
      turns += 1;
      if (isMaking) setImmediate(count);
    };
    setImmediate(count);
    // A clock that goes on by a millisecond whenever it is read: how fast the machine is does not matter.
    let now = 0;
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => ++now);
    await makeLibrary(files, SITE, slices());
    clock.mockRestore();
    isMaking = false;
    // The clock is read for each of at least 300 pieces, and every second piece is too late.
    expect(turns).toBeGreaterThan(100);
    const stop = new AbortController();
    const made = makeLibrary(files, SITE, new Slices(stop.signal));
    setImmediate(() => stop.abort(new Error('stopped')));
    await expect(made).rejects.toThrow('stopped');
  },
);
