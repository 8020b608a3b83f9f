import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { namesOf, selectionOf } from '../../src/access/select.ts';
import type { Named } from '../../src/access/selection.ts';
import { narrow, type OperatorBound } from '../../src/access/surface.ts';
import type { Tool } from '../../src/core/tool.ts';
import { ENVIRONMENT_IDS } from '../../src/sandbox/data/ids.ts';
import { catalogue, toolsets } from '../../src/tools/index.ts';
import { rpc } from '../fixtures/rpc.ts';
import { running, type TestServer } from '../fixtures/running.ts';
import { verifies } from '../verifies.ts';

const names = (keep: (tool: (typeof catalogue)[number]) => boolean) => catalogue.filter(keep).map(({ name }) => name);
const isDefault = ({ rare, optIn }: (typeof catalogue)[number]) => rare === undefined && optIn === undefined;
const isReading = ({ effect }: (typeof catalogue)[number]) => effect === 'read';
const isOf =
  (...sets: string[]) =>
  ({ toolset, optIn }: (typeof catalogue)[number]) =>
    sets.includes(toolset) && optIn === undefined;

/** Whether a tool acts in one environment only, or tells who is calling. */
const isWithin = ({ place, scope }: (typeof catalogue)[number]) => place === 'environment' || scope === null;
const FENCE = ENVIRONMENT_IDS.development;

const DEFAULT = names(isDefault);

interface Row {
  readonly bound: Record<string, string>;
  readonly query?: string;
  readonly headers?: Record<string, string>;
  readonly shown: readonly string[];
}

