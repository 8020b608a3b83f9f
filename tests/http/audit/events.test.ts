import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { DIGESTED } from '../../../src/access/decision-facts.ts';
import { sha256 } from '../../../src/core/digest.ts';
import { verifyLedger } from '../../../src/observability/audit/verify.ts';
import { ENVIRONMENT_IDS } from '../../../src/sandbox/data/ids.ts';
import { catalogue } from '../../../src/tools/index.ts';
import { EXAMPLES } from '../../fixtures/examples/index.ts';
import { failureIn } from '../../fixtures/failure-in.ts';
import { type LedgerRecord, ledgerFolder, recordsIn } from '../../fixtures/ledger.ts';
import { probeTools } from '../../fixtures/probe-tools.ts';
import { callTool, type EraName, eraHeaders, rpc, rpcBody } from '../../fixtures/rpc.ts';
import { running, type TestServer } from '../../fixtures/running.ts';
import { FakeScalekit, json } from '../../fixtures/scalekit.ts';
import { verifies } from '../../verifies.ts';

const HASH = expect.stringMatching(/^[0-9a-f]{64}$/);
const UUID = expect.stringMatching(/^[0-9a-f-]{36}$/);
const AUDITED = { AUDIT_LOG: 'stderr' };

let requests = 0;

/** What the ledger says about a request, once it says that it is over. */
async function follow(server: TestServer, send: (headers: Record<string, string>) => Promise<unknown>) {
  requests++;
  const id = `audited-request-${requests}`;
  const answer = await send({ 'x-request-id': id });
  const records = () => recordsIn(server.ledger()).filter(({ client_request_id: of }) => of === id);
  await expect.poll(() => records().some(({ duration_ms: over }) => over !== undefined)).toBe(true);
  return { answer, records: records(), last: records().at(-1) ?? {} };
}

/** A record without what every record has. */
function facts(record: LedgerRecord | undefined): LedgerRecord {
  const {
    timestamp: _,
    instance: __,
    prev: ___,
    hash: ____,
    seq: _____,
    request_id: ______,
    client_request_id: _______,
    ...rest
  } = record ?? {};
  return rest;
}

