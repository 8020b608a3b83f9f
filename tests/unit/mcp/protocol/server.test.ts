import { Client } from '@modelcontextprotocol/client';
import { InMemoryTransport } from '@modelcontextprotocol/server';
import { afterEach, beforeEach, expect } from 'vitest';
import { authorize, type Decision } from '../../../../src/access/authorize.ts';
import { observeDecision } from '../../../../src/access/decision-facts.ts';
import { narrow } from '../../../../src/access/surface.ts';
import type { Caller } from '../../../../src/auth/caller.ts';
import { parseGrant } from '../../../../src/auth/scopes.ts';
import { parseConfig } from '../../../../src/config/config.ts';
import type { Message } from '../../../../src/core/message.ts';
import { NO_DOCUMENTATION } from '../../../../src/knowledge/off.ts';
import { protocolServer } from '../../../../src/mcp/protocol/server.ts';
import { openAudit } from '../../../../src/observability/audit/ledger.ts';
import { NO_METRICS } from '../../../../src/observability/metrics/metrics.ts';
import { Observation } from '../../../../src/observability/observation.ts';
import { External } from '../../../../src/outgoing/external.ts';
import { Confirmations } from '../../../../src/run/confirmation.ts';
import { connectScalekit } from '../../../../src/scalekit/scalekit.ts';
import { MemoryConfirmationStore } from '../../../../src/shared/confirmation-store.ts';
import { catalogue } from '../../../../src/tools/index.ts';
import { failureIn } from '../../../fixtures/failure-in.ts';
import { SILENT } from '../../../fixtures/silent-log.ts';
import { verifies } from '../../../verifies.ts';

const REALM = {
  mode: 'workspace',
  scopeSpelling: 'long',
  environmentUrl: 'https://acme.scalekit.dev',
  origin: 'https://mcp.example.com',
  admission: { subjects: undefined, clients: undefined, organizations: undefined },
} as const;
const surface = narrow(catalogue, REALM, { optIns: [] });

const caller: Caller = {
  key: 'mira',
  person: 'mira',
  subject: 'usr_1',
  clientId: undefined,
  organizationId: undefined,
  grant: parseGrant(['environment:read']),
  expiresAt: new Date(0),
  bearer: () => 'token',
};

const audit = await openAudit({
  config: parseConfig({ AUDIT_LOG: 'off' }).audit,
  stderr: () => undefined,
  log: SILENT,
});
const scalekit = connectScalekit({
  config: {
    environmentUrl: REALM.environmentUrl,
    mode: { kind: 'workspace', apiUrl: 'https://api.acme.scalekit.dev/api/v1' },
  },
  timeoutMs: 1_000,
  log: SILENT,
});

/** The messages that were decided on. */
let judged: Message[];
/** Decides in place of `authorize`, if it is set. */
let gate: (() => Decision) | undefined;
let client: Client;

/** A connection of many messages, as over stdio: each is observed and decided on by itself. */
beforeEach(async () => {
  judged = [];
  gate = undefined;
  const judge = (message: Message) => {
    judged.push(message);
    const observers = { log: SILENT, audit, metrics: NO_METRICS, clean: (text: string) => text };
    const observation = new Observation(`message-${message.id}`, { address: 'stdio', userAgent: undefined }, observers);
    observation.received(message, {});
    const decision = gate?.() ?? authorize(caller, surface, message);
    observeDecision(observation, caller, decision, SILENT);
    return { decision, observation };
  };
  const confirmations = new Confirmations(new MemoryConfirmationStore());
  const external = new External({ allowLoopback: false });
  const services = {
    scalekit,
    confirmations,
    documentation: NO_DOCUMENTATION,
    external,
    patientTimeoutMs: 60_000,
    resultBudget: 10_000,
    log: SILENT,
  };
  const server = protocolServer({ judge, era: 'legacy', surface, services, showsAll: true, skipsSchemas: false });
  const [here, there] = InMemoryTransport.createLinkedPair();
  await server.connect(here);
  client = new Client({ name: 'test', version: '1' });
  await client.connect(there);
});
afterEach(() => client.close());

verifies('wire.one-factory', 'serves all messages of a connection, and has each decided on', async () => {
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name)).toEqual([...surface.tools.keys()]);
  const { structuredContent } = await client.callTool({ name: 'whoami', arguments: {} });
  expect(structuredContent).toMatchObject({ subject: 'usr_1', scopes: { granted: ['environment:read'] } });
  expect(judged.map(({ method }) => method)).toEqual(['initialize', 'tools/list', 'tools/call']);
  expect(judged.at(-1)?.params).toMatchObject({ name: 'whoami' });
});

verifies('wire.one-factory', 'tells a refusal in the result, and goes on', async () => {
  const result = await client.callTool({
    name: 'create_environment_role',
    arguments: { environmentId: 'env_1', roleName: 'x', displayName: 'X' },
  });
  expect(failureIn(result)).toMatchObject({
    code: 'insufficient_scope',
    requiredScope: 'environment:write',
    requestId: `message-${judged.at(-1)?.id}`,
  });
  await expect(client.callTool({ name: 'no_such_tool', arguments: {} })).rejects.toMatchObject({ code: -32602 });
  expect((await client.callTool({ name: 'whoami', arguments: {} })).isError).toBeUndefined();
});

verifies(
  'wire.closed-gate',
  'runs no handler for a method that the gate does not know, those of the SDK included',
  async () => {
    gate = () => ({ kind: 'unknown' });
    await expect(client.listTools()).rejects.toMatchObject({ code: -32601 });
    await expect(client.ping()).rejects.toMatchObject({ code: -32601 });
    gate = undefined;
    await expect(client.request({ method: 'prompts/list', params: {} })).rejects.toMatchObject({ code: -32601 });
    expect((await client.listTools()).tools).not.toEqual([]);
  },
);
