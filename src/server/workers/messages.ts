// What a primary and its workers tell each other, as JSON. Messages of prom-client travel the same way, without a `kind`.

/** The only message to a worker, which has asked for it: what it cannot find out by itself. */
export interface Assignment {
  readonly kind: 'assignment';
  /** From 1. A worker that replaces a dead one has its number. */
  readonly worker: number;
  /** The environment variables, read once for all. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** The port, where the variables leave it open. */
  readonly port: number;
  /** Where the sandbox is that the primary has started. */
  readonly sandbox: { readonly url: string; readonly serverId: string } | undefined;
}

/** What there is to say of a server that is ready. */
export type ReadyFacts = Readonly<Record<string, unknown>>;

/** What a worker sends: that it listens, since what comes before that is lost, and that it serves. */
export type FromWorker = { readonly kind: 'hello' } | { readonly kind: 'ready'; readonly facts: ReadyFacts };
