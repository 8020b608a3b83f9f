import { isLoopback } from '../config/values.ts';
import { parseUrl } from '../core/parse-url.ts';
import { URL_PARAMETERS } from '../core/url-parameters.ts';
import { InstallFailure } from './failure.ts';

/** What the file of a client may hold behind the address. Anything else could be a secret. */
const PARAMETERS: ReadonlySet<string> = new Set(URL_PARAMETERS);
const MAX_LENGTH = 4_000;

/** Why a URL is none that a client can be given: a sentence, or undefined when it is good. */
export function whyBadUrl(text: string): string | undefined {
  const url = parseUrl(text);
  if (url === undefined) return 'It is no URL. Give the whole address of the endpoint, such as https://…/mcp.';
  if (url.username !== '' || url.password !== '') return 'It holds a name or a password. Clients sign in by OAuth.';
  const isPlain = url.protocol === 'http:' && isLoopback(url.hostname);
  if (url.protocol !== 'https:' && !isPlain) return 'It is not https. Plain http is for this machine alone.';
  if (url.hash !== '') return 'It has a part behind #, which is sent to no server.';
  if (url.pathname === '/') return 'It names a server, but no endpoint on it, which is usually /mcp.';
  // Also what the URL's own rules would write in another way, such as braces in a path.
  if (/[${}`]/.test(decoded(url.host + url.pathname + url.search))) {
    return 'It has a $, a brace or a backtick, where clients put in variables of this machine.';
  }
  const stranger = [...url.searchParams.keys()].find((name) => !PARAMETERS.has(name));
  if (stranger !== undefined) {
    return `Its query has something other than ${[...PARAMETERS].join(', ')}, which could be a secret.`;
  }
  return text.length > MAX_LENGTH ? `It is longer than ${MAX_LENGTH} characters.` : undefined;
}

/** A text with what is percent-encoded in it; as it is where that cannot be read. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * A URL as it is given to clients.
 * @throws InstallFailure when it is none for them
 */
export function serverUrl(text: string): string {
  const why = whyBadUrl(text);
  if (why !== undefined) throw new InstallFailure('url', `The URL is not used. ${why}`);
  // Commas separate names in this server's own query, and are read better as they are.
  return new URL(text).href.replaceAll('%2C', ',');
}

/** A URL without what could be a secret in it, to be shown. */
export function shownUrl(text: string): string {
  const url = parseUrl(text);
  if (url === undefined) return '(no URL)';
  const { origin, pathname, search, protocol } = url;
  if (protocol !== 'https:' && protocol !== 'http:') return '(no URL of the web)';
  return origin + pathname + (whyBadUrl(text) === undefined ? search : search && '?…');
}
