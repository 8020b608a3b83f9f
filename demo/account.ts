import type { OAuthClientProvider } from '@modelcontextprotocol/client';
import { authorizeLikeAPerson, type Choices } from './browser.ts';

type Registration = Awaited<ReturnType<OAuthClientProvider['clientInformation']>>;
type Discovery = Awaited<ReturnType<NonNullable<OAuthClientProvider['discoveryState']>>>;
type Tokens = Awaited<ReturnType<OAuthClientProvider['tokens']>>;

/** No server listens there: the demo reads the redirect itself. */
const REDIRECT_URL = 'http://localhost:33418/callback';

/**
 * What an MCP client stores for one person: its registration, PKCE verifier and tokens. Instead of opening a browser,
 * it goes through the sandbox's pages itself, and keeps the URL to which they redirect.
 */
export class Account implements OAuthClientProvider {
  readonly redirectUrl = REDIRECT_URL;
  readonly clientMetadata = {
    client_name: 'Scalekit MCP demo',
    redirect_uris: [REDIRECT_URL],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
  };
  /** What the person does on the next pages. */
  choices: Choices = {};
  registration: Registration;
  /** The scopes of the last authorization request. */
  askedFor: readonly string[] = [];
  #tokens: Tokens;
  #verifier = '';
  #callback: URL | undefined;
  #discovery: Discovery;

  clientInformation(): Registration {
    return this.registration;
  }

  saveClientInformation(registration: NonNullable<Registration>): void {
    this.registration = registration;
  }

  tokens(): Tokens {
    return this.#tokens;
  }

  saveTokens(tokens: NonNullable<Tokens>): void {
    this.#tokens = tokens;
  }

  saveCodeVerifier(verifier: string): void {
    this.#verifier = verifier;
  }

  codeVerifier(): string {
    return this.#verifier;
  }

  discoveryState(): Discovery {
    return this.#discovery;
  }

  saveDiscoveryState(discovery: NonNullable<Discovery>): void {
    this.#discovery = discovery;
  }

  async redirectToAuthorization(url: URL): Promise<void> {
    this.askedFor = (url.searchParams.get('scope') ?? '').split(' ').filter(Boolean);
    this.#callback = await authorizeLikeAPerson(url, this.choices);
  }

  /** The authorization response: the query of the redirect back to the client. */
  takeCallback(): URLSearchParams {
    const callback = this.#callback;
    this.#callback = undefined;
    if (callback === undefined) throw new Error('Nobody has been asked to sign in.');
    return callback.searchParams;
  }
}
