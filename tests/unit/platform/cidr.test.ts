import { expect } from 'vitest';
import { canonicalCidr } from '../../../src/platform/cidr.ts';
import { verifies } from '../../verifies.ts';

verifies.each<[string, string]>('tools.environment-clients', [
  ['203.0.113.0/24', '203.0.113.0/24'],
  ['203.0.113.7/32', '203.0.113.7/32'],
  ['0.0.0.0/0', '0.0.0.0/0'],
  ['10.0.0.0/08', '10.0.0.0/8'],
  ['2001:DB8:0:0::/48', '2001:db8::/48'],
  ['::ffff:192.0.2.0/120', '::ffff:c000:200/120'],
])('%s is the range %s', (text, range) => {
  expect(canonicalCidr(text)).toBe(range);
});

verifies.each<[string]>('tools.environment-clients', [
  ['203.0.113.7'],
  ['203.0.113.7/24'],
  ['203.0.113.0/33'],
  ['203.0.113.0/24/8'],
  ['203.0.113.0/-1'],
  ['203.0.113/24'],
  ['2001:db8::/129'],
  ['fe80::1%eth0/64'],
  ['example.com/24'],
  [''],
])('%j is no range', (text) => {
  expect(canonicalCidr(text)).toBeUndefined();
});
