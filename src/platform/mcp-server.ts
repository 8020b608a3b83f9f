import { z } from 'zod';
import type { Api, Body } from '../core/api.ts';
import { checkAnswer } from '../core/check-answer.ts';
import { ToolError } from '../core/errors.ts';
import { isObject } from '../core/json.ts';
import { type Asked, requireTold } from './came-true.ts';
import { McpServer } from './entities/mcp-server.ts';
import { path } from './path.ts';
import { readBack } from './read-back.ts';
import { aboutArguments, requireChange } from './refusal.ts';

const One = z.object({ resource: McpServer });
type One = z.output<typeof One>;

/** The tool that shows the current state. */
const LIST = 'list_mcp_servers';

/** The arguments of the tools that register and change an MCP server. What is left out stays. */
interface Settings {
  readonly name?: string | undefined;
  readonly url?: string | undefined;
  readonly description?: string | undefined;
  readonly access_token_expiry?: number | undefined;
  readonly refreshTokenExpiry?: number | undefined;
  readonly logoUri?: string | undefined;
  readonly scopes?: readonly string[] | undefined;
  readonly enableCimd?: boolean | undefined;
  readonly disableDynamicClientRegistration?: boolean | undefined;
  readonly xaaEnabled?: boolean | undefined;
  readonly intersectScopesUserPermission?: boolean | undefined;
  readonly provider?: string | undefined;
  readonly use_scalekit_authentication?: boolean | undefined;
}

/**
 * Registers an MCP server (`POST /resources`).
 * @throws ToolError `not_applied` for what the answer does not show as asked
 */
export async function registerMcpServer(api: Api, settings: Settings): Promise<One> {
  const body = { resource_type: 'MCP_SERVER', ...toResource(settings) };
  const answer = checkAnswer(One, await api.post(path`/resources`, body), 'write');
  return requireAsked(api, settings, answer);
}

/**
 * Changes an MCP server: with `PATCH /resources/{id}` what is named, then, for Scalekit's own sign-in, with the operation
 * that removes the provider, since an empty text may change nothing.
 * @throws ToolError `not_applied` for what is not as asked afterwards, also for scopes that the call does not name
 */
export function changeMcpServer(api: Api, id: string, settings: Settings): Promise<One> {
  const resource = toResource(settings);
  const isChanged = Object.values(resource).some((value) => value !== undefined);
  const isSwitched = settings.use_scalekit_authentication === true;
  if (!isChanged && !isSwitched) {
    throw new ToolError('invalid_arguments', 'Nothing to change: give at least one argument beside id.');
  }
  return api.inTurn(path`/resources/${id}`, async () => {
    const patched = isChanged ? await patch(api, id, resource) : undefined;
    const answer = isSwitched ? await removeProvider(api, id, patched !== undefined) : patched;
    return requireAsked(api, settings, answer as One);
  });
}

/**
 * Lets Scalekit sign in the users of an MCP server (`PUT /resources/{id}/provider:delete`).
 * @throws ToolError `not_applied` when it still has a provider
 */
export async function switchToScalekit(api: Api, id: string): Promise<One> {
  const answer = await removeProvider(api, id, false);
  const asked = ({ resource }: One) => ({
    provider: { asked: '', shown: resource.provider, isTold: isWhole(resource) },
  });
  return requireTold(asked, answer, () => read(api, id), LIST);
}

/** One whose metadata document may be a client's id: a vendor that Scalekit knows, or the address of the document. */
interface AllowedClient {
  readonly type: 'PREDEFINED' | 'URL';
  readonly value: string;
}

/** Which clients may sign in to an MCP server, and what people may leave out. What is left out stays. */
interface ClientPolicy {
  readonly onlyAllowedClients?: boolean | undefined;
  readonly allowedClients?: readonly AllowedClient[] | undefined;
  readonly peopleMayLeaveOutScopes?: boolean | undefined;
}

/**
 * Sets which clients with a metadata document may sign in to an MCP server, and whether people may leave out scopes
 * (`GET` and `PATCH /resources/{id}`).
 * @throws ToolError `invalid_arguments` for an empty list that is to hold; `not_applied` for what is not as asked afterwards
 */
