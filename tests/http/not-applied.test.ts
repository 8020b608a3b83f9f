import { afterAll, describe, expect, it } from 'vitest';
import { isObject } from '../../src/core/json.ts';
import type { Tool } from '../../src/core/tool.ts';
import { type Changes, changedScalekit } from '../fixtures/changed-scalekit.ts';
import { exampleArguments } from '../fixtures/example-calls.ts';
import { failureIn } from '../fixtures/failure-in.ts';
import { callTool, type RpcAnswer } from '../fixtures/rpc.ts';
import { running } from '../fixtures/running.ts';
import { TOOLS_OF_THE_API } from '../fixtures/tools-of-the-api.ts';
import { verifies } from '../verifies.ts';

/** Every tool that writes, against a Scalekit that answers 200 and ignores a part of what it was asked. */
const WRITING = TOOLS_OF_THE_API.filter(({ effect }) => effect !== 'read').map((tool) => [tool.name, tool] as const);

/**
 * What a request says that no answer shows, so that nobody can see whether it came true; with the reason. Everything
 * else that a tool sends is compared.
 */
const UNSEEN: Readonly<Record<string, string>> = {
  'create_connected_account_magic_link identifier': 'the answer is the link',
  'create_mcp_server_client custom_claims': 'the result says so beside the secret, which an error would lose',
  'create_mcp_server_client description': 'the result says so beside the secret, which an error would lose',
  'create_mcp_server_client name': 'the result says so beside the secret, which an error would lose',
  'create_mcp_server_client redirect_uris': 'the result says so beside the secret, which an error would lose',
  ...Object.fromEntries(
    ['name', 'description', 'scopes', 'audience', 'expiry', 'custom_claims'].map((name) => [
      `create_organization_client ${name}`,
      'not_applied says so beside the secret, which an error would lose',
    ]),
  ),
  ...Object.fromEntries(
    ['user_id', 'description', 'custom_claims.dock', 'expiry'].map((name) => [
      `create_api_token ${name}`,
      'not_applied says so beside the token, which an error would lose',
    ]),
  ),
  'create_mcp_session_token expiry': 'the result says so beside the token, which an error would lose',
  'execute_agent_tool params.text': 'the answer is that of a third party',
  'invite_workspace_member role': 'the role that the API gives by itself',
  'list_mcp_config_connected_accounts identifier': 'the answer names no user',
  'list_mcp_config_connected_accounts include_auth_link': 'some connections have no link, and the result shows it',
  'update_mcp_config connection_tool_mappings': 'what was read, written again',
  'update_organization_session_policy absolute_session_timeout_unit': 'minutes are the default',
  'update_organization_session_policy idle_session_timeout_unit': 'minutes are the default',
  'update_organization_directory directory_type': 'what was read, written again',
  'update_organization_directory status': 'what was read, written again',
  'update_organization_oidc_connection type': 'the type that was read, written again',
  'update_organization_oidc_connection attribute_mapping': 'what was read, written again',
  'update_organization_oidc_connection configuration_type': 'it follows from the settings',
  'update_organization_oidc_connection oidc_config.client_secret': 'no answer shows a secret',
  'update_organization_saml_connection type': 'the type that was read, written again',
  'update_organization_saml_connection configuration_type': 'it follows from the settings',
  'update_organization_saml_connection saml_config.want_request_signed': 'what was read, written again',
  'update_organization_saml_connection attribute_mapping.email': 'what was read, written again',
  'create_environment authentication_mode': 'no answer shows it',
  'verify_custom_domain_dns custom_domain': 'the answer is empty',
  'update_environment_oidc_connection type': 'the type that was read, written again',
  'update_environment_oidc_connection attribute_mapping': 'what was read, written again',
  'update_environment_oidc_connection configuration_type': 'what was read, written again',
  'update_environment_oidc_connection oidc_config.client_secret': 'no answer shows a secret',
};

