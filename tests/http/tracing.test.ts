import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from 'vitest';
import { callTool, rpc } from '../fixtures/rpc.ts';
import { running, type TestServer } from '../fixtures/running.ts';
import { FakeScalekit, json } from '../fixtures/scalekit.ts';
import { collectedSpans } from '../fixtures/spans.ts';
import { verifies } from '../verifies.ts';

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const OTHER_ID = '0af7651916cd43dd8448eb211c80319c';
const PARENT = `00-${TRACE_ID}-00f067aa0ba902b7-01`;
const OTHER = `00-${OTHER_ID}-b7ad6b7169203331-01`;
const STATE = 'rojo=00f067aa0ba902b7,congo=t61rcWkgMzE';

const exporter = collectedSpans();
let scalekit: FakeScalekit;
let server: TestServer;
let token: string;

beforeAll(async () => {
  scalekit = await FakeScalekit.start();
  server = await running(scalekit.env);
  token = await scalekit.mint();
});
beforeEach(() => {
  scalekit.serveApi((_request, response) => json(response, 200, { organizations: [] }));
  scalekit.requests.length = 0;
  exporter.reset();
});
afterAll(async () => {
  await server.stop();
  await scalekit.close();
});
afterEach(() => exporter.reset());

const url = () => `${server.url}/mcp`;
let environment = 0;
/** In an environment of its own, so that its domain is looked up each time. */
const list = (meta: Record<string, unknown> = {}, headers: Record<string, string> = {}) =>
  callTool(url(), 'modern', 'list_organizations', { environmentId: `env_${++environment}` }, { token, meta, headers });

/** All spans of the one message of this test, once the last one has ended. */
async function spans(): Promise<ReadableSpan[]> {
  const isServer = ({ kind }: ReadableSpan) => kind === SpanKind.SERVER;
  await expect.poll(() => exporter.getFinishedSpans().some(isServer)).toBe(true);
  return exporter.getFinishedSpans();
}

function named(all: readonly ReadableSpan[], name: string): ReadableSpan {
  const found = all.find((span) => span.name === name);
  if (found === undefined) throw new Error(`No span ${name} among ${all.map((span) => span.name).join(', ')}`);
  return found;
}

const millis = ([seconds, nanos]: readonly [number, number]) => seconds * 1000 + nanos / 1e6;

describe('a traced message', () => {
  verifies('trace.spans', 'is a span with what was done for it under it', async () => {
    await list();
    const all = await spans();
    const root = named(all, 'tools/call list_organizations');
    const tool = named(all, 'execute_tool list_organizations');
    const parents = all.map(({ name, kind, parentSpanContext }) => [name, kind, parentSpanContext?.spanId]);
    const [rootId, toolId] = [root.spanContext().spanId, tool.spanContext().spanId];
    expect(parents).toEqual(
      expect.arrayContaining([
        ['tools/call list_organizations', SpanKind.SERVER, undefined],
        ['authenticate', SpanKind.INTERNAL, rootId],
        ['authorize', SpanKind.INTERNAL, rootId],
        ['execute_tool list_organizations', SpanKind.INTERNAL, rootId],
        ['GET /environments/{}', SpanKind.CLIENT, toolId],
        ['GET /organizations', SpanKind.CLIENT, toolId],
      ]),
    );
    expect(all).toHaveLength(6);
    for (const span of all) {
      expect(span.status.code).toBe(SpanStatusCode.UNSET);
      expect(millis(span.startTime)).toBeGreaterThanOrEqual(millis(root.startTime));
      expect(millis(span.endTime)).toBeLessThanOrEqual(millis(root.endTime));
    }
    expect(root.attributes).toEqual({
      'network.transport': 'tcp',
      'network.protocol.name': 'http',
      'http.response.status_code': 200,
      'scalekit_mcp.request_id': expect.any(String),
      'mcp.method.name': 'tools/call',
      'gen_ai.tool.name': 'list_organizations',
      'gen_ai.operation.name': 'execute_tool',
    });
    expect(named(all, 'GET /organizations').attributes).toEqual({
      'http.request.method': 'GET',
      'url.template': '/organizations',
      'server.address': '127.0.0.1',
      'server.port': Number(new URL(scalekit.url).port),
      'http.response.status_code': 200,
    });
    const line = () => server.lines.find(({ traceId }) => traceId === root.spanContext().traceId);
    await expect.poll(line).toMatchObject({ event: 'request', tool: 'list_organizations' });
  });

  verifies('trace.spans', 'that fails says how, wherever it failed', async () => {
    scalekit.serveApi((_request, response) => json(response, 404, {}));
    await list();
    const all = await spans();
    const errors = all.filter(({ status }) => status.code === SpanStatusCode.ERROR);
    expect(Object.fromEntries(errors.map(({ name, attributes }) => [name, attributes['error.type']]))).toEqual({
      'GET /organizations': '404',
      'execute_tool list_organizations': 'unexpected_response',
      'tools/call list_organizations': 'unexpected_response',
    });
  });

  verifies.each('trace.spans', [
    [
      'without a good token',
      () => rpc(url(), 'legacy', 'tools/list', {}, { token: 'bad' }),
      'POST /mcp',
      'authenticate',
      'invalid_token',
    ],
    [
      'without its scope',
      () => callTool(url(), 'legacy', 'invite_workspace_member', {}, { token }),
      'tools/call invite_workspace_member',
      'authorize',
      'insufficient_scope',
    ],
  ])('%s ends where that is found', async (_name, send, name, step, errorType) => {
    await send();
    const all = await spans();
    for (const span of [named(all, name), named(all, step)]) expect(span.attributes['error.type']).toBe(errorType);
    expect(all.map((span) => span.name)).not.toContain('execute_tool invite_workspace_member');
  });

  verifies('trace.spans', 'that goes another way than the others is a span as well; probes are none', async () => {
    await fetch(`${server.url}/health/live`);
    await rpc(url(), 'modern', 'tools/list', {}, { token });
    expect((await spans()).map(({ name }) => name).sort()).toEqual(['authenticate', 'authorize', 'tools/list']);
  });
});

