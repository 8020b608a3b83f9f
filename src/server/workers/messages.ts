import type { Position } from '../../observability/audit/workers.ts';

// Messages between a primary and its workers (IPC, JSON). prom-client sends its own messages over the same channel;
// they have no `kind`.

/** The only message to a worker, sent after its `hello`: the facts that it needs to start. */
export interface Assignment {
  readonly kind: 'assignment';
  /** The number of the worker, from 1. A worker that replaces a dead one gets the same number. */
  readonly worker: number;
  /** The environment variables, which the primary has read once for all workers. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** The port to listen on; differs from the variables if they say 0. */
  readonly port: number;
  /** The sandbox that the primary has started, if any. */
  readonly sandbox: { readonly url: string; readonly serverId: string; readonly domain: string } | undefined;
  /** The instance of the primary in the audit ledger, if there is one. */
  readonly primary: string | undefined;
}

/** The facts that a server logs when it listens and when it is ready. */
export type ServerFacts = Readonly<Record<string, unknown>>;

/**
 * The messages of a worker. `hello`: it now listens for messages; earlier ones would be lost. `listening`: it
 * takes requests. `ready`: it has had keys, so that it can answer them. `stopped`: it is about to end. `listening` and
 * `stopped` say where its chain in the audit ledger is, if that is written.
 */
export type FromWorker =
  | { readonly kind: 'hello' }
  | { readonly kind: 'listening'; readonly facts: ServerFacts; readonly at: Position | undefined }
  | { readonly kind: 'ready' }
  | { readonly kind: 'stopped'; readonly at: Position | undefined };
