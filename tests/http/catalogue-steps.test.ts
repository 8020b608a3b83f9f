import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Tool } from '../../src/core/tool.ts';
import { type ExampleCalls, exampleCalls } from '../fixtures/example-calls.ts';
import { failureIn } from '../fixtures/failure-in.ts';
import { FAILURES } from '../fixtures/failures.ts';
import { running, type TestServer } from '../fixtures/running.ts';
import { stepsOf } from '../fixtures/steps.ts';
import { TOOLS_OF_THE_API } from '../fixtures/tools-of-the-api.ts';
import { verifies } from '../verifies.ts';

/** Its one request has the path of the look-up of its environment; catalogue-failures.test.ts has it fail. */
const WITHOUT_STEPS = 'update_environment';

const TOOLS = TOOLS_OF_THE_API.filter(({ name }) => name !== WITHOUT_STEPS).map((tool) => [tool.name, tool] as const);
const KINDS = FAILURES.filter(([name]) => ['404', '500', 'an HTML page'].includes(name));

interface Target {
  readonly server: TestServer;
  readonly calls: ExampleCalls;
}

async function target(): Promise<Target> {
  const server = await running({ AGENT_TOOL_EXECUTION: 'on' });
  return { server, calls: await exampleCalls(server) };
}

/** Calls a tool and yields its result and the methods of what it has asked the API for, step by step. */
async function run({ server, calls }: Target, tool: Tool, args: Record<string, unknown>) {
  server.requests.length = 0;
  const { body } = await calls.call(tool, args);
  const asked = server.requests.filter(({ url }) => stepsOf(tool).test(String(url.split('?')[0])));
  return { result: body.result, asked: asked.map(({ method }) => method) };
}

/** What each tool asks for when all goes well. */
const steps = new Map<string, readonly string[]>();
beforeAll(async () => {
  const untroubled = await target();
  for (const [name, tool] of TOOLS) {
    const { result, asked } = await run(untroubled, tool, await untroubled.calls.actingArguments(tool));
    if (result.isError === undefined) steps.set(name, asked);
  }
  await untroubled.server.stop();
});

it('some calls take more than two requests', () => {
  expect([...steps.values()].some((methods) => methods.length > 2)).toBe(true);
});

describe.each(KINDS)('when the API answers with %s in the middle of a call', (kind, fault) => {
  let troubled: Target;
  beforeAll(async () => {
    troubled = await target();
  });
  afterAll(() => troubled.server.stop());

  verifies.each('catalogue.failures', TOOLS)('%s takes it for no success and hides no write', async (name, tool) => {
    const methods = steps.get(name) ?? [];
    expect(methods, 'What the tool asks for when all goes well.').not.toEqual([]);
    // Step by step, so that a write goes out only in the attempts that fail after it.
    for (const step of methods.keys()) {
      const args = await troubled.calls.actingArguments(tool);
      const when = { path: stepsOf(tool), call: true } as const;
      const takeBack = troubled.server.sandbox().faults.add({ ...fault, when, after: step });
      const { result, asked } = await run(troubled, tool, args);
      takeBack();
      // That nothing is there any more is what such a call reads for after its deletion.
      if (result.isError === undefined && isProof(kind, tool, methods, step)) continue;
      if (result.isError === undefined && tellsInItsRow(result)) continue;
      const at = `request ${step + 1} of ${methods.join(', ')}: ${JSON.stringify(result)}`;
      expect(asked.length, at).toBeGreaterThan(step);
      expect(result.isError, at).toBe(true);
      expect(result, at).not.toHaveProperty('structuredContent');
      expectHonesty(failureIn(result), methods.slice(0, step + 1), kind, at);
    }
  });
});

/** Whether a result says in the row of one environment that this one could not be read: the others could. */
function tellsInItsRow({
  structuredContent,
}: {
  readonly structuredContent?: { readonly environments?: unknown };
}): boolean {
  const rows = structuredContent?.environments;
  return Array.isArray(rows) && rows.some(({ failure, not_read }) => Boolean(failure) || not_read?.length > 0);
}

/** Whether a 404 says of the last request of a tool that what it was to delete is gone. */
function isProof(kind: string, { name }: Tool, methods: readonly string[], step: number): boolean {
  const deletes = name.startsWith('delete_') || name === 'remove_workspace_member';
  return kind === '404' && deletes && step === methods.length - 1;
}

/**
 * A failure after a write says that there was one; a write that failed without a refusal, that it may have acted. No
 * member of the error tells the two apart, so that this is the one place that reads the message.
 */
function expectHonesty(
  { message, retryable }: { message: string; retryable: boolean },
  methods: readonly string[],
  kind: string,
  at: string,
): void {
  if (methods.slice(0, -1).some((method) => method !== 'GET')) {
    expect(message, at).toMatch(/has been (sent|created)/);
    expect(retryable, at).toBe(false);
  } else if (methods.at(-1) !== 'GET' && kind !== '404' && !retryable) {
    expect(message, at).toMatch(/carried out|current state/);
  }
}
