import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import type { Tool } from '../../src/core/tool.ts';
import { catalogue } from '../../src/tools/index.ts';
import { type ChangedScalekit, changedScalekit } from '../fixtures/changed-scalekit.ts';
import { checkingClient } from '../fixtures/checking-client.ts';
import { exampleArguments } from '../fixtures/example-calls.ts';
import { failureIn } from '../fixtures/failure-in.ts';
import { running, type TestServer } from '../fixtures/running.ts';
import { verifies } from '../verifies.ts';

type Members = Record<string, unknown>;

/** Every list of the catalogue, against an API whose answers hold entries that nobody can read. */
const LISTS = catalogue.filter(({ items }) => items !== undefined).map((tool) => [tool.name, tool] as const);

/** What the list of the tool that is called is named in answers. A tool may read other lists as well. */
let lists: readonly string[] = [];
/** What happens to the answers that hold it. */
let change: (answer: Members) => unknown = (answer) => answer;
let scalekit: ChangedScalekit;
let server: TestServer;
let client: Client;

beforeAll(async () => {
  scalekit = await changedScalekit(() => ({
    body: (sent) => sent,
    answer(body, _url, status) {
      const isList = lists.some((name) => name in (body as Members));
      if ('config' in (body as Members)) return { status, text: JSON.stringify(change(body as Members)) };
      return { status, text: JSON.stringify(isList ? change(body as Members) : body) };
    },
  }));
  server = await running({ ...scalekit.env, RATE_LIMIT: 'off', RESULT_BUDGET: '200000' });
  client = await checkingClient('lists', server.localUrl, scalekit.token);
});
afterAll(async () => {
  await client.close();
  await server.stop();
  await scalekit.close();
});

async function call({ name, items = [] }: Tool, args: Members) {
  lists = items;
  const result = await client.callTool({ name, arguments: args });
  return {
    data: (result.structuredContent ?? {}) as Members,
    error: result.isError ? failureIn(result) : undefined,
  };
}

/** Names alone are another list than the tools themselves. */
function argumentsOf(tool: Tool): Members {
  const { summary: _, ...args } = exampleArguments(tool);
  return tool.name === 'search_tools' ? { ...args, summary: false } : args;
}

/** The entries of a list, as a call shows them while the API's answer is changed. */
async function listed(tool: Tool, changed: typeof change = (answer) => answer) {
  change = changed;
  const { data, error } = await call(tool, argumentsOf(tool));
  expect(error).toBeUndefined();
  return data[listOf(tool)] as Members[];
}

function listOf({ items }: Tool): string {
  const [list = ''] = items ?? [];
  return list;
}

/** Something of another type than a value has. */
function ofAnotherType(value: unknown): unknown {
  if (Array.isArray(value)) return { a: 1 };
  if (typeof value === 'object' && value !== null) return 'text';
  return { a: 1 };
}

/** Puts an entry between the first of a list and the others. */
function withEntry(list: string, entry: (like: Members) => unknown) {
  return (answer: Members) => {
    const [first, ...others] = answer[list] as Members[];
    return { ...answer, [list]: [first, entry(first as Members), ...others] };
  };
}

