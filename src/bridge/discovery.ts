import {
  type AuthorizationServerMetadata,
  discoverAuthorizationServerMetadata,
  discoverOAuthProtectedResourceMetadata,
  IssuerMismatchError,
} from '@modelcontextprotocol/client';
import { parseUrl } from '../core/parse-url.ts';
import { type Fetch, isThisMachine } from '../outgoing/hosted-fetch.ts';
import { HostedFailure, isOfNetwork, quoted, whyNoAnswer } from './failure.ts';
import { isSecure } from './server-url.ts';

/** Where a server lets people sign in, once everything that it says of that has been checked. */
export interface SignInPlace {
  /** What tokens are asked for (RFC 8707). */
  readonly resource: string;
  readonly issuer: string;
  readonly metadata: AuthorizationServerMetadata;
  /** The scopes of the server, separated by spaces; undefined where it does not say. */
  readonly scopes: string | undefined;
}

/** The endpoints that are used, by the names of RFC 8414 §2. */
const ENDPOINTS = ['authorization_endpoint', 'token_endpoint', 'registration_endpoint', 'revocation_endpoint'] as const;

/**
 * Finds out where people sign in: protected resource metadata (RFC 9728), then authorization server metadata (RFC 8414, or
 * OpenID Connect Discovery).
 * @param server the URL of its endpoint
 * @param metadataUrl where its challenge says that its metadata is
 * @throws HostedFailure `unavailable` when something gives no answer, `denied` when what it says cannot be trusted
 */
export async function findSignIn(server: URL, fetch: Fetch, metadataUrl?: URL): Promise<SignInPlace> {
  if (metadataUrl !== undefined && metadataUrl.origin !== server.origin) {
    throw untrusted(`its metadata would be at another origin, ${quoted(metadataUrl.origin)}`);
  }
  const plain = new URL(server);
  plain.search = '';
  const options = metadataUrl === undefined ? {} : { resourceMetadataUrl: metadataUrl };
  const resource = await asked(`${server.origin}, for its metadata`, () =>
    discoverOAuthProtectedResourceMetadata(plain, options, fetch),
  );
  if (!isOf(resource.resource, server)) {
    throw untrusted(`its metadata is of another resource, ${quoted(resource.resource)} (RFC 9728 §3.3)`);
  }
  const [issuer] = resource.authorization_servers ?? [];
  if (issuer === undefined) throw untrusted('its metadata names no authorization server');
  const allowThisMachine = isThisMachine(server);
  if (!isSecureUrl(issuer, allowThisMachine))
    throw untrusted(`its authorization server ${quoted(issuer)} is not reached by https`);
  const metadata = await asked(`${quoted(issuer)}, its authorization server`, () =>
    discoverAuthorizationServerMetadata(issuer, { fetchFn: fetch }),
  );
  if (metadata === undefined)
    throw untrusted(`its authorization server ${quoted(issuer)} publishes no metadata (RFC 8414)`);
  for (const name of ENDPOINTS) {
    const url = (metadata as Readonly<Record<string, unknown>>)[name];
    if (url !== undefined && !isSecureUrl(String(url), allowThisMachine)) {
      throw untrusted(`the ${name} of its authorization server, ${quoted(String(url))}, is not reached by https`);
    }
  }
  if (!(metadata.code_challenge_methods_supported ?? []).includes('S256')) {
    throw untrusted('its authorization server does not say that it knows PKCE with S256, which protects the sign-in');
  }
  const scopes = resource.scopes_supported;
  return { resource: resource.resource, issuer: metadata.issuer, metadata, scopes: scopes?.join(' ') };
}

/** Whether a resource is the server: the same URL, but for the query, which selects a part of it, and a slash at the end. */
function isOf(resource: string, server: URL): boolean {
  const url = parseUrl(resource);
  if (url === undefined) return false;
  const { origin, pathname, search } = url;
  const plain = (path: string) => path.replace(/\/$/, '');
  return (
    origin === server.origin &&
    plain(pathname) === plain(server.pathname) &&
    (search === '' || search === server.search)
  );
}

function isSecureUrl(text: string, allowThisMachine: boolean): boolean {
  const url = parseUrl(text);
  return url?.username === '' && isSecure(url, allowThisMachine);
}

async function asked<Value>(whom: string, ask: () => Promise<Value>): Promise<Value> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof IssuerMismatchError) {
      throw untrusted('the metadata of its authorization server is that of another issuer (RFC 8414 §3.3)');
    }
    // Without a cause it is an answer that could be read and was not what it should be.
    if (isOfNetwork(error) || Object(error).name === 'TimeoutError') {
      throw new HostedFailure(
        'unavailable',
        `Signing in did not begin: ${whom}, gave no answer (${whyNoAnswer(error)}). Check the URL and the network.`,
      );
    }
    throw new HostedFailure(
      'unavailable',
      `Signing in did not begin: what was asked of ${whom}, came back in a form that cannot be used. Check that the URL is that of an MCP server.`,
    );
  }
}

function untrusted(why: string): HostedFailure {
  return new HostedFailure('denied', `Signing in was not begun, because ${why}. Tell the operator of the server.`);
}
