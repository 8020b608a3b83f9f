/** How a part of the whole is doing; `unknown` until it has been asked for something. */
export type ServiceHealth = 'healthy' | 'degraded' | 'unhealthy' | 'unknown';

/** The answer to `GET /health`. */
export interface Health {
  readonly status: 'healthy' | 'degraded';
  readonly timestamp: string;
  readonly version: string;
  readonly services: { readonly mcp_server: ServiceHealth; readonly oauth_server: ServiceHealth };
}

/**
 * Whether requests should be sent here: not while this server has never had keys to check tokens with (`starting`), and
 * not once it has been told to stop (`draining`). Keys that are out of reach later are no reason: all instances share
 * that fate, and each still says 503 with `Retry-After`.
 */
export type Readiness = 'starting' | 'ready' | 'draining';

/** Healthy unless tokens cannot be verified as they should; `unknown` counts as healthy. */
export function healthOf(oauthServer: ServiceHealth, version: string): Health {
  return {
    status: oauthServer === 'healthy' || oauthServer === 'unknown' ? 'healthy' : 'degraded',
    timestamp: new Date().toISOString(),
    version,
    services: { mcp_server: 'healthy', oauth_server: oauthServer },
  };
}
