import { describe, expect } from 'vitest';
import { Cleaner } from '../../../src/release/clean.ts';
import { KnownSecrets } from '../../../src/release/known-secrets.ts';
import { tokenParts } from '../../../src/release/token-parts.ts';
import { verifies } from '../../verifies.ts';

const S = 'hunter2-xyzzy';
const clean = (text: string) => new Cleaner([]).text(text);

describe('a value behind the name of a secret', () => {
  verifies.each('secrets.by-pair', [
    `client_secret: ${S}`,
    `  password : ${S}`,
    `API key: ${S}`,
    `X-Api-Key: ${S}`,
    `Cookie: sid=${S}; theme=${S}`,
    `password="${S}"`,
    `password = '${S}'`,
    `client_secret = ${S}`,
    `password => "${S}"`,
    `{'client_secret': '${S}'}`,
    `{"note":"{\\"client_secret\\":\\"${S}\\"}"}`,
    JSON.stringify({ a: JSON.stringify({ b: JSON.stringify({ password: S }) }) }),
    `"passwords":["${S}","${S}"]`,
    `"credential" : { "value": "${S}" }`,
    `client_secret%3D${S}%26id%3Da`,
    `%22password%22%3A%22${S}%22`,
    `https://a.example/cb?code=${S}&state=1`,
    `https://a.example/blob?sv=1&sig=${S}`,
    `client_secret_value=${S}`,
    `DB_PASSWORD_PROD=${S}`,
    `{"kty":"oct","k":"${S}"}`,
  ])('leaves redacted: %s', (text) => {
    expect(clean(text)).not.toContain(S);
    expect(clean(text)).toContain('[redacted]');
  });

  verifies('secrets.by-pair', 'leaves redacted when it is a number', () => {
    expect(clean('{"password":12345,"id":7}')).toBe('{"password":"[redacted]","id":7}');
  });

  verifies.each('secrets.by-pair', [
    'token_type: Bearer',
    '"secret_suffix":"EMIA"',
    'password_policy=strict',
    'client_secret: value is required',
    'the password: must be longer',
    '{"properties":{"password":{"type":"string","title":"A word"}}}',
    'secret://host/path',
    'code: 3, sig: none',
    '{"d":"a day","p":"page"}',
    'next_page_token=abc',
    '{"password":null,"token":false}',
    'https://a.example:8080/x?y=1',
    '2026-01-01T00:00:00Z',
  ])('is not what only looks a little like one: %s', (text) => {
    expect(clean(text)).toBe(text);
  });
});

describe('a secret of a known shape', () => {
  verifies.each('secrets.by-shape', [
    ['Basic bWlyYTpodW50ZXIy', 'bWlyYTpodW50ZXIy'],
    [`curl -u id:${S} https://a.example`, S],
    [`postgres://user:${S}@db.example/x`, S],
    ['ghp_abcdefghij0123456789abcdefghij012345', 'ghp_abc'],
    ['AKIAIOSFODNN7EXAMPLE', 'AKIAIOS'],
    ['xoxb-123456789012-abcdef', 'xoxb'],
    ['AIzaSyA1234567890abcdefghijklmnopqrstuv', 'AIza'],
    ['sk-proj-abc123def456ghi789jkl', 'sk-proj'],
    ['eyJhbGciOiJSUzI1NiJ9%2EeyJzdWIiOiIxIn0%2Ec2ln', 'eyJzdWIi'],
  ])('leaves redacted: %s', (text, secret) => {
    expect(clean(`a ${text} b`)).not.toContain(secret);
  });

  verifies.each('secrets.by-shape', [
    'Basic authentication',
    'task-sk-notes',
    'git@example.com:a/b',
    'use -u for users',
  ])('is not %s', (text) => {
    expect(clean(text)).toBe(text);
  });
});

describe('the name of a member', () => {
  const names = 'client_secret_value secret_value password_hash db_password_prod access_token_value private_key_pem';
  verifies.each('secrets.by-key', [
    ...names.split(' '),
    ...['authorization_header', 'credentials', 'connection_string', 'recovery_codes', 'api_key_base64'],
  ])('says that its value is a secret: %s', (name) => {
    expect(new Cleaner([]).value({ [name]: S })).toEqual({ [name]: '[redacted]' });
  });

  verifies('secrets.by-key', 'says so in a JSON Web Key alone', () => {
    expect(new Cleaner([]).value({ kty: 'RSA', n: 'a', d: S })).toEqual({ kty: 'RSA', n: 'a', d: '[redacted]' });
    expect(new Cleaner([]).value({ n: 'a', d: S })).toEqual({ n: 'a', d: S });
  });
});

describe('a part of a known token', () => {
  const token = `eyJhbGciOiJSUzI1NiJ9.${'eyJzdWIiOiJ1c3JfMSJ9'.repeat(5)}.${'c2lnbmF0dXJl'.repeat(20)}`;
  const [, payload = '', signature = ''] = token.split('.');
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  verifies.each('secrets.by-value', [payload, signature, base64(token), base64(`x:${token}`), base64(`ab:${token}`)])(
    'leaves redacted: %s',
    (part) => {
      const cleaned = new Cleaner([], new KnownSecrets(tokenParts(token), 'issuer')).text(`a ${part} b`);
      expect(cleaned).toContain('[redacted]');
      expect(cleaned).not.toContain(part.slice(40, 80));
    },
  );
});
