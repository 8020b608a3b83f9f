import express from 'express';
import { describe, expect } from 'vitest';
import { clientAddress } from '../../../src/http/client-address.ts';
import { networkOf } from '../../../src/limits/address.ts';
import { verifies } from '../../verifies.ts';

function addressOf(remoteAddress: string | undefined, forwarded?: string, proxies = 0): string {
  const app = express().set('trust proxy', proxies);
  const request = { headers: { 'x-forwarded-for': forwarded }, socket: { remoteAddress } };
  return clientAddress(Object.assign(Object.create(app.request), request));
}

describe('the address of a client', () => {
  verifies('limits.address', 'is the socket’s, whatever a header says, unless there is a proxy', () => {
    expect(addressOf('192.0.2.1', '198.51.100.7')).toBe('192.0.2.1');
    expect(addressOf('192.0.2.1', undefined, 1)).toBe('192.0.2.1');
    expect(addressOf('192.0.2.1', ' , ', 1)).toBe('192.0.2.1');
    expect(addressOf('::ffff:192.0.2.1')).toBe('192.0.2.1');
    expect(addressOf('2001:DB8::1')).toBe('2001:db8::1');
    expect(addressOf('fe80::1%eth0')).toBe('fe80::1%eth0');
    expect(addressOf(undefined)).toBe('unknown');
  });

  verifies('limits.address', 'is as many entries from the right as there are proxies', () => {
    const forwarded = '203.0.113.66, 198.51.100.7,192.0.2.9';
    expect(addressOf('10.0.0.1', forwarded, 1)).toBe('192.0.2.9');
    expect(addressOf('10.0.0.1', forwarded, 2)).toBe('198.51.100.7');
    expect(addressOf('10.0.0.1', forwarded, 3)).toBe('203.0.113.66');
    expect(addressOf('10.0.0.1', '198.51.100.7', 2)).toBe('198.51.100.7');
  });

  verifies('limits.address', 'is the socket’s when a proxy names none', () => {
    for (const entry of ['unknown', '_hidden', '999.1.1.1', '1.2.3', '[::1', 'x'.repeat(10_000), '::1, evil']) {
      expect(addressOf('10.0.0.1', entry, 1)).toBe('10.0.0.1');
    }
  });

  verifies('limits.address', 'goes without a port', () => {
    expect(addressOf('10.0.0.1', '198.51.100.7:4711', 1)).toBe('198.51.100.7');
    expect(addressOf('10.0.0.1', '[2001:db8::1]:4711', 1)).toBe('2001:db8::1');
    expect(addressOf('10.0.0.1', '[2001:db8::1]', 1)).toBe('2001:db8::1');
  });
});

verifies.each('limits.address', [
  ['192.0.2.1', '192.0.2.1'],
  ['unknown', 'unknown'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:DB8:0001:0002::', '2001:db8:1:2::/64'],
  ['2001:db8::2:0:0:0:1', '2001:db8:0:2::/64'],
  ['::1', '0:0:0:0::/64'],
  ['::', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['fe80::1%br-lan', 'fe80:0:0:0::/64'],
  ['fe80::1%eth0.100', 'fe80:0:0:0::/64'],
  ['64:ff9b::1.2.3.4', '64:ff9b:0:0::/64'],
  ['::1.2.3.4', '0:0:0:0::/64'],
  ['2001:db8:1:2:3:4:192.0.2.1', '2001:db8:1:2::/64'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['::ffff:c000:201', '192.0.2.1'],
  ['0:0:0:0:0:ffff:192.0.2.1', '192.0.2.1'],
])('limits take %s for %s', (address, network) => {
  expect(networkOf(address)).toBe(network);
});
