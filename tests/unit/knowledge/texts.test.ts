import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Boundary } from '../../../src/knowledge/boundary.ts';
import { pagesIn } from '../../../src/knowledge/page-texts.ts';
import { beginningOf, lengthInJson, partsOf } from '../../../src/knowledge/parts.ts';
import { sectionsOf } from '../../../src/knowledge/sections.ts';
import { pathOf, readSiteIndex } from '../../../src/knowledge/site-index.ts';
import { termOf, termsIn, wordsOf } from '../../../src/knowledge/terms.ts';
import { topicOf } from '../../../src/knowledge/topics.ts';
import { verifies } from '../../verifies.ts';

const SITE = 'https://docs.example.com';

describe('the index of a site', () => {
  it('tells sets from pages by their addresses, whatever the headings and their order are', () => {
    const { sets, pages } = readSiteIndex(
      [
        '# Anything',
        '- [Everything](https://docs.example.com/llms-full.txt): all',
        '- [Abridged](/llms-small.txt)',
        '## Whatever it is called now',
        '* [Page one](https://docs.example.com/a/one.md): About one: and more',
        '- [Part](/_llms-txt/part.txt) - of it',
        '- [Page two](/two/)',
        '- [Mail](mailto:a@example.com)',
        '- [Broken](http://[)',
        'See [inline](/three.md) too.',
      ].join('\r\n'),
      SITE,
    );
    expect(sets.map(({ title, url, description }) => [title, url.href, description])).toEqual([
      ['Part', `${SITE}/_llms-txt/part.txt`, 'of it'],
    ]);
    expect(pages.map(({ title, url, description }) => [title, pathOf(url.pathname), description])).toEqual([
      ['Page one', 'a/one', 'About one: and more'],
      ['Page two', 'two', ''],
    ]);
  });

  it.each([
    ['Full Stack Auth Complete', 'full-stack-auth-complete', 'full-stack-auth'],
    ['SaaSKit Complete', 'saaskit-complete', 'full-stack-auth'],
    ['Agent Authentication', 'agent-authentication', 'agent-auth'],
    ['AgentKit Frameworks', 'agentkit-frameworks', 'agent-auth'],
    ['MCP Authentication', 'mcp-authentication', 'mcp-auth'],
    ['Enterprise SSO & SCIM', 'enterprise-sso--scim', 'sso-scim'],
    ['Quickstart Collection', 'quickstart-collection', 'quickstart'],
    ['API & SDK Reference', 'api--sdk-reference', 'api-sdk'],
    ['Integration Guides', 'integration-guides', 'integrations'],
    ['Machine-to-Machine Auth', 'machine-to-machine-auth', 'm2m-auth'],
    ['Release notes', 'release-notes', undefined],
  ])('knows what %s is about, today and before it was renamed', (title, slug, topic) => {
    expect(topicOf({ title, url: new URL(`/_llms-txt/${slug}.txt`, SITE), description: '' })).toBe(topic);
  });
});

describe('a file of pages', () => {
  it('is divided at its boundaries, and headings of the first level inside a page stay there', () => {
    const file = [
      '<SYSTEM>about</SYSTEM>\n\n# One\n\n> Says one.\n\nText\n# Also in one',
      '# Two\n\n```sh\n# no heading\n```',
      'without a title',
    ].join('\n---\n# DOCUMENT BOUNDARY\n---\n');
    expect([...pagesIn(file)]).toEqual([
      { title: 'One', description: 'Says one.', text: 'Text\n# Also in one' },
      { title: 'Two', description: '', text: '```sh\n# no heading\n```' },
    ]);
  });

  it('is divided at headings of the first level where the site writes no boundaries, but not inside code', () => {
    const file =
      '<SYSTEM>about</SYSTEM>\n\n# One\n\n~~~\n# no heading\n```\n# still none\n~~~\n\n# Two\n> Says two.\nText';
    expect([...pagesIn(file)].map(({ title, description }) => [title, description])).toEqual([
      ['One', ''],
      ['Two', 'Says two.'],
    ]);
  });
});

