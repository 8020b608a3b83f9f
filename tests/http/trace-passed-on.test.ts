import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { callTool } from '../fixtures/rpc.ts';
import { running, type TestServer } from '../fixtures/running.ts';
import { FakeScalekit, json } from '../fixtures/scalekit.ts';
import { verifies } from '../verifies.ts';

const TRACEPARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00';
const OTHER = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const STATE = 'rojo=00f067aa0ba902b7';

let scalekit: FakeScalekit;
let server: TestServer;
let token: string;

beforeAll(async () => {
  scalekit = await FakeScalekit.start();
  scalekit.serveApi((_request, response) => json(response, 200, { organizations: [] }));
  server = await running(scalekit.env);
  token = await scalekit.mint();
});
beforeEach(() => {
  scalekit.requests.length = 0;
});
afterAll(async () => {
  await server.stop();
  await scalekit.close();
});

/** What the requests carried that one call has caused. */
async function sent(meta: Record<string, unknown>, headers: Record<string, string>) {
  const environmentId = `env_${Math.random().toString(36).slice(2)}`;
  const options = { token, meta, headers };
  const { status } = await callTool(`${server.url}/mcp`, 'modern', 'list_organizations', { environmentId }, options);
  expect(status).toBe(200);
  return scalekit.requests.map(({ headers: { traceparent, tracestate, baggage } }) => [
    traceparent,
    tracestate,
    baggage,
  ]);
}

verifies.each<[string, Record<string, unknown>, Record<string, string>, string | undefined, string | undefined]>(
  'trace.sent-on',
  [
    ['a message', { traceparent: TRACEPARENT, tracestate: STATE }, { traceparent: OTHER }, TRACEPARENT, STATE],
    ['an HTTP request', {}, { traceparent: TRACEPARENT, tracestate: STATE, baggage: 'a=b' }, TRACEPARENT, STATE],
    ['nobody', {}, {}, undefined, undefined],
    ['nobody in the form of W3C', { traceparent: 'x' }, { traceparent: 'y', tracestate: STATE }, undefined, undefined],
    ['a message with a state that is none', { traceparent: OTHER, tracestate: 'a\r\nb: c' }, {}, OTHER, undefined],
  ],
)(
  'the trace of %s goes out as it came, where no spans are collected',
  async (_name, meta, headers, traceparent, tracestate) => {
    const all = await sent(meta, headers);
    expect(all).toEqual([
      [traceparent, tracestate, undefined],
      [traceparent, tracestate, undefined],
    ]);
  },
);