describe('the parent of a message', () => {
  const rootOf = async () => named(await spans(), 'tools/call list_organizations');

  verifies('trace.parent', 'is who sent it, before who sent the HTTP request, which is linked', async () => {
    await list({ traceparent: PARENT, tracestate: STATE }, { traceparent: OTHER });
    const root = await rootOf();
    expect(root.spanContext()).toMatchObject({ traceId: TRACE_ID, traceFlags: 1 });
    expect(root.parentSpanContext).toMatchObject({ spanId: '00f067aa0ba902b7', isRemote: true });
    expect(root.links.map(({ context }) => context.traceId)).toEqual([OTHER_ID]);
  });

  verifies('trace.parent', 'is who sent the HTTP request, where the message names nobody', async () => {
    await list({ traceparent: 'nobody' }, { traceparent: OTHER });
    const root = await rootOf();
    expect([root.spanContext().traceId, root.links]).toEqual([OTHER_ID, []]);
  });

  verifies.each('trace.parent', [
    ['no text', 5],
    ['too short', '00-4bf92f35-00f067aa0ba902b7-01'],
    ['zeros alone', `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`],
    ['a version that none may have', PARENT.replace(/^00/, 'ff')],
    ['upper case', PARENT.toUpperCase()],
    ['more than it may be', `${PARENT}\r\nx: y`],
  ])('is nobody when its name is %s', async (_name, traceparent) => {
    await list({ traceparent });
    expect((await rootOf()).parentSpanContext).toBeUndefined();
  });

  verifies('trace.parent', 'who is not traced is not traced here either', async () => {
    await list({ traceparent: PARENT.replace(/01$/, '00') });
    expect(scalekit.operations.map(({ headers }) => headers['traceparent'])).toEqual([
      expect.stringMatching(new RegExp(`^00-${TRACE_ID}-[0-9a-f]{16}-00$`)),
    ]);
    expect(exporter.getFinishedSpans()).toEqual([]);
  });
});

verifies(
  'trace.sent-on',
  'every request to the API carries the span that it is, and the state of the trace',
  async () => {
    await list({ traceparent: PARENT, tracestate: STATE, baggage: 'user=alice' }, { baggage: 'user=alice' });
    const all = await spans();
    const sent = scalekit.requests.map(({ headers }) => [
      headers['traceparent'],
      headers['tracestate'],
      headers['baggage'],
    ]);
    const ids = ['GET /environments/{}', 'GET /organizations'].map((name) => named(all, name).spanContext().spanId);
    expect(sent).toEqual(ids.map((id) => [`00-${TRACE_ID}-${id}-01`, STATE, undefined]));
  },
);

verifies('trace.bare', 'spans hold nothing that a caller or the platform has said', async () => {
  const secret = 'a-text-that-nobody-else-uses';
  scalekit.serveApi((_request, response) => json(response, 404, { message: secret }));
  const args = { environmentId: 'env_1', organizationId: `org_${secret}` };
  await callTool(url(), 'legacy', 'get_organization_details', args, { token, id: secret, meta: { note: secret } });
  await rpc(`${url()}?${secret}`, 'legacy', secret, {}, { token, id: secret, headers: { 'user-agent': secret } });
  await rpc(url(), 'legacy', 'tools/list', {}, { token: secret });
  await expect.poll(() => exporter.getFinishedSpans().filter(({ kind }) => kind === SpanKind.SERVER).length).toBe(3);
  const all = exporter
    .getFinishedSpans()
    .map(({ name, attributes, events, links, status }) => ({ name, attributes, events, links, status }));
  expect(all.map(({ name }) => name)).toContain('_OTHER');
  const text = JSON.stringify(all);
  for (const word of [secret, token, 'env_1', 'usr_1', 'm2m_1']) expect(text).not.toContain(word);
});
