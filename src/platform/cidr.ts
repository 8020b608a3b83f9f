import { isIP } from 'node:net';
import { parseUrl } from '../core/parse-url.ts';

/** The bits of an address of each family. */
const BITS: Readonly<Record<number, number>> = { 4: 32, 6: 128 };

/**
 * A range of addresses (RFC 4632, RFC 4291 §2.3) in the one form that compares; `undefined` for what is none, or not given by
 * its first address.
 */
export function canonicalCidr(text: string): string | undefined {
  const [address = '', length = '', ...more] = text.split('/');
  const bits = BITS[isIP(address)];
  if (bits === undefined || more.length > 0 || !/^\d{1,3}$/.test(length) || Number(length) > bits) return undefined;
  if (bits === 32) return isFirst(address, Number(length)) ? `${address}/${Number(length)}` : undefined;
  // A zone, such as %eth0, is no part of an address that a range has.
  const url = parseUrl(`http://[${address}]`);
  if (url === undefined) return undefined;
  const shown = url.hostname.slice(1, -1);
  return isFirstOfSix(shown, Number(length)) ? `${shown}/${Number(length)}` : undefined;
}

/** The same of an IPv6 address, as URLs write it. */
function isFirstOfSix(address: string, length: number): boolean {
  const [left = '', right] = address.split('::');
  const parts = (text: string) => (text === '' ? [] : text.split(':'));
  const tail = parts(right ?? '');
  const groups = [...parts(left), ...Array(8 - parts(left).length - tail.length).fill('0'), ...tail];
  const number = groups.reduce((sum, group) => sum * 65_536n + BigInt(`0x${group}`), 0n);
  return number % 2n ** BigInt(128 - length) === 0n;
}

/** Whether nothing is set behind the first bits of an IPv4 address. */
function isFirst(address: string, length: number): boolean {
  const number = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  return number % 2 ** (32 - length) === 0;
}
