import { expect } from 'vitest';
import { parseGrant } from '../../../src/auth/scopes.ts';
import { tierRule } from '../../../src/limits/tiers.ts';
import { verifies } from '../../verifies.ts';

const names = tierRule([
  { name: 'whoami', scope: null },
  { name: 'rename', scope: 'organization:write' },
  {
    name: 'show',
    scope: 'environment:read',
    elevated: { argument: 'withSecrets', scope: 'environment:write' },
  },
]);
const tier = { name: 'writers', clients: ['m2m_1'], scopes: ['organization:write', 'environment:write'] };
const isNamed = (scope: string, clientId?: string) =>
  names({ ...tier, points: 5, seconds: 1 }, { clientId, grant: parseGrant(scope.split(' ')) });

verifies.each<[string, boolean]>('limits.tiers', [
  ['organization:write', true],
  ['org:*', true],
  ['mcp:tools:*', true],
  ['mcp:tools:rename', true],
  ['mcp:tools:whoami mcp:tools:rename', true],
  // Naming a tool covers its elevated argument as well.
  ['mcp:tools:show', true],
  ['mcp:tools:whoami', false],
  ['mcp:tools:no_such_tool', false],
  ['environment:read', false],
  ['', false],
])('a tier of two write scopes for the grant "%s": %s', (scope, expected) => {
  expect(isNamed(scope)).toBe(expected);
  expect(isNamed(scope, 'm2m_1')).toBe(true);
});
