import { describe, expect } from 'vitest';
import { TUNED_TOOLS } from '../../../bench/knowledge/tool-questions.ts';
import { listedTools, wholeSurface } from '../../../scripts/generated-files.ts';
import { findEntries } from '../../../src/access/find.ts';
import { effectMeant } from '../../../src/access/meant-effect.ts';
import { termsIn, wantedBy } from '../../../src/access/words.ts';
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

  verifies('tools.search', 'finds every tool by its own name among the first three', () => {
    const names = [...surface.reach.values()].filter(({ tool }) => !tool.standsForAnother).map(({ tool }) => tool.name);
    expect(names.filter((name) => !found(name, 3).includes(name))).toEqual([]);
  });

  verifies('tools.search', 'lists nothing of the words by which alone tools are found', () => {
    const hidden = [...surface.reach.values()].filter(({ tool }) => tool.foundBy !== undefined);
    expect(hidden.length).toBeGreaterThan(50);
    const listed = JSON.stringify(listedTools());
    expect(hidden.filter(({ tool }) => listed.includes(tool.foundBy as string))).toEqual([]);
    expect(hidden.filter(({ tool }) => (tool.foundBy as string).length > 160)).toEqual([]);
  });

  verifies('tools.search', 'finds nothing for words that say nothing, and survives any text', () => {
    for (const query of ['', ' ', 'the of', '\u0000', '((((', '__proto__', 'constructor', '🙂'.repeat(100)]) {
      expect(Array.isArray(found(query)), query).toBe(true);
    }
    expect(found('')).toEqual([]);
    expect(found('the of')).toEqual([]);
  });
});

describe('the words of a question', () => {
  verifies('tools.search', 'have one term where they mean the same', () => {
    for (const [one, other] of [
      ['customers', 'organization'],
      ['companies', 'tenant'],
      ['turn off', 'disable'],
      ['log a person out', 'logout user'],
      ['switch the connection on', 'enable connection'],
      ['identity providers', 'IdP'],
      ['userId', 'user id'],
      ['API keys', 'api tokens'],
    ] as const) {
      expect(termsIn(one), one).toEqual(termsIn(other));
    }
  });

  verifies('tools.search', 'keep a custom domain apart from a customer', () => {
    expect(termsIn('custom')).not.toEqual(termsIn('customer'));
  });

  verifies('tools.search', 'are cut where a question is longer than anybody asks', () => {
    const words = Array.from({ length: 10_000 }, (_, i) => `word${i}`).join(' ');
    expect(wantedBy(words).length).toBeLessThan(100);
  });

  verifies('tools.search', 'say what is to be done', () => {
    expect(effectMeant('please delete the user')).toBe('destroy');
    expect(effectMeant('which users can create roles')).toBe('read');
    expect(effectMeant('rename a tenant')).toBe('overwrite');
    expect(effectMeant('invite a member')).toBe('add');
    expect(effectMeant('sessions')).toBeUndefined();
  });
});
