import { describe, expect } from 'vitest';
import { parseGrant } from '../../../src/auth/scopes.ts';
import { parseConfig } from '../../../src/config/config.ts';
import { readScopeMap } from '../../../src/config/scopes.ts';
import { catalogue } from '../../../src/tools/index.ts';
import { problemsIn, problemsOf } from '../../fixtures/config.ts';
import { verifies } from '../../verifies.ts';

const scopesOf = (env: Record<string, string>) => parseConfig(env).scopes;

describe('SCOPE_MAP', () => {
  const problems = (map: unknown) => problemsOf({ SCOPE_MAP: JSON.stringify(map) });

  verifies('token.scope-map', 'maps nothing unless it is set', () => {
    expect(scopesOf({}).map).toEqual({});
    expect(scopesOf({ SCOPE_MAP: '' }).map).toEqual({});
  });

  verifies('token.scope-map', 'takes one scope of this server or several, in all of their forms', () => {
    const map = {
      'erp.reader': 'organization:read',
      'urn:erp:writer': ['org:write', 'environment:*', 'mcp:tools:whoami', 'mcp:tools:*', 'mcp:resources:*'],
    };
    expect(scopesOf({ SCOPE_MAP: JSON.stringify(map) }).map).toEqual({ ...map, 'erp.reader': ['organization:read'] });
  });

  verifies.each<[unknown, string]>(
    ['token.scope-map', 'config.problems'],
    [
      [{ erp: 'organization' }, 'SCOPE_MAP: "erp" stands for something that is no scope of this server'],
      [{ erp: ['org:read', 'organization:reads'] }, 'SCOPE_MAP: "erp" stands for something'],
      [{ erp: 'mcp:resources:docs' }, 'SCOPE_MAP: "erp" stands for something'],
      [{ erp: '*' }, 'SCOPE_MAP: "erp" stands for something'],
      [{ erp: '__proto__' }, 'SCOPE_MAP: "erp" stands for something'],
      [{ erp: [] }, 'SCOPE_MAP: "erp" must stand for a scope of this server, or for a list'],
      [{ erp: 7 }, 'SCOPE_MAP: "erp" must stand for'],
      [{ erp: [['org:read']] }, 'SCOPE_MAP: "erp" must stand for'],
      [{ 'organization:read': 'workspace:write' }, 'SCOPE_MAP: "organization:read" is a scope of this server already'],
      [{ 'env:*': 'workspace:write' }, 'SCOPE_MAP: "env:*" is a scope of this server already'],
      [{ 'mcp:tools:whoami': 'workspace:write' }, 'SCOPE_MAP: "mcp:tools:whoami" is a scope of this server already'],
      [{ 'erp admin': 'org:read' }, 'SCOPE_MAP: "erp admin" is not a scope that a token could carry'],
      [{ '': 'org:read' }, 'SCOPE_MAP: "" is not a scope'],
    ],
  )('refuses %j', (map, problem) => {
    expect(problems(map)).toEqual([expect.stringContaining(problem)]);
  });

  verifies.each('token.scope-map', ['[]', '"erp"', 'erp=org:read'])('refuses %s, which is no object', (SCOPE_MAP) => {
    expect(problemsOf({ SCOPE_MAP })).toEqual([expect.stringMatching(/^SCOPE_MAP: must be a JSON object\./)]);
  });

  verifies('token.scope-map', 'is read as it stands, and a target without a meaning gives nothing', () => {
    const map = { erp: ['organization:read', 'mcp:tools:whoami', 'mcp:tools:*'], none: ['nonsense'] };
    const read = readScopeMap({ map, inBand: [] }, ['whoami']);
    expect(read).toEqual(new Map(Object.entries(map)));
    expect(parseGrant(['none'], read)).toMatchObject({ scopes: new Set(), tools: new Set(), sources: new Map() });
  });

  verifies('config.problems', 'names all that is wrong with it, beside the rest', () => {
    const SCOPE_MAP = JSON.stringify({ a: 'x', b: 'org:read', 'c d': 'org:read' });
    expect(problemsOf({ SCOPE_MAP, PORT: 'x' })).toEqual([
      expect.stringMatching(/^PORT/),
      expect.stringMatching(/^SCOPE_MAP: "a" .*; "c d" /),
    ]);
  });

  verifies('token.scope-map', 'refuses a tool that there is not', () => {
    const map = { erp: ['mcp:tools:list_organisations', 'mcp:tools:whoami', 'mcp:tools:*'] };
    const names = catalogue.map(({ name }) => name);
    const expected = ['SCOPE_MAP: there is no tool that mcp:tools:list_organisations could allow.'];
    expect(problemsIn(() => readScopeMap({ map, inBand: [] }, names))).toEqual(expected);
  });
});

describe('STEP_UP_IN_BAND', () => {
  verifies('token.in-band', 'names OAuth clients, or all of them, and by default none', () => {
    expect(scopesOf({}).inBand).toEqual([]);
    expect(scopesOf({ STEP_UP_IN_BAND: 'a, b' }).inBand).toEqual(['a', 'b']);
    expect(scopesOf({ STEP_UP_IN_BAND: '*' }).inBand).toEqual(['*']);
    expect(scopesOf({ STEP_UP_IN_BAND: 'client_credentials, name:crush' }).inBand).toEqual([
      'client_credentials',
      'name:crush',
    ]);
    expect(problemsOf({ STEP_UP_IN_BAND: ',' })).toEqual(['STEP_UP_IN_BAND: names nothing.']);
    expect(problemsOf({ STEP_UP_IN_BAND: 'a, name: ' })).toEqual([
      'STEP_UP_IN_BAND: holds a name: without the name of a client.',
    ]);
  });
});
