import { describe, expect, it } from 'vitest';
import type { Binding } from '../../../src/sandbox/contract/binding.ts';
import { toRequest } from '../../../src/sandbox/contract/decode.ts';
import {
  enumeration,
  int64,
  list,
  mask,
  message,
  of,
  one,
  optional,
  text,
  uint32,
} from '../../../src/sandbox/contract/notation.ts';
import { readRequest } from '../../../src/sandbox/contract/read.ts';

const color = one(enumeration('test.v1.Color', ['COLOR_UNSPECIFIED', 'RED']));

const Request = message('test.v1.Request', {
  id: text(),
  thing: of({ name: text(), size: uint32(), color, parts: list(text()) }),
  dry_run: optional(text()),
  max_count: int64(),
  tags: list(text()),
  update_mask: mask(),
});

function decode(body: Binding['body'], sent: unknown, query = '', path: Record<string, string> = {}) {
  const parts = { body: sent, query: new URLSearchParams(query), path: new Map(Object.entries(path)) };
  return toRequest(Request, readRequest(Request, { verb: 'PATCH', path: '/things', body }, parts));
}

const UNSET = { id: '', max_count: '0', tags: [] };

describe('a request message', () => {
  it('takes its fields from path, named body and query', () => {
    const thing = { name: 'a', size: '7', color: 1, unknown: { deep: 1 } };
    expect(decode('thing', thing, 'dry_run=yes&maxCount=3&id=other&tags=a&tags=b&thing=x', { id: 'x1' })).toEqual({
      id: 'x1',
      thing: { name: 'a', size: 7, color: 'RED', parts: [] },
      dry_run: 'yes',
      max_count: '3',
      tags: ['a', 'b'],
      update_mask: 'name,size,color',
    });
  });

  it('takes the whole body but what stands in the path, and then nothing from the query', () => {
    const body = { id: 'other', thing: { name: 'a' }, maxCount: 4, unknown: 1 };
    expect(decode('*', body, 'dry_run=yes', { id: 'x1' })).toEqual({
      ...UNSET,
      id: 'x1',
      thing: { name: 'a', size: 0, color: 'COLOR_UNSPECIFIED', parts: [] },
      max_count: '4',
    });
  });

  it('reads what is not there as unset', () => {
    for (const body of [undefined, 'thing', '*']) expect(decode(body, undefined)).toEqual(UNSET);
    expect(decode('*', { thing: null, dry_run: null, max_count: null })).toEqual(UNSET);
  });

  it('reads members of messages from the query', () => {
    const thing = { name: 'a', size: 7, color: 'RED', parts: ['b', 'c'] };
    const query = 'thing.name=a&thing.size=7&thing.color=1&thing.parts=b&thing.parts=c&thing.unknown=1&other.name=1';
    expect(decode(undefined, undefined, query)).toEqual({ ...UNSET, thing });
  });

  it('leaves a field mask alone that the request brings', () => {
    expect(decode('thing', { name: 'a' }, 'update_mask=size')).toMatchObject({ update_mask: 'size' });
  });

  it('refuses values of another type', () => {
    for (const body of [[], 1, { thing: 1 }, { thing: { size: -1 } }, { thing: { color: 'BLUE' } }, { id: {} }]) {
      expect(() => decode('*', body)).toThrow(/^proto: /);
    }
    expect(() => decode(undefined, undefined, 'thing=x')).toThrow('proto: cannot decode message test.v1.Request.Thing');
    expect(() => decode(undefined, undefined, 'dry_run=a&dryRun=b')).toThrow('too many values for field "dryRun"');
    expect(() => decode(undefined, undefined, 'dry_run=a&dry_run=b')).toThrow('too many values for field "dry_run"');
  });
});
