import {
  computeScopeUnion,
  extractWWWAuthenticateParams,
  OAuthError,
  refreshAuthorization,
} from '@modelcontextprotocol/client';
import { inTurn } from '../core/file-lock.ts';
import type { HostedFetch } from '../outgoing/hosted-fetch.ts';
import { findSignIn, type SignInPlace } from './discovery.ts';
import { HostedFailure, quoted } from './failure.ts';
import { granted, kept, type Person, signIn } from './sign-in.ts';
import type { SignInLines } from './sign-in-lines.ts';
import type { SavedSignIn, TokenCache } from './token-cache.ts';

/** A token is renewed so long before its end, in milliseconds, that a request with it is not late. */
const EARLY_MS = 30_000;
/** How much longer than one person may take others wait for their sign-in, in milliseconds. */
const LONGER_MS = 60_000;

/** So long nobody is asked again who has refused to sign in, in milliseconds. */
const REFUSED_MS = 300_000;

/** What a refusal asks for (RFC 6750 §3). */
interface Challenge {
  readonly scope: string | undefined;
  readonly metadataUrl: URL | undefined;
  readonly error: string | undefined;
}

export interface CredentialOptions {
  readonly server: URL;
  /** By which the person signs in there. */
  readonly lines: SignInLines;
  readonly http: HostedFetch;
  readonly cache: TokenCache;
  /** Who signs in when that is needed. Left out: nobody, and they are told to run `login`. */
  readonly person?: Person | undefined;
  /** Says to the person that another process is waited for. */
  readonly tell: (text: string) => void;
  /** Asked for in place of what the server says. */
  readonly scope?: string | undefined;
  readonly clientId?: string | undefined;
  /** Ends every waiting, with its reason. */
  readonly signal: AbortSignal;
}

/** The right to use a hosted server: brings tokens, renews them, and asks for more scopes. */
export interface Credential {
  /** @returns the token for the next request; undefined when nobody is signed in */
  token(): Promise<string | undefined>;
  /**
   * After a 401: another token than the one that was refused.
   * @throws HostedFailure when there is none to be had
   */
  renew(refused: string | undefined, response: Response): Promise<string>;
  /**
   * After a 403 with `insufficient_scope`: a token with more scopes.
   * @returns undefined when nobody can be asked, or they have refused
   */
  widen(refused: string | undefined, response: Response): Promise<string | undefined>;
}

/**
 * A token that a machine brings: nothing renews it.
 * @param lines by which a person signs in in place of it
 */
export function givenToken(token: string, lines: SignInLines): Credential {
  return {
    token: async () => token,
    renew: async () => {
      throw new HostedFailure(
        'denied',
        `The server did not take the token of SCALEKIT_MCP_TOKEN (401). Set a new one, or unset the variable and run ${lines.login()}`,
      );
    },
    widen: async () => undefined,
  };
}

/** The sign-in of a person, kept in the cache, and shared with other processes of theirs. */
export class SignedIn implements Credential {
  readonly #options: CredentialOptions;
  /** What is being done to the tokens: one thing after the other, in this process. */
  #last: Promise<unknown> = Promise.resolve();
  /** The scopes that were refused to this process, so that nobody is asked twice. */
  readonly #refused = new Set<string>();
  /** How the last sign-in ended that the person refused, or did not finish. */
  #refusal: { readonly error: HostedFailure; readonly at: number } | undefined;

  constructor(options: CredentialOptions) {
    this.#options = options;
  }

  async token(): Promise<string | undefined> {
    const tokens = (await this.#options.cache.read())?.tokens;
    if (tokens === null || tokens === undefined) return undefined;
    const isEnding = tokens.expiresAt !== null && tokens.expiresAt - EARLY_MS < Date.now();
    if (!isEnding || tokens.refresh === null) return tokens.access;
    return this.#inTurn(async (saved) => {
      if (saved?.tokens && saved.tokens.access !== tokens.access) return saved.tokens.access;
      // What cannot be refreshed is tried once more: the 401 begins a new sign-in.
      return (await this.#refresh(saved, undefined)) ?? tokens.access;
    });
  }

