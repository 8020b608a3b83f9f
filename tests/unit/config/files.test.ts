import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { parseConfig, VARIABLES } from '../../../src/config/config.ts';
import { FILE_VARIABLES, readSecretFiles } from '../../../src/config/files.ts';
import { Problems } from '../../../src/config/problems.ts';
import { verifies } from '../../verifies.ts';

const folder = mkdtempSync(join(tmpdir(), 'secrets-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(content: string | Uint8Array): string {
  const path = join(mkdtempSync(join(folder, 'of-')), 'value');
  writeFileSync(path, content);
  return path;
}

function read(env: Record<string, string>) {
  const found = new Problems();
  return { env: readSecretFiles(env, found), problems: found.lines, found };
}

verifies.group('config.secret-files', 'secrets in files', () => {
  it.each(['s3cret', 's3cret\n', 's3cret\r\n', 's3cret\n\n', '\ufeffs3cret\n'])(
    'takes %j for the secret',
    (content) => {
      const { env, problems } = read({ SCALEKIT_CLIENT_SECRET_FILE: ` ${file(content)} ` });
      expect({ secret: env['SCALEKIT_CLIENT_SECRET'], problems }).toEqual({ secret: 's3cret', problems: [] });
    },
  );

  it('reaches the configuration, for every variable that is protected', () => {
    const { env, problems, found } = read({
      SCALEKIT_ENV_URL: 'https://acme.scalekit.dev',
      SCALEKIT_MCP_SERVER_ID: 'res_123',
      SCALEKIT_CLIENT_ID: 'skc_1',
      SCALEKIT_CLIENT_SECRET_FILE: file('s3cret\n'),
      ALLOWED_CLIENTS: 'm2m_1',
      REDIS_URL_FILE: file('redis://:pass@redis:6379\n'),
    });
    expect(problems).toEqual([]);
    const config = parseConfig(env, found);
    expect(config.scalekit).toMatchObject({ mode: { kind: 'environment', clientSecret: 's3cret' } });
    expect(config.limits.redisUrl).toBe('redis://:pass@redis:6379');
  });

  it('leaves an environment without such variables alone, and takes an empty one for none', () => {
    for (const env of [{ SCALEKIT_CLIENT_SECRET: 'a' }, { SCALEKIT_CLIENT_SECRET: 'a', REDIS_URL_FILE: ' ' }]) {
      expect(read(env)).toMatchObject({ env, problems: [] });
    }
    // Nothing but secrets is read from files.
    expect(read({ PUBLIC_URL_FILE: file('x') }).env['PUBLIC_URL']).toBeUndefined();
  });

  it.each<[string, () => string, RegExp]>([
    ['missing', () => join(folder, 'missing'), /cannot be read \(ENOENT\): there is no such file/],
    ['in a file', () => join(file('s3cret'), 'inner'), /cannot be read \(ENOTDIR\): there is no such file/],
    ['a folder', () => mkdtempSync(join(folder, 'folder-')), /does not name a file/],
    ['a device without an end', () => '/dev/zero', /does not name a file/],
    ['empty', () => file(''), /is empty/],
    ['blank', () => file(' \n'), /is empty/],
    ['no text', () => file(Uint8Array.of(0xff, 0xfe, 0x00)), /holds something that is not text/],
    ['too large', () => file('s3cret'.repeat(20_000)), /is larger than 64 KiB/],
  ])('names a file that is %s with its path, and quotes nothing of it', (_, pathOf, reason) => {
    const path = pathOf();
    const { env, problems } = read({ REDIS_URL_FILE: path });
    expect(problems).toEqual([expect.stringMatching(/^REDIS_URL_FILE: .*\.$/)]);
    expect(problems[0]).toMatch(reason);
    expect(problems[0]).toContain(`: ${path}.`);
    expect(problems[0]).not.toContain('s3cret');
    expect(env['REDIS_URL']).toBeUndefined();
  });

  it.each(['s3cret', '/s3cret', '/s3cret/s3cret+', 's3cret/value', 'redis://:s3cret@redis:6379', '//s3cret'])(
    'does not quote %s, which may be a secret in place of a path',
    (value) => {
      expect(read({ REDIS_URL_FILE: value }).problems).toEqual([
        'REDIS_URL_FILE: cannot be read (ENOENT): there is no such file. Set it to the path of a file, not to the secret itself.',
      ]);
    },
  );

  it.each(['missing', 'empty'])(
    'reads no secret of a client in workspace mode: one that is %s is a warning',
    (what) => {
      const { env, problems, found } = read({
        SCALEKIT_ENV_URL: 'https://acme.scalekit.dev',
        SCALEKIT_MCP_SERVER_ID: 'res_123',
        SCALEKIT_API_URL: 'https://api.example.com',
        SCALEKIT_CLIENT_SECRET_FILE: what === 'empty' ? file('') : join(folder, 'missing'),
      });
      expect(problems).toEqual([]);
      expect(parseConfig(env, found).warnings).toEqual([
        expect.stringMatching(/^SCALEKIT_CLIENT_SECRET_FILE: not used, .* no secret are needed\. Unset this, /),
      ]);
    },
  );

  it.each([
    ['CONFIRMATION_KEYS', 's3cret'],
    ['REDIS_URL', 's3cret'],
  ])('names the file where what it holds is not good: %s', (name, content) => {
    const { env, problems, found } = read({ [`${name}_FILE`]: file(content) });
    expect(problems).toEqual([]);
    expect(() => parseConfig(env, found)).toThrow(
      expect.objectContaining({
        problems: [expect.stringMatching(`^${name}_FILE: what the file holds is not good: (?!.*s3cret)`)],
      }),
    );
  });

  it('is remembered by the variable that it was given with', () => {
    const client = { SCALEKIT_ENV_URL: 'https://acme.scalekit.dev', SCALEKIT_MCP_SERVER_ID: 'res_123' };
    const rest = { SCALEKIT_CLIENT_ID: 'skc_1', ALLOWED_CLIENTS: 'm2m_1' };
    for (const [name, value] of [
      ['SCALEKIT_CLIENT_SECRET', 's3cret'],
      ['SCALEKIT_CLIENT_SECRET_FILE', file('s3cret')],
    ] as const) {
      const { env, found } = read({ ...client, ...rest, [name]: value });
      expect(parseConfig(env, found).scalekit).toMatchObject({ mode: { secretSetting: name } });
    }
  });

  it('refuses a secret that is set twice', () => {
    const { problems } = read({ REDIS_URL: 'redis://a', REDIS_URL_FILE: file('redis://b') });
    expect(problems).toEqual(['REDIS_URL_FILE: REDIS_URL is set as well. Set one of them.']);
  });

  it('lists its problems with all others', () => {
    const { env, found } = read({ PORT: 'x', REDIS_URL_FILE: '/nowhere', SCALEKIT_CLIENT_SECRET_FILE: folder });
    expect(() => parseConfig(env, found)).toThrow(
      expect.objectContaining({
        problems: [
          expect.stringMatching(/^SCALEKIT_CLIENT_SECRET_FILE: /),
          expect.stringMatching(/^REDIS_URL_FILE: /),
          expect.stringMatching(/^PORT: /),
        ],
      }),
    );
  });

  it('stand for variables that there are, under their names', () => {
    const names = Object.keys(FILE_VARIABLES).map((name) => name.replace(/_FILE$/, ''));
    expect(names).toContain('SCALEKIT_CLIENT_SECRET');
    expect(names.filter((name) => !(name in VARIABLES))).toEqual([]);
  });
});
