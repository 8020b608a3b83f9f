import { afterAll, beforeAll, describe, expect } from 'vitest';
import { listedTools } from '../../scripts/generated-files.ts';
import { catalogue } from '../../src/tools/index.ts';
import { type ExampleCalls, exampleArguments, exampleCalls } from '../fixtures/example-calls.ts';
import { failureIn } from '../fixtures/failure-in.ts';
import { running, type TestServer } from '../fixtures/running.ts';
import { argumentsOf, withValueAt } from '../fixtures/schema-paths.ts';
import { verifies } from '../verifies.ts';

let server: TestServer;
let calls: ExampleCalls;
beforeAll(async () => {
  server = await running({ AGENT_TOOL_EXECUTION: 'on' });
  calls = await exampleCalls(server);
});
afterAll(() => server.stop());

const LEAD = 'Correct the arguments and call again. ';
const MANY = Array.from({ length: 500 }, () => 7);
const TEXT = 'abc'.repeat(150);

/** Values that mean nothing for an argument of that type, long enough to break its other limits as well. */
const WRONG: Readonly<Record<string, readonly unknown[]>> = {
  string: [true, MANY, 1.5],
  array: [TEXT, true, 7],
  object: [TEXT, 7, MANY],
  integer: [TEXT, {}, MANY, true],
  boolean: [TEXT, {}, MANY, 7],
};

describe.each(listedTools().map((tool) => [tool.name, tool] as const))('%s', (name, listed) => {
  const tool = catalogue.find((one) => one.name === name);
  if (tool === undefined) throw new Error(`${name} is not in the catalogue.`);
  const example = exampleArguments(tool);

  const reasonsFor = async (args: unknown): Promise<{ reasons: string[]; field: string }> => {
    const { body } = await calls.call(tool, args as Record<string, unknown>);
    const error = failureIn(body.result);
    expect(error, JSON.stringify(body)).toMatchObject({ code: 'invalid_arguments' });
    expect(error.message).toContain(LEAD);
    return { reasons: error.message.slice(LEAD.length).split('; '), field: error.field };
  };

  verifies('arguments.reasons', 'gives one reason for a value of a wrong type, at every depth', async () => {
    const asked = server.exchanges.length;
    for (const { path, schema } of argumentsOf(listed)) {
      for (const value of WRONG[String(schema.type)] ?? []) {
        const shown = `${path.join('.')} = ${JSON.stringify(value).slice(0, 20)}`;
        const { reasons } = await reasonsFor(withValueAt(example, path, value));
        const own = reasons.filter((reason) => reason.startsWith(`${path.join('.')}: `));
        expect(own, shown).toHaveLength(1);
        if (path.length === 1) expect(reasons, shown).toHaveLength(1);
        expect(own[0], shown).toMatch(/expected|must/);
        expect(own[0], shown).not.toMatch(/Too (big|small)|characters/);
      }
    }
    expect(server.exchanges.length).toBe(asked);
  });

  verifies('arguments.reasons', 'says of a missing argument that it is required, at every depth', async () => {
    const asked = server.exchanges.length;
    for (const { path, isRequired } of argumentsOf(listed)) {
      if (!isRequired) continue;
      const { reasons } = await reasonsFor(withValueAt(example, path, undefined));
      expect(reasons).toContain(`${path.join('.')}: is required`);
    }
    expect(server.exchanges.length).toBe(asked);
  });
});

const MAPPINGS = [{ connection_name: 'gmail' }, { connection_name: 'slack-ops' }];

describe('several reasons', () => {
  const reasonsOf = async (name: string, args: object) => {
    const tool = catalogue.find((one) => one.name === name);
    if (tool === undefined) throw new Error(`${name} is not in the catalogue.`);
    const { body } = await calls.call(tool, { ...exampleArguments(tool), ...args });
    return failureIn(body.result).message.slice(LEAD.length).split('; ');
  };

  verifies('arguments.reasons', 'belong to several values', async () => {
    expect(
      await reasonsOf('create_mcp_config', { name: 'X', connection_tool_mappings: [...MAPPINGS, {}, { tools: 'x' }] }),
    ).toEqual([
      'name: must be 1 to 100 of a-z, 0-9, - and _',
      'connection_tool_mappings.2.connection_name: is required',
      'connection_tool_mappings.3.connection_name: is required',
      'connection_tool_mappings.3.tools: Invalid input: expected array, received string',
    ]);
  });

  verifies('arguments.reasons', 'name what is wrong with the name of a member', async () => {
    const [reason] = await reasonsOf('create_organization', { metadata: { a: 'x' } });
    expect(reason).toMatch(/^metadata\.a: its name: .*3 characters$/);
  });
});
