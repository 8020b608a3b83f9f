import { afterAll, describe, expect, it } from 'vitest';
import { isObject } from '../../src/core/json.ts';
import type { Tool } from '../../src/core/tool.ts';
import { catalogue } from '../../src/tools/index.ts';
import { changedScalekit } from '../fixtures/changed-scalekit.ts';
import { exampleArguments } from '../fixtures/example-calls.ts';
import { failureIn } from '../fixtures/failure-in.ts';
import { callTool, type RpcAnswer } from '../fixtures/rpc.ts';
import { running } from '../fixtures/running.ts';
import { verifies } from '../verifies.ts';

/** Every tool that writes, against a Scalekit that answers 200 and ignores a part of what it was asked. */
const WRITING = catalogue.filter(({ effect }) => effect !== 'read').map((tool) => [tool.name, tool] as const);

/**
 * What a request says that no answer shows, so that nobody can see whether it came true; with the reason. Everything
 * else that a tool sends is compared.
 */
const UNSEEN: Readonly<Record<string, string>> = {};

/** Members of a request, as dotted paths, lists as a whole. */
function pathsIn(body: unknown, before = ''): string[] {
  if (!isObject(body)) return [];
  return Object.entries(body).flatMap(([name, member]) =>
    isObject(member) && Object.keys(member).length > 0 ? pathsIn(member, `${before}${name}.`) : [`${before}${name}`],
  );
}

type Change = (value: unknown) => unknown;

/** How a member is ignored: it never arrived, or something else stands there already. The first that the API takes. */
const CHANGES: readonly Change[] = [
  () => undefined,
  (value) => (typeof value === 'string' ? `${value}x` : value),
  (value) => (typeof value === 'boolean' ? !value : value),
  (value) => (typeof value === 'string' && /^\d+$/.test(value) ? String(Number(value) + 1) : value),
  (value) => (Array.isArray(value) ? value.slice(1) : value),
];

function changedAt(body: unknown, [name = '', ...rest]: readonly string[], change: Change): unknown {
  if (!isObject(body) || !(name in body)) return body;
  const { [name]: member, ...others } = body;
  const changed = rest.length > 0 ? changedAt(member, rest, change) : change(member);
  return changed === undefined ? others : { ...others, [name]: changed };
}

interface Run {
  readonly answer: RpcAnswer;
  /** The bodies of the requests that wrote. */
  readonly sent: readonly unknown[];
  /** Whether the change reached the API, and the API refused it. */
  readonly wasRefused: boolean;
}

/** Calls a tool once on a fresh sandbox, with what it sends changed on the way. */
async function run(tool: Tool, path?: string, change: Change = (value) => value): Promise<Run> {
  const sent: unknown[] = [];
  let wasRefused = false;
  let wasChanged = false;
  const scalekit = await changedScalekit(() => ({
    body(body) {
      sent.push(body);
      const changed = path === undefined ? body : changedAt(body, path.split('.'), change);
      wasChanged = JSON.stringify(changed) !== JSON.stringify(body);
      return changed;
    },
    answer(body, _url, status) {
      if (wasChanged && status >= 400) wasRefused = true;
      wasChanged = false;
      return { status, text: JSON.stringify(body) };
    },
  }));
  const server = await running({ ...scalekit.env, AGENT_TOOL_EXECUTION: 'on' });
  const call = (args: object) =>
    callTool(
      `${server.localUrl}/mcp`,
      'modern',
      tool.name,
      { ...exampleArguments(tool), ...args },
      { token: scalekit.token },
    );
  const first = await call({});
  const confirmation = tool.effect === 'destroy' && failureIn(first.body.result).confirmation;
  const answer = confirmation ? await call({ confirmation }) : first;
  await server.stop();
  await scalekit.close();
  return { answer, sent, wasRefused };
}

const found = new Set<string>();
afterAll(() => {
  expect(Object.keys(UNSEEN).filter((name) => !found.has(name))).toEqual([]);
});

describe.each(WRITING)('%s', (name, tool) => {
  verifies('write.no-success-unseen', 'tells nothing as done that did not come true', async () => {
    const { answer, sent } = await run(tool);
    expect(answer.body.result.isError, JSON.stringify(answer.body)).toBeUndefined();
    const paths = [...new Set(sent.flatMap((body) => pathsIn(body)))];
    for (const path of paths) {
      const key = `${name} ${path}`;
      for (const change of CHANGES) {
        const { answer, sent: again, wasRefused } = await run(tool, path, change);
        const isChanged = again.some(
          (body) => JSON.stringify(changedAt(body, path.split('.'), change)) !== JSON.stringify(body),
        );
        if (!isChanged || wasRefused) continue;
        const { isError } = answer.body.result;
        if (UNSEEN[key] !== undefined) {
          found.add(key);
          expect(isError, `${key} is compared now`).toBeUndefined();
        } else {
          expect.soft(isError, key).toBe(true);
          if (isError !== true) break;
          expect(['not_applied', 'conflict', 'invalid_request', 'not_found'], key).toContain(
            failureIn(answer.body.result).code,
          );
          expect(failureIn(answer.body.result).retryable, key).toBe(false);
        }
        break;
      }
    }
  });
});

it('goes through tools that write', () => {
  expect(WRITING.length).toBeGreaterThan(20);
});