const ROWS: readonly Row[] = [
  { bound: {}, shown: DEFAULT },
  { bound: {}, query: 'toolsets=default', shown: DEFAULT },
  { bound: {}, query: 'toolsets=all', shown: names(({ optIn }) => optIn === undefined) },
  { bound: {}, query: 'toolsets=users', shown: names(isOf('users')) },
  { bound: {}, query: 'toolsets=Users,%20roles', shown: names(isOf('users', 'roles')) },
  { bound: {}, query: 'toolsets=users&toolsets=roles', shown: names(isOf('users', 'roles')) },
  { bound: {}, query: 'tools=whoami,list_organizations', shown: ['whoami', 'list_organizations'] },
  { bound: {}, query: 'toolsets=users&tools=whoami', shown: ['whoami', ...names(isOf('users'))] },
  { bound: {}, headers: { 'x-mcp-toolsets': 'users' }, shown: names(isOf('users')) },
  { bound: {}, headers: { 'x-mcp-tools': 'whoami' }, shown: ['whoami'] },
  // Each side narrows what the other one names.
  {
    bound: {},
    query: 'toolsets=users,roles',
    headers: { 'x-mcp-toolsets': 'roles,scopes' },
    shown: names(isOf('roles')),
  },
  { bound: {}, query: 'toolsets=users', headers: { 'x-mcp-tools': 'whoami' }, shown: [] },
  {
    bound: {},
    query: 'read_only=true',
    shown: names((tool) => isDefault(tool) && (isReading(tool) || tool.name === 'call_tool')),
  },
  { bound: {}, query: 'read_only=false', shown: DEFAULT },
  {
    bound: {},
    query: 'toolsets=users',
    headers: { 'x-mcp-readonly': '1' },
    shown: names((tool) => isOf('users')(tool) && isReading(tool)),
  },
  {
    bound: {},
    query: 'read_only=true',
    headers: { 'x-mcp-readonly': 'false' },
    shown: names((tool) => isDefault(tool) && (isReading(tool) || tool.name === 'call_tool')),
  },
  // What the operator names is all there is, and is listed.
  { bound: { TOOLSETS: 'users,roles' }, shown: names(isOf('users', 'roles')) },
  { bound: { TOOLSETS: 'users', TOOLS: 'whoami' }, shown: ['whoami', ...names(isOf('users'))] },
  { bound: { TOOLSETS: 'users,roles' }, query: 'toolsets=all', shown: names(isOf('users', 'roles')) },
  { bound: { TOOLSETS: 'users,roles' }, query: 'toolsets=roles,scopes', shown: names(isOf('roles')) },
  { bound: { TOOLSETS: 'users' }, query: 'tools=whoami', shown: [] },
  { bound: { TOOLSETS: 'default' }, shown: DEFAULT },
  { bound: { TOOLSETS: 'all' }, shown: DEFAULT },
  { bound: { TOOLS: 'execute_agent_tool' }, shown: [] },
  { bound: { TOOLS: 'execute_agent_tool', AGENT_TOOL_EXECUTION: 'on' }, shown: ['execute_agent_tool'] },
  {
    bound: { READ_ONLY: 'on' },
    query: 'read_only=false&toolsets=users',
    shown: names((tool) => isOf('users')(tool) && isReading(tool)),
  },
  // So do headers, beside the operator and the URL.
  { bound: { TOOLSETS: 'users,roles' }, headers: { 'x-mcp-toolsets': 'roles,scopes' }, shown: names(isOf('roles')) },
  { bound: { TOOLSETS: 'users,roles' }, headers: { 'x-mcp-tools': 'whoami' }, shown: [] },
  {
    bound: { TOOLSETS: 'users,roles' },
    query: 'toolsets=users,roles',
    headers: { 'x-mcp-toolsets': 'users', 'x-mcp-readonly': 'true' },
    shown: names((tool) => isOf('users')(tool) && isReading(tool)),
  },
  {
    bound: { TOOLSETS: 'users', TOOLS: 'whoami' },
    query: 'toolsets=users&tools=whoami',
    headers: { 'x-mcp-tools': 'whoami,list_organizations' },
    shown: ['whoami'],
  },
  {
    bound: { READ_ONLY: 'on' },
    headers: { 'x-mcp-toolsets': 'users', 'x-mcp-readonly': 'false' },
    shown: names((tool) => isOf('users')(tool) && isReading(tool)),
  },
  // An environment, by the URL, by a header or by both.
  { bound: {}, query: `environment=${FENCE}`, shown: names((tool) => isDefault(tool) && isWithin(tool)) },
  {
    bound: {},
    headers: { 'x-scalekit-environment': FENCE },
    shown: names((tool) => isDefault(tool) && isWithin(tool)),
  },
  {
    bound: {},
    query: `environment=${FENCE}&toolsets=workspace,users,session`,
    headers: { 'x-scalekit-environment': FENCE },
    shown: names((tool) => isOf('workspace', 'users', 'session')(tool) && isWithin(tool)),
  },
  {
    bound: { TOOLSETS: 'users', TOOLS: 'whoami' },
    query: 'tools=whoami,list_environments',
    headers: { 'x-scalekit-environment': FENCE },
    shown: ['whoami'],
  },
  {
    bound: { READ_ONLY: 'on' },
    query: `environment=${FENCE}`,
    headers: { 'x-mcp-toolsets': 'workspace,users' },
    shown: names((tool) => isOf('workspace', 'users')(tool) && isReading(tool) && isWithin(tool)),
  },
];

