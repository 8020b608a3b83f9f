import { describe, expect } from 'vitest';
import { z } from 'zod';
import { ToolError } from '../../../src/core/errors.ts';
import type { Result } from '../../../src/core/result.ts';
import { sentence } from '../../../src/core/sentence.ts';
import type { Tool } from '../../../src/core/tool.ts';
import { toolset } from '../../../src/core/toolset.ts';
import { toCallToolResult } from '../../../src/mcp/protocol/wire.ts';
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
  t.add('make_thing', { ...any, does: () => sentence`Make a thing.`, output: {} }),
  t.read('show_much', { ...any, output: { truncated: z.boolean().optional() } }),
]);
const [show, disclose, list, make, cuttable] = tools;
const FIRST: Position = { token: undefined, size: undefined, skip: 0, sent: '', list: '' };

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

  verifies('result.budget', 'of one thing loses the ends of its texts', () => {
    const thing = { id: 'id_1', name: 'x'.repeat(20_000), note: '"'.repeat(20_000) };
    const { text, data } = released(success(thing)) as Extract<Result, { kind: 'success' }>;
    expect(text.length).toBeLessThanOrEqual(10_000);
    expect(data).toEqual({ id: 'id_1', name: expect.stringMatching(/x…$/), note: expect.stringMatching(/"…$/) });
  });

  verifies('result.budget', 'loses the ends of short texts too, where there are very many', () => {
    const things = Object.fromEntries(Array.from({ length: 150 }, (_, i) => [`thing_${i}`, `${i} ${'x'.repeat(190)}`]));
    const { text } = released(success({ things: [things], next_page_token: 'n' }, FIRST), list) as { text: string };
    expect(text.length).toBeLessThanOrEqual(12_000);
    const page = JSON.parse(text);
    expect(page.next_page_token).toBe('n');
    expect(page.things[0].thing_149).toMatch(/^149 x+…$/);
  });

  verifies(['result.budget', 'secrets.disclosed'], 'keeps what its tool exists to hand out whole, however long', () => {
    const token = `${JWT}${'x'.repeat(3_000)}`;
    const notes = (length: number) =>
      Object.fromEntries(Array.from({ length: 25 }, (_, i) => [`note_${i}`, 'y'.repeat(length)]));
    // The ends of long texts are left out, and of short ones too.
    for (const link of [notes(900), { ...notes(900), more: notes(190), further: notes(180), last: notes(170) }]) {
      const result = released(success({ link: { token, ...link } }), disclose);
      expect(result).toMatchObject({ data: { link: { token } }, discloses: ['link.token'] });
      expect(result.kind === 'success' && result.text.length).toBeLessThanOrEqual(12_000);
    }
  });

  verifies('result.budget', 'is an error where it has too many parts, which says whether something was done', () => {
    const nested = (depth: number): unknown =>
      depth === 0 ? 1 : Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`m${i}`, nested(depth - 1)]));
    for (const [tool, says] of [
      [show, /^Scalekit answered with more/],
      [make, /may have been carried out/],
    ] as const) {
      const result = released(success({ link: nested(4) as object }), tool);
      expect(result).toMatchObject({
        kind: 'failure',
        error: { code: 'unexpected_response', retryable: false, message: expect.stringMatching(says) },
      });
    }
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

describe('an error', () => {
  const MANY = Array.from({ length: 2_000 }, (_, i) => `value ${i}`);
  const LONG = '"x'.repeat(20_000);
  const upstream = {
    ...{ status: 400, error_code: LONG, message: LONG, request_id: LONG, localized_message: LONG, execution_id: LONG },
    ...{ resource_name: LONG, resource_description: LONG, tool_error_code: LONG, tool_error_message: LONG },
    required_permissions: MANY,
    violations: MANY.map((field) => ({ field, description: LONG })),
    links: MANY.map((description) => ({ description, url: `https://example.com/${description}` })),
  };
  const recovery = { field: LONG, allowed: MANY, nextTool: 'list_things', requiredScope: LONG, scope: LONG, upstream };

  verifies.each('result.budget', [12_000, 3_000, 1_000])(
    'is not longer than a budget of %d, whatever it repeats',
    (budget) => {
      for (const part of [{}, { upstream }, recovery]) {
        const error = new ToolError('invalid_request', `The names ${LONG} are wrong. Leave them out.`, part);
        const result = released({ kind: 'failure', error }, show, budget);
        const [block] = toCallToolResult(result, 'modern').content;
        expect((block as { text: string }).text.length).toBeLessThanOrEqual(budget);
        expect(result).toMatchObject({
          error: { code: 'invalid_request', retryable: false, requestId: 'request-1' },
        });
      }
    },
  );

  verifies('result.budget', 'keeps the beginning and the end of its message', () => {
    const error = new ToolError('invalid_arguments', `The names ${LONG} are wrong. Leave them out.`);
    expect(released({ kind: 'failure', error })).toMatchObject({
      error: { message: expect.stringMatching(/^The names .*….* are wrong\. Leave them out\.$/) },
    });
  });
});
