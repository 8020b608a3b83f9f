import { randomBytes } from 'node:crypto';
import {
  exchangeAuthorization,
  IssuerMismatchError,
  OAuthError,
  type OAuthTokens,
  RegistrationRejectedError,
  registerClient,
  startAuthorization,
  validateAuthorizationResponseIssuer,
} from '@modelcontextprotocol/client';
import type { Fetch } from '../outgoing/hosted-fetch.ts';
import { type Callback, listenForCallback } from './callback.ts';
import type { SignInPlace } from './discovery.ts';
import { HostedFailure, quoted, whyNoAnswer } from './failure.ts';
import { isHeaderText } from './header-text.ts';
import type { SignInLines } from './sign-in-lines.ts';
import type { SavedSignIn } from './token-cache.ts';

/** How a person is reached while they sign in. */
export interface Person {
  /** Says something to them. */
  readonly tell: (text: string) => void;
  /** Opens their browser; resolves to false where there is none, so that they open the address themselves. */
  readonly open: (url: URL) => Promise<boolean>;
  /** How long they may take, in milliseconds. */
  readonly timeLimitMs: number;
}

export interface SignInOptions {
  readonly fetch: Fetch;
  readonly person: Person;
  /** What to ask for, separated by spaces. */
  readonly scope: string | undefined;
  /** A client that the authorization server knows already, or the URL of a client's metadata document. */
  readonly clientId: string | undefined;
  /** By which the person tries again. */
  readonly lines: SignInLines;
  /** What is kept of an earlier sign-in. */
  readonly saved: SavedSignIn | undefined;
  /** Ends the waiting, with its reason. */
  readonly signal: AbortSignal;
}

/** How this program is called at an authorization server, where people see it. */
const SOFTWARE = 'Scalekit MCP command line';

/**
 * Signs a person in with their browser: authorization code with PKCE (S256), state, `resource` (RFC 8707) and the check of
 * `iss` (RFC 9207), as a public client with a loopback redirect URI (RFC 8252).
 * @returns what to keep
 * @throws HostedFailure `denied` when the person or the server refuses or the time is over, `unavailable` when a server is away
 */
export async function signIn(
  place: SignInPlace,
  options: SignInOptions,
): Promise<Omit<SavedSignIn, 'version' | 'server'>> {
  const state = randomBytes(32).toString('base64url');
  const known = options.saved?.issuer === place.issuer ? options.saved.client : undefined;
  const callback = await listenForCallback(state, known?.port ?? 0);
  try {
    const client = await clientFor(place, callback, known, options);
    const { issuer, metadata, resource } = place;
    const { authorizationUrl, codeVerifier } = await startAuthorization(issuer, {
      metadata,
      clientInformation: { client_id: client.id },
      redirectUrl: callback.redirectUri,
      state,
      resource,
      ...(options.scope !== undefined && { scope: withOffline(options.scope, metadata.scopes_supported) }),
    });
    await show(authorizationUrl, callback, options.person);
    const { code, iss } = codeIn(await within(callback.response, options), place, options.lines);
    const tokens = await granted(issuer, () =>
      exchangeAuthorization(issuer, {
        metadata,
        clientInformation: { client_id: client.id },
        authorizationCode: code,
        codeVerifier,
        redirectUri: callback.redirectUri,
        resource,
        ...(iss !== undefined && { iss }),
        fetchFn: options.fetch,
      }),
    );
    return { issuer, client, tokens: kept(tokens, options.scope) };
  } finally {
    await callback.close();
  }
}

/**
 * Tokens in the form in which they are kept.
 * @param asked the scopes that were asked for, which are those of the answer when it names none (RFC 6749 §5.1)
 * @throws HostedFailure `denied` for a token that no request can carry (RFC 6750 §2.1)
 */
export function kept(tokens: OAuthTokens, asked: string | undefined): NonNullable<SavedSignIn['tokens']> {
  if (!isHeaderText(tokens.access_token) || tokens.token_type.toLowerCase() !== 'bearer') {
    throw new HostedFailure(
      'denied',
      'You are not signed in: the authorization server gave a token of a kind that cannot be used. Tell the operator of the server.',
    );
  }
  return {
    access: tokens.access_token,
    refresh: tokens.refresh_token ?? null,
    scope: tokens.scope ?? asked ?? '',
    expiresAt: tokens.expires_in === undefined ? null : Date.now() + tokens.expires_in * 1000,
  };
}

/**
 * Asks the token endpoint.
 * @throws OAuthError when it refuses; HostedFailure `unavailable` when it gives no answer
 */
export async function granted<Value>(issuer: string, ask: () => Promise<Value>): Promise<Value> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof OAuthError && !String(error.code).startsWith('server_error')) throw error;
    throw new HostedFailure(
      'unavailable',
      `The authorization server ${quoted(issuer)} gave no token (${whyNoAnswer(error)}). Try again later.`,
    );
  }
}

