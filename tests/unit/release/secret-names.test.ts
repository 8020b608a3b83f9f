import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Cleaner } from '../../../src/release/clean.ts';
import { secrecyOf } from '../../../src/release/secret-names.ts';
import { catalogue } from '../../../src/tools/index.ts';
import { verifies } from '../../verifies.ts';

/** Dotted paths of all members that a schema describes. */
function membersOf(schema: unknown, path: readonly string[] = []): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([keyword, value]) =>
    keyword === 'properties'
      ? Object.entries(value).flatMap(([name, member]) => [
          [...path, name].join('.'),
          ...membersOf(member, [...path, name]),
        ])
      : membersOf(value, path),
  );
}

const clean = (value: unknown, secrets: string[] = []) => new Cleaner(secrets).value(value);

describe('secrets by key', () => {
  verifies.each('secrets.by-key', [
    'client_secret',
    'clientSecret',
    'CLIENT-SECRET',
    'Client Secret',
    'clientsecret',
    'oidc_client_secret',
    'SCALEKIT_CLIENT_SECRET',
    'client_secret_2',
    'plain_secret',
    'secret',
    'webhookSecret',
    'password',
    'db_password',
    'Passwd',
    'passphrase',
    'private_key',
    'privateKey',
    'access_token',
    'accesstoken',
    'registration_access_token',
    'refresh_token',
    'id_token',
    'idToken',
    'session_token',
    'api_key',
    'X-API-Key',
    'aws_secret_access_key',
    'authorization',
    'Proxy-Authorization',
    'cookie',
    'Set-Cookie',
    'token',
    'client_assertion',
    'code_verifier',
    'client\u200b_secret',
    'passcode',
    'cookies',
    'jwt',
    'pwd',
    'JWTs',
    'secretKey',
    'signing-key',
    'encryption_key',
    'accessKey',
    'bearer_token',
    'authToken',
    'oauth_token',
    'api-token',
    'securityToken',
    'csrf_token',
    'X-CSRF-Token',
    'inviteToken',
    'invitation_token',
    'resetToken',
    'verification_token',
    'authorization_code',
    'clientAssertion',
    'codeVerifier',
    'API_KEYS',
    'clientSECRET',
    'HTTPPassword',
    'password1',
    'api_key_2_17',
    '2nd_password',
    'password2024-01',
    'db1password',
    'prepaid_token',
    'my_jwt',
    // with more words behind the secret's
    ...['client_secret_old', 'client_secret_new', 'client_secret_v2', 'client_secret_backup', 'client_secret_rotated'],
    ...['client_secret_eu', 'client_secret_us_east_1', 'SECRET_KEY_BASE', 'password_confirmation', 'passwordOld'],
    ...['secret_data', 'secret_json', 'SecretString', 'SecretBinary', 'password_sha256', 'password_bcrypt'],
    ...['secret_for_the_app', 'access_token_of_bob', 'TOKEN_CI', 'encryptedPassword', 'password_reset_token'],
    // abbreviated
    ...['db_pwd', 'user_pwd', 'imap_pass', 'root_pw', 'conn_str', 'pwd_eu', 'api_creds'],
    // of other services
    ...['github_token', 'slack_token', 'bot_token', 'npm_token', 'device_token', 'refresh_tokens', 'hubot_token_old'],
    ...['webhook_key', 'master_key', 'ssh_key', 'jwt_key', 'hmac_key', 'storage_key', 'stripe_key', 'root_keys'],
    // codes
    // What is a secret at the end of a name alone, and the form in which it is there.
    ...['pin_hash', 'pin_value', 'otp_plain', 'cvv_encrypted', 'pin_prod'],
    ...['auth_code', 'otp', 'otp_code', 'totp_secret', 'device_code', 'mfa_code', 'backup_codes', 'pin'],
    // written together, split, in other letters and languages
    ...['dbpassword', 'mysecret', 'clientsecretvalue', 'mytoken', 'userpw', 'storepass', 'JSESSIONID', 'myapikey'],
    ...['pass_word', 'pass-phrase', 'connectionString', 'api.key', 'client::secret', 'mot_de_passe'],
    ...[
      'client_s\u0435cret',
      'p\u0430ssword',
      '\uff50\uff41\uff53\uff53\uff57\uff4f\uff52\uff44',
      's\u00e9cret',
      'se\u0301cret',
    ],
    ...[
      '\u{1d429}assword',
      't\u03bfken',
      'contrase\u00f1a',
      'passwort',
      '\u043f\u0430\u0440\u043e\u043b\u044c',
      '\u5bc6\u7801',
    ],
  ])('redacts the value of %j', (name) => {
    const [cleaned] = Object.values(clean({ [name]: 'hunter2' }) as object);
    expect(cleaned).toBe('[redacted]');
  });

  verifies.each('secrets.by-key', [
    'next_page_token',
    'prev_page_token',
    'page_token',
    'pageToken',
    'token_auth_type',
    'token_uri',
    'token_expires_at',
    'access_token_expiry',
    'access_token_expiry_unit',
    'refresh_token_expiry',
    'secret_suffix',
    'client_secret_suffix',
    'confirmation',
    'confirmationExpiresAt',
    'registration_id',
    'client_registration_id',
    'authorization_type',
    'authorization_details',
    'authorize_uri',
    'authentication_link',
    'password_policy',
    'key_id',
    'provider_key',
    'public_key',
    'private_key_id',
    'access_key_id',
    'jwt_header',
    'pwd_hint',
    'tokens_used',
    'secrete',
    'passwordy',
    'api_keyx',
    'jwtx',
    'token_2_type',
    ...['nextPageToken', 'nextpagetoken', 'next_token', 'nextSyncToken', 'continuation_token', 'max_tokens'],
    ...['prompt_tokens', 'total_tokens', 'eos_token', 'token_endpoint', 'token_endpoint_auth_methods_supported'],
    ...['id_token_signed_response_alg', 'id_token_encrypted_response_enc', 'token_lifetime_seconds', 'token_count'],
    ...['session_id', 'sid', 'current_session_id', 'secret_count', 'secret_name', 'secrets_manager', 'has_password'],
    ...['passwordPolicy', 'passwordpolicy', 'passwordless', 'passwordless_auth_enabled', 'password_login'],
    ...['secretariat', 'secretion', 'secretaries', 'boarding_pass', 'passed', 'bypass', 'passport', 'compass'],
    ...['ssh_public_key', 'primary_key', 'partition_key', 'idempotency_key', 'keyboard', 'monkey', 'key'],
    ...['region_code', 'error_code', 'status_code', 'country_code', 'zip_code', 'shipping', 'opinion', 'spinner'],
    ...['author', 'authority', 'auth_patterns', 'cookie_banner', 'authorization_servers', 'credential_id', 'options'],
    '2',
    's',
    'ss',
    'cookies_policy',
    'secretary',
    'client_id',
    'id',
    '__proto__',
    'constructor',
    '',
    '1',
  ])('lets the value of %j pass', (name) => {
    const value = Object.fromEntries([[name, 'hunter2']]);
    expect(clean(value)).toBe(value);
  });

  verifies('secrets.by-key', 'redacts all that a secret holds, and keeps what is no secret in itself', () => {
    expect(
      clean({
        password: { value: 'a', at: ['b', 7, true, null] },
        api_keys: ['a', 'b'],
        cookies: 'a=b',
        access_token: 12345,
        client_secret: '',
        id_token: null,
        private_key: false,
      }),
    ).toEqual({
      password: { value: '[redacted]', at: ['[redacted]', '[redacted]', true, null] },
      api_keys: ['[redacted]', '[redacted]'],
      cookies: '[redacted]',
      access_token: '[redacted]',
      client_secret: '',
      id_token: null,
      private_key: false,
    });
  });

  verifies('secrets.by-key', 'takes objects in a list of secrets for what is told about them', () => {
    const secrets = [{ id: 'sks_1', secret_suffix: 'EMIA', plain_secret: 'x' }];
    expect(clean({ secrets })).toEqual({
      secrets: [{ id: 'sks_1', secret_suffix: 'EMIA', plain_secret: '[redacted]' }],
    });
  });

  verifies('secrets.by-key', 'keeps the schema of an argument that is called like a secret, not a value', () => {
    const schema = { type: 'object', properties: { password: { type: 'string', description: 'Of the account' } } };
    expect(clean({ input_schema: schema })).toEqual({ input_schema: schema });
    expect(clean({ properties: { password: 'hunter2', api_key: { value: 'hunter2' } } })).toEqual({
      properties: { password: '[redacted]', api_key: { value: '[redacted]' } },
    });
  });

  verifies('secrets.by-key', 'takes nothing else for the schema of an argument', () => {
    const hidden = { type: '[redacted]', value: '[redacted]' };
    const stored = { type: 'bcrypt', value: 'hunter2' };
    expect(clean({ password: stored, account: { password: stored }, list: [{ password: stored }] })).toEqual({
      password: hidden,
      account: { password: hidden },
      list: [{ password: hidden }],
    });
    for (const schema of [{ $ref: '#/a' }, { anyOf: [{ const: 'a' }] }, { oneOf: [{ const: 'a' }] }]) {
      const named = { properties: { password: schema } };
      expect(clean(named)).toBe(named);
    }
  });

  verifies(
    ['secrets.by-key', 'secrets.disclosed'],
    'hits no member of a result but those that a tool exists to hand out',
    () => {
      const hit = catalogue.flatMap(({ name, output, discloses = [] }) =>
        membersOf(z.toJSONSchema(output))
          .filter((path) => secrecyOf(path.split('.').at(-1) ?? '') === 'secret' && !discloses.includes(path))
          .map((path) => `${name}: ${path}`),
      );
      expect(hit).toEqual([]);
    },
  );

  it('judges names of any length quickly, by their end', () => {
    expect(secrecyOf(`${'a_'.repeat(1_000_000)}client_secret`)).toBe('secret');
  });
});
