import { afterEach, beforeEach, expect, it } from 'vitest';
import { ALERT_GROUPS } from '../fixtures/alerts.ts';
import { parseExposition, scrape } from '../fixtures/metrics.ts';
import { evaluate, type Recording } from '../fixtures/promql-evaluate.ts';
import { callTool } from '../fixtures/rpc.ts';
import { running, type TestServer } from '../fixtures/running.ts';
import { FakeScalekit, json } from '../fixtures/scalekit.ts';
import { verifies } from '../verifies.ts';

let scalekit: FakeScalekit;
let server: TestServer | undefined;

beforeEach(async () => {
  scalekit = await FakeScalekit.start();
});
afterEach(async () => {
  await server?.stop();
  await scalekit.close();
});

async function serve(env: Record<string, string> = scalekit.env): Promise<TestServer> {
  server = await running({ METRICS_PORT: '0', ...env });
  await server.ready;
  await (await fetch(`${server.url}/health`)).arrayBuffer();
  return server;
}

/** Calls a tool so often, and waits until that is counted. */
async function call(times: number, args: object = { environmentId: 'env_1' }): Promise<void> {
  const at = server as TestServer;
  const counted = async () => (await scrape(at)).sum('mcp_server_operation_duration_seconds_count') ?? 0;
  const before = await counted();
  const token = await scalekit.mint();
  for (let i = 0; i < times; i++)
    await callTool(`${at.url}/mcp`, 'modern', 'list_organizations', { ...args }, { token });
  await expect.poll(counted).toBe(before + times);
}

const END = Date.now() / 1000;
/** What was scraped five minutes ago, and what is scraped now. */
async function recordings(then: Awaited<ReturnType<typeof scrape>>): Promise<Recording[]> {
  return [
    { at: END - 300, scrape: then },
    { at: END, scrape: await scrape(server as TestServer) },
  ];
}

/** The event loop here is that of all tests in this process, on a machine that may be busy. */
const OF_THE_MACHINE = 'ScalekitMcpEventLoopBlocked';

const firing = (recorded: readonly Recording[]) =>
  ALERT_GROUPS.flatMap(({ rules }) => rules)
    .filter(({ alert, expr }) => alert !== OF_THE_MACHINE && evaluate(expr, recorded).length > 0)
    .map(({ alert }) => alert);

verifies('metrics.alerts', 'an event loop that is held up fires', () => {
  const held = 'scalekit_mcp_info 1\nnodejs_eventloop_lag_p99_seconds';
  const fires = (lag: number) => {
    const rule = ALERT_GROUPS.flatMap(({ rules }) => rules).find(({ alert }) => alert === OF_THE_MACHINE);
    return evaluate(String(rule?.expr), recorded(`${held} 0`, `${held} ${lag}`)).length > 0;
  };
  expect([fires(0.2), fires(0.3)]).toEqual([false, true]);
});

const organizations = () => scalekit.serveApi((_request, response) => json(response, 200, { organizations: [] }));

verifies('metrics.alerts', 'nothing fires while all is well, nor for what callers do wrong', async () => {
  organizations();
  const at = await serve();
  await call(1);
  await call(1, { environmentId: 'env_1', pageSize: 'many' });
  const then = await scrape(at);
  await call(5);
  await call(5, { environmentId: 'env_1', pageSize: 'many' });
  expect(firing(await recordings(then))).toEqual([]);
});

verifies('metrics.alerts', 'a client that Scalekit refuses fires, with calls and without', async () => {
  scalekit.token = (_request, response) => json(response, 401, { error: 'invalid_client' });
  const at = await serve(scalekit.environmentEnv);
  expect(firing(await recordings(await scrape(at)))).toEqual(['ScalekitMcpClientRefused']);
  await call(1, {});
  const then = await scrape(at);
  await call(3, {});
  expect(firing(await recordings(then))).toEqual(['ScalekitMcpToolsFailing', 'ScalekitMcpClientRefused']);
});

verifies('metrics.alerts', 'a token that the API does not take fires in environment mode', async () => {
  organizations();
  const at = await serve(scalekit.environmentEnv);
  await call(1, {});
  const then = await scrape(at);
  scalekit.serveApi((_request, response) => json(response, 401, {}));
  await call(1, {});
  expect(firing(await recordings(then))).toContain('ScalekitMcpClientRefused');
});

verifies(
  'metrics.alerts',
  'in workspace mode a caller’s own bad credential is not the client of this server',
  async () => {
    scalekit.serveApi((_request, response) => json(response, 401, {}));
    const at = await serve();
    await call(1);
    const then = await scrape(at);
    await call(3);
    expect(firing(await recordings(then))).toEqual(['ScalekitMcpToolsFailing']);
  },
);

