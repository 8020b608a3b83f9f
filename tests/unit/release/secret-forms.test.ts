import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { Cleaner } from '../../../src/release/clean.ts';
import { KnownSecrets } from '../../../src/release/known-secrets.ts';
import { tokenParts } from '../../../src/release/token-parts.ts';
import { ANY_CHARACTER } from '../../fixtures/any-character.ts';
import { verifies } from '../../verifies.ts';

const S = 'hunter2-xyzzy';
const clean = (text: string) => new Cleaner([]).text(text);

/** A value that begins like a word, in front of a mark. */
const LIKE_WORDS = [
  'a/Zk93+Qmx0Tt',
  'no!Way-77-xY',
  'On.2024!Winter',
  'is$uperS3cret9',
  'null-and-v0id',
  'the.Answer=42',
];
/** What stands around them in texts of all kinds. */
const SURROUNDINGS = [
  ...[
    '{',
    '}',
    '[',
    ']',
    '"',
    "'",
    '`',
    ':',
    '=',
    '%',
    '&',
    ';',
    '<',
    '>',
    '</',
    '\\',
    '\\"',
    ' ',
    '\n',
    '-',
    '--',
    '|',
  ],
  ...[
    'token',
    'secret',
    'name',
    'value',
    'key',
    'page_token',
    'null',
    'the',
    'Bearer ',
    'eyJ',
    '%25',
    '&amp;',
    '<token>',
  ],
  ...['password=', 'password: ', '"secret":', '[redacted]', 'kty', '\\u0022', '&quot;', '\uff1a', 'x', '7', '日本'],
];
/** Forms that hide a value. */
const FORMS = [
  `password: |\n  ${S}\n  ${S}\nid: 7`,
  `a:\n  password: >-\n    ${S}\n\n    ${S}\n  id: 7`,
  `password: !vault |\n  ${S}`,
  `password: !!str ${S}`,
  `password:\n  ${S}\nid: 7`,
  `passwords:\n  - ${S}\n`,
  `? password\n: ${S}`,
  `password = '''${S}'''`,
  `password = '''\n"a" and 'b' ${S}'''`,
  `password = """${S}"""`,
  `password=b'${S}'`,
  `password = f"${S}"`,
  `password = rb'${S}'`,
  `password = $"${S}"`,
  `password :: ${S}`,
  `PASSWORD ?= ${S}`,
  `PASSWORD ||= '${S}'`,
  `<password>${S}</password>`,
  `<wsse:Password Type="text">${S}</wsse:Password>`,
  `<password><![CDATA[a b ${S}]]></password>`,
  `<property name="password">a b ${S}</property>`,
  `<key>password</key>\n<string>a b ${S}</string>`,
  `&lt;password&gt;a b ${S}&lt;/password&gt;`,
  `<add key="password" value="a b ${S}"/>`,
  `<add value='${S}' key='password'/>`,
  `{"name":"password","value":"${S}"}`,
  `{"name": "password", "value": 12${S}}`,
  `{"value":"${S}","name":"password"}`,
  `{"key":"DB_PASSWORD","value":"${S}"}`,
  JSON.stringify({ a: JSON.stringify({ name: 'password', value: S }) }),
  `- name: DB_PASSWORD\n  value: ${S}`,
  `name: password, value: ${S}`,
  `login --password ${S}`,
  `login --password '${S} ${S}'`,
  `login -password ${S}`,
  `["login","--password","${S}"]`,
  `mysql -u root -p${S} db`,
  `mysqldump --all -p'${S}'`,
  `docker login -u mira -p ${S}`,
  `sshpass -p ${S} ssh a`,
  `curl -U id:${S} https://a.example`,
  `\\u0022password\\u0022:\\u0022${S}\\u0022`,
  `\\\\u0022password\\\\u0022:\\\\u0022${S}\\\\u0022`,
  `password\\u003d${S}`,
  `\\x22password\\x22: \\x22${S}\\x22`,
  `{"a":"password: |\\n  ${S}\\n"}`,
  `&#x22;password&#x22;:&#x22;${S}&#x22;`,
  `&amp;quot;password&amp;quot;:&amp;quot;${S}&amp;quot;`,
  `password&#58; ${S}`,
  `password%253D${S}`,
  `password%25253D${S}%252526id%25253D7`,
  `%2522password%2522%253A%2522${S}%2522`,
  `p%61ssword=${S}`,
  `password\uff1a${S}`,
  `password\uff1d${S}`,
  `\u201cpassword\u201d: \u201ca b ${S}\u201d`,
  `password: \u00aba b ${S}\u00bb`,
  `client_s\u0435cret: ${S}`,
  `\uff50\uff41\uff53\uff53\uff57\uff4f\uff52\uff44=${S}`,
  `\u5bc6\u7801\uff1a${S}`,
  `token: password: ${S}`,
  `const password: string = "${S}";`,
  `let password: &'static str = "${S}";`,
  `password: Optional[str] = '${S}'`,
  `private password: string | null = '${S}'`,
  `password -> ${S}`,
  `**Password:** ${S}`,
  `**Password**: ${S}`,
  `- *client_secret*: ${S}`,
  `Cookie: a="x"; sid="${S}"`,
  `Authorization: Digest username="mira", response="${S}"`,
  `password->${S}`,
  `senha: ${S}`,
  `has\u0142o=${S}`,
  `L\u00f6senord: ${S}`,
  `DB_HESLO=${S}`,
  `token=' password = '${S}'`,
];

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
    `Пароль: ${S}`,
    `ПАРОЛЬ=${S}`,
    `password = os.getenv("X", "${S}")`,
    `password := []byte("${S}")`,
    `client_secret = new String('${S}')`,
    `const apiKey = Buffer.from("${S}")`,
    `os.environ["DB_PASSWORD"] = "${S}"`,
    `config['password'] = '${S}'`,
    `{"id":"password","value":"${S}"}`,
    `[{"label":"API key","v":"${S}"}]`,
    `{"v":"${S}","k":"client_secret"}`,
    `- property: db_password\n  val: ${S}`,
    `apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\ndata:\n  user: YQ==\n  word: ${S}\ntype: Opaque`,
    `kind: Secret\nstringData:\n\n    word: |\n      a\n      ${S}\n`,
    `{"apiVersion":"v1","kind":"Secret","data":{"word":"${S}"}}`,
    JSON.stringify({ note: JSON.stringify({ data: { word: S }, kind: 'Secret' }) }),
    ...FORMS,
  ])('leaves redacted: %s', (text) => {
    expect(clean(text)).not.toContain(S);
    expect(clean(text)).toContain('[redacted]');
  });

  verifies(
    'secrets.by-pair',
    'leaves redacted what a manifest of secrets holds, under any name, and nothing else',
    () => {
      const clean = (value: unknown) => new Cleaner([]).value(value);
      expect(clean({ kind: 'Secret', metadata: { name: 'db' }, data: { a: S }, type: 'Opaque' })).toEqual({
        ...{ kind: 'Secret', metadata: { name: 'db' }, data: { a: '[redacted]' }, type: 'Opaque' },
      });
      for (const harmless of [
        { kind: 'ConfigMap', data: { a: S } },
        { kind: 'Secret', metadata: { a: S } },
        `kind: ConfigMap\ndata:\n  a: ${S}`,
        `kind: SecretStore\ndata:\n  a: ${S}`,
        `kind: Secret\nmetadata:\n  name: ${S}`,
      ]) {
        expect(clean(harmless)).toBe(harmless);
      }
      const behind = clean(`kind: Secret\ndata:\n  a: ${S}\n  b: c\nmetadata:\n  name: db`);
      expect(behind).toBe('kind: Secret\ndata:\n  [redacted]\nmetadata:\n  name: db');
    },
  );

  verifies('secrets.by-pair', 'leaves the private lines of a key of PuTTY redacted, and the public ones', () => {
    const key =
      'PuTTY-User-Key-File-3: ssh-rsa\nPublic-Lines: 1\nAAAA\nPrivate-Lines: 2\nhunter2\nxyzzy==\nPrivate-MAC: 0';
    const shown = 'PuTTY-User-Key-File-3: ssh-rsa\nPublic-Lines: 1\nAAAA\nPrivate-Lines: 2\n[redacted]\nPrivate-MAC: 0';
    expect(new Cleaner([]).text(key)).toBe(shown);
  });

  verifies.each('secrets.by-pair', [
    '{"alg":"RS256"}',
    '{ "alg":"RS256"}',
    '{\n "alg":"RS256"}',
    '{\n\t"alg":"RS256"}',
    '{\n"alg":"RS256"}',
    '{\r\n"alg":"RS256"}',
  ])('leaves a token redacted, however its header is written: %j', (header) => {
    const encode = (text: string) => Buffer.from(text).toString('base64url');
    const token = `${encode(header)}.${encode(`{"sub":"${S}"}`)}.c2lnbmF0dXJl`;
    expect(clean(`a ${token} b`)).toBe('a [redacted] b');
  });

  verifies.each('secrets.by-pair', LIKE_WORDS)('leaves redacted when it begins like a sentence: %s', (value) => {
    for (const name of ['password', 'client_secret', 'Cookie', 'api key', '--password']) {
      for (const behind of ['', ' ', '\n', '.', ', and so on', ';']) {
        const text = `${name}${name.startsWith('-') ? ' ' : ': '}${value}`;
        expect(clean(`a ${text}${behind}`)).not.toContain(value.slice(2, 10));
      }
    }
  });

  verifies('secrets.by-pair', 'leaves redacted in an entry that names it, whichever comes first', () => {
    const clean = (value: unknown) => new Cleaner([]).value(value);
    expect(
      clean([
        { name: 'DB_PASSWORD', value: S },
        { value: [S], key: 'api_key' },
      ]),
    ).toEqual([
      { name: 'DB_PASSWORD', value: '[redacted]' },
      { value: ['[redacted]'], key: 'api_key' },
    ]);
    const harmless = [
      { name: 'password', id: S },
      { name: 'theme', value: S },
      { name: 7, value: S },
    ];
    expect(clean(harmless)).toBe(harmless);
  });

  verifies('secrets.by-pair', 'is all that is hidden of a form', () => {
    for (const [text, cleaned] of [
      [`a: 1\npassword: |\n  ${S}\n\n  ${S}\nid: 7`, 'a: 1\npassword: [redacted]\nid: 7'],
      [`<a><password>${S}</password><id>7</id></a>`, '<a><password>[redacted]</password><id>7</id></a>'],
      [`login --password ${S} --user a`, 'login --password [redacted] --user a'],
      [`<add key="password" value="${S}"/>`, '<add key="password" value="[redacted]"/>'],
      [`\\u0022password\\u0022:\\u0022${S}\\u0022,7`, '\\u0022password\\u0022:\\u0022[redacted]\\u0022,7'],
      [`x%3Fpassword%253D${S}%2526id%253D7`, 'x%3Fpassword%253D[redacted]%2526id%253D7'],
      [`日本 password：${S} 語`, '日本 password：[redacted] 語'],
    ] as const) {
      expect(clean(text)).toBe(cleaned);
    }
  });

  verifies('secrets.by-pair', 'stays redacted in any surroundings', () => {
    const around = fc.oneof(
      fc.string({ unit: ANY_CHARACTER, maxLength: 20 }),
      fc.array(fc.constantFrom(...SURROUNDINGS), { maxLength: 6 }).map((pieces) => pieces.join('')),
    );
    const edge = fc.constantFrom(' ', '\n', ', ', '\n\n', '; ');
    fc.assert(
      fc.property(fc.constantFrom(...FORMS), around, edge, edge, around, (form, before, open, close, after) => {
        expect(clean(`${before}${open}${form}${close}${after}`)).not.toContain(S);
      }),
      { numRuns: 2_000 },
    );
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
    'password: null, token: false',
    'password: required.',
    'password: is set)',
    'Password rotation: quarterly',
    'use --token to sign in, or the --password option',
    'Send Bearer <token> in the header',
    '<secret_name>prod/db</secret_name><key>public</key><string>abc</string>',
    '{"name":"display_name","value":"Acme"}',
    '<add key="theme" value="dark"/>',
    'docker run -p 8080:80 app',
    'mysql -u root -p',
    'token :',
    'key： value',
    '密钥 and 日本語のテキスト：あ',
    '\\u0022name\\u0022:\\u0022Mira\\u0022',
  ])('is not what only looks a little like one: %s', (text) => {
    expect(clean(text)).toBe(text);
  });
});

