import { setMaxListeners } from 'node:events';
import type { ScalekitConfig } from '../config/config.ts';
import type { Api } from '../core/api.ts';
import { ToolError } from '../core/errors.ts';
import type { Log } from '../observability/log/log.ts';
import { type Metrics, NO_METRICS } from '../observability/metrics/metrics.ts';
import type { Trace } from '../observability/trace/trace.ts';
import { CircuitBreaker } from '../outgoing/circuit-breaker.ts';
import { CallLimits } from '../outgoing/deadline.ts';
import { createDispatcher } from '../outgoing/dispatcher.ts';
import { path } from '../platform/path.ts';
import { ClientToken } from './client-token.ts';
import { EnvironmentDirectory, type Principal } from './environment-directory.ts';
import { RestClient, type RestRequest } from './rest-client.ts';

/** One tool call: who makes it, where, and until when its client wants it. */
interface CallScope {
  readonly principal: Principal;
  /** `undefined`: the workspace as a whole, or the only environment there is. */
  readonly environmentId: string | undefined;
  /** Whether the call may act twice without harm. */
  readonly idempotent: boolean;
  readonly signal: AbortSignal;
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
  bind(scope: CallScope): BoundScalekit;
  /** The credentials of its own that it sends to Scalekit, so that none of them leaves in a result. */
  secrets(): readonly string[];
  /** Ends at once what is still under way. */
  close(): Promise<void>;
}

export interface ScalekitOptions {
  readonly config: Pick<ScalekitConfig, 'environmentUrl' | 'mode'>;
  /** For one tool call, in milliseconds. */
  readonly timeoutMs: number;
  readonly log: Log;
  readonly metrics?: Metrics;
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number;
}

/** Connects to the management API in the configured credential mode. */
export function connectScalekit(options: ScalekitOptions): Scalekit {
  const { config, timeoutMs, log, metrics = NO_METRICS, now = monotonic } = options;
  const { environmentUrl, mode } = config;
  const baseUrl = mode.kind === 'workspace' ? mode.apiUrl : `${environmentUrl}/api/v1`;
  const { origin, host } = new URL(baseUrl);
  const dispatcher = createDispatcher(origin);
  // The token endpoint of environment mode is on the same host.
  const breaker = new CircuitBreaker({ host, log, now });
  const rest = new RestClient({ baseUrl, dispatcher, breaker, metrics });
  const closing = new AbortController();
  // Each look-up listens to it, and as many are under way as there are callers.
  setMaxListeners(0, closing.signal);
  // Several calls may wait for one look-up, so that the limits of none of them apply to it.
  const sharedLimits = () => new CallLimits(timeoutMs, closing.signal, now);
  const access =
    mode.kind === 'workspace'
      ? asCaller({ rest, issuerUrl: environmentUrl, sharedLimits, now })
      : asEnvironment(
          rest,
          new ClientToken({ environmentUrl, dispatcher, breaker, metrics, ...mode }, now),
          environmentUrl,
        );
  return {
    bind: ({ signal, ...scope }) => {
      const call = { ...scope, limits: new CallLimits(timeoutMs, signal, now) };
      return { api: bindApi(access.send, call), environmentUrl: () => access.environmentUrl(call) };
    },
    secrets: access.secrets,
    close: () => {
      closing.abort();
      return dispatcher.destroy();
    },
  };
}

const monotonic = () => performance.now();

interface Call extends Omit<CallScope, 'signal'> {
  readonly limits: CallLimits;
}

type Operation = Pick<RestRequest, 'method' | 'path' | 'query' | 'body' | 'once'>;

/** How calls get to the API in one credential mode. */
interface Access {
  send(operation: Operation, call: Call): Promise<unknown>;
  environmentUrl(call: Call): Promise<string>;
  /** Credentials beside the caller's. */
  secrets(): readonly string[];
}

function bindApi(send: Access['send'], call: Call): Api {
  const once = !call.idempotent;
  return {
    get: (target, query) => send({ method: 'GET', path: target, query }, call),
    post: (target, body, query) => send({ method: 'POST', path: target, body, query }, call),
    put: (target, body, query) => send({ method: 'PUT', path: target, body, query, once }, call),
    patch: (target, body, query) => send({ method: 'PATCH', path: target, body, query }, call),
    delete: (target, query) => send({ method: 'DELETE', path: target, query, once }, call),
  };
}

interface CallerAccessOptions {
  readonly rest: RestClient;
  readonly issuerUrl: string;
  readonly sharedLimits: () => CallLimits;
  readonly now: () => number;
}

/** Workspace mode: the caller's own token, and the environment's domain in `x-env-domain`. */
function asCaller({ rest, issuerUrl, sharedLimits, now }: CallerAccessOptions): Access {
  const authorization = (principal: Principal) => ({ authorization: `Bearer ${principal.bearer()}` });
  const directory = new EnvironmentDirectory(
    (principal, id, trace) =>
      rest.send({
        method: 'GET',
        path: path`/environments/${id}`,
        headers: authorization(principal),
        limits: sharedLimits(),
        trace,
      }),
    now,
  );
  const domainOf = ({ principal, limits, trace }: Call, environmentId: string) =>
    directory.known(principal, environmentId) ?? limits.wait(directory.find(principal, environmentId, trace));
  return {
    async send(operation, call) {
      const { environmentId, limits, trace } = call;
      const headers = authorization(call.principal);
      if (environmentId === undefined) return rest.send({ ...operation, headers, limits, trace });
      const domain = await domainOf(call, environmentId);
      return rest.send({ ...operation, headers: { ...headers, 'x-env-domain': domain }, limits, trace });
    },
    environmentUrl: async (call) =>
      call.environmentId === undefined ? issuerUrl : `https://${await domainOf(call, call.environmentId)}`,
    secrets: () => [],
  };
}

/** Environment mode: the environment's own token. A token that is no longer accepted is replaced once. */
function asEnvironment(rest: RestClient, token: ClientToken, environmentUrl: string): Access {
  const tokenFor = ({ limits, trace }: Call) => token.current() ?? limits.wait(token.fetch(trace));
  return {
    async send(operation, call) {
      const sendWith = (value: string) =>
        rest.send({
          ...operation,
          headers: { authorization: `Bearer ${value}` },
          limits: call.limits,
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
