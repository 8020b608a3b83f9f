import { describe, expect, it } from 'vitest';
import { choice, count, optionalText, text } from '../../../src/sandbox/api/fields.ts';
import { message } from '../../../src/sandbox/api/message.ts';
import { decodeRequest } from '../../../src/sandbox/api/request.ts';

const thing = message({ name: text(), size: count(), color: choice(['COLOR_UNSPECIFIED', 'RED']) });
const shape = { id: text(), thing, dry_run: optionalText(), max_count: count() };

function decode(bodyField: string | undefined, body: string, query = '', path: Record<string, string> = {}) {
  const parts = { body, query: new URLSearchParams(query), path: new Map(Object.entries(path)) };
  return decodeRequest(shape, bodyField, parts);
}

describe('a request message', () => {
  it('takes its fields from path, named body and query', () => {
    expect(
      decode('thing', '{"name":"a","size":"7","color":1}', 'dry_run=yes&maxCount=3&id=other', { id: 'x1' }),
    ).toEqual({
      id: 'x1',
      thing: { name: 'a', size: 7, color: 'RED' },
      dry_run: 'yes',
      max_count: 3,
    });
  });

  it('takes the whole body but what stands in the path, and then nothing from the query', () => {
    const body = '{"id":"other","thing":{"name":"a"},"maxCount":4,"unknown":1}';
    expect(decode('*', body, 'dry_run=yes', { id: 'x1' })).toEqual({
      id: 'x1',
      thing: { name: 'a', size: 0, color: 'COLOR_UNSPECIFIED' },
      dry_run: undefined,
      max_count: 4,
    });
  });

  it('reads what is not there as unset', () => {
    const unset = { id: '', thing: undefined, dry_run: undefined, max_count: 0 };
    for (const bodyField of [undefined, 'thing', '*']) expect(decode(bodyField, '')).toEqual(unset);
    expect(decode('*', '{"thing":null,"dry_run":null,"max_count":null}')).toEqual(unset);
  });

  it('refuses values of another type', () => {
    for (const body of ['[]', '1', '{"thing":1}', '{"thing":{"size":-1}}', '{"thing":{"color":"BLUE"}}', '{"id":{}}']) {
      expect(() => decode('*', body)).toThrow('proto: invalid value for field');
    }
    expect(() => decode(undefined, '', 'thing=x')).toThrow('proto: invalid value for field thing');
    expect(() => decode(undefined, '', 'dry_run=a&dryRun=b')).toThrow('too many values');
  });
});
