import { randomBytes } from 'node:crypto';
import type { Adapter, AdapterPayload } from 'oidc-provider';
import { CustomOIDCProviderError } from 'oidc-provider/lib/helpers/errors.js';
import { newServerClient } from '../data/server-clients.ts';
import type { ServerClient } from '../data/types.ts';
import { forgetClients } from '../operations/server-clients.ts';
import type { EnvironmentContent, Store } from '../store.ts';
import { allows } from './client-allowlist.ts';
import { fetchClientDocument, namesDocument } from './client-document.ts';
import { OAuthError } from './oauth-error.ts';

/** Milliseconds for which a client's document is not fetched again. */
const FRESH_MS = 60_000;
/** The same for one that could not be had: long enough for one sign-in, which needs it several times. */
const FAILED_MS = 5_000;
/** Documents beyond which the oldest are forgotten. */
const MAX_DOCUMENTS = 100;
/** Clients of one server that came by themselves, beyond which the oldest are forgotten: anybody can register any number. */
const MAX_CLIENTS = 500;

/** What came of fetching a document. */
interface Document {
  readonly client?: AdapterPayload;
  readonly failure?: unknown;
  /** Milliseconds since the epoch. */
  readonly until: number;
}

/**
 * The clients of one registered MCP server, for the provider: those that the environment lists, and whoever publishes a
 * document of itself where the server allows that. A client that was changed or deleted with the management API is changed or
 * gone here at once.
 */
export class RegisteredClients implements Adapter {
  readonly #store: Store;
  readonly #content: EnvironmentContent;
  readonly #serverId: string;
  /** What clients said when they registered and the environment's own record has no place for. */
  readonly #said = new Map<string, AdapterPayload>();
  readonly #documents = new Map<string, Document>();
  readonly #fetching = new Map<string, Promise<Document>>();

  constructor(store: Store, content: EnvironmentContent, serverId: string) {
    this.#store = store;
    this.#content = content;
    this.#serverId = serverId;
  }

  /** The environment's record of a client, by the id that the client names. */
  recordOf(clientId: string): ServerClient | undefined {
    return this.#content.serverClients.find(
      ({ client_id, metadata_uri, is_cimd, resource_id }) =>
        resource_id === this.#serverId && (is_cimd ? metadata_uri : client_id) === clientId,
    );
  }

  /** The record of a client that somebody has just allowed something; made where a document is all there was. */
  keep(clientId: string): ServerClient | undefined {
    const known = this.recordOf(clientId);
    const document = this.#documents.get(clientId)?.client;
    if (known !== undefined || document === undefined) return known;
    this.#makeRoom();
    const made = this.#newRecord(this.#store.newId('m2m'), document, { is_cimd: true, metadata_uri: clientId });
    this.#content.serverClients.push(made);
    return made;
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    if (namesDocument(id)) return this.#fetched(id);
    const record = this.recordOf(id);
    if (record === undefined || record.is_cimd) return undefined;
    const { name, redirect_uris } = record;
    const common = { client_id: id, ...(name && { client_name: name }), redirect_uris: [...redirect_uris] };
    if (record.is_dcr) return { ...PUBLIC, ...this.#said.get(id), ...common };
    return { ...CONFIDENTIAL, ...common, ...(redirect_uris.length === 0 && MACHINE) };
  }

  async upsert(id: string, payload: AdapterPayload): Promise<void> {
    this.#makeRoom();
    this.#said.set(id, structuredClone(payload));
    this.#content.serverClients.push(this.#newRecord(id, payload, { is_dcr: true }));
  }

  async destroy(id: string): Promise<void> {
    const record = this.recordOf(id);
    this.#said.delete(id);
    if (record !== undefined) forgetClients(this.#content, [record]);
  }

  /** What follows belongs to other models. */
  async findByUid(): Promise<undefined> {
    return undefined;
  }

  async findByUserCode(): Promise<undefined> {
    return undefined;
  }

  async consume(): Promise<void> {}

  async revokeByGrantId(): Promise<void> {}

  async #fetched(id: string): Promise<AdapterPayload> {
    try {
      this.#refuseUnlisted(id);
      const { client, failure } = await this.#documentOf(id);
      if (client === undefined) throw failure;
      return structuredClone(client);
    } catch (error) {
      throw error instanceof OAuthError ? new CustomOIDCProviderError(error.code, error.message) : error;
    }
  }

  /** Fetches a document, once for all who wait for it, unless that was done a moment ago. */
  async #documentOf(id: string): Promise<Document> {
    const known = this.#documents.get(id);
    if (known !== undefined && Date.now() < known.until) return known;
    const fetching = this.#fetching.get(id) ?? this.#fetch(id);
    this.#fetching.set(id, fetching);
    return fetching;
  }

  async #fetch(id: string): Promise<Document> {
    const document = await fetchClientDocument(id).then(
      (client): Document => ({ client, until: Date.now() + FRESH_MS }),
      (failure: unknown): Document => ({ failure, until: Date.now() + FAILED_MS }),
    );
    this.#fetching.delete(id);
    this.#documents.delete(id);
    this.#documents.set(id, document);
    const [oldest] = this.#documents.keys();
    if (this.#documents.size > MAX_DOCUMENTS && oldest !== undefined) this.#documents.delete(oldest);
    return document;
  }

  /** Forgets what clients said that are gone, and the oldest of those that came by themselves, before one more comes. */
  #makeRoom(): void {
    const own = this.#content.serverClients.filter(
      ({ resource_id, is_dcr, is_cimd }) => resource_id === this.#serverId && (is_dcr || is_cimd),
    );
    const surplus = Math.max(0, own.length - MAX_CLIENTS + 1);
    forgetClients(this.#content, own.slice(0, surplus));
    const kept = new Set(own.slice(surplus).map(({ client_id }) => client_id));
    for (const id of this.#said.keys()) if (!kept.has(id)) this.#said.delete(id);
  }

  /** Documents are taken where the server allows them at all, and of whom it allows. */
  #refuseUnlisted(id: string): void {
    const resource = this.#resource;
    if (!resource?.enable_cimd) throw refusal('This MCP server takes no clients that name themselves by a document.');
    const { cimd_client_allowlist_enabled: isLimited, cimd_client_allowlist: allowlist } = resource;
    if (!isLimited || allowlist.some((entry) => allows(entry, id))) return;
    throw refusal('This MCP server takes such clients only from a list that this one is not on.');
  }

  get #resource() {
    return this.#content.resources.find(({ id }) => id === this.#serverId);
  }

  #newRecord(client_id: string, said: AdapterPayload, kind: Partial<ServerClient>): ServerClient {
    const resource = this.#resource;
    return newServerClient({
      client_id,
      resource_id: this.#serverId,
      name: said.client_name ?? '',
      redirect_uris: [...(said.redirect_uris ?? [])],
      audience: resource === undefined ? [] : [resource.resource_id],
      create_time: new Date().toISOString(),
      ...kind,
    });
  }
}

function refusal(reason: string): OAuthError {
  return new OAuthError('invalid_client_metadata_url', reason);
}

const PUBLIC = {
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code' as const],
  token_endpoint_auth_method: 'none' as const,
};

/** The provider wants a secret to be there; which ones are good is decided where they are kept. */
const CONFIDENTIAL = {
  client_secret: randomBytes(32).toString('hex'),
  grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
  response_types: ['code' as const],
  token_endpoint_auth_method: 'client_secret_basic' as const,
};

/** Of a client without redirect URIs. */
const MACHINE = { grant_types: ['client_credentials'], response_types: [] };
