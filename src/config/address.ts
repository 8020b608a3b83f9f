import { isSet } from './near-misses.ts';
import type { Problems } from './problems.ts';
import {
  host,
  hostNames,
  isExposed,
  isLoopback,
  LOOPBACK,
  origin,
  pageOrigins,
  port,
  type ValuesOf,
} from './values.ts';

/** Where this server listens, and under which names clients reach it. */
export interface AddressConfig {
  readonly host: string;
  readonly port: number;
  /** The origin that clients connect to. Unset: the allowed name that the client used. */
  readonly publicUrl: string | undefined;
  /** Host names (no port) accepted in the `Host` header. */
  readonly allowedHosts: readonly string[];
  /** Accepted in the `Origin` header: whole origins, and loopback names, which stand for http and https on any port. */
  readonly allowedOrigins: readonly string[];
}

export const ADDRESS_VARIABLES = {
  HOST: host.default('127.0.0.1'),
  PORT: port.default(3002),
  PUBLIC_URL: origin.optional(),
  ALLOWED_HOSTS: hostNames.optional(),
  ALLOWED_ORIGINS: pageOrigins.optional(),
} as const;

type Values = ValuesOf<typeof ADDRESS_VARIABLES> & { readonly NODE_ENV: string };

/**
 * Reads the address from the variables.
 * @param values each checked by its own schema
 * @param problems gets a line for each problem between several variables
 * @param warnings gets a line when clients of other machines would be told http addresses
 */
export function readAddress(values: Values, problems: Problems, warnings: string[]): AddressConfig {
  const { HOST, PORT, PUBLIC_URL: publicUrl, ALLOWED_HOSTS, ALLOWED_ORIGINS } = values;
  // A server that other machines can reach must know its own names, to refuse requests for others (DNS rebinding).
  if (values.NODE_ENV === 'production' && publicUrl === undefined) {
    problems.between(
      ['PUBLIC_URL'],
      'PUBLIC_URL: required in production. Set it to the origin that clients connect to, such as https://mcp.example.com: it stands in the metadata, and clients ask for access tokens for it.',
    );
  } else if (isExposed(HOST) && publicUrl === undefined && ALLOWED_HOSTS === undefined) {
    problems.between(
      ['HOST', 'PUBLIC_URL', 'ALLOWED_HOSTS'],
      `HOST: ${HOST} is reachable from other machines. Set PUBLIC_URL to the URL that clients use, or ALLOWED_HOSTS to the accepted host names.`,
    );
  }
  const foreign = ALLOWED_HOSTS?.find((name) => !isLoopback(name));
  if (publicUrl === undefined && foreign !== undefined) {
    warnings.push(
      `PUBLIC_URL: not set, so that clients of ${foreign} are told http addresses, behind a proxy that ends TLS, too. Set it to the origin that they connect to, such as https://${foreign}.`,
    );
  }
  const publicHost = publicUrl === undefined ? [] : [new URL(publicUrl).hostname];
  return {
    host: HOST,
    port: PORT,
    publicUrl,
    allowedHosts: [...(ALLOWED_HOSTS ?? LOOPBACK), ...publicHost],
    allowedOrigins: [...(ALLOWED_ORIGINS ?? LOOPBACK), ...(publicUrl === undefined ? [] : [publicUrl])],
  };
}

/**
 * Warns when a proxy has to be there, because it ends TLS, and nobody has said that it passes on the address of clients.
 * @param env to tell a number that was set from the default
 */
export function warnOfUncountedProxy(
  env: Readonly<Record<string, string | undefined>>,
  { PUBLIC_URL: publicUrl }: { readonly PUBLIC_URL?: string | undefined },
  warnings: string[],
): void {
  if (isSet(env, 'TRUST_PROXY') || publicUrl?.startsWith('https:') !== true) return;
  warnings.push(
    'TRUST_PROXY: not set, though PUBLIC_URL is https, so that a proxy ends TLS in front of this server. All clients have the address of that proxy in the ledger, and bad tokens of one use up what is allowed to all. Set it to the number of proxies that append to X-Forwarded-For or set it: 1 for one, 0 where none does.',
  );
}
