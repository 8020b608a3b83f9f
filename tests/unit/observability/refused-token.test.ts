import { expect } from 'vitest';
import { plainToken } from '../../../src/observability/refused-token.ts';
import { verifies } from '../../verifies.ts';

verifies('text.linear-requests', 'of what a refused token says, only so much is cleaned in all', () => {
  let read = 0;
  const clean = (text: string) => {
    read += text.length;
    return text;
  };
  const long = 'x'.repeat(900);
  const { came } = plainToken(
    { came: { alg: long, kid: long, typ: long, iss: 'short', aud: [long, 'a'] }, expected: {} },
    clean,
  );
  expect(read).toBeLessThanOrEqual(2_000);
  expect(came).toEqual({
    alg: 'x'.repeat(200),
    kid: 'x'.repeat(200),
    typ: '(too long)',
    iss: 'short',
    aud: ['(too long)', 'a'],
  });
});
