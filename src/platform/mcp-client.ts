import { z } from 'zod';
import type { Api, Path } from '../core/api.ts';
import { checkAnswer } from '../core/check-answer.ts';
import { ToolError } from '../core/errors.ts';
import { isObject } from '../core/json.ts';
import { type Asked, isUntold, notCameTrue, requireAsBefore, requireCameTrue } from './came-true.ts';
import { createSecret, type SecretHolder } from './client-secrets.ts';
import { ConsentedUser, ListedMcpClient, McpClient } from './entities/mcp-client.ts';
import { McpServer } from './entities/mcp-server.ts';
import { path } from './path.ts';
import { readBack } from './read-back.ts';
import { aboutArguments, requireChange } from './refusal.ts';

const One = z.object({ client: McpClient, consented_users: z.array(ConsentedUser).nullish() });
type One = z.output<typeof One>;
type Client = One['client'];
const Changed = z.object({ client: McpClient });
const Created = z.object({ client: McpClient, plain_secret: z.string().min(1) });
const Server = z.object({ resource: McpServer });

const LIST = 'list_mcp_server_clients';
/** The tool that shows the current state. */
const GET = 'get_mcp_server_client';

/** A client that a call names, and the server of which it is to be. */
export interface ClientTarget {
  readonly serverId: string;
  readonly clientId: string;
}

/** Where a client is read, changed and deleted. */
export function clientPath({ serverId, clientId }: ClientTarget): Path {
  return path`/resources/${serverId}/clients/${clientId}`;
}

/** Where the secrets of a client are: by its own id alone, so that it is read first, and has to be this server's. */
export function secretsOfMcpClient(api: Api, target: ClientTarget): SecretHolder<Client> {
  const { clientId } = target;
  return {
    at: path`/clients/${clientId}/secrets`,
    secretAt: (id) => path`/clients/${clientId}/secrets/${id}`,
    read: () => readMcpClient(api, target),
    tools: { list: GET, add: 'create_mcp_client_secret', remove: 'delete_mcp_client_secret' },
  };
}

/**
 * Makes one more secret for a client of an MCP server (`GET /resources/{id}/clients/{id}`, `POST /clients/{id}/secrets`).
 * @throws ToolError `not_found` for a client that is not this server's
 */
export async function createMcpClientSecret(api: Api, target: ClientTarget) {
  await readMcpClient(api, target);
  return createSecret(api, secretsOfMcpClient(api, target));
}

/** How clients came to be. */
export const CLIENT_KINDS = ['STATIC', 'DCR', 'CIMD'] as const;

/**
 * Lists the clients of an MCP server, all at once (`GET /resources/{id}/clients`).
 * @param kind only those that came to be in this way
 */
export async function listMcpClients(api: Api, serverId: string, kind?: (typeof CLIENT_KINDS)[number]) {
  const answer = withClients(await api.get(path`/resources/${serverId}/clients`));
  if (kind === undefined || !isObject(answer) || !Array.isArray(answer['clients'])) return answer;
  const isOther = (client: unknown) => {
    const { data } = ListedMcpClient.safeParse(client);
    return data !== undefined && kindOf(data) !== kind;
  };
  // What cannot be read stays, to be told as unreadable by itself.
  return { ...answer, clients: answer['clients'].filter((client) => !isOther(client)) };
}

/** An answer that leaves out a list which is empty by its own numbers. */
function withClients(answer: unknown): unknown {
  if (!isObject(answer) || (answer['clients'] !== undefined && answer['clients'] !== null)) return answer;
  const isNone = answer['total_dcr_clients'] === 0 && answer['total_static_clients'] === 0;
  return isNone ? { ...answer, clients: [] } : answer;
}

function kindOf({ is_dcr, is_cimd }: z.output<typeof ListedMcpClient>): (typeof CLIENT_KINDS)[number] {
  if (is_cimd === true) return 'CIMD';
  return is_dcr === true ? 'DCR' : 'STATIC';
}

/**
 * Reads a client with the people who allowed it something (`GET /resources/{id}/clients/{id}`). Its path alone does not
 * prove whose it is: changes and deletions go by the id of the client, whichever server their path names.
 * @throws ToolError `not_found` for a client that is not this server's
 */
export async function readMcpClient(api: Api, target: ClientTarget): Promise<One> {
  const answer = checkAnswer(One, await api.get(clientPath(target)));
  const { client_id, resource_id } = answer.client;
  if (resource_id === target.serverId && client_id === target.clientId) return answer;
  const message = 'This MCP server has no such client: what Scalekit knows by this id belongs to something else.';
  throw new ToolError('not_found', message, { field: 'clientId', nextTool: LIST });
}

/** The same as it is to be shown before the client is deleted: in an order that does not change. */
export async function showMcpClient(api: Api, target: ClientTarget): Promise<One> {
  const { client, consented_users: users } = await readMcpClient(api, target);
  const byId = (a: { consent_id?: string | null | undefined }, b: typeof a) =>
    String(a.consent_id) < String(b.consent_id) ? -1 : 1;
  return { client, consented_users: users?.toSorted(byId) };
}

