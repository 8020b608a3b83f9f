import type { Violation } from '../gateway/api-error.ts';
import { parseUrl } from '../parse-url.ts';

const MAX_LENGTH = 256;

/** Rules for the URIs that browsers are sent to; production is stricter than development. */
export function checkRedirectUri(field: string, uri: string, environment: string): Violation[] {
  const violations: Violation[] = [];
  const report = (constraint: string, description: string) => violations.push({ field, description, constraint });
  if (uri.length > MAX_LENGTH) report('string.max_len', `value length must be at most ${MAX_LENGTH} characters`);
  const url = parseUrl(uri);
  if (url === undefined) {
    report('string.uri', 'value must be an absolute URI');
    return violations;
  }
  const { protocol, hostname } = url;
  if (/[?#]/.test(uri)) report('redirect_uri.components', 'value must have neither query parameters nor a fragment');
  if (environment === 'PRD') {
    if (protocol === 'http:') report('redirect_uri.scheme', 'http is not allowed in production environments');
    if (hostname === 'localhost') report('redirect_uri.host', 'localhost is not allowed in production environments');
    if (uri.includes('*')) report('redirect_uri.wildcard', 'wildcards are not allowed in production environments');
  } else if (uri.includes('*') && !isWildcardAllowed(uri, hostname)) {
    report('redirect_uri.wildcard', 'a wildcard is allowed once, in the outermost subdomain');
  }
  return violations;
}

/** `https://*.example.com` or `https://auth-*.example.com`, but not `https://*.com`. */
function isWildcardAllowed(uri: string, hostname: string): boolean {
  const [outermost = '', ...domain] = hostname.split('.');
  return uri.split('*').length === 2 && outermost.includes('*') && domain.length >= 2;
}