describe('sections', () => {
  it('begin at headings, also those in steps of lists, and know the headings above them', () => {
    const text = 'Intro\n\n## A **bold** [link](/x)\n\nText\n\n1. ### Step\n\n   More\n\n## B\n```\n## code\n```';
    expect(sectionsOf(text).map(({ headings, start, end }) => [headings, text.slice(start, end).trim()])).toEqual([
      [[], 'Intro'],
      [['A bold link'], '## A **bold** [link](/x)\n\nText'],
      [['A bold link', 'Step'], '1. ### Step\n\n   More'],
      [['B'], '## B\n```\n## code\n```'],
    ]);
  });

  it('that are long are divided between paragraphs, and lose nothing', () => {
    const text = `## Long\n\n${'A paragraph of this section, which goes on and on for a while.\n\n'.repeat(100)}`;
    const sections = sectionsOf(text);
    expect(sections.length).toBeGreaterThan(2);
    expect(sections.every(({ headings }) => headings[0] === 'Long')).toBe(true);
    expect(sections.every(({ start, end }) => end - start < 2_500)).toBe(true);
    expect(sections.map(({ start, end }) => text.slice(start, end)).join('')).toBe(text);
  });
});

describe('words', () => {
  it.each([
    ['organizations', 'organization'],
    ['organisations', 'organization'],
    ['provisioning', 'provisioned'],
    ['directories', 'directory'],
    ['logins', 'sign-in'],
    ['Single Sign-On', 'SSO'],
    ['log out', 'logout'],
    ['signed in', 'log in'],
    ['AD FS', 'ADFS'],
  ])('%s and %s are found by the same', (one, other) => {
    const terms = (text: string) => wordsOf(text).map(termOf);
    expect(terms(one)).toEqual(terms(other));
  });

  it('of names in code count as a whole and one by one, and those that say nothing do not', () => {
    expect(wordsOf('createOrganization').map(termOf)).toEqual(
      wordsOf('createOrganization create organization').map(termOf).slice(0, 3),
    );
    expect(wordsOf('how do I use the').map(termOf).filter(Boolean)).toEqual([]);
    expect(termsIn('log everybody out')).toEqual(termsIn('everybody, logout').reverse());
    expect(termsIn('openid connect')).toEqual(termsIn('OIDC'));
    for (const [verb, noun] of [
      ['invite', 'invitation'],
      ['configure', 'configuration'],
      ['simulate', 'simulator'],
      ['revoke', 'revocation'],
      ['expires', 'expiry'],
    ] as const) {
      expect(termsIn(verb), verb).toEqual(termsIn(noun));
    }
  });
});

describe('parts', () => {
  verifies('docs.page', 'fit, and are the whole text together, whatever the text is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), fc.integer({ min: 20, max: 100 }), (text, room) => {
        const parts = partsOf(text, room);
        expect(parts.join('')).toBe(text);
        expect(Math.max(...parts.map(lengthInJson))).toBeLessThanOrEqual(room);
      }),
      { numRuns: 50 },
    );
  });

  it('end between lines where that is possible', () => {
    expect(partsOf('one\ntwo\nthree\n', 12)).toEqual(['one\ntwo\n', 'three\n']);
    expect(beginningOf('one\ntwo\nthree\n', 12)).toBe('one\ntwo …');
    expect(beginningOf('one\n', 12)).toBe('one\n');
  });
});

verifies('docs.boundary', 'marks are new each time, and enclose the text', () => {
  const [one, other] = [new Boundary(), new Boundary()];
  const [, mark] = /^<(docs-[0-9a-f]{12})>\ntext\n<\/\1>$/.exec(one.around('text')) ?? [];
  expect(mark).toBeDefined();
  expect(other.around('text')).not.toContain(mark);
  expect(lengthInJson(one.around('text'))).toBe(one.length + 4);
});