/** What a call sets of a client, under the names of its arguments. */
interface Settings {
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly scopes?: readonly string[] | undefined;
  readonly redirectUris?: readonly string[] | undefined;
  readonly customClaims?: Readonly<Record<string, string>> | undefined;
  readonly accessTokenExpiry?: number | undefined;
}

/**
 * Makes a client of an MCP server (`GET /resources/{id}`, `POST /resources/{id}/clients`).
 * @returns the client with its secret, and the arguments that did not come true, since an error would lose the secret
 * @throws ToolError `invalid_arguments` for scopes that the server has not enabled
 */
export async function createMcpClient(api: Api, serverId: string, settings: Settings) {
  await requireEnabled(api, serverId, settings.scopes);
  const answer = await api.post(path`/resources/${serverId}/clients`, toClient(settings)).catch(refused);
  const { client, plain_secret } = checkAnswer(Created, answer, 'write');
  const differing = notCameTrue(asked(settings, client));
  return { client, plain_secret, ...(differing.length > 0 && { differing }) };
}

/**
 * Changes a client (`PATCH /resources/{id}/clients/{id}`), after a look at whose it is.
 * @throws ToolError `not_applied` for what is not as asked afterwards, and for what has changed beside it
 */
export function changeMcpClient(api: Api, target: ClientTarget, settings: Settings): Promise<{ client: Client }> {
  requireChange({ ...settings }, 'name');
  return api.inTurn(clientPath(target), async () => {
    const { client: before } = await readMcpClient(api, target);
    await requireEnabled(api, target.serverId, settings.scopes);
    const answer = await api.patch(clientPath(target), toClient(settings)).catch(refused);
    const written = checkAnswer(Changed, answer, 'write');
    const whole = { ...settingsOf(before), ...named(settings) };
    const isTold = Boolean(written.client.name) && !isUntold(asked(settings, written.client));
    const after = isTold ? written : await readBack(readMcpClient(api, target), GET);
    requireCameTrue(asked(settings, after.client), GET);
    requireAsBefore(asked(whole, after.client), GET);
    return { client: after.client };
  });
}

/**
 * Tokens get only those scopes of a client that its server has enabled, and the API says nothing of the rest.
 * @throws ToolError `invalid_arguments`
 */
async function requireEnabled(api: Api, serverId: string, scopes: readonly string[] = []): Promise<void> {
  if (scopes.length === 0) return;
  const { resource } = checkAnswer(Server, await api.get(path`/resources/${serverId}`));
  const enabled = (resource.scopes ?? []).flatMap((scope) => (scope.enabled === true ? [scope.name] : []));
  const missing = scopes.filter((scope) => !enabled.includes(scope));
  if (missing.length === 0) return;
  const message = `The MCP server has not enabled ${missing.map((scope) => JSON.stringify(scope)).join(', ')}, so that no token would have it. Enable it there first, or leave it out.`;
  throw new ToolError('invalid_arguments', message, { field: 'scopes', nextTool: 'update_mcp_server' });
}

function refused(refusal: unknown): never {
  throw aboutArguments(refusal, [
    { at: 'client.name', field: 'name' },
    { at: 'client.description', field: 'description' },
    { at: 'client.scopes', field: 'scopes' },
    { at: 'client.redirect_uris', field: 'redirectUris' },
    { at: 'client.custom_claims', field: 'customClaims' },
    { at: 'client.expiry', field: 'accessTokenExpiry' },
  ]);
}

/** Converts the arguments to the API's members. A lifetime of 64 bits is a text. */
function toClient({ name, description, scopes, redirectUris, customClaims, accessTokenExpiry }: Settings) {
  return {
    name,
    description,
    scopes,
    redirect_uris: redirectUris,
    custom_claims: customClaims && claimsOf(customClaims),
    expiry: accessTokenExpiry?.toString(),
  };
}

function claimsOf(claims: Readonly<Record<string, string>>) {
  return Object.entries(claims).map(([key, value]) => ({ key, value }));
}

/** What a client has, under the names of the arguments. */
function settingsOf(client: Client): Settings {
  const { name, description, scopes, redirect_uris, custom_claims, expiry } = client;
  const claims = (custom_claims ?? []).map(({ key, value }) => [key ?? '', value ?? ''] as const);
  return {
    name: name ?? '',
    description: description ?? '',
    scopes: scopes ?? [],
    redirectUris: redirect_uris ?? [],
    customClaims: Object.fromEntries(claims),
    accessTokenExpiry: expiry ?? 0,
  };
}

function named(settings: Settings): Settings {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}

function asked(settings: Settings, shown: Client): Readonly<Record<string, Asked>> {
  const { customClaims: claims } = settings;
  return {
    name: { asked: settings.name, shown: shown.name },
    description: { asked: settings.description, shown: shown.description },
    scopes: { asked: settings.scopes, shown: shown.scopes },
    redirectUris: { asked: settings.redirectUris, shown: shown.redirect_uris },
    customClaims: { asked: claims && claimsOf(claims), shown: shown.custom_claims },
    accessTokenExpiry: { asked: settings.accessTokenExpiry, shown: shown.expiry },
  };
}
