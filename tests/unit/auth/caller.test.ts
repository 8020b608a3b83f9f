import { describe, expect, it } from 'vitest';
import { callerOf } from '../../../src/auth/caller.ts';
import type { VerifiedToken } from '../../../src/scalekit/tokens.ts';
import { verifies } from '../../verifies.ts';

const ISSUER = 'https://acme.scalekit.dev';

function tokenWith(claims: Record<string, unknown>): VerifiedToken {
  const subject = String(claims['sub'] ?? claims['client_id']);
  return { claims: { iss: ISSUER, exp: 1_767_225_600, ...claims }, subject, bearer: () => 'the-token' };
}

const caller = (claims: Record<string, unknown>) => callerOf(tokenWith(claims), new Map());

describe('a caller', () => {
  verifies('token.issuers', 'is who the token says, through the client that it names', () => {
    const found = caller({ sub: 'usr_1', client_id: 'm2m_1', azp: 'm2m_2', oid: 'org_1', org_id: 'org_2' });
    expect(found).toMatchObject({ subject: 'usr_1', clientId: 'm2m_1', organizationId: 'org_1' });
    expect(found.expiresAt?.toISOString()).toBe('2026-01-01T00:00:00.000Z');
    expect(found.bearer()).toBe('the-token');
    expect(Object.isFrozen(found)).toBe(true);
    expect(JSON.stringify(found)).not.toContain('the-token');
  });

  verifies('token.claims', 'is named by no claim that a customer may have made', () => {
    expect(caller({ client_id: 'm2m_1' })).toMatchObject({ subject: 'm2m_1', clientId: 'm2m_1' });
    for (const claims of [{}, { client_id: '', oid: '' }, { client_id: ['m2m_1'], oid: 7 }]) {
      expect(caller({ sub: 'usr_1', azp: 'm2m_2', org_id: 'org_2', ...claims })).toMatchObject({
        clientId: undefined,
        organizationId: undefined,
      });
    }
  });

  verifies(
    ['api.directory', 'limits.rate'],
    'has a key of its own for each environment, subject, client and organization',
    () => {
      const base = { sub: 'usr_1', client_id: 'm2m_1', oid: 'org_1' };
      const others = [
        base,
        { ...base, iss: 'https://other.scalekit.dev' },
        { ...base, sub: 'usr_2' },
        { ...base, client_id: 'm2m_2' },
        { ...base, oid: 'org_2' },
        { sub: 'usr_1', client_id: 'm2m_1' },
        { sub: 'usr_1', oid: 'org_1' },
        // Nobody can pose as two claims by putting what separates them into one.
        { sub: 'usr_1","m2m_1', oid: 'org_1' },
      ];
      expect(new Set(others.map((claims) => caller(claims).key)).size).toBe(others.length);
      expect(caller({ ...base, scope: 'org:read', exp: 5, jti: 'x' }).key).toBe(caller(base).key);
    },
  );

  verifies('limits.rate', 'is the same person through every client, and in every spelling of the issuer', () => {
    const base = { sub: 'usr_1', client_id: 'm2m_1', oid: 'org_1' };
    const person = (claims: Record<string, unknown>) => caller({ ...base, ...claims }).person;
    for (const same of [{ client_id: 'm2m_2' }, { azp: 'm2m_3' }, { oid: 'org_2' }, { scope: 'org:read' }]) {
      expect(person(same)).toBe(person({}));
    }
    for (const iss of [`${ISSUER}/resources/res_1`, `${ISSUER}/resources/res_2`]) {
      expect(person({ iss })).toBe(person({}));
      expect(caller({ ...base, iss }).key).toBe(caller(base).key);
    }
    const others = [
      { sub: 'usr_2' },
      { iss: 'https://other.scalekit.dev' },
      { iss: 'https://id.example.com/realms/a' },
    ];
    expect(new Set([{}, ...others].map(person)).size).toBe(4);
    expect(person({ iss: 'https://id.example.com/realms/b' })).not.toBe(person(others[2] ?? {}));
  });

  it('is built once for each token', () => {
    const token = tokenWith({ sub: 'usr_1' });
    expect(callerOf(token, new Map())).toBe(callerOf(token, new Map()));
    expect(callerOf(tokenWith({ sub: 'usr_1' }), new Map())).not.toBe(callerOf(token, new Map()));
  });
});

describe('the scopes of a token', () => {
  const granted = (claims: Record<string, unknown>) => caller({ sub: 'usr_1', ...claims }).grant;

  verifies.each<[string, Record<string, unknown>, string[]]>('token.scopes', [
    ['in scope, as a text', { scope: 'org:read env:read' }, ['org:read', 'env:read']],
    ['in scope, as a list', { scope: ['org:read'] }, ['org:read']],
    ['in scopes, as a list', { scopes: ['org:read', 'env:read'] }, ['org:read', 'env:read']],
    ['in scopes, as a text', { scopes: 'org:read' }, ['org:read']],
    ['in both, once each', { scope: 'org:read', scopes: ['org:read', 'env:read'] }, ['org:read', 'env:read']],
    ['not in scp', { scope: 'env:read', scp: ['org:read'] }, ['env:read']],
    ['between spaces', { scope: ' org:read  env:read ', scopes: [''] }, ['org:read', 'env:read']],
    ['whole in a list, spaces included', { scopes: ['org:read env:read'] }, ['org:read env:read']],
    ['not in what is no text', { scope: 7, scopes: [7, null, ['org:read'], { a: 'org:read' }], scp: {} }, []],
    ['not in claims of other names', { permissions: ['org:read'], Scope: 'org:read' }, []],
  ])('are read %s', (_name, claims, raw) => {
    expect(granted(claims).raw).toEqual(raw);
  });

  verifies('token.scope-map', 'mean what the operator says, too', () => {
    const map = new Map([['erp.admin', ['organization:write']]]);
    const { grant } = callerOf(tokenWith({ sub: 'usr_1', scope: 'erp.admin env:read' }), map);
    expect([...grant.scopes].sort()).toEqual(['environment:read', 'organization:write']);
  });
});