export function setClientPolicy(api: Api, id: string, policy: ClientPolicy): Promise<One> {
  const { onlyAllowedClients, allowedClients, peopleMayLeaveOutScopes } = policy;
  requireChange({ ...policy }, 'allowedClients');
  return api.inTurn(path`/resources/${id}`, async () => {
    const before = await read(api, id);
    const { cimd_client_allowlist: listed, cimd_client_allowlist_enabled: isOn } = before.resource;
    const isAboutClients = onlyAllowedClients !== undefined || allowedClients !== undefined;
    if (isAboutClients && (onlyAllowedClients ?? isOn) === true && (allowedClients ?? listed ?? []).length === 0) {
      const message =
        'With onlyAllowedClients and an empty list no client with a metadata document could sign in: name some in allowedClients. To refuse all of them, set enableCimd of update_mcp_server to false.';
      throw new ToolError('invalid_arguments', message, { field: 'allowedClients', nextTool: 'update_mcp_server' });
    }
    const body: Body = {
      cimd_client_allowlist: allowedClients?.map(({ type, value }) => ({ type, value })),
      cimd_client_allowlist_enabled: onlyAllowedClients,
      resource_scope_selection_allowed: peopleMayLeaveOutScopes,
    };
    const answer = await patch(api, id, body, before).catch((refusal) => {
      throw aboutArguments(refusal, [{ at: 'resource.cimd_client_allowlist', field: 'allowedClients' }]);
    });
    const asked = ({ resource }: One) => ({
      onlyAllowedClients: { asked: onlyAllowedClients, shown: resource.cimd_client_allowlist_enabled },
      allowedClients: { asked: allowedClients, shown: resource.cimd_client_allowlist },
      peopleMayLeaveOutScopes: { asked: peopleMayLeaveOutScopes, shown: resource.resource_scope_selection_allowed },
    });
    return requireTold(asked, answer, () => read(api, id), 'get_mcp_server');
  });
}

/** So many scopes are named. */
const MAX_NAMED = 20;
const differs = (description: string) => ({ field: 'scopes', description });

/** Scopes are a list, and whether a change that leaves them out leaves them alone is not certain: so they are compared. */
async function patch(api: Api, id: string, resource: Body, known?: One): Promise<One> {
  const at = path`/resources/${id}`;
  const before = resource['scopes'] === undefined ? (known ?? (await read(api, id))) : undefined;
  const answer = checkAnswer(One, await api.patch(at, resource), 'write');
  // An answer without scopes does not say that none are enabled.
  const isTold = !before || enabledScopes(before).length === 0 || answer.resource.scopes;
  const after = isTold ? answer : await readBack(read(api, id), LIST);
  const lost = before && difference(enabledScopes(before), enabledScopes(after));
  if (lost === undefined || lost.length === 0) return after;
  throw new ToolError(
    'not_applied',
    'Scalekit accepted the change, but other scopes are enabled on this MCP server than before: upstream names those that differ. Set scopes to all that are to be enabled.',
    { field: 'scopes', nextTool: 'update_mcp_server', upstream: { violations: lost.slice(0, MAX_NAMED).map(differs) } },
  );
}

async function removeProvider(api: Api, id: string, isPatched: boolean): Promise<One> {
  try {
    return checkAnswer(One, await api.put(path`/resources/${id}/provider:delete`), 'write');
  } catch (error) {
    if (!isPatched || !(error instanceof ToolError)) throw error;
    const message = `The other changes are made, but the login of the MCP server was not switched to Scalekit. ${error.message}`;
    throw new ToolError(error.code, message, error.recovery, error.cause);
  }
}

/** Converts the arguments to the API's members. A lifetime of 64 bits is a text. */
function toResource(args: Settings): Body {
  return {
    name: args.name,
    description: args.description,
    resource_id: args.url,
    access_token_expiry: args.access_token_expiry?.toString(),
    refresh_token_expiry: args.refreshTokenExpiry?.toString(),
    logo_uri: args.logoUri,
    scopes: args.scopes,
    enable_cimd: args.enableCimd,
    disable_dynamic_client_registration: args.disableDynamicClientRegistration,
    xaa_enabled: args.xaaEnabled,
    intersect_scopes_user_permission: args.intersectScopesUserPermission,
    provider: providerOf(args),
  };
}

