import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Api } from '../../../src/core/api.ts';
import { ToolError } from '../../../src/core/errors.ts';
import { sentence } from '../../../src/core/sentence.ts';
import type { ToolContext } from '../../../src/core/tool.ts';
import { catalogueOf, toolset } from '../../../src/core/toolset.ts';
import { path } from '../../../src/platform/path.ts';

const Thing = z.object({ id: z.string() });
const description = 'D';
const output = { thing: Thing };
const run = () => ({});
const does = () => sentence`Do it.`;
const loss = { shows: output, stopsWorking: 'The thing.' };

/** A context whose API records what it is asked for. */
function recording() {
  const asked: unknown[][] = [];
  const ask =
    (method: string) =>
    async (target: { readonly text: string }, ...rest: unknown[]) => {
      asked.push([method, target.text, ...rest]);
      if (method === 'GET' && asked.some(([before]) => before === 'DELETE')) throw new ToolError('not_found', 'Gone.');
      return {};
    };
  const api = { get: ask('GET'), delete: ask('DELETE') } as unknown as Api;
  return { asked, context: { api } as ToolContext };
}

describe('what follows from a verb', () => {
  const { tools } = toolset('things', { area: 'organization' }, (t) => [
    t.list('list_things', { description, of: { things: Thing }, pages: 10, run }),
    t.read('get_thing', { description, output, run }),
    t.add('create_thing', { description, does, output, run }),
    t.overwrite('update_thing', { description, does, output, run }),
    t.destroy('empty_thing', { description, does, ...loss, show: run, output, run }),
    t.remove('delete_thing', {
      description,
      does,
      input: { id: z.string() },
      ...loss,
      at: ({ id }) => path`/things/${id}`,
      listedBy: 'list_things',
    }),
  ]);

  it.each([
    ['list_things', 'read', 'organization:read', true],
    ['get_thing', 'read', 'organization:read', true],
    ['create_thing', 'add', 'organization:write', false],
    ['update_thing', 'overwrite', 'organization:write', true],
    ['empty_thing', 'destroy', 'organization:write', true],
    ['delete_thing', 'destroy', 'organization:write', true],
  ])('%s: effect %s, scope %s, idempotent %s', (name, effect, scope, idempotent) => {
    const found = tools.find((tool) => tool.name === name);
    expect(found).toMatchObject({
      toolset: 'things',
      effect,
      scope,
      idempotent,
      openWorld: false,
      place: 'environment',
    });
    expect(found?.preview !== undefined).toBe(effect === 'destroy');
  });

  it('names what a definition may leave out', () => {
    expect(tools.map(({ title }) => title).slice(0, 3)).toEqual(['List things', 'Get thing', 'Create thing']);
    const spelt = toolset('mcp_api', { area: 'environment' }, (t) => [
      t.read('get_oidc_uris', { description, output, run }),
    ]);
    expect([spelt.title, spelt.tools[0].title]).toEqual(['MCP API', 'Get OIDC URIs']);
  });

  it('cannot be changed afterwards', () => {
    expect(() => Object.assign(tools[0], { scope: null })).toThrow(TypeError);
    expect(() => Object.assign(tools[0].input, { more: z.string() })).toThrow(TypeError);
    expect(() => Object.assign(tools, { 0: tools[1] })).toThrow(TypeError);
  });
});

