import type { DescMethod } from '@bufbuild/protobuf';
import { isObject } from '../contract/decode.ts';

/** Why fields of a request message have no effect, by their paths. A path stands for all that is below it as well. */
type Reasons = Readonly<Record<string, string>>;

const NO_SUCH_CONNECTION = 'the sandbox has no connection of this kind';
const NO_INTERCEPTORS = 'the sandbox has no interceptors';
const OTHER_KIND = 'the connection has settings of another kind';
const OLDER = 'an older form of another field';
const NOT_SHOWN = 'no answer of the sandbox shows it';
const BY_NAME = 'roles are found by their names';
const BY_THE_WORKSPACE = 'documented: ignored where the workspace is billed as a whole';
const BY_CLIENT = 'the id of the client alone counts';
const BY_THE_API = 'only the API sets it';

const OF_OTHER_CONNECTIONS: Reasons = {
  'connection.google_dwd_config': NO_SUCH_CONNECTION,
  'connection.oauth_config': NO_SUCH_CONNECTION,
  'connection.passwordless_config': NO_SUCH_CONNECTION,
  'connection.saml_config': OTHER_KIND,
  'connection.static_config': NO_SUCH_CONNECTION,
  'connection.webauthn_config': NO_SUCH_CONNECTION,
};

/**
 * Fields that the API heeds and the sandbox does not, or not for everything: a request that sets one is refused when it
 * was not read, and nothing is done. By service and method. An operation that comes to read such a field loses its row.
 */
const UNPLAYED: Readonly<Record<string, Reasons>> = {
  'ClientService.UpdateResource': { 'resource.custom_connection_settings': NO_SUCH_CONNECTION },
  'ConnectionService.UpdateConnection': OF_OTHER_CONNECTIONS,
  'ConnectionService.UpdateEnvironmentConnection': OF_OTHER_CONNECTIONS,
  'DirectoryService.UpdateDirectory': { 'directory.groups': NOT_SHOWN, 'directory.mappings.display_name': NOT_SHOWN },
  'EventsService.ListEvents': {
    'filter.interceptor_decision': NO_INTERCEPTORS,
    'filter.interceptor_id': NO_INTERCEPTORS,
    'filter.interceptor_status': NO_INTERCEPTORS,
  },
  'MembersService.CreateMember': { 'member.user_profile': NOT_SHOWN, 'member.workspace_ids': 'there is one workspace' },
  'RolesService.DeleteRole': { reassign_role_id: OLDER },
  'RolesService.UpdateDefaultRoles': { default_creator: OLDER, default_member: OLDER },
  'UserService.CreateMembership': { 'membership.roles.display_name': BY_NAME },
  'UserService.CreateUserAndMembership': { 'user.membership.roles.display_name': BY_NAME },
  'UserService.UpdateMembership': { 'membership.roles.display_name': BY_NAME },
};

/** Fields of which nobody could see an effect, or which the API ignores as well: they may be set. By service and method. */
const WITHOUT_EFFECT: Readonly<Record<string, Reasons>> = {
  'ClientService.DeleteResourceClient': { resource_id: BY_CLIENT },
  'ClientService.ListClient': { include_plain_secret: 'secrets are kept as hashes, so that there is none to show' },
  'ClientService.UpdateResourceClient': { resource_id: BY_CLIENT },
  'McpService.CreateMcpConfig': {
    'config.connection_tool_mappings.connected_account_id': BY_THE_API,
    'config.connection_tool_mappings.connected_account_status': BY_THE_API,
  },
  'McpService.UpdateMcpConfig': {
    'connection_tool_mappings.connected_account_id': BY_THE_API,
    'connection_tool_mappings.connected_account_status': BY_THE_API,
  },
  'EnvironmentService.CreateEnvironment': {
    'environment.add_ons': BY_THE_WORKSPACE,
    'environment.authentication_mode': NOT_SHOWN,
    'environment.plans': BY_THE_WORKSPACE,
  },
  'MembersService.CreateMember': {
    'member.create_time': BY_THE_API,
    'member.id': BY_THE_API,
    'member.update_time': BY_THE_API,
    'member.workspace_id': BY_THE_API,
  },
  'OrganizationService.GeneratePortalLink': {
    directory_sync: OLDER,
    features: 'the sandbox’s page behind the link has no features to show',
    sso: OLDER,
  },
};

/**
 * Fields of the API of October 2026 that the sandbox's model of it, the descriptors of the SDK for Node, does not have yet.
 * Unknown members are ignored, as the API does with those that it does not know; these it knows. By service and method.
 */
const NEWER: Readonly<Record<string, readonly string[]>> = {
  'ClientService.ListResourceUserConsents': ['filter'],
  'ConnectedAccountService.ListConnectedAccounts': ['is_org_wide_credential'],
  'ConnectionService.CreateConnection': ['connection.auth_mode', 'connection.context'],
  'ConnectionService.CreateEnvironmentConnection': ['connection.auth_mode', 'connection.context'],
  'McpService.CreateMcpSessionToken': ['key_id'],
};

/** Every row of that table. */
export function newerFields(): { readonly method: string; readonly path: string }[] {
  return Object.entries(NEWER).flatMap(([method, paths]) => paths.map((path) => ({ method, path })));
}

/** The first of the newer fields that a request sets, under either of its names; `undefined` when it sets none. */
export function newerField(method: DescMethod, members: unknown): string | undefined {
  return NEWER[methodName(method)]?.find((path) => valueAt(members, path.split('.')) !== undefined);
}

function valueAt(members: unknown, [name = '', ...deeper]: readonly string[]): unknown {
  if (!isObject(members)) return undefined;
  const value = members[name] ?? members[name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())];
  return deeper.length === 0 ? value : valueAt(value, deeper);
}

/** The name under which the tables have a method, such as `ClientService.ListClient`. */
export function methodName({ parent, name }: DescMethod): string {
  return `${parent.name}.${name}`;
}

/** Why the sandbox knowingly does not play a field of a method's request; `undefined` for a field that it plays. */
export function whyUnplayed(method: DescMethod, path: string): string | undefined {
  return reasonFor(UNPLAYED[methodName(method)], path);
}

/** Whether it is right that an operation does not read a field. */
export function needsNoReading(method: DescMethod, path: string): boolean {
  return reasonFor(WITHOUT_EFFECT[methodName(method)], path) !== undefined;
}

/** Every row of both tables. */
export function allReasons(): { readonly method: string; readonly path: string; readonly reason: string }[] {
  return [UNPLAYED, WITHOUT_EFFECT].flatMap((table) =>
    Object.entries(table).flatMap(([method, reasons]) =>
      Object.entries(reasons).map(([path, reason]) => ({ method, path, reason })),
    ),
  );
}

function reasonFor(reasons: Reasons = {}, path: string): string | undefined {
  return Object.entries(reasons).find(([known]) => path === known || path.startsWith(`${known}.`))?.[1];
}
