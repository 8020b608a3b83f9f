import { afterAll, beforeAll, beforeEach, describe, expect } from 'vitest';
import { z } from 'zod';
import { ToolError } from '../../src/core/errors.ts';
import { toolset } from '../../src/core/toolset.ts';
import { path } from '../../src/platform/path.ts';
import { catalogue } from '../../src/tools/index.ts';
import { failureIn } from '../fixtures/failure-in.ts';
import { probeTools } from '../fixtures/probe-tools.ts';
import { callTool, eraHeaders, rpcBody } from '../fixtures/rpc.ts';
import { running, type TestServer } from '../fixtures/running.ts';
import { FakeScalekit, json, nothingThere } from '../fixtures/scalekit.ts';
import { verifies } from '../verifies.ts';

/** Fails in the two ways that leave text of the platform in the log. */
const failing = toolset('failing', { area: 'environment' }, (t) => [
  t.read('probe_failing', {
    description: 'For tests.',
    scope: null,
    input: { defect: z.boolean() },
    output: {},
    run: async ({ defect }, { api }) => {
      const said = JSON.stringify(await api.get(path`/things`));
      throw defect ? new TypeError(said) : new ToolError('upstream_error', 'It failed.', {}, new Error(said));
    },
  }),
]);

const { probe, tools } = probeTools();

let scalekit: FakeScalekit;
let server: TestServer;
let token: string;

beforeAll(async () => {
  scalekit = await FakeScalekit.start();
  server = await running(scalekit.env, [...catalogue, ...tools, ...failing.tools]);
  token = await scalekit.mint({ claims: { scope: 'environment:* organization:*' } });
});
afterAll(async () => {
  await server.stop();
  await scalekit.close();
});
beforeEach(() => {
  scalekit.requests.length = 0;
});

async function call(name: string, args: Record<string, unknown> = {}, of = server) {
  const environment = of === server ? { environmentId: 'env_1' } : {};
  const { body } = await callTool(`${of.url}/mcp`, 'modern', name, { ...environment, ...args }, { token });
  return {
    raw: JSON.stringify(body),
    data: body.result.structuredContent,
    error: failureIn(body.result),
  };
}

const organization = (more: object = {}) => ({ organization: { id: 'org_1', display_name: 'Tidewater', ...more } });