describe.each(['workspace', 'environment'] as const)('in %s mode', (mode) => {
  const servers = new Map<string, TestServer>();
  afterAll(() => Promise.all([...servers.values()].map((server) => server.stop())));

  async function serverWith(bound: Record<string, string>) {
    const key = JSON.stringify(bound);
    const server = servers.get(key) ?? (await running({ SANDBOX_MODE: mode, ...bound }));
    servers.set(key, server);
    return server;
  }

  const offered = (shown: readonly string[]) =>
    shown.filter((name) => mode === 'workspace' || !catalogue.find((tool) => tool.name === name)?.needsWorkspaceToken);

  verifies.each(
    'tools.selected',
    ROWS.map((row) => [JSON.stringify([row.bound, row.query, row.headers]), row] as const),
  )('%s shows exactly what it asks for', async (_, { bound, query = '', headers = {}, shown }) => {
    const server = await serverWith(bound);
    const token = await server.token();
    const isFenced = `${query} ${Object.keys(headers)}`.includes('environment');
    for (const era of ['modern', 'legacy'] as const) {
      const { status, body } = await rpc(`${server.url}/mcp?${query}`, era, 'tools/list', {}, { token, headers });
      // There is nothing to choose where the server has one environment.
      expect(status).toBe(isFenced && mode === 'environment' ? 400 : 200);
      if (status !== 200) continue;
      const listed: { name: string; annotations: { readOnlyHint: boolean } }[] = body.result.tools;
      expect(listed.map(({ name }) => name)).toEqual(offered(shown));
      if (/read_only=true/.test(query) || headers['x-mcp-readonly'] === '1' || bound['READ_ONLY'] === 'on') {
        expect(listed.filter(({ annotations }) => !annotations.readOnlyHint)).toEqual([]);
      }
    }
  });
});

describe('another spelling is refused, with the name that is meant', () => {
  let server: TestServer;
  let token: string;
  beforeAll(async () => {
    server = await running();
    token = await server.token();
  });
  afterAll(() => server.stop());

  const list = (query: string, headers: Record<string, string> = {}) =>
    rpc(`${server.url}/mcp?${query}`, 'modern', 'tools/list', {}, { token, headers });

  verifies.each('tools.selected', [
    ...['READ_ONLY=true', 'Read-Only=1', 'readOnly=1', 'toolsets=users&amp;read_only=true'].map((q) => [
      q,
      'read_only',
    ]),
    ...['Toolsets=users', 'TOOLSETS=users', 'toolsets[]=users', 'tool_set=users', 'toolsets%20=users'].map((q) => [
      q,
      'toolsets',
    ]),
    ...['Tools=whoami', 'tool=whoami'].map((q) => [q, 'tools']),
    ...['Environment=env_1', 'ENV=env_1', 'environment-id=env_1'].map((q) => [q, 'environment']),
  ])('in the URL: %s', async (query, meant) => {
    const { status, body } = await list(String(query));
    expect([status, JSON.stringify(body)]).toEqual([400, expect.stringContaining(`is called ${meant}.`)]);
  });

  verifies.each('tools.selected', [
    ['X-MCP-Read_Only', 'X-MCP-Readonly'],
    ['X_MCP_Readonly', 'X-MCP-Readonly'],
    ['X-MCP-Toolset', 'X-MCP-Toolsets'],
    ['X-Scalekit-Tools', 'X-MCP-Tools'],
    ['X-MCP-Environment', 'X-Scalekit-Environment'],
    ['X-Scalekit-Env', 'X-Scalekit-Environment'],
  ])('in a header: %s', async (name, meant) => {
    const { status, body } = await list('', { [name]: 'true' });
    expect([status, JSON.stringify(body)]).toEqual([400, expect.stringContaining(`is called ${meant}.`)]);
  });

  verifies('tools.selected', 'a query that is longer than all names is refused before it is read', async () => {
    const { status, body } = await list('a&'.repeat(4_001));
    expect([status, JSON.stringify(body)]).toEqual([400, expect.stringContaining('longer than 8000 characters')]);
  });

  verifies('tools.selected', 'parameters and headers of others are left alone', async () => {
    const { status } = await list('utm_source=x&toolbox=1&reading=only', { 'x-mcp-client': 'y', 'x-tools': 'z' });
    expect(status).toBe(200);
  });
});