verifies(
  'metrics.alerts',
  'a wrong base of the API fires, and so does an authorization server that is not there',
  async () => {
    scalekit.probe = (_request, response) => json(response, 404, {});
    scalekit.metadata = (_request, response) => json(response, 404, {});
    scalekit.api = (_request, response) => json(response, 404, {});
    const at = await serve();
    await call(1);
    const then = await scrape(at);
    await call(3);
    expect(firing(await recordings(then))).toEqual([
      'ScalekitMcpToolsFailing',
      'ScalekitMcpManagementApi',
      'ScalekitMcpAuthorizationServer',
    ]);
  },
);

verifies(
  'metrics.alerts',
  'a server that expects another audience fires, and a caller who needs a token does not',
  async () => {
    organizations();
    const at = await serve({ ...scalekit.env, TRUST_PROXY: '1', EXPECTED_AUDIENCE: 'res_other' });
    const then = await scrape(at);
    const token = await scalekit.mint();
    const from = (client: number) => ({ 'x-forwarded-for': `203.0.113.${client}` });
    const knock = (client: number) => callTool(`${at.url}/mcp`, 'modern', 'whoami', {}, { headers: from(client) });
    const come = (client: number) =>
      callTool(`${at.url}/mcp`, 'modern', 'whoami', {}, { token, headers: from(client) });
    for (let i = 0; i < 200; i++) await knock(i % 40);
    expect(firing(await recordings(then))).toEqual([]);
    for (let i = 0; i < 200; i++) expect((await come(40 + (i % 40))).status).toBe(401);
    expect(firing(await recordings(then))).toContain('ScalekitMcpTokensRefused');
  },
);

verifies('metrics.alerts', 'an instance that does not answer fires, and so does one that is not there', async () => {
  const then = await scrape(await serve());
  for (const now of ['down', 'gone'] as const) {
    expect(
      firing([
        { at: END - 300, scrape: then },
        { at: END, scrape: now },
      ]),
    ).toEqual(['ScalekitMcpDown']);
  }
});

const recorded = (before: string, after: string): Recording[] => [
  { at: END - 300, scrape: parseExposition(before) },
  { at: END, scrape: parseExposition(after) },
];

it.each([
  ['sum by (a) (increase(x{a="1"}[5m])) > 2', 'x{a="1"} 1\nx{a="2"} 0', 'x{a="1"} 4\nx{a="2"} 9', [3]],
  ['sum(rate(x[5m]))', 'x 0', 'x 300', [1]],
  ['x > y', 'x 1\ny 2', 'x 1\ny 2', []],
  ['x and on (a) y{b=~"c|d"}', '', 'x{a="1"} 5\nx{a="2"} 6\ny{a="2",b="d"} 1', [6]],
  ['x > 7 or max by (a) (y) > 0', '', 'x 5\ny{a="1"} 2\ny{a="1"} 3', [3]],
  ['changes(x[30m])', 'x 1', 'x 2', [1]],
  ['time() - x', '', `x ${END}`, [0]],
  ['x{a!~"1|3"}', '', 'x{a="1"} 5\nx{a="2"} 6', [6]],
  ['x{a!="1"}', '', 'x{a="1"} 5\nx{a="2"} 6', [6]],
  ['x == 2', '', 'x{a="1"} 2\nx{a="2"} 3', [2]],
  ['absent(x{a="1"})', '', 'x{a="1"} 5', []],
  ['absent(x{a="2"})', '', 'x{a="1"} 5', [1]],
  ['up{job="scalekit-mcp"}', '', 'x 1', [1]],
])('the value of %s is read as Prometheus reads it', (expression, before, after, values) => {
  expect(evaluate(expression, recorded(before, after)).map(({ value }) => value)).toEqual(values);
});

const refused = ALERT_GROUPS.flatMap(({ rules }) => rules).find(({ alert }) => alert === 'ScalekitMcpTokensRefused');
const came = (counts: Readonly<Record<string, number>>) =>
  Object.entries(counts)
    .map(([outcome, count]) => `scalekit_mcp_requests_total{outcome="${outcome}"} ${count}`)
    .join('\n');
const NOBODY = { ok: 0, invalid_token: 0, no_token: 0, rate_limit_exceeded: 0, insufficient_scope: 0 };

verifies.each('metrics.alerts', [
  { what: 'many bad tokens and no good one', counts: { invalid_token: 300 }, fires: true },
  { what: 'many bad tokens beside callers without one', counts: { invalid_token: 300, no_token: 5000 }, fires: true },
  { what: 'one address alone, which gets 429', counts: { invalid_token: 100, rate_limit_exceeded: 900 }, fires: false },
  { what: 'as many good tokens as bad', counts: { invalid_token: 300, ok: 250, insufficient_scope: 60 }, fires: false },
  { what: 'callers who sign in for the first time', counts: { no_token: 5000 }, fires: false },
])('$what: whether most tokens count as refused', ({ counts, fires }) => {
  const recording = recorded(came(NOBODY), came({ ...NOBODY, ...counts }));
  expect(evaluate(String(refused?.expr), recording).length > 0).toBe(fires);
});
