import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/core/json.ts';
import { cutToFit, resume } from '../../../src/release/long-list.ts';
import { verifies } from '../../verifies.ts';

const ENTRIES = Array.from({ length: 50 }, (_, i) => ({ id: `org_${i}`, name: 'x'.repeat(80) }));
const asTheyAre = (data: JsonObject) => ({ data, isCut: false });
const FIRST = { token: undefined, size: undefined, skip: 0 };

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
      const { position, args: asked } = resume(args);
      expect(asked).toEqual({ pageSize: 50 });
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

  it('goes on inside a later page of the API with the size that this page had', () => {
    const { position } = resume({ pageToken: 'api-2', pageSize: 30 });
    const { data } = cutToFit({ entries: ENTRIES }, ['entries'], position, 2_000, asTheyAre);
    const again = resume({ pageToken: data['next_page_token'], pageSize: 7 });
    expect(again.args).toEqual({ pageToken: 'api-2', pageSize: 30 });
    expect(again.position.skip).toBe((data['entries'] as unknown[]).length);
  });

  it('yields at least one entry, however long', () => {
    const { data } = cutToFit({ entries: ENTRIES }, ['entries'], FIRST, 50, asTheyAre);
    expect(data['entries']).toHaveLength(1);
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
      '{"skip":2,"token":3}',
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
});