describe('no selection', () => {
  const REALM = {
    scopeSpelling: 'long',
    environmentUrl: 'https://acme.scalekit.dev',
    origin: 'https://mcp.example.com',
    admission: { subjects: undefined, clients: undefined, organizations: undefined },
  } as const;
  const known = namesOf(catalogue);
  const some = (all: Iterable<string>) => fc.subarray([...all], { minLength: 1, maxLength: 4 });
  const side = fc.record(
    {
      toolsets: some(known.toolsets),
      tools: some(known.tools),
      read_only: fc.constantFrom('true', 'false'),
      environment: fc.constant('env_1'),
    },
    { requiredKeys: [] },
  );
  const bounds = fc.record({
    optIns: fc.constant([]),
    named: fc.option(fc.record({ toolsets: some(known.toolsets), tools: some(known.tools) }), { nil: undefined }),
    readOnly: fc.boolean(),
  });

  interface Side {
    readonly toolsets?: readonly string[];
    readonly tools?: readonly string[];
    readonly read_only?: string;
    readonly environment?: string;
  }

  function askedBy(url: Side, headers: Side, isFenced: boolean) {
    const { environment: inUrl, ...query } = url;
    const parameters = { ...query, ...(isFenced && inUrl && { environment: inUrl }) };
    const values: Record<string, unknown> = {
      'x-mcp-toolsets': headers.toolsets,
      'x-mcp-tools': headers.tools,
      'x-mcp-readonly': headers.read_only,
      'x-scalekit-environment': isFenced ? headers.environment : undefined,
    };
    return {
      query: new URLSearchParams(parameters as Record<string, string>).toString(),
      header: (name: string) => (values[name] === undefined ? undefined : String(values[name])),
      headers: () => Object.keys(values),
    };
  }

  const isNamed = ({ toolsets: sets, tools }: Named, { name, toolset, rare }: Tool) =>
    sets.includes('all') ||
    sets.includes(toolset) ||
    tools.includes(name) ||
    (sets.includes('default') && rare === undefined);

  verifies(
    'tools.selected',
    'lets a request see or reach anything that the operator does not offer, or that it excludes',
    () => {
      fc.assert(
        fc.property(bounds, side, side, fc.constantFrom('workspace', 'environment'), (bound, url, headers, mode) => {
          const isFenced = mode === 'workspace' && (url.environment ?? headers.environment) !== undefined;
          const asked = askedBy(url, headers, isFenced);
          const realm = { ...REALM, mode };
          const selection = selectionOf(asked, known, mode);
          const surface = narrow(catalogue, realm, bound as OperatorBound, selection);
          const whole = narrow(
            catalogue,
            realm,
            { ...(bound as OperatorBound) },
            { named: [{ toolsets: ['all'], tools: [] }] },
          );
          for (const name of surface.tools.keys()) expect(surface.reach.has(name)).toBe(true);
          const readsOnly = bound.readOnly || url.read_only === 'true' || headers.read_only === 'true';
          for (const [name, { tool }] of surface.reach) {
            expect(whole.tools.has(name)).toBe(true);
            expect(readsOnly && tool.effect !== 'read').toBe(false);
            expect(isFenced && tool.place === 'workspace' && tool.scope !== null).toBe(false);
            const isNamedByAll = (selection.named ?? []).every((each) => isNamed(each, tool));
            expect(isNamedByAll || surface.reach.has('call_tool')).toBe(true);
          }
        }),
        { numRuns: 300 },
      );
    },
  );

  verifies('tools.selected', 'is made of names that are taken for something else', () => {
    for (const { name } of toolsets) expect(['default', 'all']).not.toContain(name);
  });
});

describe('the fence of a request', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await running({ AGENT_TOOL_EXECUTION: 'on' });
  });
  afterAll(() => server.stop());

  verifies('tools.selected', 'leaves no argument of any tool that could name another environment', async () => {
    const there = `${server.url}/mcp?toolsets=all&environment=${ENVIRONMENT_IDS.development}`;
    const { body } = await rpc(there, 'modern', 'tools/list', {}, { token: await server.token() });
    expect(body.result.tools.length).toBeGreaterThan(40);
    for (const { name, inputSchema } of body.result.tools) {
      expect([name, Object.keys(inputSchema.properties)]).not.toEqual([
        name,
        expect.arrayContaining(['environmentId']),
      ]);
    }
  });
});
