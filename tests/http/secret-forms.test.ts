import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from 'vitest';
import { failureIn } from '../fixtures/failure-in.ts';
import { callTool, rpc } from '../fixtures/rpc.ts';
import { running, type TestServer } from '../fixtures/running.ts';
import { FakeScalekit, json } from '../fixtures/scalekit.ts';
import { collectedSpans } from '../fixtures/spans.ts';
import { verifies } from '../verifies.ts';

/** What follows is sent or answered, and stands in nothing that this server says, writes or exports. */
const PASSWORD = 'Tr0ub4dor-at-sea';
const BASIC = Buffer.from(`svc:${PASSWORD}`).toString('base64');
const USERINFO = `https://svc:${PASSWORD}@db.example/x`;
/** A secret by its name alone. */
const NAMED = 'pilot "boat" 7%';
const SECRETS = [PASSWORD, BASIC, 'pilot', 'boat', encodeURIComponent(PASSWORD)];

const exporter = collectedSpans();
let scalekit: FakeScalekit;
let server: TestServer;
let token: string;
/** All that callers were told. */
let answers: unknown[];

beforeAll(async () => {
  scalekit = await FakeScalekit.start();
  server = await running({ ...scalekit.env, AUDIT_LOG: 'stderr', AGENT_TOOL_EXECUTION: 'on' });
  token = await scalekit.mint({ claims: { scope: 'environment:* organization:*' } });
});
beforeEach(() => {
  answers = [];
});
afterAll(async () => {
  await server.stop();
  await scalekit.close();
});
afterEach(async () => {
  // Every request of the test is on record.
  await expect.poll(() => server.lines.filter(({ event }) => event === 'request').length).toBe(requests);
  const spans = exporter
    .getFinishedSpans()
    .map(({ name, attributes, events, status }) => ({ name, attributes, events, status }));
  const places = { answers, spans, log: server.logText(), ledger: server.ledger() };
  for (const [place, said] of Object.entries(places)) {
    for (const secret of SECRETS) expect(JSON.stringify(said).includes(secret), `${secret} in ${place}`).toBe(false);
  }
  for (const said of [spans, server.ledger()]) expect(JSON.stringify(said).length).toBeGreaterThan(2);
});

let requests = 0;
interface Sent {
  readonly headers?: Record<string, string>;
  readonly meta?: Record<string, unknown>;
}

async function call(name: string, args: Record<string, unknown>, { headers = {}, meta = {} }: Sent = {}) {
  requests++;
  const options = { token, headers, meta };
  const { body } = await callTool(`${server.url}/mcp`, 'modern', name, { environmentId: 'env_1', ...args }, options);
  answers.push(body);
  return { data: body.result.structuredContent, error: failureIn(body.result) };
}

const OIDC = {
  connectionId: 'conn_1',
  oidc_config: {
    issuer: 'https://idp.example',
    client_id: 'abc',
    client_secret: NAMED,
    scopes: ['openid'],
    token_auth_type: 'BASIC_AUTH',
  },
};
const IN_JSON = JSON.stringify({ note: 'of the harbour', login: { password: NAMED } });

type Call = [form: string, tool: string, args: Record<string, unknown>];
const CALLS: readonly Call[] = [
  ['an argument', 'update_environment_oidc_connection', OIDC],
  ['metadata', 'create_organization', { name: 'A', metadata: { db_password: NAMED } }],
  ['JSON in a text', 'update_mcp_config', { configId: 'cfg_1', description: IN_JSON }],
  [
    'JSON in an argument',
    'execute_agent_tool',
    { toolName: 'a', connectedAccountId: 'ca_1', paramsJson: JSON.stringify({ deep: [{ 'Api-Key': NAMED }] }) },
  ],
];

/** Ways in which the platform may repeat what it was sent. */
const ECHOES: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => `in the middle of ${text} and more`,
  (text) => JSON.stringify({ received: text }),
  (text) => JSON.stringify({ received: JSON.stringify({ again: text }) }),
  (text) => JSON.stringify({ a: JSON.stringify({ b: JSON.stringify({ c: text }) }) }),
  (text) => `<p>${text.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}</p>`,
  (text) => new URLSearchParams({ q: text }).toString(),
  (text) => `https://a.example/?next=${encodeURIComponent(`/x?q=${encodeURIComponent(text)}`)}`,
  (text) => `https://a.example/?q=${encodeURIComponent(JSON.stringify({ text }))}`,
  (text) => `https://a.example/?q=${encodeURIComponent(text)}`,
];

