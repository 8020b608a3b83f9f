import { expect } from 'vitest';
import { rawConnection } from '../../fixtures/raw-connection.ts';
import { callTool } from '../../fixtures/rpc.ts';
import { running } from '../../fixtures/running.ts';
import { FakeScalekit } from '../../fixtures/scalekit.ts';
import { verifies } from '../../verifies.ts';

const EVENTS: readonly unknown[] = ['request', 'answer_lost', 'requests_unhandled'];
/** Each is cut off, and leaves two lines at least. */
const CONNECTIONS = 350;
const PIPELINED = 'GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(20);

verifies('log.strangers', 'leaves a sum of connections that are cut off, and each line of a caller', async () => {
  const scalekit = await FakeScalekit.start();
  const server = await running(scalekit.env);
  const cutOff = async () => {
    const { send, closed } = await rawConnection(server.localUrl);
    send(PIPELINED);
    await closed;
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, cutOff));
  await callTool(`${server.url}/mcp`, 'legacy', 'whoami', {}, { token: await scalekit.mint() });
  await server.stop();
  await scalekit.close();
  const ofRequests = server.lines.filter(({ event }) => EVENTS.includes(event));
  const [known, unknown] = [true, false].map((isKnown) => ofRequests.filter((line) => 'caller' in line === isKnown));
  expect(known).toEqual([expect.objectContaining({ tool: 'whoami', outcome: 'ok' })]);
  expect(unknown).toHaveLength(600);
  const sums = server.lines.filter(({ event }) => event === 'strangers_summed');
  expect(sums).toEqual([expect.objectContaining({ level: 'info', since: expect.any(String) })]);
  const { count, outcomes } = sums[0] as { count: number; outcomes: Record<string, number> };
  expect(count).toBe(Object.values(outcomes).reduce((sum, each) => sum + each, 0));
  expect(Object.keys(outcomes)).toContain('requests_unhandled');
});
