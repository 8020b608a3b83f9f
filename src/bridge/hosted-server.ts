import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import type { HostedSettings } from '../config/hosted.ts';
import { version } from '../core/version.ts';
import { type Fetch, type HostedFetch, openHostedFetch } from '../outgoing/hosted-fetch.ts';
import { answerFailure } from './answer-error.ts';
import { authorizedFetch } from './authorized-fetch.ts';
import { givenToken, SignedIn } from './credential.ts';
import { findSignIn } from './discovery.ts';
import { HostedFailure, isOfNetwork, whyNoAnswer } from './failure.ts';
import { isHeaderText } from './header-text.ts';
import { readServerUrl } from './server-url.ts';
import type { Person } from './sign-in.ts';
import { SignInLines } from './sign-in-lines.ts';
import { StateFolder } from './state-folder.ts';
import { TokenCache } from './token-cache.ts';

export interface HostedOptions {
  /** The URL of the server's endpoint. */
  readonly url: string | undefined;
  /** The same as the person calls it, where that is less of its tools. */
  readonly calledUrl?: string | undefined;
  readonly settings: HostedSettings;
  /** Who signs in when that is needed. Left out: nobody. */
  readonly person?: Person | undefined;
  /** Says to the person that something is waited for. */
  readonly tell: (text: string) => void;
  /** The scopes to ask for, in place of those that the server names. */
  readonly scope?: string | undefined;
  /** A client of the authorization server, in place of registering one. */
  readonly clientId?: string | undefined;
  /** Ends every waiting, with its reason. */
  readonly signal: AbortSignal;
}

/** A hosted server, and the right of the person to use it. */
export class HostedServer {
  readonly url: URL;
  /** Requests to the endpoint, with the credential. */
  readonly fetch: Fetch;
  /** By which the person signs in there. */
  readonly lines: SignInLines;
  /** The URL as the person calls it. */
  readonly #called: URL;
  readonly #http: HostedFetch;
  readonly #cache: TokenCache;
  readonly #signedIn: SignedIn;
  readonly #hasToken: boolean;

  /** @throws HostedFailure `usage` when no URL is given, or none that can be used */
  constructor(options: HostedOptions) {
    const { settings, url = settings.url } = options;
    if (url === undefined) {
      throw new HostedFailure(
        'usage',
        'Which server? Give its URL as --url, or set SCALEKIT_MCP_URL, such as https://mcp.example.com/mcp.',
      );
    }
    this.url = readServerUrl(url);
    this.#called = readServerUrl(options.calledUrl ?? url);
    this.lines = new SignInLines(this.#called.href, options.clientId);
    const { lines } = this;
    this.#http = openHostedFetch(this.url);
    this.#cache = new TokenCache(new StateFolder(settings.stateFolder, lines), this.url);
    this.#signedIn = new SignedIn({ ...options, lines, server: this.url, http: this.#http, cache: this.#cache });
    this.#hasToken = settings.token !== undefined;
    const credential = settings.token === undefined ? this.#signedIn : givenToken(tokenFor(this.url, settings), lines);
    this.fetch = authorizedFetch(this.#http.endpoint, credential);
  }

  /**
   * Signs the person in, also where they are already: what was kept is replaced.
   * @returns the scopes that were granted, separated by spaces
   * @throws HostedFailure
   */
  async login(): Promise<string> {
    if (this.#hasToken) {
      throw new HostedFailure(
        'usage',
        'SCALEKIT_MCP_TOKEN is set, and is used in place of a sign-in. Unset it to sign in.',
      );
    }
    const response = await this.#challenge();
    if (response.status !== 401) {
      throw new HostedFailure(
        'failed',
        `${this.url.origin} answered ${response.status} to a request without a token, and not 401: it asks nobody to sign in there. Check that the URL is that of the server's endpoint.`,
      );
    }
    return this.#signedIn.begin(response);
  }

  /**
   * Forgets the sign-in, and tells the authorization server where that takes tokens back (RFC 7009).
   * @returns whether there was one, and whether the server has taken it back
   * @throws HostedFailure `configuration` when the files cannot be removed
   */
  async logout(): Promise<{ readonly wasSignedIn: boolean; readonly isRevoked: boolean }> {
    const { saved, wasSignedIn } = await this.#signedIn.forget();
    const token = saved?.tokens?.refresh ?? saved?.tokens?.access;
    if (saved === undefined || token === undefined) return { wasSignedIn, isRevoked: false };
    const isRevoked = await this.#revoke(saved.issuer, saved.client.id, token).catch(() => false);
    return { wasSignedIn, isRevoked };
  }

  /**
   * Connects a client of the protocol.
   * @throws HostedFailure, and errors of the protocol
   */
  async connect(): Promise<Client> {
    const client = new Client({ name: 'scalekit-mcp', version });
    const transport = new StreamableHTTPClientTransport(this.url, {
      fetch: this.fetch,
      reconnectionOptions: {
        initialReconnectionDelay: 0,
        maxReconnectionDelay: 0,
        reconnectionDelayGrowFactor: 1,
        maxRetries: 0,
      },
    });
    try {
      await client.connect(transport);
      return client;
    } catch (error) {
      throw this.told(error);
    }
  }

  /** An error of the connection, in words for the person. */
  told(error: unknown): unknown {
    for (let at = error; at instanceof Error; at = at.cause) if (at instanceof HostedFailure) return at;
    if (isOfNetwork(error)) {
      return new HostedFailure(
        'unavailable',
        `${this.url.origin} cannot be reached (${whyNoAnswer(error)}). Check the URL and the network.`,
      );
    }
    return answerFailure(error, this.#called) ?? error;
  }

  /** The line by which the person gets further scopes; undefined where a machine has brought its token. */
  widening(scope: string): string | undefined {
    return this.#hasToken ? undefined : this.lines.login(scope);
  }

  close(): Promise<void> {
    return this.#http.close();
  }

  async #challenge(): Promise<Response> {
    try {
      return await this.#http.signIn(this.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
        body: JSON.stringify({ jsonrpc: '2.0', id: 0, method: 'ping' }),
      });
    } catch (error) {
      throw new HostedFailure(
        'unavailable',
        `${this.url.origin} cannot be reached (${whyNoAnswer(error)}). Check the URL and the network.`,
      );
    }
  }

  async #revoke(issuer: string, clientId: string, token: string): Promise<boolean> {
    const place = await findSignIn(this.url, this.#http.signIn);
    const { revocation_endpoint: endpoint } = place.metadata as { readonly revocation_endpoint?: string };
    if (place.issuer !== issuer || endpoint === undefined) return false;
    const response = await this.#http.signIn(endpoint, {
      method: 'POST',
      body: new URLSearchParams({ token, client_id: clientId }),
    });
    return response.ok;
  }
}

/**
 * The token of the environment, if it is for this server: another URL, such as one in a project's file, must not get it.
 * @throws HostedFailure `usage` for another server, `configuration` for a token that no header can hold
 */
function tokenFor(server: URL, { url, token = '' }: HostedSettings): string {
  const isMeant = url !== undefined && readServerUrl(url).origin === server.origin;
  if (!isMeant) {
    throw new HostedFailure(
      'usage',
      `SCALEKIT_MCP_TOKEN is for the server of SCALEKIT_MCP_URL, which is not ${server.origin}. Set that variable as well, or unset the token.`,
    );
  }
  if (isHeaderText(token)) return token;
  throw new HostedFailure(
    'configuration',
    'SCALEKIT_MCP_TOKEN holds a blank, a line break or another character that no token has. Set it again.',
  );
}
