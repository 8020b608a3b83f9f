import { afterAll, beforeAll, beforeEach, describe, expect } from 'vitest';
import { isObject } from '../../../src/core/json.ts';
import { ENVIRONMENT_IDS } from '../../../src/sandbox/data/ids.ts';
import { type ChangedScalekit, changedScalekit } from '../../fixtures/changed-scalekit.ts';
import { running, type TestServer } from '../../fixtures/running.ts';
import { confirmingCaller } from '../../fixtures/tool-caller.ts';
import { verifies } from '../../verifies.ts';

/** An API that does what it is asked, and writes what it did in other forms, or leaves some of it out. */
type Members = Record<string, unknown>;

const OIDC = 'conn_71204418093063001';
const PROVIDED = 'res_71204418093064002';

let scalekit: ChangedScalekit;
let server: TestServer;
let ask: ReturnType<typeof confirmingCaller>;
/** The requests, without those for environments. */
let asked: string[] = [];
let changeBody = (sent: unknown): unknown => sent;
let changeAnswer = (answer: Members, _request: string): Members => answer;

beforeAll(async () => {
  scalekit = await changedScalekit(() => ({
    body: (sent) => changeBody(sent),
    answer(body, url, status, method) {
      const request = `${method} ${url.replace('/api/v1', '')}`;
      asked.push(request);
      return { status, text: JSON.stringify(changeAnswer(body as Members, request)) };
    },
  }));
  server = await running({ ...scalekit.env, RATE_LIMIT: 'off' });
  ask = confirmingCaller(server.localUrl, scalekit.token);
});
afterAll(async () => {
  await server.stop();
  await scalekit.close();
});
beforeEach(() => {
  asked = [];
  changeBody = (sent) => sent;
  changeAnswer = (answer) => answer;
});

const call = (name: string, args: Members) => ask(name, { environmentId: ENVIRONMENT_IDS.development, ...args });
const configure = (args: Members) =>
  call('update_environment_oidc_connection', { connectionId: OIDC, oidc_config: {}, ...args });

/** Changes every member of that name, at any depth. */
function changed(value: unknown, name: string, change: (member: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((entry) => changed(entry, name, change));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      key === name && !isObject(member) ? change(member) : changed(member, name, change),
    ]),
  );
}

/** The enums of the API by their numbers. */
const NUMBERS: Readonly<Record<string, readonly unknown[]>> = {
  provider: [0, 'OKTA', 'GOOGLE', 'MICROSOFT_AD'],
  type: [0, 'OIDC', 'SAML'],
  status: [0, 'ACTIVE', 'EXPIRED', 'PENDING_AUTH', 'PENDING_VERIFICATION', 'DISCONNECTED'],
  region_code: [0, 'US', 'EU'],
  role: [0, 'ADMIN', 'USER'],
  configuration_type: [0, 'DISCOVERY', 'MANUAL'],
  scopes: [0, 'openid', 'profile', 'email', 'address', 'phone'],
  token_auth_type: [0, 'URL_PARAMS', 'BASIC_AUTH'],
};

const numberOf = (words: readonly unknown[], word: unknown) => (words.includes(word) ? words.indexOf(word) : word);
const inNumbers = (answer: Members) =>
  Object.entries(NUMBERS).reduce<unknown>(
    (value, [name, words]) =>
      changed(value, name, (member) =>
        Array.isArray(member) ? member.map((one) => numberOf(words, one)) : numberOf(words, member),
      ),
    answer,
  ) as Members;
const inLowerCase = (answer: Members) =>
  Object.keys(NUMBERS).reduce<unknown>(
    (value, name) => changed(value, name, (member) => (typeof member === 'string' ? member.toLowerCase() : member)),
    answer,
  ) as Members;

