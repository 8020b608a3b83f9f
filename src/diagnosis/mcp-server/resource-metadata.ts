import type { ExternalAnswer } from '../../core/external.ts';
import { isUrl, parseUrl } from '../../core/parse-url.ts';
import type { McpServer } from '../../platform/entities/mcp-server.ts';
import { failed, type Outcome, passed, warned } from '../finding.ts';
import type { ChallengeParameters } from './challenge-header.ts';
import { CLIENTS } from './clients.ts';
import {
  type Ask,
  admitsPage,
  documentIn,
  isTooLong,
  type Json,
  readDocument,
  seenAt,
  stringsIn,
  wellKnown,
} from './probes.ts';
import { ofTooLong, whyUnread } from './reachable.ts';

const NAME = 'oauth-protected-resource';

/** The metadata of an MCP server as a protected resource (RFC 9728), and where it was looked for. */
export interface ResourceMetadata {
  /** At the address that the challenge names. */
  readonly named: ExternalAnswer | undefined;
  /** At the place that the URL of the endpoint leads to. */
  readonly inserted: ExternalAnswer;
  /** At the root of the host. */
  readonly root: ExternalAnswer;
  /** What a client goes by: the first of these that can be read. */
  readonly document: Json | undefined;
  /** The address where that is. */
  readonly at: string | undefined;
}

/** Reads the metadata at all three places, side by side, each address once. */
export async function readResourceMetadata(
  ask: Ask,
  url: string,
  parameters: ChallengeParameters | undefined,
): Promise<ResourceMetadata> {
  const named = parameters?.get('resource_metadata');
  const places = { named, inserted: wellKnown(NAME, url), root: `${new URL(url).origin}/.well-known/${NAME}` };
  const reading = new Map<string, Promise<ExternalAnswer>>();
  const read = (place: string) => {
    const answer = reading.get(place) ?? readDocument(ask, place, url);
    reading.set(place, answer);
    return answer;
  };
  const [atNamed, inserted, root] = await Promise.all([
    // One of another scheme is a fault of the challenge, and nothing that clients would read.
    named !== undefined && hasSchemeOf(url, named) ? read(named) : undefined,
    read(places.inserted),
    read(places.root),
  ]);
  const found = [atNamed, inserted, root].find((answer) => answer !== undefined && documentIn(answer) !== undefined);
  return { named: atNamed, inserted, root, document: found && documentIn(found), at: found?.url };
}

/** Whether an address is a whole URL of the same scheme as the endpoint. */
export function hasSchemeOf(url: string, address: string): boolean {
  return parseUrl(address)?.protocol === new URL(url).protocol;
}

/** Checks the document itself: where it is, what it is about, and whether pages may read it. */
export function checkResourceMetadata(
  url: string,
  metadata: ResourceMetadata,
  server: McpServer | undefined,
): Outcome[] {
  const { named, inserted, root, document } = metadata;
  if (document === undefined) {
    const looked = [named ?? inserted, inserted, root].filter((answer, i, all) => all.indexOf(answer) === i);
    const long = looked.find(isTooLong);
    const notKnown = long && ofTooLong('metadata', long);
    if (notKnown !== undefined) return [notKnown];
    const seen = `There is no metadata. ${whyUnread(looked[0] ?? inserted)}`;
    const to_do = 'Publish `publish.document` at `publish.at`, for everybody, as application/json.';
    return [failed('metadata', { seen, found: looked.map(seenAt), breaks: [CLIENTS.all], to_do })];
  }
  return [
    checkNamed(named),
    checkPlaces(metadata),
    checkReadableByPages(metadata),
    ...checkResource(url, document, server),
    checkBearerMethods(document),
  ];
}

function checkNamed(named: ExternalAnswer | undefined): Outcome {
  const check = 'metadata';
  if (named === undefined) return passed(check);
  const notKnown = ofTooLong(check, named);
  if (notKnown !== undefined) return notKnown;
  if (documentIn(named) === undefined) {
    const seen = `The address that the challenge names has no metadata. ${whyUnread(named)}`;
    const to_do = 'Publish `publish.document` there, or name `publish.at` in the challenge.';
    return failed(check, { seen, found: seenAt(named), breaks: [CLIENTS.byChallenge], to_do });
  }
  const [first = named.url] = named.redirects;
  if (named.redirects.length === 0 || new URL(first).origin === new URL(named.url).origin) return passed(check);
  const seen = 'The metadata is behind a redirect to another host.';
  return warned(check, {
    seen,
    found: seenAt(named),
    breaks: [CLIENTS.strict],
    to_do: 'Publish it without a redirect.',
  });
}

