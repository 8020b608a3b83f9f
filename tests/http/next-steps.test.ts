import { afterAll, beforeAll, describe, expect } from 'vitest';
import type { z } from 'zod';
import type { ListedTool } from '../../src/access/listing.ts';
import type { Tool } from '../../src/core/tool.ts';
import { catalogue } from '../../src/tools/index.ts';
import { type ExampleCalls, exampleArguments, exampleCalls } from '../fixtures/example-calls.ts';
import { failureIn } from '../fixtures/failure-in.ts';
import { FAILURES } from '../fixtures/failures.ts';
import { rpc } from '../fixtures/rpc.ts';
import { running, type TestServer } from '../fixtures/running.ts';
import { argumentsOf } from '../fixtures/schema-paths.ts';
import { TOOLS_OF_THE_API } from '../fixtures/tools-of-the-api.ts';
import { verifies } from '../verifies.ts';

/** No id has such a form. */
const NO_ID = 'no id';

describe.each([
  ['workspace', {}],
  ['environment', { SANDBOX_MODE: 'environment' }],
])('in %s mode', (_mode, env: Record<string, string>) => {
  let server: TestServer;
  let calls: ExampleCalls;
  let listed: ListedTool[];
  const names = () => listed.map(({ name }) => name);

  beforeAll(async () => {
    server = await running({ AGENT_TOOL_EXECUTION: 'on', ...env });
    calls = await exampleCalls(server);
    const token = await server.token();
    const { body } = await rpc(`${server.localUrl}/mcp?toolsets=all`, 'legacy', 'tools/list', {}, { token });
    listed = body.result.tools;
  });
  afterAll(() => server.stop());

  const argumentsFor = async (tool: Tool) => {
    const { environmentId, ...args } = await calls.actingArguments(tool);
    return 'SANDBOX_MODE' in env ? args : { ...args, ...(environmentId !== undefined && { environmentId }) };
  };
  const toolsHere = () => TOOLS_OF_THE_API.filter(({ name }) => names().includes(name));

  verifies.each('result.next-step', [
    ['404', 'not_found'],
    ['409', 'conflict'],
  ])('what fails with %s names a tool of this surface that shows what there is', async (status, code) => {
    const [, fault] = FAILURES.find(([name]) => name === status) ?? [];
    if (fault === undefined) throw new Error(`There is no failure ${status}.`);
    const silent: string[] = [];
    for (const tool of toolsHere()) {
      const args = await argumentsFor(tool);
      server.sandbox().faults.add({ ...fault, times: Number.POSITIVE_INFINITY });
      const { body } = await calls.call(tool, args);
      server.sandbox().faults.clear();
      const error = failureIn(body.result);
      if (error.code !== code) continue;
      if (!names().includes(error.nextTool)) silent.push(`${tool.name}: ${error.nextTool}`);
    }
    expect(silent).toEqual([]);
  });

  /** The arguments of a tool that are ids of one form, with the tool that their description names. */
  const idsOf = (tool: Tool): [argument: string, source: string][] => {
    const definition = listed.find(({ name }) => name === tool.name);
    if (definition === undefined) throw new Error(`${tool.name} is not listed.`);
    return argumentsOf(definition).flatMap(({ path, schema }) => {
      const [, source] = /^From ([a-z]+_[a-z_]+)/.exec(String(schema.description)) ?? [];
      const argument = String(path[0]);
      const takesAnything = (tool.input[argument] as z.ZodType | undefined)?.safeParse(NO_ID).success === true;
      return path.length === 1 && source !== undefined && !takesAnything ? [[argument, source]] : [];
    });
  };

  verifies('result.next-step', 'an id of the wrong form names the tool that lists such ids', async () => {
    for (const tool of toolsHere()) {
      for (const [argument, source] of idsOf(tool)) {
        const { body } = await calls.call(tool, { ...exampleArguments(tool), [argument]: NO_ID });
        const error = failureIn(body.result);
        expect(error, tool.name).toMatchObject({ code: 'invalid_arguments', field: argument });
        expect(error.nextTool, tool.name).toBe(names().includes(source) ? source : undefined);
      }
    }
  });

  verifies('result.next-step', 'what descriptions name as the source of a value is a tool', () => {
    const all = catalogue.map(({ name }) => name);
    for (const tool of listed) {
      for (const { schema } of argumentsOf(tool)) {
        const source = /\bfrom ((?:list|get|search)_[a-z_]+)/i.exec(String(schema.description))?.[1];
        if (source !== undefined) expect(all, tool.name).toContain(source);
      }
    }
  });
});