  renew(refused: string | undefined, response: Response): Promise<string> {
    const challenge = challengeOf(response);
    return this.#inTurn(async (saved) => {
      if (saved?.tokens && saved.tokens.access !== refused) return saved.tokens.access;
      const refreshed = refused === undefined ? undefined : await this.#refresh(saved, challenge.metadataUrl);
      return refreshed ?? this.#askOnce(saved, challenge);
    });
  }

  async widen(refused: string | undefined, response: Response): Promise<string | undefined> {
    const challenge = challengeOf(response);
    const { person } = this.#options;
    if (challenge.scope === undefined || person === undefined || this.#refused.has(challenge.scope)) return undefined;
    const { scope } = challenge;
    return this.#inTurn(async (saved) => {
      const has = new Set(saved?.tokens?.scope.split(' '));
      if (saved?.tokens && saved.tokens.access !== refused && scope.split(' ').every((one) => has.has(one)))
        return saved.tokens.access;
      if (this.#refused.has(scope)) return undefined;
      person.tell(`The server asks for more scopes: ${quoted(scope)}.`);
      try {
        return await this.#signIn(saved, challenge, computeScopeUnion(saved?.tokens?.scope, scope));
      } catch (error) {
        if (!(error instanceof HostedFailure)) throw error;
        // Whoever could not be asked may be asked again.
        if (error.kind === 'denied') this.#refused.add(scope);
        person.tell(error.message);
        return undefined;
      }
    });
  }

  /**
   * Signs in whatever is kept, as `login` does.
   * @param response the server's challenge to a request without a token
   * @returns the scopes that were granted
   */
  async begin(response: Response): Promise<string> {
    const challenge = challengeOf(response);
    return this.#inTurn(async (saved) => {
      await this.#signIn(saved, challenge, this.#options.scope ?? challenge.scope);
      return (await this.#options.cache.read())?.tokens?.scope ?? '';
    });
  }

  /** Forgets what is kept, while nobody replaces it. */
  forget(): Promise<{ readonly saved: SavedSignIn | undefined; readonly wasSignedIn: boolean }> {
    const { cache } = this.#options;
    return this.#alone(async () => {
      // What cannot be read is forgotten all the same.
      const saved = await cache.read().catch(() => undefined);
      return { saved, wasSignedIn: await cache.remove() };
    });
  }

  /** Asks the person to sign in, unless they have refused that a moment ago: a client that asks again is not the person. */
  async #askOnce(saved: SavedSignIn | undefined, challenge: Challenge): Promise<string> {
    const refusal = this.#refusal;
    if (refusal !== undefined && Date.now() - refusal.at < REFUSED_MS) throw refusal.error;
    return this.#signIn(saved, challenge, this.#options.scope ?? challenge.scope).catch((error) => {
      if (error instanceof HostedFailure && error.kind === 'denied') this.#refusal = { error, at: Date.now() };
      throw error;
    });
  }

  async #refresh(saved: SavedSignIn | undefined, metadataUrl: URL | undefined): Promise<string | undefined> {
    const tokens = saved?.tokens;
    if (!saved || !tokens || tokens.refresh === null) return undefined;
    const { cache, http } = this.#options;
    const place = await this.#place(metadataUrl);
    // The refresh token goes to nobody but the server that has given it.
    if (place.issuer !== saved.issuer) return undefined;
    const { refresh, scope } = tokens;
    try {
      const answer = await granted(place.issuer, () =>
        refreshAuthorization(place.issuer, {
          metadata: place.metadata,
          clientInformation: { client_id: saved.client.id },
          refreshToken: refresh,
          resource: place.resource,
          fetchFn: http.signIn,
        }),
      );
      const next = kept(answer, scope);
      await cache.write({ ...saved, tokens: next });
      return next.access;
    } catch (error) {
      if (!(error instanceof OAuthError)) throw error;
      // It is used up, taken back or too old: what remains is this machine's registration, if the server still knows it.
      if (isUnknownClient(error)) await cache.remove();
      else await cache.write({ ...saved, tokens: null });
      return undefined;
    }
  }

  async #signIn(saved: SavedSignIn | undefined, challenge: Challenge, scope: string | undefined): Promise<string> {
    const { person, http, cache, clientId, lines, signal } = this.#options;
    if (person === undefined) {
      const why = saved === undefined ? 'Nobody is signed in at this server' : 'The sign-in at this server is over';
      const run = this.#options.lines.login();
      throw new HostedFailure('denied', `${why}. Run ${run}`, { run });
    }
    const place = await this.#place(challenge.metadataUrl);
    const next = await signIn(place, {
      fetch: http.signIn,
      person,
      scope: scope ?? place.scopes,
      clientId,
      lines,
      saved,
      signal,
    }).catch(async (error) => {
      if (!(error instanceof OAuthError)) throw error;
      if (isUnknownClient(error)) await cache.remove();
      throw new HostedFailure(
        'denied',
        `You are not signed in: the authorization server gave no token (${quoted(String(error.code))}). Try again with ${lines.login()}`,
      );
    });
    await cache.write(next);
    return next.tokens?.access ?? '';
  }

  #place(metadataUrl: URL | undefined): Promise<SignInPlace> {
    const { server, http } = this.#options;
    return findSignIn(server, http.signIn, metadataUrl);
  }

  /** Does something to the tokens while nobody else does, with what is kept then. */
  #inTurn<Value>(work: (saved: SavedSignIn | undefined) => Promise<Value>): Promise<Value> {
    return this.#alone(async () => work(await this.#options.cache.read()));
  }

  /** Does something while nobody else of this process or another one does anything to the tokens. */
  #alone<Value>(work: () => Promise<Value>): Promise<Value> {
    const { cache, signal, person, tell } = this.#options;
    const next = this.#last.then(async () => {
      await cache.prepare();
      const limit = AbortSignal.timeout((person?.timeLimitMs ?? 0) + LONGER_MS);
      const onWait = () => tell('Another process of yours is signing in, or renews the sign-in. Waiting for it.');
      return inTurn(cache.lock, { signal: AbortSignal.any([signal, limit]), onWait }, work).catch((error) => {
        if (!limit.aborted || error instanceof HostedFailure) throw error;
        throw new HostedFailure(
          'unavailable',
          `Another process of yours holds ${cache.lock} and does not end. End it, then try again.`,
        );
      });
    });
    this.#last = next.catch(() => undefined);
    return next;
  }
}

/** Whether the authorization server does not know this machine's client any more, so that it has to be registered again. */
function isUnknownClient({ code }: OAuthError): boolean {
  return code === 'invalid_client' || code === 'unauthorized_client';
}

function challengeOf(response: Response): Challenge {
  const { scope, resourceMetadataUrl, error } = extractWWWAuthenticateParams(response);
  return { scope, metadataUrl: resourceMetadataUrl, error };
}

/** Whether a refusal says that the token lacks a scope. */
export function lacksScope(response: Response): boolean {
  return response.status === 403 && challengeOf(response).error === 'insufficient_scope';
}