function checkPlaces({ inserted }: ResourceMetadata): Outcome {
  const check = 'metadata_place';
  if (documentIn(inserted) !== undefined) return passed(check);
  const notKnown = ofTooLong(check, inserted);
  if (notKnown !== undefined) return notKnown;
  const seen = `There is no metadata at the well-known place of this URL (RFC 9728 §3.1). ${whyUnread(inserted)}`;
  const to_do = 'Publish the same document at `publish.at` as well.';
  return warned(check, { seen, found: seenAt(inserted), breaks: [CLIENTS.byPlace], to_do });
}

function checkReadableByPages({ named, inserted, root }: ResourceMetadata): Outcome {
  const check = 'metadata_cors';
  const read = [named, inserted, root].find((answer) => answer !== undefined && documentIn(answer) !== undefined);
  if (read !== undefined && admitsPage(read)) return passed(check);
  const seen = 'A web page cannot read the metadata.';
  const to_do = 'Send Access-Control-Allow-Origin: * with it.';
  return warned(check, { seen, found: read?.url, breaks: [CLIENTS.pages], to_do });
}

/** RFC 9728 §3.3: `resource` must be the URL that the client was given. Scalekit makes it the audience of tokens. */
function checkResource(url: string, document: Json, server: McpServer | undefined): Outcome[] {
  const { resource } = document;
  const outcomes = [checkSameUrl(url, resource)];
  if (server === undefined) return outcomes;
  const registered = server.resource_id ?? '';
  if (typeof resource !== 'string' || isSame(resource, registered) || isSame(resource, server.id)) {
    return [...outcomes, passed('resource_registered')];
  }
  const seen =
    'The metadata names another resource than the one that is registered: its tokens are for the registered one.';
  const to_do = 'Publish the registered document, or register the URL that the server has.';
  const facts = { seen, found: { resource, registered }, breaks: [CLIENTS.all], to_do, next_tool: 'update_mcp_server' };
  return [...outcomes, failed('resource_registered', facts)];
}

function checkSameUrl(url: string, resource: unknown): Outcome {
  const check = 'resource';
  if (typeof resource !== 'string' || !isUrl(resource)) {
    const seen = 'The metadata has no `resource` that is a URL.';
    return failed(check, {
      seen,
      found: resource ?? 'none',
      breaks: [CLIENTS.all],
      to_do: 'Publish `publish.document`.',
    });
  }
  if (isSame(resource, url)) return passed(check);
  const found = { resource, url };
  if (coversUrl(resource, url)) {
    const seen = '`resource` is not this URL to the byte: it differs in a slash, or is that of a part above it.';
    const to_do = 'Let people use the URL that `resource` names, or publish this one.';
    return warned(check, { seen, found, breaks: [CLIENTS.byBytes], to_do });
  }
  const seen = '`resource` names another server: clients refuse it.';
  const to_do = 'Publish `publish.document`; behind a proxy, tell the server its public URL.';
  return failed(check, { seen, found, breaks: [CLIENTS.all], to_do });
}

/** Scheme and host have no case, and a host alone has a slash or none. */
function isSame(left: string, right: string): boolean {
  if (left === right) return true;
  const url = parseUrl(left);
  return url !== undefined && url.href === parseUrl(right)?.href;
}

/** Whether clients that compare by origin and path take one for a part of the other. */
function coversUrl(resource: string, url: string): boolean {
  const [whole, part] = [new URL(resource), new URL(url)];
  const folder = (path: string) => (path.endsWith('/') ? path : `${path}/`);
  return whole.origin === part.origin && folder(part.pathname).startsWith(folder(whole.pathname));
}

function checkBearerMethods(document: Json): Outcome {
  const check = 'bearer_methods';
  const methods = stringsIn(document, 'bearer_methods_supported');
  if (methods === undefined || methods.includes('header')) return passed(check);
  const seen = 'The metadata does not allow tokens in the header, the only place where MCP clients send them.';
  const to_do = 'Publish bearer_methods_supported: ["header"].';
  return failed(check, { seen, found: methods, breaks: [CLIENTS.byMethods], to_do });
}