describe.each([
  ['numbers', inNumbers],
  ['another case', inLowerCase],
])('enums in %s', (form, write) => {
  beforeEach(() => {
    changeAnswer = write;
  });

  verifies('writes.forms', 'are what a new connection was to have', async () => {
    expect((await call('create_environment_oidc_connection', { provider: 'OKTA' })).error).toBeUndefined();
  });

  verifies('writes.forms', 'are what an OIDC connection is configured by, and are written as words', async () => {
    const bodies: unknown[] = [];
    changeBody = (sent) => {
      bodies.push(sent);
      return sent;
    };
    const set = { scopes: ['openid', 'email'], token_auth_type: 'BASIC_AUTH' };
    expect((await configure({ oidc_config: set })).error).toBeUndefined();
    expect((await configure({ debugEnabled: true })).error).toBeUndefined();
    expect(bodies.at(-1)).toMatchObject({ provider: 'OKTA', configuration_type: 'DISCOVERY', oidc_config: set });
  });

  verifies('writes.forms', 'are the region of a new organization', async () => {
    const made = await call('create_organization', { name: `In ${form}`, regionCode: 'EU' });
    expect(made.error).toBeUndefined();
  });

  verifies('writes.forms', 'are the role of somebody invited', async () => {
    const email = `${form.replace(' ', '-')}@harborlight.example`;
    expect((await ask('invite_workspace_member', { email, role: 'ADMIN' })).error).toBeUndefined();
  });

  verifies('writes.forms', 'are the state of an account that was disconnected', async () => {
    const connectedAccountId = form === 'numbers' ? 'ca_71204418093065101' : 'ca_71204418093065102';
    expect((await call('disconnect_connected_account', { connectedAccountId })).error).toBeUndefined();
  });
});

verifies(
  'writes.seen',
  'the number of another word is no success, one that nobody knows is none to compare',
  async () => {
    const create = (provider: unknown) => {
      changeAnswer = (answer) => changed(answer, 'provider', () => provider) as Members;
      return call('create_environment_oidc_connection', { provider: 'OKTA' });
    };
    expect((await create(2)).error).toMatchObject({ code: 'not_applied', field: 'provider' });
    expect((await create(0)).error).toMatchObject({ code: 'not_applied', field: 'provider' });
    expect((await create(999)).error).toBeUndefined();
  },
);

verifies.each<[string, string, Members]>('writes.forms', [
  ['an MCP config', 'create_mcp_config', { name: 'trimmed', connection_tool_mappings: [{ connection_name: 'gmail' }] }],
  ['a changed MCP config', 'update_mcp_config', { configId: 'cfg_71204418093065302' }],
  ['a role', 'create_environment_role', { roleName: 'trimmed', displayName: 'Trimmed' }],
  ['a scope', 'create_environment_scope', { scopeName: 'trimmed:read' }],
])('the description of %s may lose the white space around it', async (_what, tool, args) => {
  changeAnswer = (answer) => changed(answer, 'description', (text) => String(text).trim()) as Members;
  expect((await call(tool, { ...args, description: ' Looks at it.\n' })).error).toBeUndefined();
});

describe('defaults of the API', () => {
  verifies('writes.forms', 'may stand beside the scopes that were asked for', async () => {
    changeAnswer = (answer) =>
      changed(answer, 'scopes', (scopes) => [...new Set([...(scopes as string[]), 'openid'])]) as Members;
    expect((await configure({ oidc_config: { scopes: ['email'] } })).error).toBeUndefined();
  });

  verifies('writes.seen', 'are not the scopes that were to go', async () => {
    expect((await configure({ oidc_config: { scopes: ['openid', 'phone'] } })).error).toBeUndefined();
    changeAnswer = (answer) =>
      changed(answer, 'scopes', (scopes) => [...new Set([...(scopes as string[]), 'phone'])]) as Members;
    const { error } = await configure({ oidc_config: { scopes: ['openid'] } });
    expect(error).toMatchObject({ code: 'not_applied', field: 'oidc_config.scopes' });
  });

  const mapped = (defaults: object) => (answer: Members) => {
    const connection = answer['connection'] as Members | undefined;
    if (connection === undefined) return answer;
    return {
      connection: { ...connection, attribute_mapping: { ...defaults, ...(connection['attribute_mapping'] as object) } },
    };
  };

  verifies('writes.forms', 'may stand beside the attributes that were asked for', async () => {
    changeAnswer = mapped({ email: 'email' });
    expect((await configure({ attributeMapping: { given_name: 'first' } })).error).toBeUndefined();
  });

  verifies('writes.seen', 'are not the attributes that were to go', async () => {
    changeAnswer = mapped({ email: 'mail' });
    const { error } = await configure({ attributeMapping: { given_name: 'first' } });
    expect(error).toMatchObject({ code: 'not_applied', field: 'attributeMapping' });
  });
});

