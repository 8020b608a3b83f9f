import type { Consent, Resource, User } from '../data/types.ts';
import { parseUrl } from '../parse-url.ts';
import type { Place } from '../place.ts';
import type { EnvironmentContent, Store } from '../store.ts';
import { type Account, type Allowance, grantableTo, type ProtectedServer } from './protected-server.ts';
import type { RegisteredClients } from './registered-clients.ts';
import { isIdentityScope, registeredScopes, splitScope } from './scopes.ts';
import { anyName, Target } from './target.ts';

/** So many people can choose themselves on one page. */
const MAX_ACCOUNTS = 100;
/** Grants beyond which the oldest are worth nothing any more: whoever has one signs in again. */
const MAX_GRANTS = 1_000;

interface Parts {
  readonly id: string;
  readonly place: Place;
  readonly store: Store;
  readonly content: EnvironmentContent;
  readonly clients: RegisteredClients;
}

/** An MCP server that somebody has registered in the environment, whose users sign in to it. */
export class RegisteredServer implements ProtectedServer {
  readonly id: string;
  readonly issuer: string;
  readonly #parts: Parts;
  /** The consent that each grant came of. */
  readonly #consents = new Map<string, string>();

  constructor(parts: Parts) {
    this.id = parts.id;
    this.issuer = parts.place.addresses.issuerOf(parts.id);
    this.#parts = parts;
  }

  /** As it is registered now. Of one that was deleted nothing is asked any more, so that this is a defect. */
  get #resource(): Resource {
    const resource = this.#parts.content.resources.find(({ id }) => id === this.id);
    if (resource === undefined) throw new Error(`The MCP server ${this.id} is gone.`);
    return resource;
  }

  get shownAs(): string {
    const { name, resource_id } = this.#resource;
    return `${name} (${resource_id})`;
  }

  get url(): string {
    return this.#resource.resource_id;
  }

  get names() {
    const { resource_id } = this.#resource;
    return isWebAddress(resource_id) ? new Target(resource_id) : anyName(this.issuer);
  }

  get scopes() {
    const { enabledScopes, resource_scope_selection_allowed } = this.#resource;
    const enabled = this.#parts.content.scopes.filter(({ name, enabled }) => enabled && enabledScopes.includes(name));
    return registeredScopes(enabled, resource_scope_selection_allowed);
  }

  get accounts(): readonly Account[] {
    return this.#parts.content.users.flatMap(accountOf).slice(0, MAX_ACCOUNTS);
  }

  get takesRegistrations(): boolean {
    return !this.#resource.disable_dynamic_client_registration;
  }

  get takesClientDocuments(): boolean {
    return this.#resource.enable_cimd;
  }

  get tokenIssuer(): string {
    return this.#parts.place.settings.tokenIssuer === 'resource' ? this.issuer : this.#parts.place.addresses.url;
  }

  lifetimes(clientId: string) {
    const { access_token_expiry, refresh_token_expiry } = this.#resource;
    const record = this.#parts.clients.recordOf(clientId);
    const isMade = record !== undefined && !record.is_dcr && !record.is_cimd;
    return { access: seconds(isMade ? record.expiry : access_token_expiry), refresh: seconds(refresh_token_expiry) };
  }

  /** Documented: the server's URL where it has one, and its id. */
  audience(): readonly string[] {
    return [...new Set([this.#resource.resource_id, this.id])];
  }

  /** Documented by Scalekit's SDK: a token has no scope that a client which was made for it does not hold itself. */
  within(clientId: string, scopes: readonly string[]): readonly string[] {
    const record = this.#parts.clients.recordOf(clientId);
    if (record === undefined || record.is_dcr || record.is_cimd) return scopes;
    return scopes.filter((scope) => isIdentityScope(scope) || record.scopes.includes(scope));
  }

  toMachine(clientId: string, request: Parameters<ProtectedServer['toMachine']>[1]) {
    this.names.named(request);
    const asked = splitScope(request.scope);
    const scope = (asked.length > 0 ? asked : this.scopes.usual).join(' ');
    return {
      issuer: this.tokenIssuer,
      audience: this.audience(),
      subject: clientId,
      clientId,
      scopes: grantableTo(this, clientId, scope).filter((one) => !isIdentityScope(one)),
      lifetime: this.lifetimes(clientId).access,
    };
  }

  allowedBefore(clientId: string, accountId: string): readonly string[] | undefined {
    const record = this.#parts.clients.recordOf(clientId);
    return record && this.#consentOf(record.client_id, accountId)?.scopes;
  }

  allowed({ clientId, accountId, scopes }: Allowance, grantId: string): void {
    const { clients, content, store } = this.#parts;
    const client = clients.keep(clientId);
    // Deleted while the person was deciding: the grant has no consent, and is worth nothing.
    if (client === undefined) return;
    const before = this.#consentOf(client.client_id, accountId);
    const consent: Consent = {
      id: before?.id ?? store.newId('usrcnst'),
      external_user_id: this.#externalId(accountId),
      client_id: client.client_id,
      client_name: client.name,
      scopes: [...scopes],
      granted_at: new Date().toISOString(),
      resource_id: this.id,
    };
    if (before === undefined) content.consents.push(consent);
    else content.consents[content.consents.indexOf(before)] = consent;
    this.#consents.set(grantId, consent.id);
    const [oldest] = this.#consents.keys();
    if (this.#consents.size > MAX_GRANTS && oldest !== undefined) this.#consents.delete(oldest);
  }

  /** Whether what a grant came of has not been revoked, nor its client deleted. */
  isConsented(grantId: string): boolean {
    const consentId = this.#consents.get(grantId);
    return this.#parts.content.consents.some(({ id }) => id === consentId);
  }

  #consentOf(clientId: string, accountId: string): Consent | undefined {
    const user = this.#externalId(accountId);
    return this.#parts.content.consents.find(
      ({ client_id, external_user_id, resource_id }) =>
        client_id === clientId && external_user_id === user && resource_id === this.id,
    );
  }

  /** Whom a consent names: a user by the application's own id, or else by Scalekit's. */
  #externalId(accountId: string): string {
    return this.#parts.content.users.find(({ id }) => id === accountId)?.external_id || accountId;
  }
}

function accountOf({ id, email, user_profile, memberships }: User): Account[] {
  const membership = memberships.find(({ membership_status }) => membership_status === 'ACTIVE');
  if (membership === undefined) return [];
  const { given_name = '', family_name = '' } = user_profile ?? {};
  const names = given_name === '' && family_name === '' ? [email.split('@')[0] ?? '', ''] : [given_name, family_name];
  const [givenName = '', familyName = ''] = names;
  const { organization_id: organizationId, display_name: title = '' } = membership;
  return [{ id, givenName, familyName, email, title, organizationId }];
}

function isWebAddress(text: string): boolean {
  return /^https?:$/.test(parseUrl(text)?.protocol ?? '');
}

/** A lifetime of the API, which writes 64 bits as a text. */
function seconds(text: string): number {
  return Math.max(1, Math.min(Number(text), Number.MAX_SAFE_INTEGER / 1000));
}
