import { describe, expect } from 'vitest';
import { Surfaces } from '../../../src/access/surfaces.ts';
import { catalogue } from '../../../src/tools/index.ts';
import { verifies } from '../../verifies.ts';

const REALM = {
  mode: 'workspace',
  scopeSpelling: 'long',
  environmentUrl: 'https://acme.scalekit.dev',
  origin: 'https://mcp.example.com',
  admission: { subjects: undefined, clients: undefined, organizations: undefined },
} as const;
/** More than are kept of either kind. */
const MANY = 300;

const opened = () => new Surfaces(catalogue, REALM, { optIns: [] });
const users = { named: [{ toolsets: ['users'], tools: [] }] };
/** A selection of its own for each number. */
const selections = Array.from({ length: MANY }, (_, i) => ({
  named: [{ toolsets: [], tools: catalogue.filter((_, tool) => ((i + 1) >> (tool % 9)) & 1).map(({ name }) => name) }],
}));

describe('surfaces', () => {
  verifies('limits.surfaces', 'keeps what a caller sees, whatever strangers look at', () => {
    const surfaces = opened();
    const before = surfaces.of(users);
    for (const selection of selections) surfaces.shownTo(selection);
    expect(surfaces.of(users)).toBe(before);
    // What was kept by another caller would be gone.
    for (const selection of selections) surfaces.of(selection);
    expect(surfaces.of(users)).not.toBe(before);
  });

  verifies('limits.surfaces', 'keeps no surface for callers because a stranger looks at it again', () => {
    const surfaces = opened();
    const before = surfaces.of(users);
    for (const selection of selections) {
      surfaces.of(selection);
      surfaces.shownTo(users);
    }
    // Found where it was looked at: it is not made twice.
    expect(surfaces.shownTo(users)).toBe(before);
    expect(surfaces.of(users)).toBe(before);
    expect(surfaces.of({ ...users, environment: 'env_1' })).not.toBe(before);
  });
});
