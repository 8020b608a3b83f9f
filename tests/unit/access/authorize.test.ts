import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Authorized, authorize } from '../../../src/access/authorize.ts';
import { narrow } from '../../../src/access/surface.ts';
import type { Caller } from '../../../src/auth/caller.ts';
import { parseGrant } from '../../../src/auth/scopes.ts';
import type { Admission } from '../../../src/config/admission.ts';
import { SCOPES } from '../../../src/core/scope.ts';
import { sentence } from '../../../src/core/sentence.ts';
import type { Tool } from '../../../src/core/tool.ts';
import { toolset } from '../../../src/core/toolset.ts';
import { run } from '../../../src/run/run.ts';
import { catalogue } from '../../../src/tools/index.ts';
import { verifies } from '../../verifies.ts';

const OPEN: Admission = { subjects: undefined, clients: undefined, organizations: undefined };

function surfaceOf(
  admission: Admission = OPEN,
  tools: readonly Tool[] = catalogue,
  mode: 'workspace' | 'environment' = 'workspace',
) {
  const realm = {
    mode,
    scopeSpelling: 'long',
    environmentUrl: 'https://acme.scalekit.dev',
    origin: '',
    admission,
  } as const;
  return narrow(tools, realm, { optIns: [] });
}

function callerWith(scopes: string[], over: Partial<Caller> = {}): Caller {
  return {
    key: 'k',
    person: 'p',
    subject: 'usr_1',
    clientId: 'm2m_1',
    organizationId: 'org_1',
    grant: parseGrant(scopes),
    expiresAt: new Date(0),
    bearer: () => 'token',
    ...over,
  };
}

const call = (name: unknown, args?: unknown) => ({ method: 'tools/call', params: { name, arguments: args } });

describe('authorize', () => {
  verifies('wire.guard-is-dispatch', 'hands on the very tool and arguments that it judged', () => {
    const args = { environmentId: 'env_1' };
    const decision = authorize(callerWith(['org:read']), surfaceOf(), call('list_organizations', args));
    expect(decision).toMatchObject({ kind: 'call', call: { entry: { tool: { name: 'list_organizations' } } } });
    if (decision.kind === 'call') expect(decision.call.arguments).toBe(args);
  });

  verifies('token.scopes', 'asks no scope of a tool that needs none, of anybody', () => {
    expect(authorize(callerWith([]), surfaceOf(), call('whoami'))).toMatchObject({
      kind: 'call',
      call: { scope: null, arguments: {} },
    });
    expect(authorize(callerWith(['env:read']), surfaceOf(), call('list_environments', {}))).toMatchObject({
      kind: 'call',
      call: { scope: 'environment:read' },
    });
  });

  verifies(
    'token.step-up',
    'asks for more where an argument asks for more, and takes nothing but a plain no for one',
    () => {
      const { tools } = toolset('links', { area: 'environment', place: 'workspace' }, (t) => [
        t.add('list_links', {
          description: 'D',
          scope: 'environment:read',
          elevated: { argument: 'withSecrets', scope: 'environment:write' },
          input: { withSecrets: z.boolean().optional() },
          does: () => sentence`List links.`,
          output: {},
          run: () => ({}),
        }),
      ]);
      const surface = surfaceOf(OPEN, tools);
      expect(surface.scopes).toEqual(['environment:read', 'environment:write']);
      const ask = (args: object) => authorize(callerWith(['environment:read']), surface, call('list_links', args));
      for (const args of [{}, { withSecrets: false }]) expect(ask(args)).toMatchObject({ kind: 'call' });
      for (const withSecrets of [true, 'false', 0, null, {}]) {
        expect(ask({ withSecrets })).toMatchObject({ kind: 'deny', denial: { requiredScope: 'environment:write' } });
      }
    },
  );

  verifies('token.step-up', 'denies what the scopes lack, and says what to ask for in the advertised spelling', () => {
    const caller = callerWith(['env:read', 'openid', 'mcp:tools:whoami', 'org:read']);
    expect(authorize(caller, surfaceOf(), call('create_organization', {}))).toEqual({
      kind: 'deny',
      denial: {
        error: 'insufficient_scope',
        description:
          'The tool create_organization needs the scope organization:write, which this token lacks. Authorize again for: environment:read organization:read mcp:tools:whoami organization:write',
        tool: 'create_organization',
        requiredScope: 'organization:write',
        scopes: ['environment:read', 'organization:read', 'mcp:tools:whoami', 'organization:write'],
      },
    });
  });

  verifies('refusal.brief', 'says what to ask for in brief, however many scopes the token has', () => {
    const scopes = Array.from({ length: 300 }, (_, i) => `mcp:tools:tool_${i}`);
    const decision = authorize(callerWith(scopes), surfaceOf(), call('create_organization', {}));
    const { denial } = decision as Extract<typeof decision, { kind: 'deny' }>;
    expect(denial.scopes).toHaveLength(301);
    expect(denial.description.length).toBeLessThanOrEqual(500);
    expect(denial.description).toMatch(/^The tool create_organization needs.*…/);
  });

  verifies.each('wire.prototype', [
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    '',
    'whoami ',
    'WHOAMI',
    7,
    null,
    ['whoami'],
    { name: 'whoami' },
  ])('knows no tool %j, whatever is granted', (name) => {
    expect(authorize(callerWith(['mcp:tools:*']), surfaceOf(), call(name, {}))).toEqual({
      kind: 'invalid',
      message: expect.stringMatching(/^Unknown tool/),
    });
  });

  it.each([[[]], ['text'], [7], [null]])('takes no arguments but an object: %j', (args) => {
    expect(authorize(callerWith(['mcp:tools:*']), surfaceOf(), call('whoami', args))).toEqual({
      kind: 'invalid',
      message: expect.stringMatching(/must be an object/),
    });
  });

  verifies('token.not-admitted', 'admits only those whom every configured list holds', () => {
    const list = (admission: Partial<Admission>, over: Partial<Caller> = {}) =>
      authorize(callerWith([], over), surfaceOf({ ...OPEN, ...admission }), { method: 'tools/list', params: {} }).kind;
    expect(list({ subjects: ['usr_1'] })).toBe('open');
    expect(list({ subjects: ['usr_2'] })).toBe('deny');
    expect(list({ clients: ['m2m_1'], organizations: ['org_1'] })).toBe('open');
    expect(list({ clients: ['m2m_1'], organizations: ['org_2'] })).toBe('deny');
    expect(list({ organizations: ['org_1'] }, { organizationId: undefined })).toBe('deny');
    expect(list({ clients: [] })).toBe('deny');
  });

  verifies(
    'token.not-admitted',
    'tells those who are not admitted that, whatever they ask for, and no scope to ask for',
    () => {
      const surface = surfaceOf({ ...OPEN, subjects: ['usr_2'] });
      for (const message of [call('whoami', {}), call('no_such_tool'), { method: 'tools/list', params: {} }]) {
        expect(authorize(callerWith(['mcp:tools:*']), surface, message)).toEqual({
          kind: 'deny',
          denial: {
            error: 'access_denied',
            description: expect.stringContaining('not open to you'),
            missingFrom: ['ALLOWED_SUBJECTS'],
            scopes: [],
          },
        });
      }
    },
  );

  verifies('types.authorized', 'does not let a tool run that it has not seen', () => {
    const entry = surfaceOf().tools.get('whoami');
    if (entry === undefined) throw new Error('whoami is missing');
    // @ts-expect-error: only `authorize` makes an Authorized.
    const forged: Authorized = { caller: callerWith([]), entry, arguments: {} };
    // @ts-expect-error: a plain object is no Authorized either.
    const forgedRun = () => run({ caller: callerWith([]), entry, arguments: {} }, {}, {});
    expect([forged, forgedRun]).toHaveLength(2);
  });
});