describe('a secret that was seen in a request', () => {
  const secret = 'pilot "boat" 7%';
  const settings = {
    connectionId: 'conn_1',
    oidc_config: {
      issuer: 'https://idp.example',
      client_id: 'abc',
      client_secret: secret,
      scopes: ['openid'],
      token_auth_type: 'BASIC_AUTH',
    },
  };

  verifies('secrets.by-value', 'is never echoed as an argument, by success or failure', async () => {
    const { client_secret: _, ...oidc_config } = settings.oidc_config;
    const ui_button_title = `Sign in with ${secret}`;
    const connection = { id: 'conn_1', type: 'OIDC', provider: 'OKTA', ui_button_title, oidc_config };
    scalekit.serveApi((_request, response) => json(response, 200, { connection }));
    const changed = await call('update_environment_oidc_connection', settings);
    expect(changed.data.connection).toMatchObject({ ui_button_title: 'Sign in with [redacted]' });
    const written = scalekit.operations.findLast(({ method }) => method === 'PATCH');
    expect(JSON.parse(written?.body ?? '').oidc_config.client_secret).toBe(secret);

    scalekit.serveApi(({ method, body }, response) =>
      method === 'GET'
        ? json(response, 200, { connection })
        : json(response, 400, { code: 3, message: `bad: ${body}` }),
    );
    const refused = await call('update_environment_oidc_connection', settings);
    expect(refused.error).toMatchObject({
      code: 'invalid_request',
      upstream: { message: expect.stringContaining('bad:') },
    });
    for (const { raw } of [changed, refused]) expect(raw).not.toMatch(/pilot|boat/);
    expect(server.logText()).not.toMatch(/pilot|boat/);
  });

  verifies('secrets.by-value', 'is shown elsewhere when it is a plain word, and hidden where it stands', async () => {
    const oidc = { issuer: 'https://idp.example', client_id: 'abc', scopes: ['openid'], token_auth_type: 'BASIC_AUTH' };
    const discovery_endpoint = 'https://idp.example/.well-known/openid-configuration';
    const oidc_config = { ...oidc, discovery_endpoint, client_secret: 'openid' };
    const connection = { id: 'conn_1', type: 'OIDC', provider: 'OKTA', oidc_config };
    scalekit.serveApi((_request, response) => json(response, 200, { connection }));
    const changed = await call('update_environment_oidc_connection', {
      connectionId: 'conn_1',
      oidc_config: { ...oidc, client_secret: 'openid' },
    });
    expect(changed.data.connection.oidc_config).toMatchObject({ scopes: ['openid'], discovery_endpoint });
    expect(changed.raw).not.toMatch(/client_secret[^,]*openid/);

    const named = { name: 'Tidewater enterprise', metadata: { token: 'enterprise' } };
    const own = { id: 'org_1', display_name: named.name, metadata: named.metadata };
    scalekit.serveApi((_request, response) => json(response, 200, { organization: own }));
    const { data } = await call('create_organization', named);
    expect(data.organization).toMatchObject({ display_name: named.name, metadata: { token: '[redacted]' } });
  });

  verifies('secrets.by-value', 'is never echoed as the caller’s token, whole or cut off', async () => {
    for (const message of [`bad ${token}`, `${'x'.repeat(430)} ${token}`, `https://a.example/${token}/b`]) {
      scalekit.serveApi(({ headers }, response) => {
        expect(headers.authorization).toBe(`Bearer ${token}`);
        json(response, 403, { code: 7, message });
      });
      const { raw, error } = await call('list_organizations');
      expect(error.upstream.message).toBeTypeOf('string');
      expect(raw).not.toContain(token.slice(0, 40));
      expect(raw).not.toContain(token.slice(-40));
    }
    // Where anything else may stand, too.
    scalekit.serveApi((_request, response) =>
      json(response, 200, { organizations: [], next_page_token: `a${token}b` }),
    );
    expect((await call('list_organizations')).data.next_page_token).toBe('a[redacted]b');
  });

  verifies('secrets.by-value', 'is never echoed as the environment’s own token or secret', async () => {
    const own = await running(
      {
        SCALEKIT_ENV_URL: scalekit.url,
        SCALEKIT_MCP_SERVER_ID: 'res_1234567890',
        SCALEKIT_CLIENT_ID: 'skc_1',
        SCALEKIT_CLIENT_SECRET: 'anchor-and-chain',
        ALLOWED_SUBJECTS: 'usr_1',
      },
      [...catalogue, ...failing.tools],
    );
    scalekit.api = ({ headers }, response) =>
      json(response, 400, { code: 3, message: `sent ${headers.authorization} of anchor-and-chain` });
    const { raw, error } = await call('list_organizations', {}, own);
    expect(error.upstream.message).toBe('sent Bearer [redacted] of [redacted]');
    expect(raw).not.toContain('environment-token');
    await own.stop();
  });

  verifies('secrets.log', 'does not reach the log with the cause of a failure or in a defect', async () => {
    scalekit.serveApi((_request, response) =>
      json(response, 200, { said: `${token} live_Ab1Ab2Ab3Ab4Ab5 \u202ehidden`, client_secret: 'anchor-and-chain' }),
    );
    for (const defect of [true, false]) expect((await call('probe_failing', { defect })).raw).not.toContain('hidden');
    const causes = server.lines.filter(({ event }) => event === 'tool_defect' || event === 'tool_failure');
    expect(causes).toHaveLength(2);
    for (const { error, cause } of causes) expect(String(error ?? cause)).toContain('hidden');
    for (const bad of [token, 'live_Ab1', '\u202e', 'anchor-and-chain']) expect(server.logText()).not.toContain(bad);
  });
});

describe('news of a call that is running', () => {
  verifies(['secrets.by-shape', 'text.invisible'], 'holds nothing that its result may not hold', async () => {
    const label = 'one\u200b of test_Ab3dEfgh1jkL';
    const params = { name: 'probe_slow', arguments: { label } };
    const response = await fetch(`${server.url}/mcp`, {
      method: 'POST',
      headers: { ...eraHeaders('modern', 'tools/call', params), authorization: `Bearer ${token}` },
      body: JSON.stringify(rpcBody('modern', 'tools/call', params, 1, { progressToken: 'p' })),
    });
    let text = '';
    for await (const chunk of response.body ?? []) {
      text += Buffer.from(chunk).toString();
      if (text.includes('notifications/progress')) probe.finish(label);
    }
    const [progress, result] = [...text.matchAll(/^data: (.*)$/gm)].map(([, data]) => JSON.parse(String(data)));
    expect(progress).toMatchObject({ params: { progress: 1, message: 'one of [redacted]' } });
    expect(result).toMatchObject({ result: { structuredContent: { label: 'one of [redacted]' } } });
  });
});

