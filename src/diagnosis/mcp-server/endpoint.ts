import type { ExternalAnswer } from '../../core/external.ts';
import { isObject, parseJson } from '../../core/json.ts';
import { isUrl } from '../../core/parse-url.ts';
import { failed, type Outcome, passed, unknown, warned } from '../finding.ts';
import { bearerParameters, type ChallengeParameters } from './challenge-header.ts';
import { CLIENTS } from './clients.ts';
import { admitsPage, type EndpointProbes, listNames, NEWER, PAGE_HEADERS, PAGE_ORIGIN, seenAt } from './probes.ts';
import { hasSchemeOf } from './resource-metadata.ts';

/** The parameters of the Bearer challenge that an answer carries. */
export function challengeIn({ headers }: ExternalAnswer): ChallengeParameters | undefined {
  return bearerParameters(headers['www-authenticate'] ?? '');
}

/**
 * What the endpoint says to whoever has no token (MCP 2025-11-25, Authorization; RFC 6750 §3; RFC 9728 §5.1).
 * @param first the answer to `initialize` without a token
 */
export function checkEndpoint(url: string, first: ExternalAnswer, probes: EndpointProbes): Outcome[] {
  if (first.status !== 401) {
    return [notChallenged(first), ...checkIdentity(first), ...checkPages(first, probes)];
  }
  return [
    passed('challenge'),
    checkChallengeHeader(url, first),
    checkBadToken(probes.badToken),
    checkGet(probes.get),
    checkHead(probes.head),
    checkAccept(probes),
    checkVersions(probes.newer),
    ...checkPages(first, probes),
  ];
}

function notChallenged(answer: ExternalAnswer): Outcome {
  const { status = 0, headers } = answer;
  const found = { ...seenAt(answer), location: headers['location'] };
  const told = (seen: string, to_do: string) => failed('challenge', { seen, found, breaks: [CLIENTS.all], to_do });
  if (status < 300) {
    return told(
      'It answers without a token, so that clients do not begin to sign in, and everybody may use it.',
      'Answer 401 with a challenge to every request without a good token, before the message is read.',
    );
  }
  if (status < 400) return told('It redirects: clients do not send a POST again.', 'Use the URL behind the redirect.');
  if (status === 403) {
    return told(
      'It answers 403 without a token, and clients take that for too few scopes.',
      'Answer 401 with a challenge.',
    );
  }
  if (status === 404 || status === 405) {
    return told('There is no MCP endpoint at this URL.', 'Correct the path, or accept POST there.');
  }
  return status < 500
    ? told('It looks at the message before it asks for a token.', 'Answer 401 before the message is looked at.')
    : told('It fails over a request without a token.', 'Answer 401 with a challenge; its log says why it fails.');
}

function checkChallengeHeader(url: string, first: ExternalAnswer): Outcome {
  const check = 'challenge_header';
  const parameters = challengeIn(first);
  const found = first.headers['www-authenticate'] ?? 'none';
  const to_do = 'Send the header that `publish` shows with every 401.';
  if (parameters === undefined) {
    const seen = 'The 401 carries no Bearer challenge in WWW-Authenticate.';
    return failed(check, { seen, found, breaks: [CLIENTS.byChallenge], to_do });
  }
  const metadata = parameters.get('resource_metadata');
  if (metadata === undefined) {
    const seen = 'The challenge does not name the metadata (resource_metadata).';
    return warned(check, { seen, found, breaks: [CLIENTS.byChallenge], to_do });
  }
  if (hasSchemeOf(url, metadata)) return passed(check);
  const seen = isUrl(metadata)
    ? 'resource_metadata has another scheme than the endpoint. Behind a proxy that ends TLS, the server must be told its public URL.'
    : 'resource_metadata is no whole URL.';
  return failed(check, { seen, found, breaks: [CLIENTS.all], to_do });
}

function checkBadToken(answer: ExternalAnswer): Outcome {
  const check = 'bad_token';
  const { status } = answer;
  if (status === 401) return passed(check);
  if (status === undefined) return notAnswered(check, answer);
  const found = seenAt(answer);
  if (status < 300) {
    const seen = 'It lets a token pass that nobody has issued: everybody may use it.';
    const to_do = 'Verify signature, issuer, audience and expiry of every token.';
    return failed(check, { seen, found, breaks: [CLIENTS.protection], to_do });
  }
  const seen = 'A token that is not good is not answered with 401.';
  const to_do = 'Answer 401 with error="invalid_token" in the challenge.';
  return failed(check, { seen, found, breaks: [CLIENTS.refreshing], to_do });
}

function checkGet(answer: ExternalAnswer): Outcome {
  const check = 'get';
  if (answer.status === 401) return passed(check);
  if (answer.status === undefined) return notAnswered(check, answer);
  const seen = 'GET without a token is not challenged.';
  const to_do = 'Answer GET like POST: 401 without a good token, 405 only with one.';
  return warned(check, { seen, found: seenAt(answer), breaks: [CLIENTS.byGet], to_do });
}

function checkHead(answer: ExternalAnswer): Outcome {
  const check = 'head';
  if (answer.status === undefined) return notAnswered(check, answer);
  if (answer.headers['www-authenticate'] === undefined) return passed(check);
  const seen = 'HEAD is challenged, which sends a client another way in which it does not find how to register.';
  const to_do = 'Answer HEAD with 405 and Allow, without WWW-Authenticate.';
  return warned(check, { seen, found: seenAt(answer), breaks: [CLIENTS.byHead], to_do });
}