/** Members of a request, as dotted paths, lists as a whole. */
function pathsIn(body: unknown, before = ''): string[] {
  if (!isObject(body)) return [];
  return Object.entries(body).flatMap(([name, member]) =>
    isObject(member) && Object.keys(member).length > 0 ? pathsIn(member, `${before}${name}.`) : [`${before}${name}`],
  );
}

type Change = (value: unknown) => unknown;

/** How a member is ignored: it never arrived, or something else stands there already. The first that the API takes. */
const CHANGES: readonly Change[] = [
  () => undefined,
  (value) => (typeof value === 'string' ? `${value}x` : value),
  (value) => (typeof value === 'boolean' ? !value : value),
  (value) => (typeof value === 'string' && /^\d+$/.test(value) ? String(Number(value) + 1) : value),
  (value) => (Array.isArray(value) && value.length > 0 ? value.slice(1) : value),
];

function changedAt(body: unknown, [name = '', ...rest]: readonly string[], change: Change): unknown {
  if (!isObject(body) || !(name in body)) return body;
  const { [name]: member, ...others } = body;
  const changed = rest.length > 0 ? changedAt(member, rest, change) : change(member);
  if (changed === member) return body;
  return changed === undefined ? others : { ...others, [name]: changed };
}

interface Run {
  readonly answer: RpcAnswer;
  /** The bodies of the requests that wrote. */
  readonly sent: readonly unknown[];
  /** Whether the change reached the API, and the API refused it. */
  readonly wasRefused: boolean;
}

/** Calls a tool once on a fresh sandbox, with what it sends changed on the way. */
async function run(
  tool: Tool,
  path?: string,
  change: Change = (value) => value,
  ignored?: Changes['ignored'],
): Promise<Run> {
  const sent: unknown[] = [];
  let wasRefused = false;
  let wasChanged = false;
  const scalekit = await changedScalekit(() => ({
    ...(ignored && { ignored }),
    body(body) {
      sent.push(body);
      const changed = path === undefined ? body : changedAt(body, path.split('.'), change);
      wasChanged = JSON.stringify(changed) !== JSON.stringify(body);
      return changed;
    },
    answer(body, _url, status, method) {
      // The server asks on its own, too, at the same time: those are no answers to what was changed.
      if (method !== 'GET') {
        if (wasChanged && status >= 400) wasRefused = true;
        wasChanged = false;
      }
      return { status, text: JSON.stringify(body) };
    },
  }));
  const server = await running({ ...scalekit.env, AGENT_TOOL_EXECUTION: 'on' });
  const call = (args: object) =>
    callTool(
      `${server.localUrl}/mcp`,
      'modern',
      tool.name,
      { ...exampleArguments(tool), ...args },
      { token: scalekit.token },
    );
  const first = await call({});
  const confirmation = tool.effect === 'destroy' && failureIn(first.body.result).confirmation;
  const answer = confirmation ? await call({ confirmation }) : first;
  await server.stop();
  await scalekit.close();
  return { answer, sent, wasRefused };
}

const found = new Set<string>();
const ignoredWhole = new Set<string>();
afterAll(() => {
  expect(Object.keys(UNSEEN).filter((name) => !found.has(name))).toEqual([]);
});

/**
 * The answer to a call of which the API ignores a member; undefined when there is no way to ignore it.
 * @param usual what the call sends when nothing is ignored: a change that leaves all of it as it is needs no call
 */
async function ignoring(tool: Tool, path: string, usual: readonly unknown[]): Promise<RpcAnswer | undefined> {
  for (const change of CHANGES) {
    const isSame = (body: unknown) => JSON.stringify(changedAt(body, path.split('.'), change)) === JSON.stringify(body);
    if (usual.every(isSame)) continue;
    const { answer, sent, wasRefused } = await run(tool, path, change);
    if (!wasRefused && !sent.every(isSame)) return answer;
  }
  return undefined;
}

