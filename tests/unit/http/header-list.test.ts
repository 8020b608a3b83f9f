import { expect } from 'vitest';
import { prefersGzip } from '../../../src/http/accept-encoding.ts';
import { entriesOf, LONGEST_LIST } from '../../../src/http/header-list.ts';
import { acceptanceOf } from '../../../src/mcp/receive/accept.ts';
import { verifies } from '../../verifies.ts';

verifies('wire.header-lists', 'is read up to 1 KiB, entries that go beyond it not even in part', () => {
  expect(entriesOf(' A ;q=1,\tb,,c')).toEqual(['a ;q=1', 'b', '', 'c']);
  expect(entriesOf('a'.repeat(LONGEST_LIST))).toHaveLength(1);
  expect(entriesOf('a'.repeat(LONGEST_LIST + 1))).toEqual([]);
  const first = `b,${'x'.repeat(LONGEST_LIST - 6)}`;
  expect(entriesOf(`${first},abcd`)).toEqual(first.split(','));
  expect(entriesOf(`${first},abc`)).toEqual([...first.split(','), 'abc']);
  expect(entriesOf(','.repeat(60_000)).length).toBeLessThanOrEqual(LONGEST_LIST);
});

verifies('wire.header-lists', 'counts for what is read of it', () => {
  const long = `,${';'.repeat(60_000)}`;
  expect(acceptanceOf(`application/json${long}`)).toEqual({ json: true, stream: false });
  expect(acceptanceOf(`${long},application/json`)).toEqual({ json: false, stream: false });
  expect([prefersGzip(`gzip${long}`), prefersGzip(`${long},gzip`)]).toEqual([true, false]);
});
