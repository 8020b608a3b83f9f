import { afterEach, describe, expect } from 'vitest';
import type { Api } from '../../../src/core/api.ts';
import { ToolError } from '../../../src/core/errors.ts';
import type { ToolContext } from '../../../src/core/tool.ts';
import { diagnoseMcpServer } from '../../../src/diagnosis/mcp-server/diagnose.ts';
import { Deadline } from '../../../src/outgoing/deadline.ts';
import { External } from '../../../src/outgoing/external.ts';
import { documentOf, type Fault, faultyMcpServer, partOf, SCOPES } from '../../fixtures/faulty-mcp-server.ts';
import { sharedServer } from '../../fixtures/shared-server.ts';
import { verifies } from '../../verifies.ts';

const { call, asked } = sharedServer();
const opened: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

type Settings = Record<string, unknown>;

/** A server as Scalekit would have registered it. */
const registeredAs = (origin: string): Settings => ({
  id: 'res_1',
  name: 'Notes',
  resource_id: `${origin}/mcp`,
  protected_metadata: documentOf(origin),
  scopes: [...SCOPES.map((name) => ({ name, enabled: true })), { name: 'notes:all', enabled: false }],
  enable_cimd: false,
  connection_details: { id: 'conn_1', enabled: true },
});

/** Diagnoses a server by its id, over real connections, with Scalekit's answer about it as given. */
async function diagnose(change: (origin: string) => Settings = () => ({}), fault?: Fault) {
  const faulty = await faultyMcpServer(fault);
  opened.push(faulty);
  const origin = faulty.url.replace('/mcp', '');
  const external = new External({ allowLoopback: true });
  const deadline = new Deadline(60_000, new AbortController().signal);
  const api = { get: async () => ({ resource: { ...registeredAs(origin), ...change(origin) } }) } as unknown as Api;
  const fetchExternal: ToolContext['fetchExternal'] = (request) => external.fetch(request, 'mira', deadline);
  return { ...(await diagnoseMcpServer({ api, fetchExternal } as ToolContext, { id: 'res_1' })), origin };
}

const CIMD = { client_id_metadata_document_supported: true };
const server =
  (change: Settings): Fault =>
  (answer, request) =>
    partOf(request) === 'server' ? { ...answer, body: { ...(answer.body as object), ...change } } : undefined;
const resource =
  (change: (url: string) => Settings): Fault =>
  (answer, request, url) =>
    partOf(request) === 'resource' ? { ...answer, body: { ...(answer.body as object), ...change(url) } } : undefined;

const FAULTS: [fault: string, check: string, change: (origin: string) => Settings, fault?: Fault][] = [
  ['has no URL', 'url', () => ({ resource_id: 'res_1' })],
  [
    'publishes another authorization server',
    'authorization_servers',
    () => ({ protected_metadata: { authorization_servers: ['https://acme.scalekit.example/resources/res_1'] } }),
  ],
  [
    'asks for scopes that are switched off',
    'scopes',
    () => ({}),
    resource(() => ({ scopes_supported: ['notes:all'] })),
  ],
  [
    'challenges for scopes that are switched off',
    'challenge_scopes',
    () => ({ scopes: [{ name: 'notes:read', enabled: true }] }),
    resource(() => ({ scopes_supported: ['notes:read'] })),
  ],
  [
    'lets nobody register, whatever its metadata say',
    'registration',
    () => ({ disable_dynamic_client_registration: true }),
  ],
  ['is to take documents of clients, and does not say so', 'client_documents', () => ({ enable_cimd: true })],
  ['has a login that is off', 'login', () => ({ connection_details: { id: 'conn_1', enabled: false } })],
];

describe('a registered MCP server', () => {
  verifies('diagnosis.registered', 'that fits its registration has no fault', async () => {
    const { healthy, findings, passed, registered } = await diagnose();
    expect([healthy, findings, registered]).toEqual([true, [], { id: 'res_1', name: 'Notes' }]);
    expect(passed).toEqual(expect.arrayContaining(['resource_registered', 'scopes', 'login']));
    expect((await diagnose(() => ({ enable_cimd: true }), server(CIMD))).healthy).toBe(true);
  });

  verifies.each('diagnosis.registered', FAULTS)('that %s is told by %s', async (...[, check, change, fault]) => {
    const { findings, healthy } = await diagnose(change, fault);
    expect(findings.map((finding) => finding.check)).toEqual([check]);
    expect(healthy).toBe(findings[0]?.state === 'warn');
  });

  verifies('diagnosis.registered', 'that publishes another resource gets tokens for the registered one', async () => {
    const { findings, publish, origin } = await diagnose(
      () => ({}),
      resource(() => ({ resource: 'https://other.example/mcp' })),
    );
    expect(findings.map(({ check }) => check)).toEqual(['resource', 'resource_registered']);
    const withSlash = await diagnose(
      () => ({}),
      resource((url) => ({ resource: `${url}/mcp/` })),
    );
    expect(withSlash.findings.map(({ check }) => check)).toEqual(['resource_registered', 'resource']);
    expect(publish?.document).toEqual(documentOf(origin));
    expect(publish?.header).toContain(`scope="${SCOPES.join(' ')}"`);
  });

  verifies('diagnosis.registered', 'is found by its URL among all, and told by its id', async () => {
    const faulty = await faultyMcpServer();
    opened.push(faulty);
    const { data } = await call('register_mcp_server', { name: 'Notes', url: faulty.url });
    const found = await call('diagnose_mcp_server', { url: `${faulty.url}/` });
    expect(found.data.registered).toEqual({ id: data.resource.id, name: 'Notes' });
    const byId = await call('diagnose_mcp_server', { id: data.resource.id });
    expect(byId.data).toMatchObject({ url: faulty.url, registered: { id: data.resource.id } });
    // It names its own authorization server, where the registration has another.
    const checks = byId.data.findings.map(({ check }: { check: string }) => check);
    expect(checks).toContain('authorization_servers');
    expect(byId.data.publish.document).toEqual(data.resource.protected_metadata);
  });

  verifies(
    'diagnosis.registered',
    'that does not exist is an error, and one that may not be seen a stranger',
    async () => {
      expect((await call('diagnose_mcp_server', { id: 'res_404' })).error).toMatchObject({ code: 'not_found' });
      expect(asked().filter(({ url }) => url.includes('/resources/'))).toHaveLength(1);
      const faulty = await faultyMcpServer();
      opened.push(faulty);
      const external = new External({ allowLoopback: true });
      const deadline = new Deadline(60_000, new AbortController().signal);
      const context = {
        api: { get: () => Promise.reject(new ToolError('permission_denied', 'No.')) },
        fetchExternal: (request: Parameters<ToolContext['fetchExternal']>[0]) =>
          external.fetch(request, 'mira', deadline),
      } as unknown as ToolContext;
      const { registered, healthy } = await diagnoseMcpServer(context, { url: faulty.url });
      expect([registered, healthy]).toEqual([undefined, true]);
    },
  );
});
