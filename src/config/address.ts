import { host, hostNames, isLoopback, LOOPBACK, origin, port, type ValuesOf } from './values.ts';

/** Where this server listens, and under which names it is reached. */
export interface AddressConfig {
  readonly host: string;
  readonly port: number;
  /** Origin that clients connect to; unset: the allowed loopback name that the client used. */
  readonly publicUrl: string | undefined;
  /** Host names (no port) accepted in the `Host` header. */
  readonly allowedHosts: readonly string[];
  /** Host names accepted in the `Origin` header. */
  readonly allowedOrigins: readonly string[];
}

export const ADDRESS_VARIABLES = {
  HOST: host.default('127.0.0.1'),
  PORT: port.default(3002),
  PUBLIC_URL: origin.optional(),
  ALLOWED_HOSTS: hostNames.optional(),
  ALLOWED_ORIGINS: hostNames.optional(),
} as const;

/** The address out of the variables, which have been checked one by one. */
export function readAddress(values: ValuesOf<typeof ADDRESS_VARIABLES>, problems: string[]): AddressConfig {
  const { HOST, PORT, PUBLIC_URL: publicUrl, ALLOWED_HOSTS, ALLOWED_ORIGINS } = values;
  // A server that others can reach must know the names under which it is reached.
  const isExposed = !isLoopback(HOST) && HOST !== '::1';
  if (isExposed && publicUrl === undefined && ALLOWED_HOSTS === undefined) {
    problems.push(
      `HOST: ${HOST} is reachable from other machines. Set PUBLIC_URL to the URL that clients use, or ALLOWED_HOSTS to the accepted host names.`,
    );
  }
  const publicHost = publicUrl === undefined ? [] : [new URL(publicUrl).hostname];
  const namesIn = (configured: readonly string[] = LOOPBACK) => [...configured, ...publicHost];
  return {
    host: HOST,
    port: PORT,
    publicUrl,
    allowedHosts: namesIn(ALLOWED_HOSTS),
    allowedOrigins: namesIn(ALLOWED_ORIGINS),
  };
}