async function clientFor(
  { issuer, metadata }: SignInPlace,
  { port, redirectUri }: Callback,
  known: SavedSignIn['client'] | undefined,
  { clientId, fetch }: SignInOptions,
): Promise<SavedSignIn['client']> {
  if (clientId !== undefined) {
    if (clientId.startsWith('https:') && metadata.client_id_metadata_document_supported !== true) {
      throw new HostedFailure(
        'usage',
        `The authorization server ${quoted(issuer)} reads no metadata documents of clients. Leave --client-id out, or give the id of a client that is registered there.`,
      );
    }
    return { id: clientId, port: null };
  }
  if (known?.port === port) return known;
  if (metadata.registration_endpoint === undefined) {
    throw new HostedFailure(
      'denied',
      `The authorization server ${quoted(issuer)} registers no clients by itself. Ask its operator for a public client whose redirect URI is http://127.0.0.1/callback, and give its id as --client-id.`,
    );
  }
  try {
    const { client_id: id } = await registerClient(issuer, {
      metadata,
      clientMetadata: {
        client_name: SOFTWARE,
        redirect_uris: [redirectUri],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        token_endpoint_auth_method: 'none',
        application_type: 'native',
      },
      fetchFn: fetch,
    });
    return { id, port };
  } catch (error) {
    if (error instanceof RegistrationRejectedError) {
      throw new HostedFailure(
        'denied',
        `The authorization server ${quoted(issuer)} did not register this program (${error.status}). Ask its operator for a client, and give its id as --client-id.`,
      );
    }
    throw new HostedFailure(
      'unavailable',
      `The authorization server ${quoted(issuer)} did not register this program (${whyNoAnswer(error)}). Try again later.`,
    );
  }
}

async function show(url: URL, { port }: Callback, { tell, open }: Person): Promise<void> {
  if (await open(url))
    tell(`Your browser opens, so that you can sign in. If it does not, open this address:\n${url.href}`);
  else {
    tell(
      `Open this address in a browser, and sign in:\n${url.href}\nThe browser has to be on this machine. From another one, forward the port first: ssh -L ${port}:127.0.0.1:${port} THIS-MACHINE`,
    );
  }
}

/** @throws HostedFailure `denied` when the time is over, or the signal's reason */
async function within(
  response: Promise<URLSearchParams>,
  { person: { timeLimitMs }, lines, signal }: SignInOptions,
): Promise<URLSearchParams> {
  signal.throwIfAborted();
  let timer: NodeJS.Timeout | undefined;
  let onAbort: () => void = () => undefined;
  const end = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort);
    timer = setTimeout(() => {
      const minutes = Math.round(timeLimitMs / 60_000);
      reject(
        new HostedFailure(
          'denied',
          `Nobody signed in within ${minutes < 1 ? 'the time limit' : `${minutes} minutes`}. Sign in again with ${lines.login()}\nIf the page did not know this program, sign out before: ${lines.logout()}`,
        ),
      );
    }, timeLimitMs);
  });
  try {
    return await Promise.race([response, end]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}

/** @throws HostedFailure `denied` when the response is another server's, or a refusal */
function codeIn(
  parameters: URLSearchParams,
  { issuer, metadata }: SignInPlace,
  lines: SignInLines,
): { readonly code: string; readonly iss: string | undefined } {
  const iss = parameters.get('iss') ?? undefined;
  try {
    // Before anything else of the response is looked at: what another server says means nothing (RFC 9207 §2.4).
    validateAuthorizationResponseIssuer({
      iss,
      expectedIssuer: issuer,
      issParameterSupported: metadata.authorization_response_iss_parameter_supported === true,
    });
  } catch (error) {
    if (!(error instanceof IssuerMismatchError)) throw error;
    throw new HostedFailure(
      'denied',
      'You are not signed in: the answer came from another authorization server than the one that was asked (RFC 9207). Tell the operator of the server.',
    );
  }
  const error = parameters.get('error');
  if (error !== null) throw refusal(error, parameters.get('error_description'), lines);
  const code = parameters.get('code');
  if (code === null) throw refusal('no code', null, lines);
  return { code, iss };
}

function refusal(error: string, description: string | null, lines: SignInLines): HostedFailure {
  const run = lines.login();
  const said = description === null ? quoted(error) : `${quoted(error)}, ${quoted(description)}`;
  return new HostedFailure(
    'denied',
    error === 'access_denied'
      ? `You are not signed in: access was denied on the page. If that was a mistake, sign in again with ${run}`
      : `You are not signed in: the authorization server answered ${said}. Try again with ${run}`,
    { run },
  );
}

function withOffline(scope: string, supported: readonly string[] | undefined): string {
  const isOffered = supported?.includes('offline_access') === true && !scope.split(' ').includes('offline_access');
  return isOffered ? `${scope} offline_access` : scope;
}
