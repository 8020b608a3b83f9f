import { describe, expect } from 'vitest';
import { z } from 'zod';
import { ToolError } from '../../../src/core/errors.ts';
import type { Tool } from '../../../src/core/tool.ts';
import { toolset } from '../../../src/core/toolset.ts';
import { Cleaner } from '../../../src/release/clean.ts';
import type { Position } from '../../../src/release/long-list.ts';
import { release, type Unreleased } from '../../../src/release/release.ts';
import { verifies } from '../../verifies.ts';

const JWT = 'eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJ1c3JfMSIsImV4cCI6MX0.c2lnbmF0dXJlLW9mLWl0';

const any = { description: 'D', run: () => ({}) };
const { tools } = toolset('things', { area: 'workspace', place: 'workspace' }, (t) => [
  t.read('show_thing', { ...any, output: {} }),
  t.read('make_link', { ...any, discloses: ['link.token'], output: { link: z.looseObject({}) } }),
  t.list('list_things', { ...any, of: { things: z.looseObject({}) } }),
  t.read('show_much', { ...any, output: { truncated: z.boolean().optional() } }),
]);
const [show, disclose, list, cuttable] = tools;

const released = (unreleased: Unreleased, tool: Tool = show, budget = 10_000) =>
  release(unreleased, { tool, cleaner: new Cleaner(['my-own-token']), budget, requestId: 'request-1' });
const success = (data: Record<string, unknown>, position?: Position): Unreleased =>
  ({ kind: 'success', data, position }) as Unreleased;

describe('a success', () => {
  verifies(
    ['secrets.by-key', 'secrets.by-shape', 'text.invisible'],
    'leaves clean, as data and as the same text',
    () => {
      const data = { password: 'hunter2', note: `a\u200b ${JWT}`, mine: 'my-own-token', link: { token: JWT } };
      const clean = { password: '[redacted]', note: 'a [redacted]', mine: '[redacted]', link: { token: '[redacted]' } };
      expect(released(success(data))).toEqual({
        kind: 'success',
        data: clean,
        text: JSON.stringify(clean),
        discloses: [],
      });
    },
  );

  verifies(
    ['secrets.disclosed', 'result.sensitive'],
    'holds what its tool exists to hand out, there alone, each time, and says so',
    () => {
      const data = { token: JWT, next_page_token: JWT, link: { token: JWT, other: JWT } };
      for (let i = 0; i < 2; i++) {
        expect(released(success(data), disclose)).toMatchObject({
          data: { token: '[redacted]', next_page_token: '[redacted]', link: { token: JWT, other: '[redacted]' } },
          discloses: ['link.token'],
        });
        // Another tool, whose paths are its own.
        expect(released(success(data))).toMatchObject({ data: { link: { token: '[redacted]' } }, discloses: [] });
      }
    },
  );

  verifies('secrets.opaque', 'of a list holds its page tokens, which mean nothing to anybody else', () => {
    const data = { things: [{ next_page_token: JWT }], next_page_token: JWT, prev_page_token: JWT, note: JWT };
    for (let i = 0; i < 2; i++) {
      expect(released(success(data), list)).toMatchObject({
        data: {
          things: [{ next_page_token: '[redacted]' }],
          next_page_token: JWT,
          prev_page_token: JWT,
          note: '[redacted]',
        },
      });
    }
    const mine = { things: [], next_page_token: 'a my-own-token b' };
    expect(released(success(mine), list)).toMatchObject({ data: { next_page_token: 'a [redacted] b' } });
  });

  verifies('result.budget', 'is cut where its output allows for that, and nowhere else', () => {
    const things = Array.from({ length: 20 }, (_, i) => ({ id: i, note: 'x'.repeat(20) }));
    const whole = released(success({ things }), show, 100);
    expect(whole).toMatchObject({ data: { things }, text: JSON.stringify({ things }) });
    const cut = released(success({ things }), cuttable, 100);
    expect(cut).toMatchObject({ data: { truncated: true } });
    const page = released(
      success({ things, next_page_token: 'p' }, { token: undefined, size: undefined, skip: 0, sent: '', list: '' }),
      list,
      100,
    );
    expect(page).toMatchObject({ data: { truncated: true, next_page_token: expect.stringMatching(/^cut\./) } });
    // Nothing says where the page began.
    expect(released(success({ things, next_page_token: 'p' }), list, 100)).toMatchObject({
      data: { next_page_token: 'p' },
    });
  });
});

describe('a preview', () => {
  verifies(
    ['secrets.opaque', 'secrets.by-shape', 'result.budget'],
    'leaves clean and cut, with its confirmation untouched',
    () => {
      const confirmable = {
        preview: { note: JWT, token: 'hunter2', things: Array.from({ length: 20 }, () => 'x'.repeat(20)) },
        confirmation: JWT,
        confirmationExpiresAt: '2026-01-01T00:00:00.000Z',
      };
      const result = released({ kind: 'preview', confirmable, hasChanged: false }, disclose, 100);
      expect(result).toMatchObject({
        kind: 'preview',
        error: {
          code: 'confirmation_required',
          preview: { note: '[redacted]', token: '[redacted]', truncated: true },
          confirmation: JWT,
          confirmationExpiresAt: '2026-01-01T00:00:00.000Z',
          requestId: 'request-1',
        },
      });
    },
  );
});

describe('a failure', () => {
  verifies(
    ['secrets.by-value', 'secrets.opaque'],
    'leaves clean, with what helps, and the id of its request untouched',
    () => {
      const error = new ToolError('upstream_error', `It said ${JWT} today.`, {
        upstream: { message: 'my-own-token', token: 'hunter2' },
      } as never);
      const unreleased: Unreleased = { kind: 'failure', error };
      const options = { tool: show, cleaner: new Cleaner(['my-own-token']), budget: 10_000, requestId: JWT };
      expect(release(unreleased, options)).toEqual({
        kind: 'failure',
        error: {
          code: 'upstream_error',
          message: 'It said [redacted] today.',
          retryable: expect.any(Boolean),
          upstream: { message: '[redacted]', token: '[redacted]' },
          requestId: JWT,
        },
      });
    },
  );

  verifies('result.no-leak', 'of this server itself leaves without a word of it', () => {
    expect(JSON.stringify(released({ kind: 'failure', error: new TypeError('secret-detail') }))).not.toContain(
      'detail',
    );
  });
});

verifies('result.budget', 'a failure repeats a few thousand characters of what the platform said, and no more', () => {
  const violations = Array.from({ length: 50 }, (_, i) => ({ field: `f${i}`, description: 'x'.repeat(500) }));
  const error = new ToolError('invalid_request', 'No.', { upstream: { status: 400, message: 'refused', violations } });
  const result = released({ kind: 'failure', error });
  expect(JSON.stringify(result).length).toBeLessThan(7_000);
  const upstream = { status: 400, message: 'refused', truncated: true };
  expect(result).toMatchObject({ error: { upstream } });
  expect(JSON.stringify(result)).toContain(JSON.stringify(violations[0]));
});
