import { parseUrl } from '../core/parse-url.ts';
import { isSet } from './near-misses.ts';
import type { Problems } from './problems.ts';

/** In the order of undici, which reads them from the process itself: the first that is set counts for https. */
export const PROXY_VARIABLES = ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY'] as const;

const PROTOCOLS: readonly string[] = ['http:', 'https:', 'socks:', 'socks5:'];

/**
 * Checks the proxy for requests to Scalekit, which would otherwise fail one by one. Its URL may hold a password, so that
 * it is not quoted.
 * @param problems gets a line when it is no URL of a proxy
 */
export function checkProxy(env: Readonly<Record<string, string | undefined>>, problems: Problems): void {
  const name = PROXY_VARIABLES.find((variable) => isSet(env, variable));
  if (name === undefined) return;
  const value = env[name] ?? '';
  const url = parseUrl(value);
  if (url !== undefined && PROTOCOLS.includes(url.protocol) && url.hostname !== '') return;
  problems.of(name, 'must be the URL of a proxy, such as http://proxy.example.com:3128.');
}