describe('an answer that leaves members out', () => {
  const without =
    (request: RegExp, ...names: string[]) =>
    (answer: Members, made: string): Members => {
      const resource = answer['resource'] as Members | undefined;
      if (resource === undefined || !request.test(made)) return answer;
      return { resource: Object.fromEntries(Object.entries(resource).filter(([name]) => !names.includes(name))) };
    };
  const only = (request: RegExp, member: string) => (answer: Members, made: string) => {
    const whole = answer[member] as Members | undefined;
    return whole !== undefined && request.test(made) ? { ...answer, [member]: { id: whole['id'] } } : answer;
  };
  const ofResources = () => asked.filter((request) => request.includes('/resources')).map((one) => one.split(' ')[0]);

  verifies('writes.forms', 'does not say that no scopes are enabled', async () => {
    await call('update_mcp_server', { id: PROVIDED, scopes: ['shipments:write'] });
    asked = [];
    changeAnswer = without(/^PATCH/, 'scopes');
    expect((await call('update_mcp_server', { id: PROVIDED, description: 'Told in part' })).error).toBeUndefined();
    expect(ofResources()).toEqual(['GET', 'PATCH', 'GET']);
    asked = [];
    const { data } = await call('update_mcp_server', { id: PROVIDED, scopes: ['shipments:read'] });
    expect(ofResources()).toEqual(['PATCH', 'GET']);
    expect(data.resource.scopes).toContainEqual(expect.objectContaining({ name: 'shipments:read', enabled: true }));
  });

  verifies('writes.seen', 'does not hide that scopes were not switched off', async () => {
    await call('update_mcp_server', { id: PROVIDED, scopes: ['shipments:read'] });
    changeAnswer = without(/^PATCH/, 'scopes');
    changeBody = (sent) => ({ ...(sent as Members), scopes: ['shipments:read'] });
    const { error } = await call('update_mcp_server', { id: PROVIDED, scopes: [] });
    expect(error).toMatchObject({ code: 'not_applied', field: 'scopes' });
  });

  verifies('writes.forms', 'does not say that a new or a changed server lacks them', async () => {
    changeAnswer = only(/^(POST|PATCH|PUT)/, 'resource');
    const settings = { description: 'All of it', access_token_expiry: 600, enableCimd: true };
    const made = await call('register_mcp_server', { name: 'In part', ...settings });
    expect(made.data.resource).toMatchObject({ name: 'In part', description: 'All of it' });
    const { id } = made.data.resource;
    const change = { id, name: 'In parts', use_scalekit_authentication: true };
    expect((await call('update_mcp_server', change)).data.resource.name).toBe('In parts');
  });

  verifies('writes.seen', 'does not say that a provider is gone', async () => {
    changeAnswer = (answer, request) => {
      if (request.startsWith('PUT')) return { resource: { id: PROVIDED } };
      const resource = answer['resource'] as Members | undefined;
      return resource === undefined ? answer : { resource: { ...resource, provider: 'CUSTOMS-PORTAL' } };
    };
    const switched = await call('switch_mcp_auth_to_scalekit', { id: PROVIDED });
    expect(switched.error).toMatchObject({ code: 'not_applied', field: 'provider' });
    const updated = await call('update_mcp_server', { id: PROVIDED, use_scalekit_authentication: true });
    expect(updated.error).toMatchObject({ code: 'not_applied', field: 'use_scalekit_authentication' });
    changeAnswer = (answer, request) => (request.startsWith('PUT') ? { resource: { id: PROVIDED } } : answer);
    expect((await call('switch_mcp_auth_to_scalekit', { id: PROVIDED })).error).toBeUndefined();
  });

  const parted =
    (member: string, ...names: string[]) =>
    (answer: Members, request: string): Members => {
      const whole = answer[member] as Members | undefined;
      if (whole === undefined || !request.startsWith('POST')) return answer;
      return { [member]: Object.fromEntries(Object.entries(whole).filter(([name]) => !names.includes(name))) };
    };

  verifies('writes.forms', 'does not say that a new organization, role or config lacks them', async () => {
    changeAnswer = parted('organization', 'external_id', 'metadata', 'slug');
    const organization = await call('create_organization', {
      name: 'In part',
      externalId: 'part-1',
      metadata: { plan: 'all' },
    });
    expect(organization.data.organization).toMatchObject({ external_id: 'part-1', metadata: { plan: 'all' } });
    changeAnswer = parted('role', 'display_name', 'description', 'permissions');
    const role = { roleName: 'parted', displayName: 'Parted', description: 'Told in part' };
    expect((await call('create_environment_role', role)).data.role.description).toBe('Told in part');
    changeAnswer = parted('config', 'connection_tool_mappings', 'description');
    const config = { name: 'parted', connection_tool_mappings: [{ connection_name: 'gmail' }] };
    expect((await call('create_mcp_config', config)).error).toBeUndefined();
  });

  verifies(['writes.forms', 'writes.seen'], 'does not say what became of an account', async () => {
    const account = { connectedAccountId: 'ca_71204418093065103' };
    let status = 'ACTIVE';
    changeAnswer = (answer, request) => {
      const shown = answer['connected_account'] as Members | undefined;
      if (shown === undefined) return answer;
      return { connected_account: request.includes(':disconnect') ? { id: shown['id'] } : { ...shown, status } };
    };
    const { error } = await call('disconnect_connected_account', account);
    expect(error).toMatchObject({ code: 'not_applied', field: 'status' });
    status = 'DISCONNECTED';
    const { data } = await call('disconnect_connected_account', account);
    expect(data.connected_account.status).toBe('DISCONNECTED');
  });

  verifies('writes.forms', 'tells the defaults of roles by their names alone', async () => {
    changeAnswer = (answer, request) => {
      if (!request.includes(':set_defaults')) return answer;
      const named = (role: unknown) => ({ id: (role as Members)['id'], name: (role as Members)['name'] });
      return { default_creator: named(answer['default_creator']), default_member: named(answer['default_member']) };
    };
    const wanted = { roleName: 'in_part', displayName: 'In part', description: 'Told in part' };
    const { data, error } = await call('create_environment_role', { ...wanted, isDefault: true });
    expect(error).toBeUndefined();
    expect(data.role).toMatchObject({ name: 'in_part', display_name: 'In part', description: 'Told in part' });
  });

  verifies('writes.forms', 'does not say that an MCP config or a connection lacks them', async () => {
    changeAnswer = only(/^(PUT|PATCH)/, 'config');
    expect(
      (await call('update_mcp_config', { configId: 'cfg_71204418093065302', description: 'Anew' })).error,
    ).toBeUndefined();
    changeAnswer = only(/^PATCH/, 'connection');
    expect((await configure({ uiButtonTitle: 'Staff', debugEnabled: true })).error).toBeUndefined();
  });

  verifies('writes.seen', 'does not hide what an MCP config or a connection kept', async () => {
    changeAnswer = only(/^(PUT|PATCH)/, 'config');
    changeBody = (sent) => ({ ...(sent as Members), description: 'As it was' });
    const config = await call('update_mcp_config', { configId: 'cfg_71204418093065302', description: 'Again' });
    expect(config.error).toMatchObject({ code: 'not_applied', field: 'description' });
    changeAnswer = only(/^PATCH/, 'connection');
    changeBody = (sent) => ({ ...(sent as Members), ui_button_title: 'As it was' });
    const connection = await configure({ uiButtonTitle: 'Crew' });
    expect(connection.error).toMatchObject({ code: 'not_applied', field: 'uiButtonTitle' });
  });
});