function checkAccept({ anyType, jsonOnly }: EndpointProbes): Outcome {
  const check = 'accept';
  const wrong = [anyType, jsonOnly].find(({ status }) => status !== 401);
  if (wrong === undefined) return passed(check);
  if (wrong.status === undefined) return notAnswered(check, wrong);
  const accept = wrong === anyType ? '*/*' : 'application/json';
  const seen = 'Whether it asks for a token hangs on the Accept header.';
  const to_do = 'Look at the token first, and serve whatever admits JSON (RFC 9110 §12.5.1).';
  return warned(check, { seen, found: { accept, status: wrong.status }, breaks: [CLIENTS.leftOut], to_do });
}

function checkVersions(newer: ExternalAnswer): Outcome {
  const check = 'protocol_versions';
  if (newer.status === 401) return passed(check);
  if (newer.status === undefined) return notAnswered(check, newer);
  const seen = `A request of ${NEWER} is refused before it is asked for a token.`;
  const to_do = 'Ask for the token first, whatever MCP-Protocol-Version and method say.';
  return warned(check, { seen, found: { status: newer.status }, breaks: [CLIENTS.newer], to_do });
}

function notAnswered(check: string, answer: ExternalAnswer): Outcome {
  return unknown(check, { seen: 'There was no answer to this request.', found: seenAt(answer) });
}

/** What a client that is a web page may send and read (Fetch, CORS protocol). */
function checkPages(first: ExternalAnswer, { options, fromPage }: EndpointProbes): Outcome[] {
  const allowed = options.headers['access-control-allow-headers'];
  // A wildcard does not stand for Authorization.
  const isNamed = PAGE_HEADERS.every(
    (name) => listNames(allowed, name) && (name !== 'authorization' || isSpelt(allowed)),
  );
  const isGood = (options.status ?? 0) >= 200 && (options.status ?? 0) < 300;
  const breaks = [CLIENTS.pages];
  if (!isGood || !admitsPage(options) || !isNamed) {
    const seen = 'The preflight of a web page is not answered as it has to be.';
    const found = { status: options.status, error: options.error, ...corsIn(options) };
    const to_do = `Answer OPTIONS with 204 also where no token comes along, with Access-Control-Allow-Origin, and Access-Control-Allow-Headers with ${PAGE_HEADERS.join(', ')}.`;
    return [warned('preflight', { seen, found, breaks, to_do })];
  }
  const check = 'page_answers';
  const found = { origin: PAGE_ORIGIN, status: fromPage.status, ...corsIn(fromPage) };
  if (fromPage.status !== first.status) {
    const seen = 'It answers a web page otherwise than a program.';
    const to_do = 'Allow the origins of clients that are web pages.';
    return [passed('preflight'), warned(check, { seen, found, breaks, to_do })];
  }
  const exposed = fromPage.headers['access-control-expose-headers'];
  if (admitsPage(fromPage) && (first.status !== 401 || listNames(exposed, 'www-authenticate'))) {
    return [passed('preflight'), passed(check)];
  }
  const seen = 'A web page cannot read the challenge.';
  const to_do =
    'Send Access-Control-Allow-Origin, and Access-Control-Expose-Headers: WWW-Authenticate, with every answer, 401 too.';
  return [passed('preflight'), warned(check, { seen, found, breaks, to_do })];
}

function isSpelt(allowed = ''): boolean {
  return allowed.toLowerCase().includes('authorization');
}

function corsIn({ headers }: ExternalAnswer) {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('access-control-')));
}

/** What an endpoint says of itself to a client that it lets in (`serverInfo`), above all its icons. */
function checkIdentity(first: ExternalAnswer): Outcome[] {
  const result = resultIn(first);
  if (result === undefined) return [];
  const info = result['serverInfo'];
  if (!isObject(info) || typeof info['name'] !== 'string' || typeof result['protocolVersion'] !== 'string') {
    const seen = 'The answer to initialize lacks protocolVersion or serverInfo.';
    return [failed('identity', { seen, found: result, breaks: [CLIENTS.all] })];
  }
  const icons = Array.isArray(info['icons']) ? info['icons'] : [];
  if (icons.length === 0) return [passed('identity'), passed('icons')];
  const found = icons.map((icon) => (isObject(icon) ? icon['src'] : icon));
  const seen = 'The answer to initialize holds icons.';
  const to_do = 'Leave icons out of serverInfo; data: URIs anywhere else must be Base64.';
  return [passed('identity'), warned('icons', { seen, found, breaks: [CLIENTS.icons], to_do })];
}

function resultIn({ status, text, headers }: ExternalAnswer): Record<string, unknown> | undefined {
  if (status !== 200) return undefined;
  const isStream = headers['content-type']?.startsWith('text/event-stream');
  const data = isStream
    ? text
        .split('\n')
        .find((line) => line.startsWith('data:'))
        ?.slice(5)
    : text;
  const message = parseJson(data ?? '');
  const result = isObject(message) ? message['result'] : undefined;
  return isObject(result) ? result : undefined;
}