describe.each(LISTS)('%s', (_, tool) => {
  const list = listOf(tool);

  verifies('list.odd-entry', 'shows the others whole, whichever member of one is odd', async () => {
    const whole = await listed(tool);
    expect(whole.length).toBeGreaterThan(0);
    const [first, ...others] = whole;
    for (const member of Object.keys(first as Members)) {
      const odd = withEntry(list, (like) => ({ ...like, id: 'odd_1', [member]: ofAnotherType(like[member]) }));
      const [before, shown, ...after] = await listed(tool, odd);
      expect([before, ...after], member).toEqual([first, ...others]);
      const isFree = shown?.['unreadable'] === undefined;
      // Members of any form are passed on; a smaller entry may be what is odd.
      if (isFree) expect(shown, member).toHaveProperty(member);
      else expect(shown, member).toEqual({ ...(member !== 'id' && { id: 'odd_1' }), unreadable: true });
      if (member === 'id') expect(isFree).toBe(false);
    }
  });

  verifies.each('list.odd-entry', [[null], [7], ['text'], [[]], [{}]])('shows the others beside %j', async (odd) => {
    const whole = await listed(tool);
    const [before, shown, ...after] = await listed(
      tool,
      withEntry(list, () => odd),
    );
    expect([before, ...after]).toEqual(whole);
    expect(shown).toEqual({ unreadable: true });
  });

  verifies('list.odd-entry', 'is an error when no entry can be read', async () => {
    change = (answer) => ({ ...answer, [list]: (answer[list] as Members[]).map(({ id }) => ({ id: [id] })) });
    const { error } = await call(tool, argumentsOf(tool));
    expect(error).toMatchObject({ code: 'unexpected_response' });
  });

  verifies.each('list.left-out', [
    [{ total_size: 0, next_page_token: '' }],
    [{ total_size: '0' }],
    [{ next_page_token: '' }],
    [{ next_page_token: '', total_size: null }],
  ])('is empty when it is left out or null beside %j', async (rest) => {
    expect(await listed(tool, () => rest)).toEqual([]);
    expect(await listed(tool, () => ({ ...rest, [list]: null }))).toEqual([]);
  });

  verifies.each('list.left-out', [
    [{}],
    [{ total_size: 3 }],
    [{ total_size: 3, next_page_token: '' }],
    [{ total_size: 0, next_page_token: 'more' }],
    [{ next_page_token: 'more' }],
    [{ other: [] }],
  ])('is an error when it is left out beside %j', async (rest) => {
    for (const answer of [rest, { ...rest, [list]: null }]) {
      change = () => answer;
      expect((await call(tool, argumentsOf(tool))).error).toMatchObject({ code: 'unexpected_response' });
    }
  });

  verifies('list.page-size', 'takes the size of a page, and goes on after it', async () => {
    const whole = await listed(tool);
    const args = { ...argumentsOf(tool), pageSize: 1 };
    const { data: first } = await call(tool, args);
    expect(first[list]).toEqual(whole.slice(0, 1));
    if (whole.length === 1) return;
    const { data: second } = await call(tool, { ...args, pageToken: first['next_page_token'] });
    expect(second[list]).toEqual(whole.slice(1, 2));
  });
});

verifies(
  'list.odd-entry',
  'an odd entry inside an entry hides no more than itself, and the log tells where',
  async () => {
    const [roles] = LISTS.filter(([name]) => name === 'list_environment_roles').map(([, tool]) => tool);
    const [users] = LISTS.filter(([name]) => name === 'list_organization_users').map(([, tool]) => tool);
    for (const [tool, inner] of [
      [roles, 'permissions'],
      [users, 'memberships'],
    ] as const) {
      if (tool === undefined) throw new Error('No such list.');
      const [whole] = await listed(tool);
      const [shown] = await listed(tool, (answer) => {
        const [first, ...others] = answer[listOf(tool)] as Members[];
        const [one, ...more] = (first as Members)[inner] as Members[];
        const changed = [one, { ...one, id: 'odd_1', display_name: 7, name: [] }, ...more];
        return { ...answer, [listOf(tool)]: [{ ...first, [inner]: changed }, ...others] };
      });
      const [one, ...more] = (whole as Members)[inner] as Members[];
      expect(shown).toEqual({ ...whole, [inner]: [one, { id: 'odd_1', unreadable: true }, ...more] });
      const [line] = server.lines.filter(({ event }) => event === 'unreadable_entries').slice(-1);
      expect(line).toMatchObject({ tool: tool.name, paths: [`${listOf(tool)}.0.${inner}.1`] });
    }
  },
);

verifies(
  'list.odd-entry',
  'an odd entry in what would be deleted stops no preview, which shows the others',
  async () => {
    const [tool] = catalogue.filter(({ name }) => name === 'delete_mcp_config');
    if (tool === undefined) throw new Error('No such tool.');
    let connection_name = 7;
    change = ({ config, ...others }) => {
      if (config === undefined) return others;
      const mappings = (config as Members)['connection_tool_mappings'] as Members[];
      const odd = { connection_name, tools: {} };
      return { ...others, config: { ...(config as Members), connection_tool_mappings: [odd, ...mappings] } };
    };
    const { error } = await call(tool, exampleArguments(tool));
    expect(error).toMatchObject({ code: 'confirmation_required' });
    const [odd, ...mappings] = error.preview.config.connection_tool_mappings;
    expect(odd).toEqual({ unreadable: true });
    expect(mappings.length).toBeGreaterThan(0);
    expect(mappings[0]).toHaveProperty('connection_name');
    // What nobody could read must not change unseen either.
    connection_name = 8;
    const again = await call(tool, { ...exampleArguments(tool), confirmation: error.confirmation });
    expect(again.error).toMatchObject({ code: 'confirmation_invalid' });
    expect(again.error.preview).toBeDefined();
  },
);
