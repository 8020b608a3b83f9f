/** The origin of a web page as browsers write it (RFC 6454 §6.2), of the only schemes that serve pages over a network. */
const PAGE_ORIGIN = /^(https?):\/\/(\[[\da-f:]+\]|[\w.-]+)(?::(\d{1,5}))?$/i;
const DEFAULT_PORTS: Readonly<Record<string, string>> = { http: '80', https: '443' };

/**
 * Makes a check of Origin headers. Origins are compared whole: another scheme or another port on the same host is
 * another origin, which other people may control.
 * @param allowed whole origins; a name without scheme stands for http and https on any port, `*` for every origin
 */
export function pageFilter(allowed: readonly string[]): (origin: string) => boolean {
  if (allowed.includes('*')) return () => true;
  const whole = new Set(allowed.filter((entry) => entry.includes('://')));
  const names = new Set(allowed.filter((entry) => !entry.includes('://')));
  return (origin) => {
    const [, scheme = '', host = '', port] = PAGE_ORIGIN.exec(origin.toLowerCase()) ?? [];
    if (host === '') return false;
    const suffix = port === undefined || port === DEFAULT_PORTS[scheme] ? '' : `:${port}`;
    return names.has(host) || whole.has(`${scheme}://${host}${suffix}`);
  };
}