/** The provider to set; `undefined`: none. An empty argument counts as left out. */
function providerOf({ provider, use_scalekit_authentication: useScalekit }: Settings): string | undefined {
  const named = provider === '' ? undefined : provider;
  if (useScalekit === undefined || useScalekit === (named === undefined)) return named;
  const message = useScalekit
    ? 'Either Scalekit signs users in or a provider does: leave provider out, or set use_scalekit_authentication to false.'
    : 'With use_scalekit_authentication false, provider must be the key_id of a connection of the environment.';
  throw new ToolError('invalid_arguments', message, {
    field: 'provider',
    ...(!useScalekit && { nextTool: 'list_environment_connections' }),
  });
}

async function read(api: Api, id: string): Promise<One> {
  return checkAnswer(One, await api.get(path`/resources/${id}`));
}

/** Compares every argument that a call named with the answer, or with the server where the answer is not whole. */
function requireAsked(api: Api, args: Settings, answer: One): Promise<One> {
  return requireTold(
    (shown) => asked(args, shown),
    answer,
    () => read(api, answer.resource.id),
    LIST,
  );
}

function asked(args: Settings, answer: One): Readonly<Record<string, Asked>> {
  const { resource } = answer;
  const fields = {
    name: { asked: args.name, shown: resource.name },
    description: { asked: args.description, shown: resource.description },
    url: { asked: args.url, shown: resource.resource_id },
    access_token_expiry: { asked: args.access_token_expiry, shown: resource.access_token_expiry },
    refreshTokenExpiry: { asked: args.refreshTokenExpiry, shown: resource.refresh_token_expiry },
    logoUri: { asked: args.logoUri, shown: resource.logo_uri },
    scopes: {
      asked: args.scopes,
      shown: resource.scopes && enabledScopes(answer),
      isTold: Array.isArray(resource.scopes),
    },
    enableCimd: { asked: args.enableCimd, shown: resource.enable_cimd },
    disableDynamicClientRegistration: {
      asked: args.disableDynamicClientRegistration,
      shown: resource.disable_dynamic_client_registration,
    },
    xaaEnabled: { asked: args.xaaEnabled, shown: resource.xaa_enabled },
    intersectScopesUserPermission: {
      asked: args.intersectScopesUserPermission,
      shown: resource.intersect_scopes_user_permission,
    },
    provider: { asked: args.provider || undefined, shown: resource.provider },
    use_scalekit_authentication: {
      asked: args.use_scalekit_authentication === true ? '' : undefined,
      shown: resource.provider,
    },
  };
  if (isWhole(resource)) return fields;
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, { ...field, isTold: false }]));
}

/** Every server has a name: an answer without it leaves out other members, too. */
function isWhole({ name }: One['resource']): boolean {
  return Boolean(name);
}

/** Only `true` counts: JSON of a protobuf may leave false out. */
function enabledScopes({ resource }: One): string[] {
  return (resource.scopes ?? []).filter(({ enabled }) => enabled === true).map(({ name }) => name);
}

/** What only one of two lists holds. */
function difference(some: readonly string[], others: readonly string[]): string[] {
  const [left, right] = [new Set(some), new Set(others)];
  return [...some.filter((name) => !right.has(name)), ...others.filter((name) => !left.has(name))];
}

/** The API's list of MCP servers, each with the names of its enabled scopes. What has another form stays as it is. */
export function withEnabledScopes(answer: unknown): unknown {
  if (!isObject(answer) || !Array.isArray(answer['resources'])) return answer;
  return { ...answer, resources: answer['resources'].map(withNames) };
}

function withNames(resource: unknown): unknown {
  if (!isObject(resource) || !Array.isArray(resource['scopes'])) return resource;
  return { ...resource, scopes: resource['scopes'].flatMap(enabledName) };
}

/** The name of an enabled scope. What has another form stays as it is, to be told as unreadable by itself. */
function enabledName(scope: unknown): unknown {
  if (!isObject(scope)) return [scope];
  if (scope['enabled'] !== true) return [];
  return typeof scope['name'] === 'string' ? [scope['name']] : [scope];
}