describe('what only looks like a secret', () => {
  const opaque = 'eyJhbGciOiJIUzI1NiJ9.eyJwYWdlIjoyfQ.bm90LWEtc2VjcmV0';

  verifies('secrets.opaque', 'survives as a page token, and is passed on as it came', async () => {
    scalekit.serveApi((_request, response) =>
      json(response, 200, { organizations: [organization().organization], next_page_token: opaque, note: opaque }),
    );
    const { data } = await call('list_organizations');
    expect(data.next_page_token).toBe(opaque);
    await call('list_organizations', { pageToken: data.next_page_token });
    expect(scalekit.operations.at(-1)?.url).toContain(`page_token=${opaque}`);
  });

  verifies('secrets.opaque', 'survives inside of a page token of ours, when a list is cut', async () => {
    const organizations = Array.from({ length: 90 }, (_, i) => ({
      id: `org_${i}`,
      display_name: 'x'.repeat(400),
      metadata: { password: 'hunter2', note: `${i} \u200b` },
    }));
    scalekit.serveApi((_request, response) => json(response, 200, { organizations, next_page_token: opaque }));
    const first = await call('list_organizations', { pageToken: opaque });
    expect(first.data).toMatchObject({ truncated: true, next_page_token: expect.stringMatching(/^cut\./) });
    expect(first.raw).not.toContain('hunter2');
    const second = await call('list_organizations', { pageToken: first.data.next_page_token });
    expect(scalekit.operations.at(-1)?.url).toContain(`page_token=${opaque}`);
    expect(second.data.organizations[0].id).toBe(`org_${first.data.organizations.length}`);
  });

  verifies('secrets.opaque', 'survives as a confirmation and as an id', async () => {
    let isDeleted = false;
    scalekit.serveApi(({ method }, response) => {
      if (method === 'GET' && isDeleted) return nothingThere(response);
      isDeleted = method === 'DELETE';
      return json(response, 200, { config: { id: 'cfg_1', name: 'test_triage' }, instances: [] });
    });
    const { error } = await call('delete_mcp_config', { configId: 'cfg_1' });
    expect(error).toMatchObject({ preview: { config: { id: 'cfg_1', name: 'test_triage' } } });
    expect((await call('delete_mcp_config', { configId: 'cfg_1', confirmation: error.confirmation })).data).toEqual({
      deleted_id: 'cfg_1',
    });
  });
});

describe('a member called __proto__', () => {
  const METADATA = JSON.parse('{"__proto__":"berth 4","plan":"free"}');

  verifies('result.arguments', 'is refused where it would be written, by name, and nothing leaves', async () => {
    const asked = [
      ['create_organization', { name: 'Tidewater', metadata: METADATA }, 'metadata.__proto__'],
      [
        'create_organization_user',
        { organizationId: 'org_1', email: 'm@a.example', metadata: METADATA },
        'metadata.__proto__',
      ],
      [
        'update_environment_oidc_connection',
        { connectionId: 'conn_1', oidc_config: METADATA },
        'oidc_config.__proto__',
      ],
      ['update_organization_settings', { organizationId: 'org_1', feature: [METADATA] }, 'feature.0.__proto__'],
    ] as const;
    for (const [name, args, field] of asked) {
      const { error } = await call(name, args);
      expect(error).toMatchObject({ code: 'invalid_arguments', field, message: expect.stringContaining(field) });
    }
    expect(scalekit.requests).toEqual([]);
  });

  verifies('result.whole', 'is shown where it was read, and no other is lost', async () => {
    scalekit.serveApi((_request, response) => json(response, 200, organization({ metadata: METADATA })));
    const { raw, data } = await call('get_organization_details', { organizationId: 'org_1' });
    expect(Object.entries(data.organization.metadata)).toEqual(Object.entries(METADATA));
    expect(raw).toContain('"__proto__":"berth 4"');
  });

  verifies('result.whole', 'is written back where it was read', async () => {
    const connection = {
      id: 'conn_1',
      type: 'OIDC',
      attribute_mapping: JSON.parse('{"__proto__":"given_name"}'),
      configuration_type: 'DISCOVERY',
      oidc_config: { issuer: 'https://idp.example', client_id: 'a', scopes: ['openid'], token_auth_type: 'BASIC_AUTH' },
    };
    scalekit.serveApi((_request, response) => json(response, 200, { connection }));
    await call('update_environment_oidc_connection', { connectionId: 'conn_1', oidc_config: { pkce_enabled: true } });
    const write = scalekit.operations.find(({ method }) => method === 'PATCH');
    expect(write?.body).toContain('"attribute_mapping":{"__proto__":"given_name"}');
  });
});
