import { describe, expect } from 'vitest';
import { z } from 'zod';
import { withoutUnset } from '../../../src/core/unset.ts';
import { Members } from '../../../src/platform/entities/members.ts';
import { catalogue } from '../../../src/tools/index.ts';
import { verifies } from '../../verifies.ts';

const Thing = z.object({
  id: z.string(),
  region: z.string().nullish(),
  note: z.string().optional(),
  count: z.int().nullable(),
  scopes: z.array(z.string()).nullish(),
  parts: z.array(z.object({ type: z.string().nullish() })).nullish(),
  metadata: Members.nullish(),
  document: z.unknown().optional(),
  next_page_token: z.string().nullish(),
});

const unset = (data: object) => withoutUnset(Thing, { id: 'x', count: 1, ...data });

describe('what is not set', () => {
  verifies.each('result.unset', [
    [{ region: '' }, {}],
    [{ region: null, scopes: null, metadata: null }, {}],
    [{ region: 'REGION_CODE_UNSPECIFIED' }, {}],
    [{ region: 'UNSPECIFIED', note: '' }, {}],
    [{ scopes: ['OIDC_SCOPE_UNSPECIFIED', 'openid', ''] }, { scopes: ['openid', ''] }],
    [
      { scopes: [], parts: [{ type: 'TYPE_UNSPECIFIED' }, { type: 'A' }] },
      { scopes: [], parts: [{}, { type: 'A' }] },
    ],
  ])('is left out: %j', (data, left) => {
    expect(unset(data)).toEqual({ id: 'x', count: 1, ...left });
  });

  verifies.each('result.unset', [
    [{ region: 'EU', note: 'Leave it UNSPECIFIED' }],
    [{ region: 'region_unspecified' }],
    [{ metadata: { a: '', b: null, c: 'X_UNSPECIFIED' } }],
    [{ document: { a: '' } }],
    [{ document: null }],
    [{ id: '', count: null }],
    [{ next_page_token: '' }],
  ])('does not hide anything else: %j', (data) => {
    expect(unset(data)).toEqual({ id: 'x', count: 1, ...data });
  });
});

/** An answer in which nothing is set that may be missing, in one of the ways of the API. */
function bare(schema: z.core.$ZodType, nothing: unknown): unknown {
  if (schema instanceof z.ZodOptional) {
    const inner = schema.unwrap();
    if (inner instanceof z.ZodNullable && (nothing === null || inner.unwrap() instanceof z.ZodString)) return nothing;
    return inner instanceof z.ZodString && nothing !== null ? nothing : bare(inner, nothing);
  }
  if (schema instanceof z.ZodNullable) return bare(schema.unwrap(), nothing);
  if (schema instanceof z.ZodArray) return [bare(schema.element, nothing)];
  if (schema instanceof z.ZodObject) {
    return Object.fromEntries(Object.entries(schema.shape).map(([name, member]) => [name, bare(member, nothing)]));
  }
  return ['text', true, 7, {}, ...(schema instanceof z.ZodEnum ? schema.options : [])].find(
    (value) => z.safeParse(schema, value).success,
  );
}

describe.each(catalogue.map((tool) => [tool.name, tool] as const))('%s', (_, tool) => {
  verifies.each('result.unset', ['', null, 'SOME_THING_UNSPECIFIED'])('says nothing for %j', (nothing) => {
    for (const schema of [tool.output, ...(tool.preview === undefined ? [] : [tool.preview.output])]) {
      const answer = bare(schema, nothing);
      expect(schema.safeParse(answer).error).toBeUndefined();
      const shown = withoutUnset(schema, answer);
      expect(schema.safeParse(shown).error).toBeUndefined();
      expect(JSON.stringify(shown)).not.toMatch(/(?<!"next_page_token"):""|(?<!"next_page_token":"\w*)UNSPECIFIED/);
    }
  });
});
