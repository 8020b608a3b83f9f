import { expect } from 'vitest';
import { bearerChallenge } from '../../../src/auth/challenge.ts';
import { verifies } from '../../verifies.ts';

const resourceMetadata = 'https://mcp.example.com/.well-known/oauth-protected-resource/mcp';

verifies('token.none', 'names where to get a token and what to ask for, and no error where there was none', () => {
  expect(bearerChallenge({ resourceMetadata })).toBe(`Bearer resource_metadata="${resourceMetadata}"`);
  expect(bearerChallenge({ resourceMetadata, scopes: [] })).toBe(`Bearer resource_metadata="${resourceMetadata}"`);
  expect(bearerChallenge({ resourceMetadata, scopes: ['env:read', 'org:read'] })).toBe(
    `Bearer scope="env:read org:read", resource_metadata="${resourceMetadata}"`,
  );
});

verifies(['token.step-up', 'token.bad'], 'names the error, why, and all that is needed in one challenge', () => {
  expect(
    bearerChallenge({ error: 'invalid_token', description: 'It has expired.', scopes: ['env:read'], resourceMetadata }),
  ).toBe(
    `Bearer error="invalid_token", error_description="It has expired.", scope="env:read", resource_metadata="${resourceMetadata}"`,
  );
});

verifies.each('token.bad', [
  ['a quote', 'a"b', 'a b'],
  ['a backslash', 'a\\b', 'a b'],
  ['line breaks', 'a\r\nSet-Cookie: b', 'a  Set-Cookie: b'],
  ['NUL and DEL', 'a\0b\x7fc', 'a b c'],
  ['letters beyond ASCII', 'aäb', 'a b'],
  ['nothing of the allowed ones', ' !#[]^~aZ09,;=<>', ' !#[]^~aZ09,;=<>'],
])('lets no parameter end early or smuggle another header in: %s', (_name, given, quoted) => {
  expect(bearerChallenge({ description: given, scopes: [given], resourceMetadata: given })).toBe(
    `Bearer error_description="${quoted}", scope="${quoted}", resource_metadata="${quoted}"`,
  );
});
