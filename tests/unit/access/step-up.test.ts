import { describe, expect } from 'vitest';
import type { Denial } from '../../../src/access/authorize.ts';
import { inBandClients, stepUp } from '../../../src/access/step-up.ts';
import type { Caller } from '../../../src/auth/caller.ts';
import { parseGrant } from '../../../src/auth/scopes.ts';
import { ToolError } from '../../../src/core/errors.ts';
import type { Message } from '../../../src/core/message.ts';
import { verifies } from '../../verifies.ts';

const MISSING: Denial = {
  error: 'insufficient_scope',
  description: 'It lacks a scope.',
  tool: 'create_organization',
  requiredScope: 'organization:write',
  scopes: ['environment:read', 'organization:write'],
};

const through = (clientId: string | undefined, subject = 'usr_1'): Caller => ({
  key: 'k',
  person: 'p',
  subject,
  clientId,
  organizationId: undefined,
  grant: parseGrant([]),
  expiresAt: new Date(0),
  bearer: () => 'token',
});

/** A call by a client that calls itself so. */
const by = (name: unknown): Message => ({
  method: 'tools/call',
  id: 1,
  params: { _meta: { 'io.modelcontextprotocol/clientInfo': { name, version: '1' } } },
});

const ERAS = ['modern', 'legacy'] as const;

/** Whether a refusal of a call is told in band; it must have been possible before the call was read. */
function isTold(entries: readonly string[], caller: Caller, era: (typeof ERAS)[number], message = by('test')) {
  const inBand = inBandClients(entries);
  const tells = inBand.tells(caller, era, message);
  if (tells) expect(inBand.mayTell(caller, era)).toBe(true);
  return tells;
}

describe('a refusal', () => {
  verifies.each('token.in-band', ERAS)('is told in band to clients by their ids, or to all (%s)', (era) => {
    expect(isTold(['other', 'mcp-remote'], through('mcp-remote'), era)).toBe(true);
    for (const clientId of ['mcp-remote', undefined]) {
      expect(isTold(['other', '*'], through(clientId), era)).toBe(true);
    }
  });

  verifies.each('token.in-band', ERAS)('is told in band to machines alone, where those are meant (%s)', (era) => {
    expect(isTold(['client_credentials'], through('m2m_1', 'm2m_1'), era)).toBe(true);
    for (const caller of [through('m2m_1'), through(undefined, 'm2m_1'), through('client_credentials')]) {
      expect(isTold(['client_credentials'], caller, era)).toBe(caller.clientId === 'client_credentials');
    }
  });

  verifies('token.in-band', 'is told in band by a client’s own name, where every message says it', () => {
    for (const entry of ['name:crush', 'name: crush']) {
      expect(isTold([entry], through('x'), 'modern', by('crush'))).toBe(true);
    }
    expect(isTold(['name:crush'], through('x'), 'legacy', by('crush'))).toBe(false);
    for (const name of ['Crush', 'crush ', 'name:crush', '', 7, undefined]) {
      expect(isTold(['name:crush'], through('x'), 'modern', by(name))).toBe(false);
    }
    for (const _meta of [undefined, null, 'crush', { 'io.modelcontextprotocol/clientInfo': null }]) {
      expect(isTold(['name:crush'], through('x'), 'modern', { ...by('crush'), params: { _meta } })).toBe(false);
    }
    // A name is no id.
    expect(isTold(['name:crush'], through('name:crush'), 'modern')).toBe(false);
    expect(isTold(['name:crush'], through('crush'), 'modern')).toBe(false);
    expect(inBandClients(['name:crush']).mayTell(through('x'), 'legacy')).toBe(false);
  });

  verifies('token.in-band', 'is told by HTTP to everybody else', () => {
    for (const inBand of [[], ['mcp-remote2', 'mcp', 'MCP-REMOTE', 'mcp-*', '']]) {
      for (const clientId of ['mcp-remote', undefined]) {
        for (const era of ERAS) {
          expect(isTold(inBand, through(clientId), era)).toBe(false);
          expect(inBandClients(inBand).mayTell(through(clientId), era)).toBe(false);
        }
      }
    }
  });
});

describe('a missing scope', () => {
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
