import { describe, expect } from 'vitest';
import { secretArguments } from '../../../src/release/secret-arguments.ts';
import { verifies } from '../../verifies.ts';

describe('secrets by value', () => {
  verifies(
    'secrets.by-value',
    'knows arguments however deep any tool takes them, and does not break on deeper ones',
    () => {
      const nested = (levels: number) =>
        JSON.parse(`${'{"a":'.repeat(levels)}{"password":"secret-0"}${'}'.repeat(levels)}`) as Record<string, unknown>;
      expect(secretArguments(nested(63))).toEqual(['secret-0']);
      expect(secretArguments({ json: JSON.stringify(nested(60)) })).toEqual(['secret-0']);
      expect(secretArguments(nested(100_000))).toEqual([]);
      expect(secretArguments({ list: JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`) })).toEqual([]);
    },
  );

  verifies('secrets.by-value', 'knows the arguments whose names say so, also inside of a text of JSON', () => {
    const paramsJson = JSON.stringify({ user: 'mira', auth: { password: 'secret-2' } });
    const found = secretArguments({
      name: 'n',
      oidc_config: { client_id: 'c', client_secret: 'secret-1' },
      paramsJson,
      metadata: { api_key: 'secret-3' },
      list: [{ cookies: ['secret-4', null, 7] }],
      nothing: null,
      spaced: ' \n\t[{"token":"secret-5"}]',
      said: 'the {"password":"secret-6"} stands in a text',
      broken: '{"password":',
      deep: JSON.parse(`${'['.repeat(500)}${']'.repeat(500)}`),
    });
    expect([...found].sort()).toEqual(['secret-1', 'secret-2', 'secret-3', 'secret-4', 'secret-5']);
  });

  verifies('secrets.by-value', 'leaves out what is hidden where it stands and is no secret elsewhere', () => {
    const words = { token: 'enterprise', client_secret: 'openid', password: 'abc1234' };
    expect(secretArguments(words)).toEqual([]);
    expect(secretArguments({ token: 'a-very-long-word', password: 'incomprehensibilities' })).toEqual([
      'a-very-long-word',
      'incomprehensibilities',
    ]);
  });

  verifies('arguments.secrets', 'are at most a hundred, wherever they stand', () => {
    const passwords = (count: number) => Array.from({ length: count }, (_, i) => `secret-number-${i}`);
    expect(secretArguments({ passwords: passwords(100) })).toHaveLength(100);
    for (const args of [
      { passwords: passwords(101) },
      { metadata: Object.fromEntries(passwords(101).map((value, i) => [`password_${'x'.repeat(i)}_secret`, value])) },
      { metadata: JSON.stringify({ passwords: passwords(101) }) },
    ]) {
      expect(() => secretArguments(args)).toThrow('names more than 100 secrets');
    }
  });

  verifies('arguments.json', 'are looked for in so much JSON text and no more', () => {
    const json = (length: number) => `["${'x'.repeat(length - 4)}"]`;
    expect(secretArguments({ a: json(30_000), b: json(35_536) })).toEqual([]);
    expect(() => secretArguments({ a: json(30_000), b: [json(35_537)] })).toThrow(
      'b: holds more than 65536 characters',
    );
    expect(() => secretArguments({ a: `[${'[],'.repeat(10_000)}1]` })).toThrow('too many values');
    expect(() => secretArguments({ a: '['.repeat(20_000) })).toThrow('nested too deep');
  });
});
