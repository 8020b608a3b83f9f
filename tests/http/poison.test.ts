import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest';
import type { Tool } from '../../src/core/tool.ts';
import { ENVIRONMENT_IDS } from '../../src/sandbox/data/ids.ts';
import { catalogue } from '../../src/tools/index.ts';
import { blocksBesideLinks } from '../fixtures/blocks.ts';
import { checkingClient } from '../fixtures/checking-client.ts';
import { EXAMPLES } from '../fixtures/examples/index.ts';
import { failureIn } from '../fixtures/failure-in.ts';
import { MARK, NEVER, type PoisonousScalekit, poisonousScalekit, SECRETS } from '../fixtures/poison.ts';
import { running, type TestServer } from '../fixtures/running.ts';
import { verifies } from '../verifies.ts';

/**
 * Every tool of the catalogue against a Scalekit in which every text is hostile. A new tool cannot escape: what it lets
 * through, it lets through here.
 */
let scalekit: PoisonousScalekit;
let server: TestServer;
let client: Client;

beforeAll(async () => {
  scalekit = await poisonousScalekit();
  server = await running({ ...scalekit.env, AGENT_TOOL_EXECUTION: 'on', AUDIT_LOG: 'stderr' });
  client = await checkingClient('poison', server.localUrl, scalekit.token);
});
afterAll(async () => {
  await client.close();
  await server.stop();
  await scalekit.close();
});

afterEach(() => {
  scalekit.refuse = undefined;
});

/**
 * Those that find tools and stand for others show nothing of the platform themselves; the documentation is not from its API,
 * and skills are texts of this server.
 */
const TOOLS = catalogue
  .filter(({ name, toolset }) => toolset !== 'discovery' && toolset !== 'docs' && name !== 'get_skill')
  .map((tool) => [tool.name, tool] as const);
/** Their results hold no text of the platform: a flag, or the id that they were given. */
const WITHOUT_PLATFORM_TEXT = new Set([
  'whoami',
  'enable_environment_connection',
  'create_environment_scope',
  'delete_environment_role',
  'delete_permission',
  'remove_permission_from_role',
  'delete_organization_role',
  'delete_environment_scope',
  'delete_organization',
  'delete_user',
  'remove_workspace_member',
  'remove_user_from_organization',
  'remove_user_role',
  'delete_user_passkey',
  'delete_mcp_config',
  'delete_mcp_instance',
  'delete_custom_connector',
  'delete_mcp_server',
  'delete_mcp_server_client',
  'revoke_mcp_user_consent',
  'delete_connected_account',
  'disable_environment_connection',
  'delete_environment_connection',
  'enable_organization_connection',
  'disable_organization_connection',
  'delete_organization_connection',
  'enable_organization_directory',
  'disable_organization_directory',
  'delete_organization_directory',
  'sync_organization_directory',
  'verify_organization_domain',
  'delete_organization_domain',
  'delete_organization_client',
  'delete_organization_client_secret',
  'invalidate_api_token',
  'delete_environment_client',
  'delete_client_secret',
  'delete_mcp_client_secret',
  'revoke_admin_portal_link',
  'set_organization_user_limit',
]);

/** Their previews hold URIs of the environment's client alone, which the server itself decides by. */
const PREVIEWS_OF_URIS = new Set([
  'remove_redirect_uri',
  'remove_initiate_login_uri',
  'remove_post_logout_redirect_uri',
]);

// biome-ignore lint/suspicious/noExplicitAny: results are looked into freely.
function call({ name, place }: Tool, more: Record<string, unknown> = {}): Promise<any> {
  const environment = place === 'environment' ? { environmentId: ENVIRONMENT_IDS.development } : {};
  return client.callTool({ name, arguments: { ...environment, ...EXAMPLES[name]?.arguments, ...more } });
}