describe('on the sandbox', () => {
  let server: TestServer;
  let token: string;

  beforeAll(async () => {
    server = await running(AUDITED);
    token = await server.token();
  });
  afterAll(() => server.stop());

  const call = (name: string, args: Record<string, unknown>, bearer = token, era: EraName = 'modern') =>
    follow(server, (headers) => callTool(`${server.url}/mcp`, era, name, args, { token: bearer, headers }));
  const inDevelopment = (args: object = {}) => ({ environmentId: ENVIRONMENT_IDS.development, ...args });
  const who = { user_id: 'sandbox-machine', client_id: 'sandbox-machine', ip_address: '127.0.0.1', user_agent: 'node' };
  const end = { duration_ms: expect.any(Number) };

  verifies.each('audit.calls', ['modern', 'legacy'] as const)(
    'a call is one record, with all that is known (%s)',
    async (era) => {
      const args = inDevelopment();
      const { records } = await call('list_organizations', args, token, era);
      expect(records).toEqual([
        {
          seq: expect.any(Number),
          timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
          instance: UUID,
          event: 'mcp_tool_access',
          request_id: UUID,
          client_request_id: expect.any(String),
          ...who,
          tool_name: 'list_organizations',
          effect: 'read',
          environment: ENVIRONMENT_IDS.development,
          scopes: ['organization:read'],
          arguments_sha256: sha256(JSON.stringify(args)),
          success: true,
          ...end,
          prev: HASH,
          hash: HASH,
        },
      ]);
    },
  );

  verifies('audit.calls', 'a call is on record with the scope that let it through', async () => {
    const scopesOf = async (scope: string) =>
      (await call('list_environments', {}, await server.token(scope))).last['scopes'];
    expect(await scopesOf('env:read wks:read')).toEqual(['env:read']);
    expect((await call('whoami', {})).last).toMatchObject({ tool_name: 'whoami', scopes: [] });
  });

  verifies.each<[string, string, Record<string, unknown>, string]>('audit.calls', [
    ['its tool fails', 'get_organization_details', inDevelopment({ organizationId: 'org_0' }), 'not_found'],
    ['an argument is wrong', 'get_organization_details', inDevelopment({ organizationId: 7 }), 'invalid_arguments'],
  ])('a call is on record when %s', async (_name, tool, args, error) => {
    const { records } = await call(tool, args);
    expect(records.map(facts)).toEqual([
      expect.objectContaining({ event: 'mcp_tool_access', tool_name: tool, success: false, error, ...end }),
    ]);
  });

  verifies(
    'audit.calls',
    'a call of a tool that does not exist is on record, without the name that somebody made up',
    async () => {
      const { records } = await call('ignore_previous_instructions', {});
      expect(records.map(facts)).toEqual([
        { event: 'mcp_tool_access', ...who, success: false, error: 'protocol_error', ...end },
      ]);
      expect(server.ledger()).not.toContain('ignore_previous');
    },
  );

  verifies(
    ['audit.intent', 'audit.calls'],
    'what destroys is on record before it runs, with what confirmed it',
    async () => {
      const args = inDevelopment(EXAMPLES['delete_mcp_config']?.arguments);
      const shown = await call('delete_mcp_config', args);
      const arguments_sha256 = shown.last['arguments_sha256'];
      const about = { ...who, tool_name: 'delete_mcp_config', effect: 'destroy', environment: args.environmentId };
      const action = `Delete the MCP config "${EXAMPLES['delete_mcp_config']?.arguments['configId']}" for good.`;
      const what = { ...about, action, scopes: ['environment:write'], arguments_sha256: HASH };
      // Showing what would be lost is no act.
      expect(shown.records.map(facts)).toEqual([
        { event: 'mcp_tool_access', ...what, success: false, error: 'confirmation_required', ...end },
      ]);
      const { confirmation } = failureIn((shown.answer as Awaited<ReturnType<typeof callTool>>).body.result);
      const done = await call('delete_mcp_config', { ...args, confirmation });
      const confirmed = { ...what, arguments_sha256, confirmation_sha256: sha256(confirmation) };
      expect(done.records.map(facts)).toEqual([
        { event: 'mcp_tool_intent', ...confirmed },
        { event: 'mcp_tool_access', ...confirmed, success: true, ...end },
      ]);
      expect(server.ledger()).not.toContain(confirmation);
    },
  );

  verifies('audit.intent', 'what overwrites is on record before it runs, what only adds is not', async () => {
    const act = async (tool: string) => {
      const { records } = await call(tool, inDevelopment(EXAMPLES[tool]?.arguments));
      return records.map(({ event }) => event);
    };
    expect(await act('set_initiate_login_uri')).toEqual(['mcp_tool_intent', 'mcp_tool_access']);
    expect(await act('create_environment_scope')).toEqual(['mcp_tool_access']);
  });

  verifies('audit.step-up', 'a missing scope is on record, with the scopes that were there', async () => {
    const narrow = await server.token('organization:read');
    const { records } = await call('create_organization', inDevelopment({ name: 'x' }), narrow);
    expect(records.map(facts)).toEqual([
      {
        event: 'mcp_step_up',
        ...who,
        tool_name: 'create_organization',
        scopes: ['organization:read'],
        required_scope: 'organization:write',
        success: false,
        error: 'insufficient_scope',
        ...end,
      },
    ]);
  });

  verifies('audit.scope-check', 'what a scope check needed and found is in the log at debug level', async () => {
    const narrow = await server.token('organization:read');
    const check = async (tool: string) => {
      const { last } = await call(tool, inDevelopment({ name: 'x' }), narrow);
      const line = server.lines.find(
        ({ event, requestId }) => event === 'scope_check' && requestId === last['request_id'],
      );
      const { level, tool: name, needed, found, allowed } = line ?? {};
      return { level, name, needed, found, allowed };
    };
    const found = ['organization:read'];
    expect(await check('create_organization')).toEqual({
      ...{ level: 'debug', name: 'create_organization', found },
      ...{ needed: 'organization:write', allowed: false },
    });
    expect(await check('list_organizations')).toMatchObject({ needed: 'organization:read', found, allowed: true });
    for (const secret of [narrow, token]) expect(server.logText()).not.toContain(secret);
  });

  verifies.each('audit.auth-failures', [
    ['no token', undefined, 'no_token'],
    ['a bad token', 'not-a-token', 'invalid_token'],
  ])('%s is on record as a failed authentication', async (_name, bearer, error) => {
    const { records } = await follow(server, (headers) =>
      callTool(`${server.url}/mcp`, 'modern', 'whoami', {}, { ...(bearer && { token: bearer }), headers }),
    );
    const { ip_address, user_agent } = who;
    expect(records.map(facts)).toEqual([
      { event: 'mcp_auth_failure', ip_address, user_agent, success: false, error, ...end },
    ]);
  });

  verifies('audit.calls', 'what only asks is not on record', async () => {
    const before = recordsIn(server.ledger()).length;
    await rpc(`${server.url}/mcp`, 'modern', 'tools/list', {}, { token });
    await fetch(`${server.url}/health`);
    await fetch(`${server.url}/nowhere`);
    await call('whoami', {});
    expect(recordsIn(server.ledger())).toHaveLength(before + 1);
  });

  verifies('audit.no-secrets', 'no secret of arguments or tokens is in it, nor in a digest', async () => {
    const example = EXAMPLES['update_environment_oidc_connection']?.arguments as Record<string, object>;
    const configure = async (client_secret: string, member = 'client_secret') => {
      const oidc_config = { ...example['oidc_config'], [member]: client_secret };
      const { last } = await call('update_environment_oidc_connection', inDevelopment({ ...example, oidc_config }));
      return last['arguments_sha256'];
    };
    const secrets = ['first-client-secret', 'second-client-secret'];
    const [first, second] = await Promise.all(secrets.map((secret) => configure(secret)));
    expect(first).toBe(second);
    expect(await configure('harborlight-2', 'client_id')).not.toBe(first);
    for (const secret of [...secrets, token]) {
      expect(server.ledger()).not.toContain(secret);
      expect(server.ledger()).not.toContain(sha256(secret));
    }
    expect(server.ledger()).not.toContain(token.split('.')[1]);
  });

  verifies('confirm.sentence', 'what changes something has its sentence on record, without secrets', async () => {
    const { arguments: example } = EXAMPLES['update_environment_oidc_connection'] as {
      arguments: Record<string, unknown>;
    };
    const oidc_config = { ...(example['oidc_config'] as object), client_secret: 'never-to-be-told' };
    const { records } = await call('update_environment_oidc_connection', inDevelopment({ ...example, oidc_config }));
    expect(records.map(({ event }) => event)).toEqual(['mcp_tool_intent', 'mcp_tool_access']);
    for (const { action } of records) {
      expect(action).toMatch(
        /^Configure the OIDC connection "conn_\d+" of the environment: .*client_secret \(another one\)\.$/,
      );
    }
    const { last } = await call('list_organizations', inDevelopment({}));
    expect(last).not.toHaveProperty('action');
  });

  verifies('confirm.sentence', 'nobody hides a value from it by calling the same text a secret elsewhere', async () => {
    const callback = 'https://elsewhere.example/callback';
    const customClaims = { token: callback, note: JSON.stringify({ api_key: callback }) };
    const args = { name: 'x', clientType: 'WEB_APP', redirectUris: [callback], customClaims };
    const { records } = await call('create_environment_client', inDevelopment(args));
    expect(records.at(0)?.['action']).toMatch(/callbacks? "https:\/\/elsewhere\.example\/callback"/);
    expect(records.at(0)?.['action']).toContain('"token":"[redacted]"');
  });

  verifies('confirm.sentence', 'names of scopes are in it, whatever they look like', async () => {
    const scopes = ['token:delete_all', 'secret:all'];
    const args = { name: 'x', clientType: 'WEB_APP', scopes };
    const { records } = await call('create_environment_client', inDevelopment(args));
    expect(records.at(0)?.['action']).toContain('"token:delete_all", "secret:all"');
  });

  verifies('audit.no-secrets', 'the digest of arguments does not depend on their order', async () => {
    const args = inDevelopment({ pageSize: 2 });
    const digest = async (sent: object) => (await call('list_organizations', { ...sent })).last['arguments_sha256'];
    expect(await digest(Object.fromEntries(Object.entries(args).reverse()))).toBe(await digest(args));
    expect(await digest(inDevelopment({ pageSize: 3 }))).not.toBe(await digest(args));
  });

  verifies('audit.digested', 'all of very long arguments counts but secrets, in any order', async () => {
    const digest = async (args: object) => (await call('whoami', { ...args })).last['arguments_sha256'];
    const long = (tail: string, secret = 'hunter2') => ({
      z: `${'z'.repeat(DIGESTED)}${tail}`,
      many: ['a', 'b'],
      a: 'first',
      zz: { name: tail, client_secret: secret },
      zzz: ['x', tail],
    });
    const known = await digest(long('one'));
    expect(await digest(long('two'))).not.toBe(known);
    expect(await digest(long('one', 'hunter3'))).toBe(known);
    for (const behind of [{ zz: { name: 'two', client_secret: 'hunter2' } }, { zzz: ['x', 'two'] }])
      expect(await digest({ ...long('one'), ...behind })).not.toBe(known);
    expect(await digest(Object.fromEntries(Object.entries(long('one')).reverse()))).toBe(known);
    for (const other of [long('three'), { ...long('one'), a: 'First' }, { ...long('one'), many: ['a', 'b', 'c'] }])
      expect(await digest(other)).not.toBe(known);
    const names = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`n${i}`, 1]));
    expect(await digest(names(4_000))).not.toBe(await digest(names(3_999)));
  });

  verifies.each<[string, object, object]>('audit.digested', [
    [
      'lists of two',
      { redirectUris: ['https://good.example/token', 'https://evil.example/1'] },
      { redirectUris: ['https://good.example/token', 'https://fine.example/1'] },
    ],
    ['callbacks of apps', { uri: 'token:/evil/cb' }, { uri: 'token:/good/cb' }],
    ['names with values', { note: 'password: hunter2' }, { note: 'password: hunter3' }],
  ])('what is redacted by its shape counts: %s', async (_what, one, other) => {
    const digest = async (args: object) => (await call('whoami', { ...args })).last['arguments_sha256'];
    expect(await digest(one)).not.toBe(await digest(other));
    expect(await digest(one)).toBe(await digest(one));
    expect(await digest({ note: 'password: hunter2' })).not.toBe(sha256('{"note":"password: hunter2"}'));
  });

  verifies('audit.calls', 'a user agent is cut, and holds nothing invisible', async () => {
    const agent = `evil\u0085\u00ad${'x'.repeat(500)}`;
    const { last } = await follow(server, (headers) => {
      const body = JSON.stringify(rpcBody('legacy', 'tools/call', { name: 'whoami', arguments: {} }));
      const all = { ...eraHeaders('legacy', 'tools/call'), ...headers, authorization: `Bearer ${token}` };
      return new Promise((resolve, reject) => {
        const options = { method: 'POST', headers: { ...all, 'user-agent': agent } };
        request(`${server.url}/mcp`, options, (response) => resolve(response.resume()))
          .on('error', reject)
          .end(body);
      });
    });
    // Sent as UTF-8, and headers are read byte by byte.
    expect(last['user_agent']).toMatch(/^evilÂÂx+$/);
    expect(String(last['user_agent']).length).toBeLessThanOrEqual(200);
  });

  verifies('audit.token-requests', 'requests for tokens are in the log of the sandbox', async () => {
    const asked = () => server.lines.filter(({ event }) => event === 'oauth_token_request');
    await server.token('organization:read');
    expect(asked().at(-1)).toMatchObject({
      ...{ level: 'info', client_id: 'sandbox-machine', grant_type: 'client_credentials' },
      ...{ requested_scopes: ['organization:read'], success: true },
    });
    const headers = { authorization: `Basic ${btoa('sandbox-machine:a-wrong-secret')}` };
    const body = new URLSearchParams({ grant_type: 'client_credentials', scope: 'workspace:read' });
    await fetch(`${server.sandbox().url}/oauth/token`, { method: 'POST', headers, body });
    expect(asked().at(-1)).toMatchObject({ requested_scopes: ['workspace:read'], success: false });
    for (const secret of ['sandbox-secret', 'a-wrong-secret', token]) expect(server.logText()).not.toContain(secret);
  });
});