verifies('tools.connections', 'an empty client_id or client_secret is left out, and demands no secret', async () => {
  const { data } = await configure({ oidc_config: { client_id: '', client_secret: '', pkce_enabled: true } });
  expect(data.connection.oidc_config).toMatchObject({ pkce_enabled: true, client_id: expect.stringMatching(/./) });
});

describe('who is invited again', () => {
  verifies('tools.members', 'keeps a role that the call does not name', async () => {
    const email = 'pending@harborlight.example';
    expect((await ask('invite_workspace_member', { email, role: 'ADMIN' })).error).toBeUndefined();
    const { data } = await ask('invite_workspace_member', { email });
    expect(data.member.role).toBe('ADMIN');
    const named = await ask('invite_workspace_member', { email, role: 'USER' });
    expect(named.error).toMatchObject({ code: 'not_applied', field: 'role' });
  });

  verifies('tools.members', 'as a member is told that nobody was invited, whatever the call names', async () => {
    const args = { email: 'jonas@harborlight.example', dashboardRole: 'developer', role: 'ADMIN' };
    const { error } = await ask('invite_workspace_member', args);
    expect(error).toMatchObject({ code: 'not_applied', field: 'role', retryable: false });
    expect(error.message).toContain('Nobody was invited');
    expect(error.message).toContain('role, dashboardRole');
    expect(error.message).not.toContain('is done');
  });
});

verifies('list.odd-entry', 'an odd scope of an MCP server does not hide its other scopes', async () => {
  changeAnswer = (answer) => {
    if (!Array.isArray(answer['resources'])) return answer;
    const scopes = [{ name: 'a:read', enabled: true }, { name: 5, enabled: true }, 7, { name: 'b:read' }];
    return { ...answer, resources: answer['resources'].map((resource: Members) => ({ ...resource, scopes })) };
  };
  const { data } = await call('list_mcp_servers', {});
  expect(data.resources[0].scopes).toEqual(['a:read', '(unreadable)', '(unreadable)']);
});
