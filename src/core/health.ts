/** The state of one service; `unknown` until it has been used for the first time. */
export type ServiceHealth = 'healthy' | 'degraded' | 'unhealthy' | 'unknown';

/** The answer to `GET /health`. */
export interface Health {
  readonly status: 'healthy' | 'degraded';
  readonly timestamp: string;
  readonly version: string;
  readonly services: { readonly mcp_server: ServiceHealth; readonly oauth_server: ServiceHealth };
}

/**
 * Whether load balancers should send requests here. `starting`: this server has never had keys to check tokens with.
 * `draining`: it has been told to stop. It stays `ready` when the keys become unreachable later, because that affects
 * all instances at the same time, and each of them still answers 503 with `Retry-After`.
 */
export type Readiness = 'starting' | 'ready' | 'draining';

/**
 * The answer to `GET /health`.
 * @param oauthServer the state of the authorization server; `unknown` counts as healthy
 */
export function healthOf(oauthServer: ServiceHealth, version: string): Health {
  return {
    status: oauthServer === 'healthy' || oauthServer === 'unknown' ? 'healthy' : 'degraded',
    timestamp: new Date().toISOString(),
    version,
    services: { mcp_server: 'healthy', oauth_server: oauthServer },
  };
}
