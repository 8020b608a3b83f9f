import { describe, expect } from 'vitest';
import { secretArguments } from '../../../src/release/secret-arguments.ts';
import { verifies } from '../../verifies.ts';

describe('secrets by value', () => {
  verifies(
    'secrets.by-value',
    'knows arguments however deep any tool takes them, and does not break on deeper ones',
    () => {
      const nested = (levels: number) =>
        JSON.parse(`${'{"a":'.repeat(levels)}{"password":"p"}${'}'.repeat(levels)}`) as Record<string, unknown>;
      expect(secretArguments(nested(63))).toEqual(['p']);
      expect(secretArguments({ json: JSON.stringify(nested(60)) })).toEqual(['p']);
      expect(secretArguments(nested(100_000))).toEqual([]);
      expect(secretArguments({ list: JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`) })).toEqual([]);
    },
  );

  verifies('secrets.by-value', 'knows the arguments whose names say so, also inside of a text of JSON', () => {
    const paramsJson = JSON.stringify({ user: 'mira', auth: { password: 'p2' } });
    const found = secretArguments({
      name: 'n',
      oidc_config: { client_id: 'c', client_secret: 'p1' },
      paramsJson,
      metadata: { api_key: 'p3' },
      list: [{ cookies: ['p4', null, 7] }],
      nothing: null,
      spaced: ' \n\t[{"token":"p5"}]',
      said: 'the {"password":"p6"} stands in a text',
      broken: '{"password":',
      deep: JSON.parse(`${'['.repeat(500)}${']'.repeat(500)}`),
    });
    expect(found.sort()).toEqual(['p1', 'p2', 'p3', 'p4', 'p5']);
  });
});
