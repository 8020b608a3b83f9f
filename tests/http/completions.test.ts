import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest';
import { prompts } from '../../src/prompts/index.ts';
import { catalogue } from '../../src/tools/index.ts';
import { CLIENTS, connected } from '../fixtures/content-clients.ts';
import { rpc } from '../fixtures/rpc.ts';
import { running, type TestServer } from '../fixtures/running.ts';
import { FakeScalekit, json } from '../fixtures/scalekit.ts';
import { verifies } from '../verifies.ts';

const DEV = 'env_71204418093056001';

describe('ids of more entries than a completion holds', () => {
  let scalekit: FakeScalekit;
  let servers: Record<'environment' | 'workspace', TestServer>;
  let token: string;

  beforeAll(async () => {
    scalekit = await FakeScalekit.start();
    servers = { environment: await running(scalekit.environmentEnv), workspace: await running(scalekit.env) };
    token = await scalekit.mint({ claims: { scope: 'environment:read organization:read workspace:read' } });
  });
  afterAll(async () => {
    await Promise.all([servers.environment.stop(), servers.workspace.stop()]);
    await scalekit.close();
  });
  afterEach(() => {
    scalekit.requests.length = 0;
  });

  /** Lists so many entries in pages of the size that is asked for. */
  function serve(member: string, count: number, prefix: string): void {
    const entries = Array.from({ length: count }, (_, i) => ({ id: `${prefix}_${i}`, name: `entry ${i}` }));
    scalekit.api = ({ url }, response) => {
      const { searchParams } = new URL(url, 'http://localhost');
      const from = Number(searchParams.get('page_token') ?? 0);
      const to = from + Number(searchParams.get('page_size'));
      json(response, 200, {
        [member]: entries.slice(from, to),
        total_size: count,
        ...(to < count && { next_page_token: String(to) }),
      });
    };
  }

  const KINDS = [
    ['environments', 'workspace', 'environments', 'environmentId', 'scalekit://environments/{environmentId}', 100],
    [
      'organizations',
      'environment',
      'organizations',
      'organizationId',
      'scalekit://organizations/{organizationId}',
      100,
    ],
    ['MCP servers', 'environment', 'resources', 'id', 'scalekit://mcp-servers/{id}', 30],
  ] as const;

  describe.each(KINDS)('%s', (_name, mode, member, argument, uri, pageSize) => {
    const complete = async (value: string) => {
      const ref = { type: 'ref/resource', uri };
      const params = { ref, argument: { name: argument, value } };
      const { body } = await rpc(`${servers[mode].localUrl}/mcp`, 'modern', 'completion/complete', params, { token });
      return body.result.completion as { values: string[]; total?: number; hasMore: boolean };
    };

    verifies.each('completions.values', [
      [0, 0, false, 0],
      [100, 100, false, 100],
      [101, 100, true, 101],
      [499, 100, true, undefined],
    ] as const)('%i of them: %i values, more %s, total %s', async (count, values, hasMore, total) => {
      serve(member, count, 'some');
      const completion = await complete('');
      expect([completion.values.length, completion.hasMore, completion.total]).toEqual([values, hasMore, total]);
      expect(completion.values).toEqual(Array.from({ length: values }, (_, i) => `some_${i}`));
      // No more pages than it takes to know that there are more.
      expect(scalekit.requests.length).toBeLessThanOrEqual(Math.ceil(101 / pageSize));
    });

    verifies('completions.values', 'looks at 500 of them, and says that there may be more', async () => {
      serve(member, 2_000, 'some');
      expect(await complete('zz')).toEqual({ values: [], hasMore: true });
      expect(scalekit.requests).toHaveLength(Math.ceil(500 / pageSize));
    });
  });
});

describe('in the sandbox', () => {
  let server: TestServer;
  let url: string;
  beforeAll(async () => {
    server = await running();
    url = `${server.localUrl}/mcp`;
  });
  afterAll(() => server.stop());

  const FORMS: Readonly<Record<string, RegExp>> = {
    environmentId: /^env_/,
    organizationId: /^org_/,
    id: /^(app|res)_/,
  };
  const completed = prompts.flatMap(({ name, arguments: args }) =>
    args.filter(({ completer }) => completer !== undefined).map((argument) => [name, argument.name] as const),
  );

  describe.each(CLIENTS)('a client of %s', (client) => {
    verifies.each(['completions.values', 'prompts.listed'], completed)(
      'completes the argument of the prompt %s: %s',
      async (name, argument) => {
        const connection = await connected(client, url, await server.token());
        const ask = async (value: string) =>
          (
            await connection.complete({
              ref: { type: 'ref/prompt', name },
              argument: { name: argument, value },
              ...(argument !== 'environmentId' && { context: { arguments: { environmentId: DEV } } }),
            })
          ).completion;
        const { values, total, hasMore } = await ask('');
        expect(values.length).toBeGreaterThan(0);
        expect(values.filter((id) => !FORMS[argument]?.test(id))).toEqual([]);
        expect([total, hasMore]).toEqual([values.length, false]);
        const [first = ''] = values;
        expect((await ask(first.toUpperCase())).values).toContain(first);
        expect((await ask('no such thing')).values).toEqual([]);
        await connection.close();
      },
    );

    verifies('completions.values', 'is told that there are more tools than a completion holds', async () => {
      const connection = await connected(client, url, await server.token());
      const ref = { type: 'ref/resource' as const, uri: 'scalekit://schema/{name}' };
      const { completion } = await connection.complete({ ref, argument: { name: 'name', value: '' } });
      const names = catalogue.map(({ name }) => name);
      expect(completion).toMatchObject({ hasMore: true, total: expect.any(Number) });
      expect(completion.total).toBeGreaterThan(100);
      expect(completion.values).toHaveLength(100);
      expect(completion.values.filter((name) => !names.includes(name))).toEqual([]);
      await connection.close();
    });
  });

  verifies('completions.values', 'every variable of a resource and every id of a prompt has a completer', () => {
    expect(completed.map(([, argument]) => argument)).toEqual(expect.arrayContaining(['environmentId', 'id']));
    const ids = prompts.flatMap(({ name, arguments: args }) =>
      args.filter((one) => /(^id|Id)$/.test(one.name) && one.completer === undefined).map((one) => [name, one.name]),
    );
    expect(ids).toEqual([]);
  });
});
