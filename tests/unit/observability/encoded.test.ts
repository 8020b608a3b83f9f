import { expect } from 'vitest';
import { cleanEncoded } from '../../../src/observability/encoded.ts';
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
