/** The state of one service; `unknown` until it has been used for the first time. */
export type ServiceHealth = 'healthy' | 'degraded' | 'unhealthy' | 'unknown';

/** The answer to `GET /health`. */
export interface Health {
  readonly status: 'healthy' | 'degraded';
  readonly timestamp: string;
  readonly version: string;
  /** The commit that the build was made from. Left out by builds that know none. */
  readonly revision?: string;
  readonly services: {
    readonly mcp_server: ServiceHealth;
    readonly oauth_server: ServiceHealth;
    readonly management_api: ServiceHealth;
  };
}

/**
 * Whether load balancers should send requests here. `starting`: this server has never had keys to check tokens with.
 * `draining`: it has been told to stop. It stays `ready` when the keys become unreachable later, because that affects
 * all instances at the same time, and each of them still answers 503 with `Retry-After`.
 */
export type Readiness = 'starting' | 'ready' | 'draining';

/** From the best to the worst. What is not known yet says less than what is known to be good. */
const ORDER: readonly ServiceHealth[] = ['healthy', 'unknown', 'degraded', 'unhealthy'];

/** The worst of several states. */
export function worstOf(states: readonly ServiceHealth[]): ServiceHealth {
  return ORDER[Math.max(0, ...states.map((state) => ORDER.indexOf(state)))] ?? 'healthy';
}

/**
 * The answer to `GET /health`. A state that is `unknown` counts as healthy.
 * @param services the states of what this server depends on
 * @param build which build of this server answers
 */
export function healthOf(
  services: Omit<Health['services'], 'mcp_server'>,
  { version, revision }: { readonly version: string; readonly revision: string | undefined },
): Health {
  const isWell = ['healthy', 'unknown'].includes(worstOf(Object.values(services)));
  return {
    status: isWell ? 'healthy' : 'degraded',
    timestamp: new Date().toISOString(),
    version,
    ...(revision !== undefined && { revision }),
    services: { mcp_server: 'healthy', ...services },
  };
}
