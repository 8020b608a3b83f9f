import { isObject, parseJson } from '../core/json.ts';
import { plainText } from '../observability/plain-text.ts';
import { createDispatcher } from '../outgoing/dispatcher.ts';
import { fetchOnce } from './api-probe.ts';
import type { Finding } from './watch.ts';

/** The URL of an authorization server's metadata (RFC 8414 §3.1). */
export function metadataUrlOf(issuer: string): string {
  const { origin, pathname } = new URL(issuer);
  return `${origin}/.well-known/oauth-authorization-server${pathname === '/' ? '' : pathname}`;
}

/** Where clients of an authorization server sign in and get tokens, as its metadata says (RFC 8414 §2). */
export interface SignInEndpoints {
  readonly authorize: string;
  readonly token: string;
}

/** Told what the metadata of a server says, each time that it is good. */
type Learn = (server: string, endpoints: SignInEndpoints | undefined) => void;

/**
 * Finds out whether the advertised authorization servers are there, by their metadata: clients cannot sign in at one
 * without, or with the name of another in it (RFC 8414 §3.3).
 * @param servers their issuers
 */
export async function probeMetadata(servers: readonly string[], learn?: Learn): Promise<Finding | undefined> {
  const findings = await Promise.all(servers.map((server) => probeOne(server, learn)));
  return (
    findings.find((finding) => finding?.problem !== undefined) ?? findings.find((finding) => finding !== undefined)
  );
}

async function probeOne(server: string, learn: Learn = () => undefined): Promise<Finding | undefined> {
  const { origin } = new URL(server);
  const dispatcher = createDispatcher(origin);
  try {
    let finding: Finding | undefined;
    // Scalekit serves it at both places; a client needs one of them.
    for (const url of [metadataUrlOf(server), `${server}/.well-known/oauth-authorization-server`]) {
      const answer = await fetchOnce(dispatcher, origin, new URL(url).pathname);
      // Whether it can be reached is the matter of its keys.
      if ('error' in answer || answer.status === 429 || answer.status >= 500) return undefined;
      const document = parseJson(answer.text);
      finding = findingOf(server, answer.status, document);
      if (finding.problem !== undefined) continue;
      learn(server, endpointsOf(document, origin));
      return finding;
    }
    return finding;
  } finally {
    void dispatcher.destroy();
  }
}

/** Both endpoints, where they are at the server's own host, with nothing behind their paths. */
function endpointsOf(document: unknown, origin: string): SignInEndpoints | undefined {
  const { authorization_endpoint: authorize, token_endpoint: token } = isObject(document) ? document : {};
  return isOwn(authorize, origin) && isOwn(token, origin) ? { authorize, token } : undefined;
}

function isOwn(url: unknown, origin: string): url is string {
  const { pathname } = typeof url === 'string' && URL.canParse(url) ? new URL(url) : { pathname: '' };
  return url === origin + pathname;
}

const WHERE =
  'Correct SCALEKIT_MCP_SERVER_ID or SCALEKIT_ENV_URL, or authorization_servers of PROTECTED_RESOURCE_METADATA; people cannot sign in until then.';

function findingOf(server: string, status: number, document: unknown): Finding {
  if (status !== 200 || !isObject(document)) {
    const notice = `There is no authorization server at ${server}. ${WHERE}`;
    return { health: 'degraded', problem: { notice, authorizationServer: server, status } };
  }
  const { issuer } = document;
  if (issuer === server) return { health: 'healthy' };
  const notice = `The authorization server at ${server} calls itself another. ${WHERE}`;
  const came = typeof issuer === 'string' ? plainText(issuer) : undefined;
  return { health: 'degraded', problem: { notice, authorizationServer: server, issuer: came } };
}
