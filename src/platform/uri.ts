import { z } from 'zod';
import { HOST_NAME } from '../core/host.ts';
import { isExact } from '../core/invisible.ts';
import { parseUrl } from '../core/parse-url.ts';
import { trimmed } from './exact.ts';

/** Schemes that do not lead to an application: a browser executes or displays them, or opens a generic program. */
const NOT_APPLICATIONS: ReadonlySet<string> = new Set([
  'about:',
  'blob:',
  'data:',
  'file:',
  'filesystem:',
  'ftp:',
  'javascript:',
  'mailto:',
  'vbscript:',
  'view-source:',
  'ws:',
  'wss:',
]);

const AUTHORITY = /^[a-z][a-z0-9+.-]*:\/\/[^/?]*/i;
/** A host that is read as it is meant, with a port. */
const PLAIN_HOST = new RegExp(String.raw`^(?:\[[\da-f:.]+\]|${HOST_NAME})(?::\d{1,5})?$`, 'iu');

/**
 * Whether a URI may be a redirect URI: an http or https URL, or one with an app's own scheme (RFC 8252 §7.1). Where http
 * is good enough is the platform's to say.
 */
export function isRedirectUri(value: string): boolean {
  const url = parse(value);
  if (url === undefined) return false;
  return isWeb(url) ? isHttpUrl(value) : !NOT_APPLICATIONS.has(url.protocol);
}

/** Whether a text is an http or https URL, without credentials and fragment. */
export function isHttpUrl(value: string): boolean {
  const url = parse(value);
  if (url === undefined || !isWeb(url) || !/^https?:\/\/[^/]/i.test(value)) return false;
  const [authority = ''] = AUTHORITY.exec(value) ?? [];
  if (!PLAIN_HOST.test(authority.slice(authority.indexOf('//') + 2))) return false;
  return url.username === '' && url.password === '';
}

/** Whether a text is an https URL, or an http URL of a loopback host, without credentials and fragment. */
export function isWebUrl(value: string): boolean {
  const url = parse(value);
  return isHttpUrl(value) && (url?.protocol === 'https:' || isLoopback(url?.hostname ?? ''));
}

/** The schema of an argument that is such a URL. White space around it is dropped. */
export function webUrl() {
  return trimmed(z.string()).refine(
    isWebUrl,
    'must be an https URL, or an http one on localhost, without credentials and fragment',
  );
}

/**
 * Parses an absolute URI without fragment. The text itself is stored, not the parsed URL, so anything that the URL
 * parser would correct, such as white space and backslashes, is refused. The slash after the scheme distinguishes
 * `app:/callback` from `localhost:3000/callback`.
 */
function parse(value: string): URL | undefined {
  if (!/^[a-z][a-z0-9+.-]*:\/./i.test(value) || /[\s\p{Cc}\\#]/u.test(value) || !isExact(value)) return undefined;
  // RFC 3986 §2 knows no others, nor braces and angle brackets, in which templates have their gaps. A host may be spelt in letters
  // of any script (RFC 5890).
  if (!/^[\w\-.~:/?[\]@!$&'()*+,;=%{}<>]*$/.test(value.replace(AUTHORITY, ''))) return undefined;
  return parseUrl(value);
}

function isWeb({ protocol }: URL): boolean {
  return protocol === 'https:' || protocol === 'http:';
}

function isLoopback(hostname: string): boolean {
  return /^(localhost|.+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}
