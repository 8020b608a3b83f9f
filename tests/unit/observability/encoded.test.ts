import { expect } from 'vitest';
import { beginningOfEncoded, cleanEncoded } from '../../../src/observability/encoded.ts';
import { Cleaner } from '../../../src/release/clean.ts';
import { verifies } from '../../verifies.ts';

const SECRET = 'live_A1b2C3d4E5f6G7h8J9k0L1';
const cleaner = new Cleaner([]);
const clean = (text: string) => cleanEncoded(text, (plain) => cleaner.text(plain));
const everyByte = (text: string) => text.replace(/[\s\S]/g, (c) => `%${c.charCodeAt(0).toString(16).padStart(2, '0')}`);

verifies.each('log.encoded-secrets', [
  ['/', SECRET],
  ['/', everyByte(SECRET)],
  ['/a%2Fb/', everyByte(SECRET).toUpperCase()],
  ['/', `client_secret%3D${everyByte('hunter2-hunter2')}`],
  ['/', everyByte(everyByte(SECRET))],
  ['/%zz%ff', `Bearer%20${'a1'.repeat(20)}`],
])('%s%s holds no secret any more', (before, secret) => {
  expect(clean(`${before}${secret}`)).toMatch(/\[redacted\]$/);
  expect(clean(`${before}${secret}`)).not.toContain(secret);
});

verifies.each('log.encoded-secrets', ['/mcp', '/%2e%2e/x', '/a%20b', '/%zz', '/%ff', '/caf%C3%A9', '/100%'])(
  '%s stays as it was sent',
  (path) => {
    expect(clean(path)).toBe(path);
  },
);

verifies('log.encoded-secrets', 'takes what the redaction of plain text finds, whatever that is', () => {
  const redaction = (text: string) => text.replace(/\w+:\w+@/, '[redacted]@');
  expect(cleanEncoded('/http%3A%2F%2Fuser%3Asecret%40host', redaction)).toBe('/http://[redacted]@host');
  expect(cleanEncoded('/http://user:secret@host', redaction)).toBe('/http://[redacted]@host');
});

const beginning = (text: string) => beginningOfEncoded(text, 200, (plain) => cleaner.text(plain));

verifies.each('log.encoded-secrets', [
  ...[SECRET, everyByte(SECRET), everyByte(everyByte(SECRET)), `client_secret=${'x'.repeat(2_000)}`],
  ...[`https://user:${'x'.repeat(600)}@host`, everyByte('https://user:hunter2-hunter2@host')],
  ...[`-----BEGIN PRIVATE KEY-----${'x'.repeat(2_000)}`],
])('of a text that is cut, no part of %s stays, wherever it begins', (secret) => {
  const revealing = /A1b2|xxxx|hunt|%34%31|%68%75|%25%33%34/;
  for (let before = 0; before < 1_100; before += 13) {
    const shown = beginning(`/${'a'.repeat(before)}/${secret}/${'b'.repeat(2_000)}`);
    expect(shown.length).toBeLessThanOrEqual(200);
    expect(shown.replace(/\[redacted\].*/, '')).not.toMatch(revealing);
  }
});

verifies('log.encoded-secrets', 'of a text that is cut in a secret, everything before it stays', () => {
  expect(beginning(`agent Bearer ${'a1'.repeat(2_000)}`)).toBe('agent Bearer [redacted]');
});

verifies('log.encoded-secrets', 'of a text that is cut, the beginning stays as it was sent', () => {
  for (const text of [`/a%20b/${'c'.repeat(300)}`, `/a%20b/${'c'.repeat(3_000)}`, `/100%/${'%41'.repeat(5_000)}`]) {
    expect(beginning(text)).toBe(text.slice(0, 200));
  }
});

verifies('text.linear-requests', 'reads no more of a text that is cut, however long it is', () => {
  const read: number[] = [];
  const note = (text: string) => {
    read.push(text.length);
    return text;
  };
  beginningOfEncoded(`${'%25'.repeat(20_000)}41`, 200, note);
  expect(Math.max(...read)).toBe(1_000);
});
