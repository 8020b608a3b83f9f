import { setMaxListeners } from 'node:events';
import type { ScalekitConfig } from '../config/scalekit.ts';
import type { Api } from '../core/api.ts';
import { ToolError } from '../core/errors.ts';
import type { Log } from '../observability/log/log.ts';
import { type Metrics, NO_METRICS } from '../observability/metrics/metrics.ts';
import type { Trace } from '../observability/trace/trace.ts';
import { CircuitBreaker } from '../outgoing/circuit-breaker.ts';
import { Deadline } from '../outgoing/deadline.ts';
import { createDispatcher } from '../outgoing/dispatcher.ts';
import { path } from '../platform/path.ts';
import { ClientToken } from './client-token.ts';
import { type Caller, EnvironmentDirectory } from './environment-directory.ts';
import { RestClient, type RestRequest } from './rest-client.ts';

/** One tool call: who makes it, where, and until when somebody waits for it. */
interface ToolCall {
  readonly caller: Caller;
  /** `undefined`: the workspace as a whole, or the only environment there is. */
  readonly environmentId: string | undefined;
  /** Whether the call may act twice without harm. */
  readonly idempotent: boolean;
  /** Aborted when the client leaves. */
  readonly signal: AbortSignal;
  /** For everything that the call waits for, in milliseconds; unset: `timeoutMs` of the connection. */
  readonly deadlineMs?: number | undefined;
  readonly trace?: Trace | undefined;
}

/** Scalekit, bound for one tool call: the deadline that it has for everything begins with the binding. */
interface BoundScalekit {
  readonly api: Api;
  /** @throws ToolError when the environment cannot be looked up */
  environmentUrl(): Promise<string>;
}

/** The management API, and what is known of the environments behind it. */
export interface Scalekit {
  bind(call: ToolCall): BoundScalekit;
  /** The credentials of its own that it sends to Scalekit, so that none of them leaves in a result. */
  secrets(): readonly string[];
  /** Ends at once what is still under way. */
  close(): Promise<void>;
}

export interface ScalekitOptions {
  readonly config: Pick<ScalekitConfig, 'environmentUrl' | 'mode'>;
  /** For a tool call that says no other deadline, and for look-ups that calls share; in milliseconds. */
  readonly timeoutMs: number;
  readonly log: Log;
  readonly metrics?: Metrics;
}

/** Connects to the management API in the configured credential mode. */
export function connectScalekit(options: ScalekitOptions): Scalekit {
  const { config, timeoutMs, log, metrics = NO_METRICS } = options;
  const { environmentUrl, mode } = config;
  const baseUrl = mode.kind === 'workspace' ? mode.apiUrl : `${environmentUrl}/api/v1`;
  const { origin, host } = new URL(baseUrl);
  const dispatcher = createDispatcher(origin);
  // The token endpoint of environment mode is on the same host.
  const breaker = new CircuitBreaker({ host, log });
  const rest = new RestClient({ baseUrl, dispatcher, breaker, metrics });
  const closing = new AbortController();
  // Each look-up listens to it, and as many are under way as there are callers.
  setMaxListeners(0, closing.signal);
  // Several calls may wait for one look-up, so that the deadline of none of them applies to it.
  const sharedDeadline = () => new Deadline(timeoutMs, closing.signal);
  const credentials =
    mode.kind === 'workspace'
      ? asCaller(rest, environmentUrl, sharedDeadline)
      : asEnvironment(rest, environmentUrl, new ClientToken({ environmentUrl, dispatcher, breaker, metrics, ...mode }));
  return {
    bind: ({ signal, deadlineMs = timeoutMs, ...rest }) => {
      const call = { ...rest, deadline: new Deadline(deadlineMs, signal) };
      return { api: bindApi(credentials.send, call), environmentUrl: () => credentials.environmentUrl(call) };
    },
    secrets: credentials.secrets,
    close: () => {
      closing.abort();
      return dispatcher.destroy();
    },
  };
}

/** A tool call whose deadline has begun. */
interface BoundCall extends Omit<ToolCall, 'signal' | 'deadlineMs'> {
  readonly deadline: Deadline;
}

type Operation = Pick<RestRequest, 'method' | 'path' | 'query' | 'body' | 'once'>;

/** How calls get to the API with one kind of credentials. */
interface CredentialMode {
  send(operation: Operation, call: BoundCall): Promise<unknown>;
  environmentUrl(call: BoundCall): Promise<string>;
  /** Credentials beside the caller's. */
  secrets(): readonly string[];
}

function bindApi(send: CredentialMode['send'], call: BoundCall): Api {
  const once = !call.idempotent;
  return {
    get: (target, query) => send({ method: 'GET', path: target, query }, call),
    post: (target, body, query) => send({ method: 'POST', path: target, body, query }, call),
    put: (target, body, query) => send({ method: 'PUT', path: target, body, query, once }, call),
    patch: (target, body, query) => send({ method: 'PATCH', path: target, body, query }, call),
    delete: (target, query) => send({ method: 'DELETE', path: target, query, once }, call),
  };
}

/** Workspace mode: the caller's own token, and the environment's domain in `x-env-domain`. */
function asCaller(rest: RestClient, issuerUrl: string, sharedDeadline: () => Deadline): CredentialMode {
  const authorization = (caller: Caller) => ({ authorization: `Bearer ${caller.bearer()}` });
  const directory = new EnvironmentDirectory((caller, id, trace) =>
    rest.send({
      method: 'GET',
      path: path`/environments/${id}`,
      headers: authorization(caller),
      deadline: sharedDeadline(),
      trace,
    }),
  );
  const domainOf = ({ caller, deadline, trace }: BoundCall, environmentId: string) =>
    directory.known(caller, environmentId) ?? deadline.wait(directory.find(caller, environmentId, trace));
  return {
    async send(operation, call) {
      const { environmentId, deadline, trace } = call;
      const headers = authorization(call.caller);
      if (environmentId === undefined) return rest.send({ ...operation, headers, deadline, trace });
      const domain = await domainOf(call, environmentId);
      return rest.send({ ...operation, headers: { ...headers, 'x-env-domain': domain }, deadline, trace });
    },
    environmentUrl: async (call) =>
      call.environmentId === undefined ? issuerUrl : `https://${await domainOf(call, call.environmentId)}`,
    secrets: () => [],
  };
}

/** Environment mode: the environment's own token. A token that is no longer accepted is replaced once. */
function asEnvironment(rest: RestClient, environmentUrl: string, token: ClientToken): CredentialMode {
  const tokenFor = ({ deadline, trace }: BoundCall) => token.current() ?? deadline.wait(token.fetch(trace));
  return {
    async send(operation, call) {
      const sendWith = (value: string) =>
        rest.send({
          ...operation,
          headers: { authorization: `Bearer ${value}` },
          deadline: call.deadline,
          trace: call.trace,
        });
      const value = await tokenFor(call);
      try {
        return await sendWith(value);
      } catch (error) {
        if (!(error instanceof ToolError) || error.code !== 'unauthenticated') throw error;
        token.discard(value);
        return sendWith(await tokenFor(call));
      }
    },
    environmentUrl: async () => environmentUrl,
    secrets: () => token.secrets(),
  };
}
