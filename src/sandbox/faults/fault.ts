/**
 * A way in which an answer can go wrong at the wire.
 *
 * - `reset`: the connection is reset before any byte of an answer.
 * - `truncate`: headers and half of the body, then the connection is closed.
 * - `status`: that status with a google.rpc.Status body, or the given one; also redirects, by their header.
 * - `rate-limit`: 429, with or without `Retry-After`.
 * - `html`: a proxy's HTML page, as an error or as a success.
 * - `content-type`: 200 with JSON text that is labelled as something else.
 * - `hang`: no answer until the client gives up or the sandbox closes.
 * - `drip`: 200, then the body a few bytes at a time.
 * - `huge`: 200 and a JSON body that does not fit anywhere.
 */
export type Fault =
  | { readonly kind: 'reset' }
  | { readonly kind: 'truncate'; readonly body?: unknown }
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly body?: unknown;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'rate-limit'; readonly retryAfter?: string }
  | { readonly kind: 'html'; readonly status: 200 | 502 }
  | { readonly kind: 'content-type'; readonly contentType: string; readonly body?: unknown }
  | { readonly kind: 'hang' }
  | { readonly kind: 'drip'; readonly everyMs?: number; readonly bytes?: number; readonly body?: unknown }
  | { readonly kind: 'huge'; readonly bytes?: number };

/** A fault with the requests that it befalls. */
export type PlannedFault = Fault & {
  /**
   * Unset members match every request; `path` is compared without the query. With `call` only requests to the management
   * API that carry a token match, and not those with which a server finds out whether the API is there.
   */
  readonly when?: { readonly method?: string; readonly path?: string | RegExp; readonly call?: true };
  /** How many of the requests that match are spared before; none when unset. */
  readonly after?: number;
  /** How many requests it befalls; 1 when unset. */
  readonly times?: number;
  /** Management API only: the operation is carried out first, and it is the answer that goes wrong. */
  readonly afterOperation?: true;
};

/** Switches with which a test makes the sandbox misbehave. Of several faults that match, the first one added wins. */
export interface Faults {
  /** Plans a fault. The returned function takes it back. */
  add(fault: PlannedFault): () => void;
  /** Takes back every fault, the latency and the clock skew. */
  clear(): void;
  /** Delays every answer of the management API that an operation made by that many milliseconds; 0 for none. */
  latency(ms: number): void;
  /** Sets the environment's clock that many seconds ahead of the true one; behind it, when negative. */
  clockSkew(seconds: number): void;
}
