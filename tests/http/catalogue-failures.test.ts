import { afterAll, beforeAll, describe, expect, vi } from 'vitest';
import type { Tool } from '../../src/core/tool.ts';
import { type ExampleCalls, exampleArguments, exampleCalls } from '../fixtures/example-calls.ts';
import { failureIn } from '../fixtures/failure-in.ts';
import { comesAfterAnother, FAILURES, readsWholeListFirst } from '../fixtures/failures.ts';
import type { RpcAnswer } from '../fixtures/rpc.ts';
import { running, type TestServer } from '../fixtures/running.ts';
import { TOOLS_OF_THE_API } from '../fixtures/tools-of-the-api.ts';
import { verifies } from '../verifies.ts';

const TOOLS = TOOLS_OF_THE_API.map((tool) => [tool.name, tool] as const);

/** So many tools are called at the same time: with more, some calls would only wait for a connection. */
const AT_ONCE = 40;

interface Target {
  readonly server: TestServer;
  readonly calls: ExampleCalls;
}

async function target(deadlineMs: number): Promise<Target> {
  const server = await running({
    UPSTREAM_TIMEOUT_MS: String(deadlineMs),
    AGENT_TOOL_TIMEOUT_MS: String(deadlineMs),
    AGENT_TOOL_EXECUTION: 'on',
  });
  return { server, calls: await exampleCalls(server) };
}

/** Waits long enough for calls of all tools at the same time. */
let patient: Target;
/** For calls that meet the end of their time. */
let hasty: Target;
beforeAll(async () => {
  patient = await target(60_000);
  hasty = await target(3_000);
});
afterAll(() => Promise.all([patient.server.stop(), hasty.server.stop()]));

interface Answered extends RpcAnswer {
  readonly args: Record<string, unknown>;
}

/** The ways to call a tool: what destroys is previewed and confirmed. */
async function waysToCall(tool: Tool, calls: ExampleCalls): Promise<Record<string, unknown>[]> {
  const acting = await calls.actingArguments(tool);
  return tool.effect === 'destroy' ? [acting, exampleArguments(tool)] : [acting];
}

/** @throws while calls fail without asking */
async function goesOn(calls: ExampleCalls): Promise<void> {
  for (const [name, tool] of TOOLS) {
    if (name === 'list_environments') expect((await calls.call(tool, {})).body.result.isError).toBeUndefined();
  }
}

describe.each(FAILURES)('when the API answers with %s', (_, fault, expected) => {
  const answers = new Map<Tool, Promise<Answered[]>>();

  // Many tools at the same time, since some failures take long; each is judged by a test of its own.
  beforeAll(async () => {
    const { server, calls } = fault.kind === 'hang' ? hasty : patient;
    const ways = new Map<Tool, Record<string, unknown>[]>();
    for (const [, tool] of TOOLS) ways.set(tool, await waysToCall(tool, calls));
    const all = [...ways];
    for (let start = 0; start < all.length; start += AT_ONCE) {
      server.sandbox().faults.add({ ...fault, times: Number.POSITIVE_INFINITY });
      for (const [tool, some] of all.slice(start, start + AT_ONCE)) {
        answers.set(tool, Promise.all(some.map(async (args) => ({ ...(await calls.call(tool, args)), args }))));
      }
      await Promise.allSettled(answers.values());
      server.sandbox().faults.clear();
      // What many calls have found dead at once is left alone for a moment.
      await vi.waitFor(() => goesOn(calls), { timeout: 60_000, interval: 100 });
    }
  }, 300_000);

  verifies.each('catalogue.failures', TOOLS)('%s says so, and invents no answer', async (_name, tool) => {
    const all = (await answers.get(tool)) ?? [];
    expect(all.length).toBeGreaterThan(0);
    for (const { args, body } of all) {
      const error = failureIn(body.result);
      expect({ isError: body.result.isError, error }).toMatchObject({
        isError: true,
        // A confirmation is used up, so that the same call cannot succeed.
        error: {
          ...expected,
          ...(expected['code'] === 'not_found' && readsWholeListFirst(tool.name) && { code: 'unexpected_response' }),
          ...(fault.kind === 'hang' &&
            comesAfterAnother(tool.name) && { code: expect.stringMatching(/^upstream_(timeout|unavailable)$/) }),
          ...('confirmation' in args && { retryable: false }),
          message: expect.any(String),
          requestId: expect.any(String),
        },
      });
      expect(typeof error.retryable).toBe('boolean');
      expect(body.result).not.toHaveProperty('structuredContent');
    }
  });
});