describe('a secret of a known shape', () => {
  verifies.each('secrets.by-shape', [
    ['Basic bWlyYTpodW50ZXIy', 'bWlyYTpodW50ZXIy'],
    [`curl -u id:${S} https://a.example`, S],
    [`postgres://user:${S}@db.example/x`, S],
    ['https://0123456789abcdef0123@sentry.example/1', '0123456789abcdef'],
    ['https://xoauthkeyABCDEF123456@git.example/a.git', 'ABCDEF123456'],
    ['{"auths":{"a.example":{"auth":"bWlyYTpodW50ZXIy"}}}', 'bWlyYTpodW50ZXIy'],
    ['//registry.example/:_auth=bWlyYTpodW50ZXIy', 'bWlyYTpodW50ZXIy'],
    [`machine db.example login mira password ${S}`, S],
    [`CREATE USER mira IDENTIFIED BY '${S}'`, S],
    [`create user mira identified with mysql_native_password by "${S}"`, S],
    [`ALTER ROLE mira WITH LOGIN PASSWORD '${S}'`, S],
    [`FROM node\nENV DB_PASSWORD ${S}\nRUN true`, S],
    ['ghp_abcdefghij0123456789abcdefghij012345', 'ghp_abc'],
    ['AKIAIOSFODNN7EXAMPLE', 'AKIAIOS'],
    ['xoxb-123456789012-abcdef', 'xoxb'],
    ['AIzaSyA1234567890abcdefghijklmnopqrstuv', 'AIza'],
    ['sk-proj-abc123def456ghi789jkl', 'sk-proj'],
    ['eyJhbGciOiJSUzI1NiJ9%2EeyJzdWIiOiIxIn0%2Ec2ln', 'eyJzdWIi'],
    ...['\n.', '.\n', ' . ', '\n.\n  ', '  .'].map((dot) => [
      `eyJhbGciOiJSUzI1NiJ9${dot}eyJzdWIiOiIxIn0${dot}c2lnbmF0dXJl`,
      'eyJzdWIi',
    ]),
    [`eyJ${'hbGc'.repeat(16)}\n${'iOiJ'.repeat(16)}\n${'SUzI'.repeat(4)}.eyJzdWIi.c2ln`, 'eyJzdWIi'],
    ['hvs.CAESIJ0123456789abcdefghij', 'CAESIJ'],
    ['shpat_0123456789abcdef0123456789abcdef', '0123456789'],
    ['pypi-AgEIcHlwaS5vcmcCJDAxMjM0NTY3', 'cHlwaS5v'],
    ['dop_v1_0123456789abcdef0123456789abcdef', '0123456789'],
    ['secret_0123456789abcdefghij0123456789abcdefghij012', '0123456789'],
    ['ntn_0123456789abcdefghij0123456789', '0123456789'],
    ['lin_api_0123456789abcdefghij', '0123456789'],
    ['glrt-0123456789abcdefghij', '0123456789'],
    ['dckr_pat_0123456789abcdefghij', '0123456789'],
    ['123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw', 'HdqTcv'],
    ['x_ghp_abcdefghij0123456789abcdefghij012345', 'abcdefghij'],
    ['---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\nAAAAB3NzaC1\n---- END SSH2 ENCRYPTED PRIVATE KEY ----', 'AAAAB3'],
  ])('leaves redacted: %s', (text, secret) => {
    expect(clean(`a ${text} b`)).not.toContain(secret);
  });

  verifies.each('secrets.by-shape', [
    'Basic authentication',
    'task-sk-notes',
    'git@example.com:a/b',
    'use -u for users',
    'https://some-longer-name-of-a-user@git.example/a.git',
    '"auth":"required", auth: negotiate',
    'ENV NODE_ENV production',
    'the password must hold a digit',
    'items -> entries',
    'api_credentials:read encryption_keys:destroy, "master_keys:manage"',
    'secret:write',
    'secret_manager and secret_sharing_of_the_whole_organization',
    'shp files, hv.values and pypi-server',
    'eyJhbGciOiJSUzI1NiJ9\nsome words. And more words',
    '-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkq\n-----END PUBLIC KEY-----',
    '-----BEGIN CERTIFICATE-----\nMIIBIjANBgkq\n-----END CERTIFICATE-----',
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

  verifies('secrets.by-key', 'says so of each text in an object of texts, where it is the name of several', () => {
    const clean = (value: object) => new Cleaner([]).value(value);
    expect(clean({ secrets: { db: S, mail: S } })).toEqual({ secrets: { db: '[redacted]', mail: '[redacted]' } });
    expect(clean({ credentials: { x: S } })).toEqual({ credentials: { x: '[redacted]' } });
    const described = { secrets: [{ id: 'sec_1', secret_suffix: 'EMIA' }], tokens: { id: 'a', status: 'ACTIVE' } };
    expect(clean(described)).toEqual(described);
  });

  verifies('secrets.by-key', 'says so in a JSON Web Key alone', () => {
    expect(new Cleaner([]).value({ kty: 'RSA', n: 'a', d: S })).toEqual({ kty: 'RSA', n: 'a', d: '[redacted]' });
    expect(new Cleaner([]).value({ n: 'a', d: S })).toEqual({ n: 'a', d: S });
  });
});

describe('the name of a permission', () => {
  verifies.each('secrets.by-pair', [
    ...['secrets:export', 'secrets:share', 'tokens:mint', 'tokens:approve', 'api_keys:issue', 'passwords:reset'],
    ...['token:revoke', 'secret:export', 'api_key:rotate', 'client_secrets:break_glass', 'password:reset'],
  ])('is no secret, whatever it is called: %s', (name) => {
    expect(clean(name)).toBe(name);
    expect(clean(`all its permissions "${name}", "${name}"`)).toBe(`all its permissions "${name}", "${name}"`);
    expect(clean(JSON.stringify({ permissions: [name] }))).toBe(JSON.stringify({ permissions: [name] }));
  });

  verifies.each('secrets.by-pair', [`secrets:${S}`, `tokens: correcthorse`, `token:correcthorse`, `tokens:A1b2C3d4`])(
    'is none: %s',
    (pair) => {
      expect(clean(pair)).toMatch(/^\w+: ?\[redacted\]$/);
    },
  );
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
