import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/core/json.ts';
import { beginIn, boundTo, cutToFit, resume } from '../../../src/release/long-list.ts';
import { verifies } from '../../verifies.ts';

const ENTRIES = Array.from({ length: 50 }, (_, i) => ({ id: `org_${i}`, name: 'x'.repeat(80) }));
const asTheyAre = { clean: (data: JsonObject) => ({ data, isCut: false }), wholeIn: () => new Set<string>() };
/** A position as the pipeline makes it from the arguments of a call of one list. */
const resumed = (args: Readonly<Record<string, unknown>>) => {
  const { args: asked, position } = resume(args);
  return { asked, position: boundTo(position, ['a list']) };
};
const FIRST = { token: undefined, size: undefined, skip: 0, sent: '', list: '' };

describe('a long list', () => {
  it('stays whole while it fits', () => {
    const { data, text } = cutToFit({ entries: ENTRIES, next_page_token: 'n' }, ['entries'], FIRST, 100_000, asTheyAre);
    expect(data).toEqual({ entries: ENTRIES, next_page_token: 'n' });
    expect(text).toBe(JSON.stringify(data));
  });

  verifies('result.budget', 'is cut between two entries, says so, and goes on where it ended', () => {
    const seen: unknown[] = [];
    let args: Readonly<Record<string, unknown>> = { pageSize: 50 };
    for (let calls = 0; calls < 20; calls++) {
      const { position, asked } = resumed(args);
      expect({ ...asked, pageSize: position.size }).toEqual({ pageSize: 50 });
      const page = { entries: ENTRIES, next_page_token: 'api-2', total_size: 70 };
      const { data, text } = cutToFit(page, ['entries'], position, 2_000, asTheyAre);
      expect(text.length).toBeLessThanOrEqual(2_000);
      expect(JSON.parse(text)).toEqual(data);
      seen.push(...(data['entries'] as unknown[]));
      if (data['next_page_token'] === 'api-2') {
        expect(data['truncated']).toBeUndefined();
        expect(seen).toEqual(ENTRIES);
        return;
      }
      expect(data['truncated']).toBe(true);
      args = { pageToken: data['next_page_token'] };
    }
    expect.unreachable('The list never ended.');
  });

  it('goes on inside a later page of the API, whose size it knows', () => {
    const { position } = resumed({ pageToken: 'api-2', pageSize: 30 });
    const { data } = cutToFit({ entries: ENTRIES }, ['entries'], position, 2_000, asTheyAre);
    const again = resume({ pageToken: data['next_page_token'], pageSize: 7 });
    expect(again.args).toEqual({ pageToken: 'api-2', pageSize: 7 });
    expect(again.position.size).toBe(30);
    expect(again.position.skip).toBe((data['entries'] as unknown[]).length);
  });

  it('yields at least one entry, however long', () => {
    const { data } = cutToFit({ entries: ENTRIES }, ['entries'], FIRST, 50, asTheyAre);
    expect(data['entries']).toHaveLength(1);
  });

  verifies('secrets.disclosed', 'shortens the only entry, but for what is of no use without its end', () => {
    const link = `https://example.com/${'x'.repeat(900)}`;
    const entry = { id: 'org_1', link, note: 'y'.repeat(5_000) };
    const { data } = cutToFit({ entries: [entry, entry] }, ['entries'], FIRST, 2_000, {
      ...asTheyAre,
      wholeIn: () => new Set([link]),
    });
    expect(data['entries']).toEqual([{ id: 'org_1', link, note: expect.stringMatching(/^y+…$/) }]);
    // Where it alone is too long, its neighbours give way to it.
    const tight = cutToFit({ entries: [entry] }, ['entries'], FIRST, 500, {
      ...asTheyAre,
      wholeIn: () => new Set([link]),
    });
    expect(tight.data['entries']).toEqual([expect.objectContaining({ link })]);
  });

  verifies('tools.paging', 'takes 1 and nothing for the first page, and other tokens for the API’s', () => {
    for (const pageToken of [undefined, '', '1']) expect(resume({ pageToken }).args).toEqual({});
    expect(resume({ pageToken: '2' })).toMatchObject({ args: { pageToken: '2' }, position: { skip: 0 } });
  });

  it('refuses a damaged token of ours, and never fails otherwise', () => {
    const bad = [
      '',
      'x',
      '{}',
      '{"skip":0}',
      '{"skip":-1}',
      '{"skip":1.5}',
      '{"skip":1e9}',
      '{"skip":2,"token":3,"sent":"abcd","list":"abcdefgh"}',
      '{"skip":2}',
      '{"skip":2,"size":1000000000,"sent":"abcd","list":"abcdefgh"}',
      '{"skip":2,"sent":"","list":"abcdefgh"}',
      '{"skip":2,"sent":"abc","list":"abcdefgh"}',
      `{"skip":2,"sent":"${'a'.repeat(404)}","list":"abcdefgh"}`,
      '{"skip":2,"sent":"abcd","list":""}',
      '{"skip":2,"sent":["abcd"],"list":"abcdefgh"}',
      '[]',
    ];
    for (const text of bad) {
      const pageToken = `cut.${Buffer.from(text).toString('base64url')}`;
      expect(() => resume({ pageToken }), text).toThrow(/damaged/);
    }
    fc.assert(
      fc.property(fc.anything(), (pageToken) => {
        expect(resume({ pageToken }).position.skip).toBe(0);
      }),
    );
  });

  verifies('list.token-bound', 'is refused where its token is that of another list', () => {
    const { data } = cutToFit({ entries: ENTRIES }, ['entries'], boundTo(FIRST, 'one'), 2_000, asTheyAre);
    const { position } = resume({ pageToken: data['next_page_token'] });
    expect(() => boundTo(position, 'another')).toThrow(/belongs to another list/);
    expect(boundTo(position, 'one')).toEqual(position);
  });

  verifies(
    'list.changes',
    'goes on behind the last entry that was sent, whatever was made or deleted in between',
    () => {
      const part = (data: JsonObject, pageToken?: unknown) => {
        const { position } = resumed({ pageToken });
        return cutToFit(data, ['entries'], beginIn(data, ['entries'], position), 2_000, asTheyAre).data;
      };
      const first = part({ entries: ENTRIES });
      const sent = first['entries'] as typeof ENTRIES;
      const others = Array.from({ length: 3 }, (_, i) => ({ id: `new_${i}`, name: 'new' }));
      fc.assert(
        fc.property(fc.subarray(sent), fc.subarray(others), (kept, made) => {
          const now = [...made, ...kept, ...ENTRIES.slice(sent.length)];
          const seen: { id: string }[] = [];
          let next: unknown = first['next_page_token'];
          while (typeof next === 'string') {
            const data = part({ entries: now }, next);
            seen.push(...(data['entries'] as typeof ENTRIES));
            next = data['next_page_token'];
          }
          // What is new stands before everything, so it may only be seen when nothing is left of what was sent.
          const old = seen.filter(({ id }) => !id.startsWith('new_'));
          expect(old).toEqual(ENTRIES.slice(sent.length));
          if (kept.length > 0) expect(seen).toEqual(old);
        }),
      );
    },
  );

  verifies('list.changes', 'begins again rather than leave a gap, where more is gone than a token can tell', () => {
    const many = Array.from({ length: 300 }, (_, i) => ({ id: `org_${i}` }));
    const { data } = cutToFit({ entries: many }, ['entries'], boundTo(FIRST, 'one'), 2_800, asTheyAre);
    const { position } = resume({ pageToken: data['next_page_token'] });
    expect(position.skip).toBeGreaterThan(100);
    expect(beginIn({ entries: many }, ['entries'], position)).toEqual(position);
    const rest = { entries: many.slice(position.skip) };
    expect(() => beginIn(rest, ['entries'], position)).toThrow(/Leave pageToken out to begin again/);
    const [kept] = many.slice(position.skip - 50);
    expect(beginIn({ entries: [kept, ...rest.entries] as never }, ['entries'], position).skip).toBe(1);
  });

  verifies('list.page-size', 'has no more entries than are wanted, and a token to go on', () => {
    const wanted = { ...boundTo(FIRST, 'one'), most: 1 };
    const { data, text } = cutToFit({ entries: ENTRIES }, ['entries'], wanted, 2_000, asTheyAre);
    expect(data).toEqual({ entries: ENTRIES.slice(0, 1), next_page_token: expect.any(String) });
    expect(text).toBe(JSON.stringify(data));
    const last = { ...wanted, most: ENTRIES.length };
    expect(cutToFit({ entries: ENTRIES }, ['entries'], last, 100_000, asTheyAre).data).toEqual({ entries: ENTRIES });
  });
});
