/** How a part of the whole is doing; `unknown` until it has been asked for something. */
export type ServiceHealth = 'healthy' | 'degraded' | 'unhealthy' | 'unknown';

/** The answer to `GET /health`. */
export interface Health {
  readonly status: 'healthy' | 'degraded';
  readonly timestamp: string;
  readonly version: string;
  readonly services: { readonly mcp_server: ServiceHealth; readonly oauth_server: ServiceHealth };
}

/** Healthy unless tokens cannot be verified as they should; that the keys were never asked for is no illness. */
export function healthOf(keys: ServiceHealth, version: string): Health {
  return {
    status: keys === 'healthy' || keys === 'unknown' ? 'healthy' : 'degraded',
    timestamp: new Date().toISOString(),
    version,
    services: { mcp_server: 'healthy', oauth_server: keys },
  };
}