/** Every text in a value with its dotted path, lists left out of it; names of members are texts at `(name)`. */
function* textsIn(value: unknown, path: readonly string[] = []): Iterable<{ path: string; text: string }> {
  if (typeof value === 'string') yield { path: path.join('.'), text: value };
  if (Array.isArray(value)) for (const entry of value) yield* textsIn(entry, path);
  else if (typeof value === 'object' && value !== null) {
    for (const [name, member] of Object.entries(value)) {
      yield { path: '(name)', text: name };
      yield* textsIn(member, [...path, name]);
    }
  }
}

/** Where a value holds what it must not. */
function leaks(value: unknown, mayHoldSecrets: readonly string[] = []): string[] {
  return [...textsIn(value)].flatMap(({ path, text }) => {
    const forbidden = [...NEVER, scalekit.token, ...(mayHoldSecrets.includes(path) ? [] : SECRETS)];
    return forbidden.filter((bad) => text.includes(bad)).map((bad) => `${path}: ${JSON.stringify(bad.slice(0, 40))}`);
  });
}

// biome-ignore lint/suspicious/noExplicitAny: results are looked into freely.
function expectClean(result: any, mayHoldSecrets?: readonly string[]): void {
  expect(blocksBesideLinks(result)).toHaveLength(1);
  const error = failureIn(result);
  if (error === undefined) expect(JSON.parse(result.content[0].text)).toEqual(result.structuredContent);
  expect(leaks(error ?? result.structuredContent, mayHoldSecrets)).toEqual([]);
  const { content: _, structuredContent: __, ...rest } = result;
  expect(leaks(rest)).toEqual([]);
}

describe('against a Scalekit that poisons what it answers', () => {
  verifies.each(
    ['text.invisible', 'secrets.by-key', 'secrets.by-shape', 'secrets.by-value', 'secrets.disclosed'],
    TOOLS,
  )('%s lets nothing secret and nothing invisible through', async (name, tool) => {
    let result = await call(tool);
    if (tool.effect === 'destroy') {
      expectClean(result);
      const { preview, confirmation } = failureIn(result);
      expect(JSON.stringify(preview).includes(MARK)).toBe(!PREVIEWS_OF_URIS.has(name));
      result = await call(tool, { confirmation });
    }
    // What it says of what was written is not what was asked for, and some tools tell that.
    if (failureIn(result)?.code === 'not_applied') return expectClean(result);
    expect(result.isError, JSON.stringify(result.content)).toBeUndefined();
    expectClean(result, [...(tool.discloses ?? []), 'next_page_token', 'prev_page_token']);
    const hasPlatformText = !WITHOUT_PLATFORM_TEXT.has(name);
    expect(JSON.stringify(result.structuredContent).includes(MARK)).toBe(hasPlatformText);
    for (const path of tool.discloses ?? []) {
      const handedOut = [...textsIn(result.structuredContent)].filter((found) => found.path === path);
      expect(handedOut.length, path).toBeGreaterThan(0);
      for (const { text } of handedOut.filter(({ text }) => text.includes(MARK))) {
        for (const secret of SECRETS) expect(text).toContain(secret);
      }
    }
  });

  verifies.each(['text.json-values', 'secrets.by-value'], [400, 403, 404, 409])(
    'every tool says with %i what went wrong in words of its own, and quotes the rest as data',
    async (status) => {
      scalekit.refuse = status;
      for (const [name, tool] of TOOLS) {
        if (name === 'whoami') continue;
        const result = await call(tool);
        expect(result).toMatchObject({ isError: true });
        expectClean(result);
        const { message, upstream } = failureIn(result);
        expect(message, name).not.toContain('Ignore');
        expect(JSON.stringify(upstream), name).toContain(MARK);
      }
    },
  );

  verifies(
    'secrets.log',
    'has written nothing secret and nothing of the answers into the log and the ledger',
    async () => {
      const written = server.logText() + server.ledger();
      expect(server.lines.length).toBeGreaterThan(catalogue.length);
      for (const bad of [...NEVER, ...SECRETS, scalekit.token, MARK]) {
        expect(written.includes(bad) || written.includes(JSON.stringify(bad).slice(1, -1)), bad).toBe(false);
      }
    },
  );
});
