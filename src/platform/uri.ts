import { z } from 'zod';

/** Schemes that a browser runs, reads or hands to another program, instead of going to an application. */
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

/** Whether a browser may be sent there with a login or after a logout: a web URL, or an app's own scheme (RFC 8252). */
export function isRedirectUri(value: string): boolean {
  const url = parse(value);
  if (url === undefined) return false;
  return isWeb(url) ? isWebUrl(value) : !NOT_APPLICATIONS.has(url.protocol);
}

/** Whether it is an https URL, or an http one on this machine, with neither credentials nor fragment. */
export function isWebUrl(value: string): boolean {
  const url = parse(value);
  if (url === undefined || !isWeb(url) || !/^https?:\/\/[^/]/i.test(value)) return false;
  return (url.protocol === 'https:' || isLoopback(url.hostname)) && url.username === '' && url.password === '';
}

/** An argument that is such a URL. */
export function webUrl(text: z.ZodString = z.string()) {
  return text.refine(isWebUrl, 'must be an https URL, or an http one on localhost, without credentials and fragment');
}

/**
 * An absolute URI without fragment. The text is stored as it came, so what the URL parser would mend, such as white space
 * and backslashes, is refused. The slash after the scheme tells `app:/callback` from `localhost:3000/callback`.
 */
function parse(value: string): URL | undefined {
  if (!/^[a-z][a-z0-9+.-]*:\/./i.test(value) || /[\s\p{Cc}\\#]/u.test(value)) return undefined;
  return URL.canParse(value) ? new URL(value) : undefined;
}

function isWeb({ protocol }: URL): boolean {
  return protocol === 'https:' || protocol === 'http:';
}

function isLoopback(hostname: string): boolean {
  return /^(localhost|.+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}
