import { describe, expect } from 'vitest';
import type { Denial } from '../../../src/access/authorize.ts';
import { isToldInBand, stepUp } from '../../../src/access/step-up.ts';
import type { Caller } from '../../../src/auth/caller.ts';
import { parseGrant } from '../../../src/auth/scopes.ts';
import { ToolError } from '../../../src/core/errors.ts';
import { verifies } from '../../verifies.ts';

const MISSING: Denial = {
  error: 'insufficient_scope',
  description: 'It lacks a scope.',
  tool: 'create_organization',
  requiredScope: 'organization:write',
  scopes: ['environment:read', 'organization:write'],
};

const through = (clientId: string | undefined): Caller => ({
  key: 'k',
  person: 'p',
  subject: 'usr_1',
  clientId,
  organizationId: undefined,
  grant: parseGrant([]),
  expiresAt: new Date(0),
  bearer: () => 'token',
});

describe('a missing scope', () => {
  verifies('token.in-band', 'is told in band to the clients that are named, and to all of them with *', () => {
    expect(isToldInBand(MISSING, through('mcp-remote'), ['other', 'mcp-remote'])).toBe(true);
    for (const clientId of ['mcp-remote', undefined]) {
      expect(isToldInBand(MISSING, through(clientId), ['other', '*'])).toBe(true);
    }
  });

  verifies('token.in-band', 'is told by a challenge to everybody else', () => {
    for (const inBand of [[], ['mcp-remote2', 'mcp', 'MCP-REMOTE', 'mcp-*', '']]) {
      for (const clientId of ['mcp-remote', undefined]) {
        expect(isToldInBand(MISSING, through(clientId), inBand)).toBe(false);
      }
    }
  });

  verifies(['token.in-band', 'token.not-admitted'], 'is the only denial that is told in band', () => {
    const denial: Denial = { ...MISSING, error: 'access_denied' };
    expect(isToldInBand(denial, through('mcp-remote'), ['mcp-remote', '*'])).toBe(false);
  });

  verifies('token.in-band', 'is told with all that a model and a person need', () => {
    const error = stepUp(MISSING);
    expect(error).toBeInstanceOf(ToolError);
    expect(error).toMatchObject({
      code: 'insufficient_scope',
      recovery: { requiredScope: 'organization:write', scope: 'environment:read organization:write' },
    });
    expect(error.message).toMatch(
      /^The tool create_organization needs the scope organization:write, .*Nothing was done.*sign in to this server again and to allow: environment:read organization:write\. /,
    );
  });
});
