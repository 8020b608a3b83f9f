import type { Metrics } from '../observability/metrics/metrics.ts';
import type { Keys } from './keys.ts';

/** Accepted values of `aud`: a list, or a rule that accepts more values than a list can hold. */
export type Audiences = Pick<readonly string[], 'includes'> & {
  /** Those that the operator would recognize, for the log. */
  readonly accepted?: readonly string[];
};

export interface TokenRules {
  readonly keys: Keys;
  /** Accepted values of `iss`. */
  readonly issuers: readonly string[];
  /** Accepted values of `aud`. The token must have one of them. */
  readonly audiences: Audiences;
  /** The longest accepted lifetime (`exp` − `iat`), in seconds. Unset: any. A token is never issued in the future. */
  readonly maxLifetimeSeconds?: number | undefined;
  readonly metrics?: Metrics;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  /** How many characters the cached tokens may have together: the most recently used ones. */
  readonly cacheSize?: number;
}