describe('with a Scalekit that a test scripts', () => {
  const ledger = ledgerFolder();
  const { probe, tools } = probeTools();

  async function withServer(
    env: Record<string, string>,
    use: (server: TestServer, scalekit: FakeScalekit) => Promise<void>,
  ) {
    const scalekit = await FakeScalekit.start();
    const server = await running({ ...scalekit.env, ...AUDITED, ...env }, [...catalogue, ...tools]);
    await use(server, scalekit).finally(async () => {
      await server.stop();
      await scalekit.close();
    });
  }

  verifies.each('audit.calls', ['modern', 'legacy'] as const)(
    'a client that leaves is on record, with what its call came to (%s)',
    (era) =>
      withServer({}, async (server, scalekit) => {
        let waiting = 0;
        scalekit.serveApi(() => void waiting++);
        const token = await scalekit.mint();
        const { last } = await follow(server, async (headers) => {
          const leaving = new AbortController();
          const options = { token, headers, signal: leaving.signal };
          const left = callTool(`${server.url}/mcp`, era, 'list_organizations', { environmentId: 'env_1' }, options);
          await expect.poll(() => waiting).toBe(1);
          leaving.abort();
          await expect(left).rejects.toThrow();
        });
        expect(last).toMatchObject({
          ...{ event: 'mcp_tool_access', tool_name: 'list_organizations', user_id: 'usr_1', client_id: 'm2m_1' },
          ...{ success: false, error: 'cancelled', client_closed: true },
        });
      }),
  );

  verifies.each('audit.unknown-outcome', [
    ['create_organization', { name: 'Acme' }, true],
    ['list_organizations', {}, undefined],
  ])('whether a change was made is open where nothing tells: %s', (tool, args, mayHaveActed) =>
    withServer({}, async (server, scalekit) => {
      let waiting = 0;
      scalekit.serveApi(() => void waiting++);
      const token = await scalekit.mint({ claims: { scope: 'organization:read organization:write' } });
      const { last } = await follow(server, async (headers) => {
        const leaving = new AbortController();
        const options = { token, headers, signal: leaving.signal };
        const left = callTool(`${server.url}/mcp`, 'modern', tool, { environmentId: 'env_1', ...args }, options);
        await expect.poll(() => waiting).toBe(1);
        leaving.abort();
        await expect(left).rejects.toThrow();
      });
      expect(last).toMatchObject({ tool_name: tool, success: false, error: 'cancelled' });
      expect(last?.['may_have_acted']).toBe(mayHaveActed);
    }),
  );

  const refusal = { code: 7, message: 'no', details: [{ '@type': 'x', error_code: 'PERMISSION_DENIED' }] };

  verifies.each('audit.unknown-outcome', [
    ['was refused', ['PATCH'], undefined],
    ['was made, but may not be read back', ['GET'], true],
  ])('a change that %s', (_, refused, mayHaveActed) =>
    withServer({}, async (server, scalekit) => {
      let isChanged = false;
      scalekit.serveApi(({ method = '' }, response) => {
        if (refused.includes(method) && (isChanged || method === 'PATCH')) return json(response, 403, refusal);
        if (method === 'PATCH') isChanged = true;
        const features = [{ name: 'sso', enabled: isChanged }];
        return json(response, 200, { organization: { id: 'org_1', settings: { features } } });
      });
      const token = await scalekit.mint({ claims: { scope: 'organization:read organization:write' } });
      const { last } = await follow(server, async (headers) => {
        const args = { environmentId: 'env_1', organizationId: 'org_1', feature: [{ name: 'sso', enabled: true }] };
        await callTool(`${server.url}/mcp`, 'modern', 'update_organization_settings', args, { token, headers });
      });
      expect(last).toMatchObject({ tool_name: 'update_organization_settings', error: 'permission_denied' });
      expect(last?.['may_have_acted']).toBe(mayHaveActed);
    }),
  );

  verifies.each('audit.unknown-outcome', [
    [429, 'rate_limited'],
    [403, 'permission_denied'],
    [409, 'conflict'],
  ])('a change whose answer was lost, and whose repetition is refused with %s, may have been made', (status, code) =>
    withServer({}, async (server, scalekit) => {
      let attempts = 0;
      scalekit.serveApi(({ method, url }, response) => {
        if (url.startsWith('/api/v1/mcp/instances')) return json(response, 200, { instances: [], next_page_token: '' });
        if (method === 'GET') return json(response, 200, { config: { id: 'cfg_1', name: 'a' } });
        if (attempts++ === 0) return void response.destroy();
        const error_code = code.toUpperCase();
        json(response, status, { code: 7, message: 'no', details: [{ '@type': 'x', error_code }] });
      });
      const token = await scalekit.mint({ claims: { scope: 'environment:read environment:write' } });
      let told = '';
      const { last } = await follow(server, async (headers) => {
        const args = { environmentId: 'env_1', configId: 'cfg_1' };
        const call = (more = {}) =>
          callTool(`${server.url}/mcp`, 'modern', 'delete_mcp_config', { ...args, ...more }, { token, headers });
        const { confirmation } = failureIn((await call()).body.result);
        told = failureIn((await call({ confirmation })).body.result).message;
      });
      expect(last).toMatchObject({ tool_name: 'delete_mcp_config', error: code, may_have_acted: true });
      expect(told).toContain('An earlier attempt of the same request may have been carried out');
    }),
  );

  verifies('audit.unknown-outcome', 'what was never sent has changed nothing', () =>
    withServer({ UPSTREAM_TIMEOUT_MS: '100' }, async (server, scalekit) => {
      scalekit.api = () => undefined;
      const token = await scalekit.mint({ claims: { scope: 'organization:read organization:write' } });
      const { last } = await follow(server, async (headers) => {
        const args = { environmentId: 'env_1', name: 'Acme' };
        await callTool(`${server.url}/mcp`, 'modern', 'create_organization', args, { token, headers });
      });
      expect(last).toMatchObject({ tool_name: 'create_organization', error: 'upstream_timeout' });
      expect(last).not.toHaveProperty('may_have_acted');
    }),
  );

  verifies('audit.unknown-outcome', 'a preview that fails has changed nothing', () =>
    withServer({}, async (server, scalekit) => {
      scalekit.serveApi((_request, response) => void response.destroy());
      const token = await scalekit.mint({ claims: { scope: 'environment:read environment:write' } });
      const { last } = await follow(server, async (headers) => {
        const args = { environmentId: 'env_1', id: 'res_1' };
        await callTool(`${server.url}/mcp`, 'modern', 'switch_mcp_auth_to_scalekit', args, { token, headers });
      });
      expect(last).toMatchObject({ tool_name: 'switch_mcp_auth_to_scalekit', error: 'upstream_unavailable' });
      expect(last).not.toHaveProperty('may_have_acted');
    }),
  );

  verifies('audit.calls', 'what a call did counts, even when its client left before the answer', () =>
    withServer({}, async (server, scalekit) => {
      const { last } = await follow(server, async (headers) => {
        const leaving = new AbortController();
        const options = { token: await scalekit.mint(), headers, signal: leaving.signal };
        const left = callTool(`${server.url}/mcp`, 'modern', 'probe_stubborn', { label: 'stubborn' }, options);
        await expect.poll(() => probe.started).toContain('stubborn');
        leaving.abort();
        await expect(left).rejects.toThrow();
        await expect.poll(() => server.lines.at(-1)).toMatchObject({ event: 'request', outcome: 'client_closed' });
        probe.finish('stubborn');
      });
      expect(last).toMatchObject({ tool_name: 'probe_stubborn', success: true, client_closed: true });
    }),
  );

  verifies('audit.limits', 'a caller over its rate is on record', () =>
    withServer({ RATE_LIMIT: '{"default":{"points":5,"seconds":900}}' }, async (server, scalekit) => {
      const token = await scalekit.mint();
      const ask = () =>
        follow(server, (headers) => callTool(`${server.url}/mcp`, 'modern', 'whoami', {}, { token, headers }));
      for (let i = 0; i < 5; i++) expect((await ask()).last['event']).toBe('mcp_tool_access');
      for (let i = 0; i < 2; i++) {
        const { records } = await ask();
        expect(records.map(facts)).toEqual([
          expect.objectContaining({
            event: 'mcp_limit',
            user_id: 'usr_1',
            success: false,
            error: 'rate_limit_exceeded',
          }),
        ]);
      }
    }),
  );

  verifies('audit.charged-first', 'a call that its charge refuses has no digest on record', () =>
    withServer({ RATE_LIMIT: '{"default":{"points":5,"seconds":900}}' }, async (server, scalekit) => {
      const token = await scalekit.mint();
      const args = { environmentId: 'env_1', name: 7 };
      const create = () =>
        follow(server, (headers) =>
          callTool(`${server.url}/mcp`, 'modern', 'create_organization', args, { token, headers }),
        );
      expect((await create()).last).toHaveProperty('arguments_sha256');
      const { last: refused } = await create();
      expect(refused).toMatchObject({ event: 'mcp_limit', tool_name: 'create_organization', effect: 'add' });
      expect(refused).not.toHaveProperty('arguments_sha256');
    }),
  );

  verifies('audit.limits', 'a caller that finds no seat is on record', () =>
    withServer({ MAX_CALLS: '1' }, async (server, scalekit) => {
      const token = await scalekit.mint();
      const holding = callTool(`${server.url}/mcp`, 'modern', 'probe_slow', { label: 'seat' }, { token });
      await expect.poll(() => probe.started).toContain('seat');
      const { last } = await follow(server, (headers) =>
        callTool(`${server.url}/mcp`, 'modern', 'whoami', {}, { token, headers }),
      );
      expect(last).toMatchObject({ event: 'mcp_limit', user_id: 'usr_1', success: false });
      probe.finish('seat');
      await holding;
    }),
  );

  verifies(
    'audit.auth-failures',
    'tokens that cannot be checked, and callers who are not admitted, are failed authentications',
    async () => {
      const ask = (server: TestServer, token: string) =>
        follow(server, (headers) => callTool(`${server.url}/mcp`, 'modern', 'whoami', {}, { token, headers }));
      await withServer({ ALLOWED_SUBJECTS: 'usr_2' }, async (server, scalekit) => {
        const { last } = await ask(server, await scalekit.mint());
        expect(last).toMatchObject({ event: 'mcp_auth_failure', user_id: 'usr_1', error: 'access_denied' });
        scalekit.keys = (_request, response) => json(response, 500, {});
      });
      const scalekit = await FakeScalekit.start();
      scalekit.keys = (_request, response) => json(response, 500, {});
      const server = await running({ ...scalekit.env, ...AUDITED });
      const { last } = await ask(server, await scalekit.mint());
      expect(last).toMatchObject({ event: 'mcp_auth_failure', success: false, error: 'keys_unavailable' });
      await server.stop();
      await scalekit.close();
    },
  );

  verifies.each<[string, Record<string, string>, object, string | undefined, string[]]>('token.not-admitted-why', [
    ['an organization', { ALLOWED_ORGANIZATIONS: 'org_1' }, { oid: 'org_2' }, 'org_2', ['ALLOWED_ORGANIZATIONS']],
    ['no organization', { ALLOWED_ORGANIZATIONS: 'org_1' }, { oid: undefined }, undefined, ['ALLOWED_ORGANIZATIONS']],
    [
      'nothing that is listed',
      { ALLOWED_SUBJECTS: 'usr_2', ALLOWED_CLIENTS: 'm2m_2', ALLOWED_ORGANIZATIONS: 'org_1' },
      { oid: 'org_2' },
      'org_2',
      ['ALLOWED_SUBJECTS', 'ALLOWED_CLIENTS', 'ALLOWED_ORGANIZATIONS'],
    ],
    ['another subject', { ALLOWED_SUBJECTS: 'usr_2', ALLOWED_CLIENTS: 'm2m_1' }, {}, 'org_1', ['ALLOWED_SUBJECTS']],
  ])(
    'a caller with %s finds the operator informed, and is told nothing of it',
    (_, env, claims, organization, missing) =>
      withServer(env, async (server, scalekit) => {
        const token = await scalekit.mint({ claims: { client_id: 'm2m_1', oid: 'org_1', ...claims } });
        const { last } = await follow(server, async (headers) => {
          const answer = await callTool(`${server.url}/mcp`, 'modern', 'whoami', {}, { token, headers });
          expect(answer.status).toBe(403);
          expect(JSON.stringify(answer.body)).not.toMatch(/org_|ALLOWED_/);
          return answer;
        });
        expect(last).toMatchObject({ event: 'mcp_auth_failure', error: 'access_denied', missing_from: missing });
        expect(last?.['organization']).toBe(organization);
        const line = server.lines.find(({ outcome }) => outcome === 'access_denied');
        expect(line).toMatchObject({ event: 'request', caller: 'usr_1', client: 'm2m_1', missing_from: missing });
        expect(line?.['organization']).toBe(organization);
      }),
  );

  verifies('audit.address', 'the address is the one that the trusted proxies name', async () => {
    const addressOf = async (server: TestServer, forwarded: string) => {
      const { last } = await follow(server, (headers) =>
        rpc(`${server.url}/mcp`, 'modern', 'tools/list', {}, { headers: { ...headers, 'x-forwarded-for': forwarded } }),
      );
      return last['ip_address'];
    };
    await withServer({ TRUST_PROXY: '1' }, async (server) => {
      expect(await addressOf(server, '203.0.113.9, 198.51.100.7')).toBe('198.51.100.7');
      expect(await addressOf(server, '[2001:DB8::7]:4711')).toBe('2001:db8::7');
      expect(await addressOf(server, 'nonsense')).toBe('127.0.0.1');
    });
    await withServer({}, async (server) => {
      expect(await addressOf(server, '198.51.100.7')).toBe('127.0.0.1');
    });
  });

  verifies('audit.chain', 'a whole run is a whole chain, in a file as well', async () => {
    await withServer({ AUDIT_LOG: ledger.file() }, async (server, scalekit) => {
      const token = await scalekit.mint();
      await Promise.all(
        Array.from({ length: 50 }, (_, i) =>
          callTool(`${server.url}/mcp`, i % 2 ? 'modern' : 'legacy', 'whoami', {}, { ...(i % 3 && { token }) }),
        ),
      );
    });
    expect(await verifyLedger([ledger.file()])).toMatchObject({ whole: true, records: 52 });
  });
});

