import { expect, it } from 'vitest';
import { ENVIRONMENT_IDS } from '../../../src/sandbox/data/ids.ts';
import { running } from '../../fixtures/running.ts';
import { toolCaller } from '../../fixtures/tool-caller.ts';

const environmentId = ENVIRONMENT_IDS.development;

/** Calls a list until it ends, and yields its entries with the number of calls that it took. */
async function readAll(call: ReturnType<typeof toolCaller>, tool: string, items: string, args: object = {}) {
  const entries: { id: string }[] = [];
  let pageToken: string | undefined;
  let calls = 0;
  do {
    const { data, text } = await call(tool, { environmentId, ...args, ...(pageToken && { pageToken }) });
    if (data.truncated) expect(text.length).toBeLessThanOrEqual(2_000);
    expect(data[items].length).toBeGreaterThan(0);
    entries.push(...data[items]);
    pageToken = data.next_page_token;
    calls++;
  } while (pageToken);
  return { entries, calls };
}

it('a list over the budget comes in pieces that are whole together, across the pages of the API [result.budget]', async () => {
  const [small, large] = await Promise.all([running({ RESULT_BUDGET: '2000' }), running()]);
  const [cut, whole] = [
    toolCaller(small.localUrl, await small.token()),
    toolCaller(large.localUrl, await large.token()),
  ];
  for (const args of [{}, { pageSize: 100 }, { pageSize: 7 }]) {
    const pieces = await readAll(cut, 'list_organizations', 'organizations', args);
    const pages = await readAll(whole, 'list_organizations', 'organizations', args);
    expect(pieces.entries).toEqual(pages.entries);
    expect(pieces.calls).toBeGreaterThan(pages.calls);
  }
  await Promise.all([small.stop(), large.stop()]);
});

it('a list that the API yields whole is cut like any other [result.budget]', async () => {
  const server = await running({ RESULT_BUDGET: '1000' });
  const call = toolCaller(server.localUrl, await server.token());
  const { data: first } = await call('list_environment_roles', { environmentId });
  expect(first.truncated).toBe(true);
  const { entries } = await readAll(call, 'list_environment_roles', 'roles');
  expect(new Set(entries.map(({ id }) => id)).size).toBe(entries.length);
  expect(entries.length).toBeGreaterThan(first.roles.length);
  await server.stop();
});

it('a damaged token of ours is refused by name [result.budget]', async () => {
  const server = await running();
  const call = toolCaller(server.localUrl, await server.token());
  const { error } = await call('list_organizations', { environmentId, pageToken: 'cut.e30' });
  expect(error).toMatchObject({ code: 'invalid_arguments', field: 'pageToken' });
  await server.stop();
});