describe.each(WRITING)('%s', (name, tool) => {
  verifies('write.no-success-unseen', 'tells nothing as done that did not come true', async () => {
    const { answer, sent } = await run(tool);
    expect(answer.body.result.isError, JSON.stringify(answer.body)).toBeUndefined();
    for (const path of new Set(sent.flatMap((body) => pathsIn(body)))) {
      const key = `${name} ${path}`;
      const { body } = (await ignoring(tool, path, sent)) ?? {};
      if (body === undefined) continue;
      const isUnseen = UNSEEN[key] !== undefined;
      if (isUnseen) found.add(key);
      expect.soft(body.result.isError, key).toBe(isUnseen ? undefined : true);
      if (body.result.isError !== true) continue;
      const { code, retryable } = failureIn(body.result);
      expect(['not_applied', 'conflict', 'invalid_request', 'not_found'], key).toContain(code);
      expect(retryable, key).toBe(false);
    }
  });
});

/** What Scalekit may say to a change that it has not made. */
const SAID: readonly unknown[] = [{}, { error: 'could not be done' }];

describe.each(WRITING)('%s, of which the API ignores everything', (name, tool) => {
  verifies('write.no-deletion-unseen', 'is not told as done', async () => {
    for (const said of SAID) {
      let isIgnored = false;
      const { answer } = await run(tool, undefined, undefined, (method, url, sent) => {
        if (method === 'GET' || !url.startsWith('/api/') || !hasNothing(sent, url)) return undefined;
        isIgnored = true;
        return said;
      });
      if (!isIgnored) return;
      ignoredWhole.add(name);
      const { result } = answer.body;
      expect.soft(result.isError, JSON.stringify(result)).toBe(true);
      expect
        .soft(['not_applied', 'conflict', 'unexpected_response', 'invalid_request'])
        .toContain(failureIn(result).code);
      expect.soft(failureIn(result).retryable).toBe(false);
    }
  });
});

/** Whether a request holds no member that could be ignored by itself: all of it says what is to be done to one thing. */
function hasNothing(sent: string, url: string): boolean {
  return sent === '' || sent === '{}' || url.endsWith(':delete');
}

it('goes through requests without members', () => {
  expect([...ignoredWhole].sort()).toEqual([
    'clear_member_environment_role',
    'create_client_secret',
    'create_directory_secret',
    'create_mcp_client_secret',
    'create_organization_client_secret',
    'delete_client_secret',
    'delete_connected_account',
    'delete_custom_connector',
    'delete_environment_client',
    'delete_environment_connection',
    'delete_environment_role',
    'delete_environment_scope',
    'delete_mcp_client_secret',
    'delete_mcp_config',
    'delete_mcp_instance',
    'delete_mcp_server',
    'delete_mcp_server_client',
    'delete_organization',
    'delete_organization_client',
    'delete_organization_client_secret',
    'delete_organization_connection',
    'delete_organization_directory',
    'delete_organization_domain',
    'delete_organization_role',
    'delete_permission',
    'delete_user',
    'delete_user_passkey',
    'disable_environment_connection',
    'disable_organization_connection',
    'disable_organization_directory',
    'disconnect_connected_account',
    'enable_environment_connection',
    'enable_organization_connection',
    'enable_organization_directory',
    'generate_admin_portal_link',
    'get_mcp_instance_auth_state',
    'regenerate_directory_secret',
    'remove_permission_from_role',
    'remove_redirect_uri',
    'remove_user_from_organization',
    'remove_user_role',
    'remove_workspace_member',
    'resend_user_invite',
    'revoke_admin_portal_link',
    'revoke_all_user_sessions',
    'revoke_mcp_user_consent',
    'revoke_session',
    'send_test_webhook_event',
    'set_environment_feature',
    'switch_mcp_auth_to_scalekit',
    'update_organization_domain',
    'verify_custom_domain_dns',
    'verify_organization_domain',
  ]);
});

it('goes through tools that write', () => {
  expect(WRITING.length).toBeGreaterThan(20);
});
