import { describe, expect } from 'vitest';
import { TUNED_TOOLS } from '../../../bench/knowledge/tool-questions.ts';
import { listedTools, wholeSurface } from '../../../scripts/generated-files.ts';
import { findEntries } from '../../../src/access/find.ts';
import { SENTENCES } from '../../../src/access/sentences.ts';
import { ACTIONS, FITS } from '../../../src/access/thesaurus.ts';
import { preparingIndex } from '../../../src/access/tool-index.ts';
import { termsIn, understood } from '../../../src/access/understanding.ts';
import { rowsOf } from '../../../src/knowledge/phrases.ts';
import { verifies } from '../../verifies.ts';

const surface = wholeSurface();
const found = (query: string, most = 6) => findEntries(query, most, surface).map(({ tool }) => tool.name);

describe('find_tools', () => {
  verifies('tools.search', 'finds what people ask for, in their words', () => {
    const ranks = TUNED_TOOLS.map(([query, ...good]) => found(query).findIndex((name) => good.includes(name)));
    const share = (most: number) => ranks.filter((rank) => rank >= 0 && rank < most).length / ranks.length;
    expect(share(1)).toBeGreaterThanOrEqual(0.85);
    expect(share(3)).toBeGreaterThanOrEqual(0.95);
  });

  verifies.each('tools.search', [
    ['connected accounts', 'list_connected_accounts'],
    ['tool call logs', 'list_tool_call_logs'],
  ])('lists what is only named: %s', (query, name) => {
    expect(found(query)[0]).toBe(name);
  });

  verifies('tools.search', 'finds every tool first by its own name', () => {
    const names = [...surface.reach.values()].filter(({ tool }) => !tool.standsForAnother).map(({ tool }) => tool.name);
    expect(names.filter((name) => found(name)[0] !== name)).toEqual([]);
  });

  verifies('tools.search', 'knows words of people for every tool, and lists none of them', () => {
    const hidden = [...surface.reach.values()].filter(({ tool }) => !tool.standsForAnother);
    expect(hidden.filter(({ tool }) => !tool.foundBy).map(({ tool }) => tool.name)).toEqual([]);
    const listed = JSON.stringify(listedTools());
    expect(hidden.filter(({ tool }) => listed.includes(tool.foundBy as string))).toEqual([]);
    expect(hidden.filter(({ tool }) => (tool.foundBy as string).length > 200)).toEqual([]);
  });

  verifies('tools.search', 'knows what people say who want what a tool does, and lists nothing of it', () => {
    const sentences = new Map(rowsOf(SENTENCES));
    expect(new Set(sentences.keys())).toEqual(new Set(surface.catalogue.map(({ name }) => name)));
    const listed = JSON.stringify(listedTools());
    const shown = [...sentences.values()].flat().filter((each) => each.includes(' ') && listed.includes(each));
    expect(shown).toEqual([]);
    expect(found('some notifications of last night were not delivered', 3)).toContain('get_webhook_portal_url');
  });

  verifies.each('tools.search', [
    ['we closed the deal with a hospital, get them going', 'create_organization'],
    ['Priya changed jobs and must not see the data of her former employer', 'remove_user_from_organization'],
    ['their security team wants people thrown out after five minutes', 'update_organization_session_policy'],
    ['write a message to Priya from my mailbox', 'execute_agent_tool'],
  ])('finds among the first three what somebody wants who tells a situation: %s', (question, name) => {
    expect(found(question, 3)).toContain(name);
  });

  verifies('tools.search', 'finds the same while the index is prepared', () => {
    const catalogue = [...surface.catalogue];
    preparingIndex(catalogue)[Symbol.iterator]().next();
    const names = findEntries('kick somebody out', 6, { ...surface, catalogue }).map(({ tool }) => tool.name);
    expect(names).toEqual(found('kick somebody out'));
    expect([...preparingIndex(catalogue)]).toEqual([]);
  });

  verifies('tools.search', 'finds nothing for words that say nothing, and survives any text', () => {
    for (const query of ['', ' ', 'the of', '\u0000', '((((', '__proto__', 'constructor', '🙂'.repeat(100)]) {
      expect(Array.isArray(found(query)), query).toBe(true);
    }
    expect(found('')).toEqual([]);
    expect(found('the of')).toEqual([]);
  });
});

describe('what a question is about', () => {
  const about = (question: string) => understood(question).about.map(({ term }) => term);

  verifies.each('tools.search', [
    ['customers', 'organization'],
    ['companies', 'tenant'],
    ['identity providers', 'IdP'],
    ['userId', 'user id'],
    ['API keys', 'api tokens'],
    ['jane@acme.com', 'the email of a user'],
    ['org_71204418093050001', 'an organization'],
    ['everybody in usr_71204418093050001', 'a person'],
  ])('is the same for what means the same: %s and %s', (one, other) => {
    expect(about(one)).toEqual(expect.arrayContaining(about(other)));
    expect(about(other)).not.toEqual([]);
  });

  verifies.each('tools.search', [
    ['an employe', 'an employee'],
    ['conections', 'connections'],
    ['the wokrspace', 'the workspace'],
  ])('is the same with a wrong letter: %s', (one, other) => {
    expect(about(one)).toEqual(about(other));
  });

  verifies('tools.search', 'keeps a custom domain apart from a customer, and "them" from a theme', () => {
    expect(termsIn('custom')).not.toEqual(termsIn('customer'));
    expect(about('set them up')).toEqual([]);
    expect(about('theme')).toEqual(['branding']);
  });

  verifies('tools.search', 'takes names for those of customers or people', () => {
    expect(understood('give Bob a role').about).toContainEqual({ term: 'bob', near: ['organization', 'user'] });
  });

  verifies('tools.search', 'is cut where a question is longer than anybody asks', () => {
    const words = Array.from({ length: 10_000 }, (_, i) => `word${i}`).join(' ');
    expect(understood(words).about.length).toBeLessThan(100);
  });
});

describe('what a question wants done', () => {
  const best = (question: string) =>
    [...(understood(question).fits ?? [])].filter(([, fit]) => fit === 1).map(([verb]) => verb);

  verifies.each('tools.search', [
    ['please delete the user', 'delete'],
    ['which users can create roles', 'list'],
    ['rename a tenant', 'update'],
    ['invite a member', 'invite'],
    ['log this person out', 'revoke'],
    ['turn the connection off', 'disable'],
    ['why can nobody sign in', 'diagnose'],
  ])('is told by its verbs: %s', (question, verb) => {
    expect(best(question)).toContain(verb);
  });

  verifies('tools.search', 'is not told by things alone', () => {
    expect(understood('sessions').fits).toBeUndefined();
  });

  verifies('tools.search', 'is named in verbs with which names of tools begin', () => {
    const verbs = new Set([...surface.reach.keys()].map((name) => name.split('_')[0]));
    const unknown = Object.values(FITS).flatMap((fits) => Object.keys(fits).filter((verb) => !verbs.has(verb)));
    expect(unknown).toEqual([]);
    expect(rowsOf(ACTIONS).map(([name]) => name)).toEqual(Object.keys(FITS));
  });
});