describe('a list', () => {
  const { tools } = toolset('things', { area: 'environment' }, (t) => [
    t.list('list_things', {
      description,
      of: { things: Thing },
      instead: { names: z.string() },
      pages: 10,
      longestToken: 5,
      input: { filter: z.string().optional() },
      run: (args) => args,
    }),
    t.list('list_all_things', { description, of: { things: Thing }, run: (args) => args }),
  ]);
  const [paged, whole] = tools;

  it('takes the arguments for paging beside its own, and hands the page to run as a query', () => {
    const input = z.strictObject(paged.input);
    const args = input.parse({ filter: 'x', pageToken: 'abcde', pageSize: 10 });
    expect(paged.run(args, recording().context)).toEqual({ filter: 'x', page: { page_size: 10, page_token: 'abcde' } });
    for (const wrong of [{ pageSize: 11 }, { pageToken: 'abcdef' }]) expect(input.safeParse(wrong).success).toBe(false);
  });

  it('takes a page size where the API yields it whole, of which the tool sees nothing', () => {
    expect(Object.keys(whole.input)).toEqual(['pageToken', 'pageSize']);
    expect(whole.listedAtOnce).toBe(true);
    expect(whole.run({}, recording().context)).toEqual({});
  });

  it('yields entries and where to go on; what may stand instead may be missing', () => {
    expect(paged.items).toEqual(['things', 'names']);
    expect(Object.keys(paged.output.shape)).toEqual(['things', 'names', 'total_size', 'next_page_token', 'truncated']);
    expect(paged.output.safeParse({ things: [] }).success).toBe(true);
    expect(paged.output.safeParse({ names: [] }).success).toBe(false);
  });
});

it('a removal looks before it is confirmed, deletes, looks again, and names the id', async () => {
  const { tools } = toolset('things', { area: 'environment' }, (t) => [
    t.remove('delete_thing', {
      description,
      does,
      input: { owner: z.string(), id: z.string() },
      ...loss,
      at: ({ owner, id }) => path`/owners/${owner}/things/${id}`,
      listedBy: 'list_things',
    }),
  ]);
  const [{ run: remove, preview }] = tools;
  const { asked, context } = recording();
  const args = { owner: 'own_1', id: 'thi ng' };
  await preview?.run(args, context);
  expect(asked).toEqual([['GET', '/owners/own_1/things/thi%20ng']]);
  expect(await remove(args, context)).toEqual({ deleted_id: 'thi ng' });
  expect(asked.slice(1)).toEqual([
    ['DELETE', '/owners/own_1/things/thi%20ng'],
    ['GET', '/owners/own_1/things/thi%20ng'],
  ]);
});

it('an exception is what a tool says of itself', () => {
  const defaults = { title: 'All things', area: 'workspace', place: 'workspace', needsWorkspaceToken: true } as const;
  const { title, tools } = toolset('things', defaults, (t) => [
    t.add('ensure_thing', {
      description,
      does,
      repeatable: true,
      area: 'environment',
      place: 'environment',
      output,
      run,
    }),
    t.overwrite('run_thing', {
      description,
      does,
      repeatable: false,
      openWorld: true,
      optIn: 'agent_tool_execution',
      output,
      run,
    }),
    t.read('show_thing', { description, scope: null, needsWorkspaceToken: false, reportsProgress: true, output, run }),
  ]);
  expect(title).toBe('All things');
  expect(tools).toMatchObject([
    { idempotent: true, scope: 'environment:write', place: 'environment', needsWorkspaceToken: true },
    { idempotent: false, scope: 'workspace:write', openWorld: true, optIn: 'agent_tool_execution' },
    { scope: null, place: 'workspace', reportsProgress: true },
  ]);
  expect(tools[2]).not.toHaveProperty('needsWorkspaceToken');
});

describe('what types cannot express is refused at start', () => {
  const of = (name: string, ...tools: string[]) =>
    toolset(name, { area: 'environment' }, (t) => tools.map((tool) => t.read(tool, { description, output, run })));

  it.each([['listThings'], ['_things'], ['th'], ['things-of']])('the name %s', (name) => {
    expect(() => of('things', name)).toThrow(`"${name}" is not in the form`);
    expect(() => of(name, 'get_thing')).toThrow(`"${name}" is not in the form`);
  });

  it('two of one name', () => {
    expect(() => of('things', 'get_thing', 'get_thing')).toThrow('Two tools are called get_thing');
    expect(() => catalogueOf([of('things', 'get_thing'), of('others', 'get_thing')])).toThrow(
      'Two tools are called get_thing',
    );
    expect(() => catalogueOf([of('things', 'get_thing'), of('things', 'get_other')])).toThrow(
      'Two toolsets are called things',
    );
    expect(catalogueOf([of('things', 'get_thing'), of('others', 'get_other')])).toHaveLength(2);
  });
});
