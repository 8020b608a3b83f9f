import { describe, expect } from 'vitest';
import { Cleaner } from '../../../src/release/clean.ts';
import { verifies } from '../../verifies.ts';

const S = 'hunter2-xyzzy';
const KEY = 'Zq7vXk93mLpT2wRb';
const clean = (text: string) => new Cleaner([]).text(text);
const value = (given: unknown) => JSON.stringify(new Cleaner([]).value(given));

describe('a secret in a call, a list, a form or a table', () => {
  verifies.each('secrets.by-pair', [
    `passwords:\n  - ${S}\n  - b-${S}\nuser: mira`,
    `passwords:\n- ${S}\n- "b ${S}"`,
    `passwords:\r\n  - a:${S}\r\n  - '${S}'\r\n`,
    `password:\r\n  ${S}`,
    `password[0]=${S}`,
    `passwords[]=${S}&user=mira`,
    `password%5B0%5D=${S}`,
    `user%5Bpassword%5D=${S}`,
    `passwords[12]: ${S}`,
    `psk=${S}`,
    `wpa_psk="${S}"`,
    `PresharedKey = ${S}`,
    `setPassword("${S}")`,
    `user.setPassword( '${S}' );`,
    `.password(\\"${S}\\")`,
    `withApiKey(\`${S}\`)`,
    `config.set("password", "${S}")`,
    `define('DB_PASSWORD', '${S}');`,
    `headers.set('X-Api-Key','${S}')`,
    `[["X-Api-Key", "${S}"]]`,
    `{\\"headers\\":[[\\"X-Api-Key\\",\\"${S}\\"]]}`,
    `{"X-Api-Key", "${S}"}`,
    `<input type="password" name="x" value="${S}">`,
    `<INPUT value='${S}' type=password>`,
    `<input type=password value=${S}>`,
    `<tr><td>Password:</td> <td>${S}</td></tr>`,
    `<th>API key</th><td>${S}</td>`,
    `<dt>Password</dt><dd>${S}</dd>`,
  ])('leaves redacted: %s', (text) => {
    expect(clean(text)).not.toContain(S);
    expect(clean(text)).toContain('[redacted]');
  });

  verifies('secrets.by-pair', 'is all that is hidden of what stands around it', () => {
    expect(clean(`passwords:\n  - ${S}\n  - b\nuser: mira`)).toBe('passwords:\n  - [redacted]\nuser: mira');
    expect(clean(`a <input type="password" value="${S}"> b`)).toBe('a <input type="password" value="[redacted]"> b');
    expect(clean(`set("password", "${S}", 5)`)).toBe('set("password", "[redacted]", 5)');
  });

  verifies.each('secrets.by-pair', [
    'required: ["email", "password"]',
    '["password","email"]',
    '["password", "email", "name-2"]',
    'getSecret("db-prod")',
    't("password", "Password")',
    'describe("the password of a user", "a1")',
    '<input type="text" value="Mira">',
    '<input type="password" placeholder="At least 12">',
    '<td>Name</td><td>Acme</td>',
    'roles:\n  - admin\n  - viewer',
    'tokens:\n  - name: a\n    expires: 2027',
    'items[0]: x',
    'use password(s) and tokens(s)',
    'the token ("bearer") is sent along',
  ])('is not what only looks a little like one: %s', (text) => {
    expect(clean(text)).toBe(text);
  });

  verifies('secrets.by-key', 'is the second of two texts behind a name, and the value of what is of its type', () => {
    expect(value({ headers: [['X-Api-Key', S]] })).toBe('{"headers":[["X-Api-Key","[redacted]"]]}');
    expect(value([{ type: 'password', value: S }])).toBe('[{"type":"password","value":"[redacted]"}]');
    expect(value({ name: 'Authorization', values: [S] })).toBe('{"name":"Authorization","values":["[redacted]"]}');
    const plain = { required: ['password', 'email'], pairs: [['theme', 'dark-1']], of: { type: 'string', value: 'x' } };
    expect(value(plain)).toBe(JSON.stringify(plain));
  });

  verifies.each('secrets.by-key', [
    ['https://good.example/token', 'https://evil.example/1'],
    ['api_key', 'orders:delete'],
    ['secrets@acme.example', 'mira@acme.example'],
    ['token.example.com', 'app-2.example.com'],
  ])('is no pair in a list of its own: %s, %s', (one, other) => {
    const lists = { redirectUris: [one, other], permissions: [other, one], roles: [one, other, one] };
    expect(value(lists)).toBe(JSON.stringify(lists));
  });

  verifies.each('secrets.by-shape', [
    `https://${KEY}:x@git.example/a.git`,
    `https://${KEY}:@api.example`,
    `https://${KEY}@api.example`,
    `amqp://mira:p@ss-${KEY}@host`,
  ])('leaves redacted in a URL: %s', (text) => {
    expect(clean(text)).not.toContain(KEY);
  });

  verifies.each('secrets.by-shape', ['https://mira@git.example/a', 'https://a.example:8443/@mira', 'ssh://git@host/x'])(
    'is no name of a user in a URL: %s',
    (text) => {
      expect(clean(text)).toBe(text);
    },
  );
});
