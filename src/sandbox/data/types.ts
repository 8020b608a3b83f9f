import type {
  M2MClient,
  ResourceUserConsent,
  Scope as ScopeMessage,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/clients/clients_pb.js';
import type { ConnectedAccountForList } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/connected_accounts/connected_accounts_pb.js';
import type {
  Connection as ConnectionMessage,
  ListConnection,
  OIDCConnectionConfig,
  SAMLConnectionConfigResponse,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/connections/connections_pb.js';
import type {
  DirectoryGroup as DirectoryGroupMessage,
  Directory as DirectoryMessage,
  DirectoryUser as DirectoryUserMessage,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/directories/directories_pb.js';
import type { Domain as DomainMessage } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/domains/domains_pb.js';
import type { Organization as OrganizationMessage } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/organizations/organizations_pb.js';
import type { Permission as PermissionMessage } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/roles/roles_pb.js';
import type { Token } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/tokens/tokens_pb.js';
import type { Tool } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/tools/tools_pb.js';
import type { User as UserMessage } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/users/users_pb.js';
import type { Json, JsonOf } from '../contract/json.ts';
import type { ClientSchema, ResourceSchema } from '../contract/published/clients.ts';
import type {
  EnvironmentSchema,
  SessionSettingsSchema,
  UserManagementSchema,
} from '../contract/published/environments.ts';
import type { McpConfigSchema } from '../contract/published/mcp.ts';
import type { MemberSchema } from '../contract/published/members.ts';
import type { ProviderSchema } from '../contract/published/providers.ts';
import type { ProductUsageSchema, WorkspaceSchema } from '../contract/published/workspaces.ts';

/** What is kept is what the API's messages hold, in their JSON form. */
export type Environment = JsonOf<typeof EnvironmentSchema>;
export type SessionSettings = JsonOf<typeof SessionSettingsSchema>;
export type UserManagement = JsonOf<typeof UserManagementSchema>;
/** A connector. */
export type Provider = JsonOf<typeof ProviderSchema>;
export type Workspace = JsonOf<typeof WorkspaceSchema>;
export type ProductUsage = JsonOf<typeof ProductUsageSchema>;
export type Member = JsonOf<typeof MemberSchema>;
export type Organization = Json<OrganizationMessage>;
export type Domain = Json<DomainMessage>;
/** How many users and groups it has is told anew whenever it is shown. */
export type Directory = Json<DirectoryMessage>;
/** Answers do not show which directory a group is in. */
export type DirectoryGroup = Json<DirectoryGroupMessage> & { readonly directory_id: string };
/** A user of a directory, with the ids of their groups instead of the groups. */
export type DirectoryUser = Omit<Json<DirectoryUserMessage>, 'groups'> & {
  readonly directory_id: string;
  readonly group_ids: readonly string[];
};
export type User = Json<UserMessage>;
export type Permission = Json<PermissionMessage>;
export type Scope = Json<ScopeMessage>;
export type Connection = Json<ConnectionMessage>;
export type OidcConfig = Json<OIDCConnectionConfig>;
export type SamlConfig = Json<SAMLConnectionConfigResponse>;
/** A sign-in for trying out a connection, and what came of it. */
export interface ConnectionTest {
  readonly id: string;
  readonly connection_id: string;
  readonly status: 'PENDING' | 'SUCCESS' | 'FAILURE';
  readonly user_info?: string;
  readonly error?: string;
  readonly error_description?: string;
}
/** A client of a resource. It is bound to the resource whose id it names. */
export type ServerClient = Json<M2MClient>;
/** Answers do not show at which resource somebody agreed. */
export type Consent = Json<ResourceUserConsent> & { readonly resource_id: string };
export type ResourceAnswer = JsonOf<typeof ResourceSchema>;
export type Client = JsonOf<typeof ClientSchema>;
export type OrganizationClient = Json<M2MClient>;
/** A token with which a customer's program calls the application. */
export type ApiToken = Json<Token>;
/** An app connection: what lists tell of it, and the settings that only a single view has. */
export type AppConnection = Json<ListConnection> & Partial<Pick<Connection, 'oauth_config' | 'debug_enabled'>>;
/** Answers do not show whom an account belongs to beside its identifier; requests find it by that. */
export type ConnectedAccount = Json<ConnectedAccountForList> & {
  readonly organization_id?: string | undefined;
  readonly user_id?: string | undefined;
};
export type McpConfig = JsonOf<typeof McpConfigSchema>;

/** A role as it is kept: what the API says of it beyond this follows from the other roles and the defaults. */
export interface Role {
  readonly id: string;
  readonly name: string;
  readonly display_name: string;
  readonly description: string;
  /** Name of the role whose permissions this one has too. */
  readonly extends?: string | undefined;
  /** Names of what it permits by itself. */
  readonly permissions: readonly string[];
  /** The organization that it belongs to; left out for a role of the environment, which all of them have. */
  readonly organization_id?: string | undefined;
}

/** What whoever joins an organization gets there, where that is another role than in others. */
export interface OrganizationDefault {
  readonly organization_id: string;
  /** Name of the role. */
  readonly member: string;
}

/** Names of the roles that people get by themselves. */
export interface DefaultRoles {
  /** Of whoever creates an organization. */
  creator: string;
  /** Of everybody who joins one. */
  member: string;
}

/** A resource as it is kept: its scopes and its metadata follow from the scopes of its environment. */
export interface Resource extends Omit<ResourceAnswer, 'scopes' | 'protected_metadata' | 'protected_metadata_uri'> {
  /** Names of the scopes that are enabled on it. */
  readonly enabledScopes: readonly string[];
}

/** A tool of agents that exists for everybody, or for one account alone. */
export interface OfferedTool {
  readonly tool: Json<Tool>;
  readonly name: string;
  readonly description: string;
  /** Names of the parameters that a call must have. */
  readonly required: readonly string[];
  readonly accountId?: string | undefined;
}

/** `scalekit.v1.mcp.McpInstance`, with the id of its config instead of the config. */
export interface McpInstance {
  readonly id: string;
  readonly name: string;
  readonly user_identifier: string;
  readonly config_id: string;
  readonly last_used_at?: string;
  readonly updated_at: string;
  readonly url: string;
}