verifies('audit.bounded', 'what is refused leaves a short record, whatever was sent', async () => {
  const scalekit = await FakeScalekit.start();
  const server = await running({ ...scalekit.env, ...AUDITED });
  const long = '\u6c34'.repeat(3_000);
  const wide = { 'user-agent': '\u00fc'.repeat(3_000) };
  const record = async (token?: string) => {
    const { last } = await follow(server, (headers) => {
      const sent = { headers: { ...headers, ...wide }, ...(token !== undefined && { token }) };
      return callTool(`${server.url}/mcp`, 'modern', 'create_organization', { environmentId: long, name: 'x' }, sent);
    });
    return { bytes: Buffer.byteLength(JSON.stringify(last)), last };
  };
  const none = await record();
  expect(none.last).toMatchObject({ event: 'mcp_auth_failure' });
  expect(none.bytes).toBeLessThan(1_500);
  const many = (scope: string, count: number) => Array.from({ length: count }, (_, i) => `${scope}${i}`).join(' ');
  const claims = { sub: `usr_${'\u6c34'.repeat(240)}`, client_id: '\u6c34'.repeat(240) };
  for (const [scope, count, kept] of [
    [many('\u6c34'.repeat(60), 30), 30, 16],
    [many('"'.repeat(18), 60), 60, 50],
    [many('x', 50), 50, 50],
  ] as const) {
    const { last, bytes } = await record(await scalekit.mint({ claims: { ...claims, scope } }));
    expect(last).toMatchObject({ event: 'mcp_step_up', required_scope: 'organization:write' });
    const scopes = last['scopes'] as string[];
    expect(scopes.slice(0, kept)).toEqual(scope.split(' ').slice(0, kept));
    expect(scopes.slice(kept)).toEqual(kept === count ? [] : [`(${count - kept} more)`]);
    expect(bytes).toBeLessThan(7_000);
  }
  await server.stop();
  await scalekit.close();
});
