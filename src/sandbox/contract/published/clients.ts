import {
  type Client as ClientMessage,
  file_scalekit_v1_clients_clients,
  type Resource as ResourceMessage,
  type ClientService as SdkClientService,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/clients/clients_pb.js';
import { describedIn, extended } from '../extended.ts';
import type { Json, JsonOf, Stated } from '../json.ts';
import { enumeration, flag, list, maybeFlag, message, of, one, outputOnly, required, text } from '../notation.ts';
import { rpc, service } from '../service.ts';

const CidrType = enumeration('scalekit.v1.clients.CidrType', ['CIDR_TYPE_UNSPECIFIED', 'IPV4', 'IPV6']);

const CidrEntrySchema = message('scalekit.v1.clients.CidrEntry', {
  value: required(text()),
  // Documented: derived from the value, and ignored in requests.
  type: outputOnly(one(CidrType)),
});

/** From where alone a client may get and use tokens by itself. */
const IpAllowlistSchema = message('scalekit.v1.clients.IpAllowlist', {
  opted_in: flag(),
  cidrs: list(of(CidrEntrySchema)),
});

export type IpAllowlist = JsonOf<typeof IpAllowlistSchema>;

const allowlist = { ip_allowlist: of(IpAllowlistSchema) };

/** A client that a resource allows to name itself by a document: one that Scalekit knows, or the address of a document. */
const CimdAllowlistEntrySchema = message('scalekit.v1.clients.CimdAllowlistEntry', {
  type: text({ in: ['PREDEFINED', 'URL'] }),
  value: text(),
});

const ofResources = (choice: typeof maybeFlag | typeof flag) => ({
  cimd_client_allowlist: list(of(CimdAllowlistEntrySchema), { max_items: 20 }),
  cimd_client_allowlist_enabled: choice(),
  resource_scope_selection_allowed: choice(),
});

/** What resources have beyond the SDK's descriptors. */
export interface NewerResource {
  readonly cimd_client_allowlist: readonly JsonOf<typeof CimdAllowlistEntrySchema>[];
  readonly cimd_client_allowlist_enabled: boolean;
  readonly resource_scope_selection_allowed: boolean;
}

/** The SDK's descriptors of clients, with the fields of the API of October 2026. */
export const CLIENTS_FILE = extended(file_scalekit_v1_clients_clients, {
  'scalekit.v1.clients.Client': allowlist,
  'scalekit.v1.clients.CreateClient': allowlist,
  'scalekit.v1.clients.UpdateClient': allowlist,
  'scalekit.v1.clients.Resource': ofResources(flag),
  'scalekit.v1.clients.CreateResource': ofResources(flag),
  'scalekit.v1.clients.UpdateResource': ofResources(maybeFlag),
});

export const ResourceSchema: Stated<Json<ResourceMessage> & NewerResource> = describedIn(CLIENTS_FILE, 'Resource');

export const ClientSchema: Stated<Json<ClientMessage> & { readonly ip_allowlist?: IpAllowlist }> = describedIn(
  CLIENTS_FILE,
  'Client',
);

export const ClientService: typeof SdkClientService = describedIn(CLIENTS_FILE, 'ClientService');

const uri = required(text({ min_len: 1, max_len: 2048 }));

/** The addresses of the environment's own client (scalekit.v1.clients.EnvironmentLoginUrisResponse). */
const loginUris = {
  client_id: text(),
  redirect_uris: list(text()),
  post_logout_redirect_uris: list(text()),
  initiate_login_uri: text(),
};

const WRITE = { permissions: ['api_credentials:write'], response: loginUris };

/** Operations on single addresses of the environment's own client, which the SDK for Node does not have yet. */
export const EnvironmentLoginUrisService = service('scalekit.v1.clients.ClientService', {
  addEnvironmentRedirectUri: rpc('POST /environment/redirect-uris', {
    ...WRITE,
    body: '*',
    request: { redirect_uri: uri },
  }),
  removeEnvironmentRedirectUri: rpc('DELETE /environment/redirect-uris', {
    ...WRITE,
    request: { redirect_uri: uri },
  }),
  setEnvironmentInitiateLoginUri: rpc('PUT /environment/initiate-login-uri', {
    ...WRITE,
    body: '*',
    request: { initiate_login_uri: uri },
  }),
});
