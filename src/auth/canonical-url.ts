const DEFAULT_PORTS: Readonly<Record<string, string>> = { 'http:': ':80', 'https:': ':443' };

/**
 * An http URL in the one spelling in which its scheme and host are lower case and a default port is left out (RFC 3986
 * §6.2.2.1, §6.2.3); paths keep their case. What is no such URL, or names a user, comes back as it is: it equals nothing
 * but itself.
 */
export function canonicalUrl(text: string): string {
  const [, scheme, host, port = '', rest] =
    /^(https?:)\/\/(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:\d{1,5})?([/?#].*)?$/i.exec(text) ?? [];
  if (scheme === undefined || host === undefined) return text;
  const lower = scheme.toLowerCase();
  return `${lower}//${host.toLowerCase()}${port === DEFAULT_PORTS[lower] ? '' : port}${rest ?? ''}`;
}
