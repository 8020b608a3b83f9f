import type { IncomingHttpHeaders } from 'node:http';
import type { Principal } from './principal.ts';

/** A request that reached the management API, as tests may look at it. */
export interface ObservedRequest {
  readonly method: string;
  /** Path and query as received. */
  readonly url: string;
  /** Without `authorization`. */
  readonly headers: IncomingHttpHeaders;
  /** The JSON value of the body; `undefined` when there is none or it is not JSON. */
  readonly body: unknown;
  /** `undefined` when the caller could not be identified. */
  readonly principal: Principal | undefined;
}

/** What the management API answered, before any fault befell it. */
export interface ObservedAnswer {
  readonly status: number;
  readonly body: object;
}