describe('the gate', () => {
  const SERVED = [
    'initialize',
    'ping',
    'server/discover',
    'tools/list',
    'subscriptions/listen',
    'notifications/initialized',
    'notifications/cancelled',
    'notifications/progress',
    'notifications/roots/list_changed',
    'resources/list',
    'resources/templates/list',
    'prompts/list',
  ];
  const decide = (method: string) => authorize(callerWith(['mcp:tools:*']), surfaceOf(), { method, params: {} });

  verifies('wire.closed-gate', 'opens for the methods of its table', () => {
    expect(SERVED.map(decide)).toEqual(SERVED.map(() => ({ kind: 'open' })));
    for (const method of ['tools/call', 'resources/read', 'prompts/get', 'completion/complete']) {
      expect(decide(method)).toMatchObject({ kind: 'invalid' });
    }
  });

  verifies.each('wire.closed-gate', [
    'resources/subscribe',
    'logging/setLevel',
    'sampling/createMessage',
    'tasks/list',
    'notifications/unheard-of',
    'Tools/Call',
    'tools/call ',
    'tools',
    'constructor',
    'toString',
    '__proto__',
    '',
  ])('does not know %j, whatever the caller may do', (method) => {
    expect(decide(method)).toEqual({ kind: 'unknown' });
  });
});

describe('the whole surface', () => {
  verifies(
    ['types.environment', 'tools.environment-mode'],
    'adds environmentId in workspace mode and takes it away in environment mode',
    () => {
      const inputOf = (mode: 'workspace' | 'environment') =>
        surfaceOf(OPEN, catalogue, mode).tools.get('get_organization_details')?.listed.inputSchema;
      expect(inputOf('workspace')).toMatchObject({
        required: ['environmentId', 'organizationId'],
        additionalProperties: false,
      });
      expect(inputOf('environment')).toMatchObject({ required: ['organizationId'] });
      expect(inputOf('environment')?.['properties']).not.toHaveProperty('environmentId');
    },
  );

  verifies('tools.environment-mode', 'does not list in environment mode what only a workspace token may call', () => {
    const [everywhere, here] = [surfaceOf(), surfaceOf(OPEN, catalogue, 'environment')];
    const gone = [...everywhere.tools.keys()].filter((name) => !here.tools.has(name));
    expect(gone).toEqual([
      'list_environments',
      'get_environment_details',
      'list_environment_scopes',
      'create_environment_scope',
    ]);
  });

  verifies('tools.agent-tools', 'lists tools that an operator has to switch on only then', () => {
    expect(surfaceOf().tools.has('execute_agent_tool')).toBe(false);
    const realm = {
      mode: 'workspace',
      scopeSpelling: 'long',
      environmentUrl: '',
      origin: '',
      admission: OPEN,
    } as const;
    const surface = narrow(catalogue, realm, { optIns: ['agent_tool_execution'] });
    expect(surface.tools.has('execute_agent_tool')).toBe(true);
  });

  it('derives the scopes from its tools, in the order of the contract', () => {
    expect(surfaceOf().scopes).toEqual(SCOPES);
    const few = catalogue.filter(({ name }) => ['create_organization', 'list_environments', 'whoami'].includes(name));
    expect(surfaceOf(OPEN, few).scopes).toEqual(['environment:read', 'organization:write']);
    expect(surfaceOf(OPEN, few, 'environment').scopes).toEqual(['organization:write']);
  });

  it('refuses two tools of one name', () => {
    expect(() => surfaceOf(OPEN, [...catalogue, ...catalogue.slice(0, 1)])).toThrow('Two tools are called whoami');
  });
});