describe('a secret that a caller names', () => {
  verifies.each<Call>(['secrets.by-value', 'secrets.log', 'audit.no-secrets', 'trace.bare'], [...CALLS])(
    'as %s (%s) is echoed by no answer, good or bad',
    async (_form, tool, args) => {
      for (const echo of ECHOES) {
        const said = echo(NAMED);
        const { client_secret: _, ...oidc_config } = OIDC.oidc_config;
        const connection = { id: 'conn_1', type: 'OIDC', provider: 'OKTA', ui_button_title: said, oidc_config };
        const answer = {
          connection,
          organization: {
            id: 'org_1',
            display_name: args['name'],
            slug: said,
            metadata: { ...(args['metadata'] as object), a_note: said, [said]: 'x' },
          },
          config: { id: 'cfg_1', name: said, description: args['description'] },
          data: { said },
        };
        scalekit.serveApi((_request, response) => json(response, 200, answer));
        const { error } = await call(tool, args);
        expect(error).toBeUndefined();
        scalekit.serveApi(({ method, body }, response) =>
          method === 'GET' ? json(response, 200, answer) : json(response, 400, { code: 3, message: `${said} ${body}` }),
        );
        expect((await call(tool, args)).error).toMatchObject({ code: 'invalid_request' });
      }
    },
  );
});

describe('credentials', () => {
  verifies(['secrets.by-shape', 'log.no-secrets'], 'in a URL leave with no answer of the platform', async () => {
    for (const said of [USERINFO, `cannot reach ${USERINFO}`, JSON.stringify({ url: USERINFO }), `Basic ${BASIC}`]) {
      const organizations = [{ id: 'org_1', display_name: said, metadata: { url: said } }];
      scalekit.serveApi((_request, response) => json(response, 200, { organizations }));
      expect((await call('list_organizations', {})).data.organizations[0].display_name).toContain('[redacted]');
      const violations = [{ field: 'url', description: said }];
      const details = [{ '@type': 'type.googleapis.com/google.rpc.BadRequest', field_violations: violations }];
      scalekit.serveApi((_request, response) => json(response, 400, { code: 3, message: said, details }));
      expect((await call('list_organizations', {})).error.upstream.message).toContain('[redacted]');
    }
  });

  verifies(
    ['log.no-secrets', 'log.encoded-secrets', 'audit.no-secrets', 'secrets.by-shape'],
    'in the path of a request are in no line about it',
    async () => {
      for (const path of [USERINFO, encodeURIComponent(USERINFO), encodeURIComponent(encodeURIComponent(USERINFO))]) {
        requests++;
        answers.push(await (await fetch(`${server.url}/x/${path}`)).text());
      }
      const paths = () => server.lines.flatMap(({ path }) => (String(path).startsWith('/x/') ? [path] : []));
      await expect.poll(paths).toHaveLength(3);
      for (const path of paths()) expect(path).toContain('svc:[redacted]@');
    },
  );

  verifies.each(
    ['log.no-secrets', 'log.encoded-secrets', 'audit.no-secrets', 'trace.bare'],
    [`Basic ${BASIC}`, `Agent/1 (Basic ${BASIC}; up)`, `Basic%20${BASIC}`, `curl -u svc:${PASSWORD}`, USERINFO],
  )('in what a client says of itself are in no record: %s', async (said) => {
    scalekit.serveApi((_request, response) => json(response, 200, { organizations: [] }));
    const clientInfo = { name: said, version: said, title: said };
    const meta = { 'io.modelcontextprotocol/clientInfo': clientInfo };
    expect((await call('list_organizations', {}, { meta, headers: { 'user-agent': said } })).error).toBeUndefined();
    requests++;
    const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo };
    const { body } = await rpc(`${server.url}/mcp`, 'legacy', 'initialize', params, {
      token,
      headers: { 'user-agent': said },
    });
    expect(body.result.serverInfo.name).toBeTypeOf('string');
    answers.push(body);
    const agents = [...server.ledger().matchAll(/"user_agent":"([^"]*)"/g)].map(([, agent]) => agent);
    expect(agents.at(-1)).toContain('[redacted]');
  });
});
