import { describe, expect } from 'vitest';
import { allows, grantedBy, parseGrant, type ScopedTool } from '../../../src/auth/scopes.ts';
import { SCOPES, type Scope, spell } from '../../../src/core/scope.ts';
import { verifies } from '../../verifies.ts';

const tool = <S extends Scope | null>(scope: S, name = 'some_tool') => ({ name, scope, isElevated: false });
const allowed = (scopes: string[], asked: ScopedTool) => allows(parseGrant(scopes), asked);

describe('grants', () => {
  verifies.each('token.scopes', [
    ['environment:read', 'env:read'],
    ['organization:write', 'org:write'],
    ['workspace:read', 'wks:read'],
  ] as const)('reads %s and %s alike', (long, short) => {
    expect(allowed([long], tool(long))).toBe(true);
    expect(allowed([short], tool(long))).toBe(true);
    expect(spell(long, 'short')).toBe(short);
    expect(spell(long, 'long')).toBe(long);
  });

  verifies('token.scopes', 'does not take write for read, nor one area for another', () => {
    expect(allowed(['organization:write'], tool('organization:read'))).toBe(false);
    expect(allowed(['environment:read'], tool('organization:read'))).toBe(false);
  });

  verifies('token.scopes', 'lets an area’s wildcard cover that area, in both spellings', () => {
    for (const wildcard of ['organization:*', 'org:*']) {
      expect(SCOPES.filter((scope) => allowed([wildcard], tool(scope)))).toEqual([
        'organization:read',
        'organization:write',
      ]);
    }
  });

  verifies('token.scopes', 'lets mcp:tools: cover exactly the tool it names, or all', () => {
    const asked = tool('workspace:write', 'invite_workspace_member');
    expect(allowed(['mcp:tools:invite_workspace_member'], asked)).toBe(true);
    expect(allowed(['mcp:tools:*'], asked)).toBe(true);
    expect(allowed(['mcp:tools:invite'], asked)).toBe(false);
    expect(allowed(['mcp:tools:invite_workspace_member_now'], asked)).toBe(false);
  });

  verifies('token.elevated', 'lets mcp:tools: cover more than its tool usually does only for all tools', () => {
    const asked = { ...tool('environment:write', 'get_mcp_instance_auth_state'), isElevated: true };
    for (const [scope, covers] of [
      ['mcp:tools:get_mcp_instance_auth_state', false],
      ['environment:read', false],
      ['environment:write', true],
      ['env:*', true],
      ['mcp:tools:*', true],
    ] as const) {
      expect(allowed([scope], asked), scope).toBe(covers);
      expect(grantedBy(parseGrant([scope]), [asked]), scope).toEqual(covers ? [scope] : []);
    }
  });

  verifies.each('token.scopes', [
    '*',
    'mcp:*',
    '*:read',
    'organization',
    'organization:',
    'organization:read ',
    'Organization:Read',
    'organization:**',
    'organization:read:extra',
    'mcp:tools:',
    'mcp:tools',
    'mcp:tools:**',
    'mcp:tools:*x',
    'mcp:tools:* ',
    'mcp:tools:*\n',
    'xmcp:tools:*',
    ' mcp:tools:some_tool',
    'x:mcp:tools:some_tool',
    'mcp:tools:some_tool:read',
    'mcp:tools:some_tool\n',
    'mcp:tools:some_tool.x',
    'mcp:tools:Some_tool',
    'mcp:tools:9',
    '__proto__',
    'constructor',
    'openid',
    'mcp:resources',
    'mcp:resources:',
    'mcp:resources:environments',
    'mcp:resources:* ',
  ])('takes %j for nothing', (scope) => {
    for (const needed of SCOPES) expect(allowed([scope], tool(needed))).toBe(false);
    expect(parseGrant([scope, 'org:read'])).toEqual({
      raw: [scope, 'org:read'],
      scopes: new Set(['organization:read']),
      tools: new Set(),
      resources: false,
      sources: new Map([['org:read', [{ scopes: ['organization:read'] }]]]),
    });
  });
});

describe('mapped scopes', () => {
  const map = new Map([
    ['erp.admin', ['organization:read', 'mcp:tools:invite_workspace_member']],
    ['erp.all', ['environment:*']],
  ]);
  const granted = (...raw: string[]) => parseGrant(raw, map);

  verifies('token.scope-map', 'count beside those of the token itself, which keep their meaning', () => {
    const grant = granted('erp.admin', 'wks:read', 'openid');
    expect([...grant.scopes].sort()).toEqual(['organization:read', 'workspace:read']);
    expect([...grant.tools]).toEqual(['invite_workspace_member']);
    expect(grant.raw).toEqual(['erp.admin', 'wks:read', 'openid']);
  });

  verifies('token.scope-map', 'are taken whole', () => {
    for (const near of ['erp', 'erp.', 'erp.admin.x', 'erp.admin:read', 'erp.*', 'ERP.ADMIN', ' erp.admin']) {
      expect(granted(near)).toMatchObject({ scopes: new Set(), tools: new Set() });
    }
  });

  verifies('token.scope-map', 'are named when they let a call through', () => {
    const grant = granted('openid', 'erp.admin', 'org:read', 'erp.all', 'mcp:tools:*');
    expect(grantedBy(grant, [tool('organization:read')])).toEqual(['erp.admin', 'org:read', 'mcp:tools:*']);
    expect(grantedBy(grant, [tool('workspace:write', 'invite_workspace_member')])).toEqual([
      'erp.admin',
      'mcp:tools:*',
    ]);
    expect(grantedBy(grant, [])).toEqual([]);
    expect(grantedBy(granted('erp.admin'), [tool('environment:read')])).toEqual([]);
  });
});
