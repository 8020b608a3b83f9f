import { setMaxListeners } from 'node:events';
import type { ScalekitConfig, WorkspaceMode } from '../config/scalekit.ts';
import type { Api, Path, Reader } from '../core/api.ts';
import { ToolError } from '../core/errors.ts';
import { type ServiceHealth, worstOf } from '../core/health.ts';
import type { OwnClient, PublicAnswer } from '../core/tool.ts';
import type { Log } from '../observability/log/log.ts';
import { type Metrics, NO_METRICS } from '../observability/metrics/metrics.ts';
import type { Trace } from '../observability/trace/trace.ts';
import { AnswerBudget, type Room } from '../outgoing/answer-budget.ts';
import { CircuitBreaker } from '../outgoing/circuit-breaker.ts';
import { Deadline } from '../outgoing/deadline.ts';
import { createDispatcher } from '../outgoing/dispatcher.ts';
import { Turns } from '../outgoing/turns.ts';
import { path } from '../platform/path.ts';
import { findingOfClient, probeApi, probeClient } from './api-probe.ts';
import { ClientToken } from './client-token.ts';
import { type Caller, EnvironmentDirectory, type KnownEnvironment, requireDomain } from './environment-directory.ts';
import { readPublic } from './public-document.ts';
import { type Changes, RestClient, type RestClientOptions, type RestRequest } from './rest-client.ts';
import { Watch, type WatchOptions } from './watch.ts';

/** The facts about one tool call that its requests need. */
interface ToolCall {
  readonly caller: Caller;
  /** `undefined`: the workspace as a whole, or, in environment mode, the only environment. */
  readonly environmentId: string | undefined;
  /** Whether the call can be repeated without acting twice. */
  readonly idempotent: boolean;
  /** Aborted when the client disconnects. */
  readonly signal: AbortSignal;
  /** How long all requests of the call may take together, in milliseconds. Unset: `timeoutMs` of `ScalekitOptions`. */
  readonly deadlineMs?: number | undefined;
  readonly trace?: Trace | undefined;
  /** Calls back once, when the call is over. */
  readonly whenOver: (callback: () => void) => void;
  /** Told of requests that may change something. */
  readonly changes: Changes;
}

/** Access to Scalekit for one tool call. Its deadline starts when it is bound. */
interface BoundScalekit {
  readonly api: Api;
  /** The deadline of the call, for what it asks of others. */
  readonly deadline: Deadline;
  /** This server's own client; `undefined` in workspace mode. */
  readonly ownClient: OwnClient | undefined;
  /**
   * Reads in one environment of the workspace, whichever the call acts in.
   * @throws ToolError when the domain is none
   */
  readIn(environment: { readonly id: string; readonly domain: string }): Reader;
  /**
   * The URL of the environment that the call acts in.
   * @throws ToolError when the environment cannot be looked up
   */
  environmentUrl(): Promise<string>;
  /** Reads a document that the environment publishes for everybody (`ToolContext.readPublic`). */
  readPublic(at: Path): Promise<PublicAnswer>;
  /**
   * Whether an environment is one of production. In environment mode nobody may ask of which type that is, so it
   * counts as one.
   * @param id the environment; in environment mode there is only one
   * @throws ToolError when the environment cannot be looked up
   */
  isProduction(id: string | undefined): Promise<boolean>;
}

/** The connection to Scalekit's management API. */
export interface Scalekit {
  bind(call: ToolCall): BoundScalekit;
  /** This server's own credentials, which must be redacted in results. Empty in workspace mode. */
  secrets(): readonly string[];
  /** Begins to watch the API and this server's client, outside of all calls. */
  watch(): void;
  /** The state of the management API for `/health`: what watching has found, and whether calls are held up. */
  health(): Promise<ServiceHealth>;
  /** Aborts all running requests and closes the connections. */
  close(): Promise<void>;
}

export interface ScalekitOptions {
  readonly config: Pick<ScalekitConfig, 'environmentUrl' | 'mode'>;
  /** The deadline of a tool call without its own, and of look-ups that several calls share, in milliseconds. */
  readonly timeoutMs: number;
  readonly log: Log;
  readonly metrics?: Metrics;
  /** When a person has their turn to have an answer read. */
  readonly turn?: RestClientOptions['turn'];
}

/** Connects to the management API in the configured credential mode. */
export function connectScalekit(options: ScalekitOptions): Scalekit {
  const { config, timeoutMs, log, metrics = NO_METRICS, turn } = options;
  const { environmentUrl, mode } = config;
  const baseUrl = mode.kind === 'workspace' ? mode.apiUrl : `${environmentUrl}/api/v1`;
  const { origin, host } = new URL(baseUrl);
  const dispatcher = createDispatcher(origin);
  // The token endpoint of environment mode is on the same host.
  const breaker = new CircuitBreaker({ host, log });
  const setting = mode.kind === 'workspace' ? 'SCALEKIT_API_URL' : 'SCALEKIT_ENV_URL';
  const tell: WatchOptions['tell'] = {
    failing: (fields) => log.warn('management_api_failing', fields),
    back: (fields) => log.info('management_api_back', fields),
  };
  const api = new Watch({
    check: 'api',
    tell,
    metrics,
    probe: () => probeApi({ baseUrl, setting, dispatcher }),
  });
  const rest = new RestClient({
    baseUrl,
    setting,
    dispatcher,
    breaker,
    metrics,
    turn,
    onUnexpected: () => void api.suspect(),
  });
  const closing = new AbortController();
  // Each look-up adds a listener, and there may be one for each caller at the same time.
  setMaxListeners(0, closing.signal);
  // Several calls may wait for one look-up, so it has its own deadline.
  const sharedDeadline = () => new Deadline(timeoutMs, closing.signal);
  const watches = [api];
  const turns = new Turns();
  const answers = new AnswerBudget(MAX_ANSWERS_BYTES, MAX_ANSWERS_BYTES_PER_PERSON);
  const withClient = (secrets: Extract<ScalekitConfig['mode'], { kind: 'environment' }>) => {
    const onOutcome = (error?: unknown) => {
      const finding = findingOfClient(error, secrets.secretSetting);
      if (finding !== undefined) client.found(finding);
    };
    const token = new ClientToken({ environmentUrl, dispatcher, breaker, metrics, onOutcome, ...secrets });
    const client = new Watch({ check: 'client', tell, metrics, probe: () => probeClient(token) });
    watches.push(client);
    return asEnvironment(rest, environmentUrl, token);
  };
  const credentials: Credentials =
    mode.kind === 'workspace'
      ? asCaller(rest, { issuerUrl: environmentUrl, addresses: mode.addresses }, sharedDeadline)
      : withClient(mode);
  return {
    bind: ({ signal, deadlineMs = timeoutMs, whenOver, ...facts }) => {
      const { person } = facts.caller;
      const room = answers.room(person);
      whenOver(() => room.release());
      const call: BoundCall = { ...facts, room, deadline: new Deadline(deadlineMs, signal), isAwaited: false };
      const inTurn: Api['inTurn'] = async (thing, work) => {
        // Found first, with the caller's own rights: who may not see an environment holds nobody up in it.
        const place = `${await credentials.environmentUrl(call)} ${thing.text}`;
        const awaited = () => {
          call.isAwaited = true;
          return work().finally(() => {
            call.isAwaited = false;
          });
        };
        // Each person waits there once at a time, so that nobody stands behind many calls of another, and brings a place
        // along, so that nobody waits for what another person's other calls wait for.
        const byPerson = () => turns.run(place, call.deadline, awaited);
        const withPlace = () => rest.holdingPlace(person, call.deadline, byPerson);
        return turns.run(`${person} ${place}`, call.deadline, withPlace);
      };
      return {
        api: bindApi(credentials, call, inTurn),
        deadline: call.deadline,
        ownClient: credentials.ownClient,
        readIn: ({ id, domain }) => {
          // What reads only asks for no type, so that the one that is stricter is right.
          const environment = { domain: requireDomain(domain), isProduction: true };
          const there = { ...call, environmentId: id, environment };
          return { get: (target, query) => credentials.send({ method: 'GET', path: target, query }, there) };
        },
        environmentUrl: () => credentials.environmentUrl(call),
        readPublic: async (at) => readPublic(await credentials.environmentUrl(call), at, call.deadline),
        isProduction: (id) => credentials.isProduction(call, id),
      };
    },
    secrets: credentials.secrets,
    watch: () => {
      for (const watch of watches) watch.start();
    },
    health: async () => {
      const circuit = CIRCUIT_HEALTH[breaker.holdsUp];
      return worstOf([...(await Promise.all(watches.map((watch) => watch.current()))), circuit]);
    },
    close: () => {
      for (const watch of watches) watch.stop();
      closing.abort();
      return dispatcher.destroy();
    },
  };
}

const CIRCUIT_HEALTH = { nobody: 'healthy', some: 'degraded', all: 'unhealthy' } as const;

/** The most bytes of long answers in memory, for all calls together and for those of one person. */
const MAX_ANSWERS_BYTES = 48 * 1024 * 1024;
const MAX_ANSWERS_BYTES_PER_PERSON = MAX_ANSWERS_BYTES / 8;

/** A tool call whose deadline has started. */
interface BoundCall extends Omit<ToolCall, 'signal' | 'deadlineMs' | 'whenOver'> {
  readonly deadline: Deadline;
  readonly room: Room;
  /** Whether calls of others wait for what this one is doing. */
  isAwaited: boolean;
  /** Its environment, once it has been found. */
  environment?: KnownEnvironment;
}

type Operation = Pick<RestRequest, 'method' | 'path' | 'query' | 'body' | 'once'>;

/** How requests are sent with one kind of credentials: the caller's own, or those of the environment. */
interface Credentials {
  send(operation: Operation, call: BoundCall): Promise<unknown>;
  environmentUrl(call: BoundCall): Promise<string>;
  isProduction(call: BoundCall, id: string | undefined): Promise<boolean>;
  /** This server's own credentials. */
  secrets(): readonly string[];
  readonly ownClient?: OwnClient;
}

function bindApi({ send }: Credentials, call: BoundCall, inTurn: Api['inTurn']): Api {
  const once = !call.idempotent;
  return {
    get: (target, query) => send({ method: 'GET', path: target, query }, call),
    post: (target, body, query) => send({ method: 'POST', path: target, body, query }, call),
    put: (target, body, query) => send({ method: 'PUT', path: target, body, query, once }, call),
    patch: (target, body, query) => send({ method: 'PATCH', path: target, body, query }, call),
    delete: (target, query) => send({ method: 'DELETE', path: target, query, once }, call),
    inTurn,
  };
}

/** What all requests of a call have in common. */
function ofCall({ caller, deadline, trace, room, changes, isAwaited }: BoundCall) {
  return { person: caller.person, deadline, trace, room, changes, isAwaited };
}

/** Workspace mode: sends the caller's own token, and the environment's domain in the header `x-env-domain`. */
function asCaller(
  rest: RestClient,
  { issuerUrl, addresses = {} }: { readonly issuerUrl: string; readonly addresses: WorkspaceMode['addresses'] },
  sharedDeadline: () => Deadline,
): Credentials {
  const authorization = (caller: Caller) => ({ authorization: `Bearer ${caller.bearer()}` });
  const directory = new EnvironmentDirectory((caller, id, trace) =>
    rest.send({
      method: 'GET',
      path: path`/environments/${id}`,
      headers: authorization(caller),
      person: caller.person,
      deadline: sharedDeadline(),
      trace,
    }),
  );
  // Found once for a call: to look it up again while others wait for the call, it would have to wait for its own person.
  const found = async ({ caller, deadline, trace }: BoundCall, id: string) =>
    directory.known(caller, id) ?? (await deadline.wait(directory.find(caller, id, trace)));
  const environmentOf = async (call: BoundCall, id: string) => {
    call.environment ??= await found(call, id);
    return call.environment;
  };
  return {
    async send(operation, call) {
      const { environmentId } = call;
      const headers = authorization(call.caller);
      const request = { ...operation, ...ofCall(call) };
      if (environmentId === undefined) return rest.send({ ...request, headers });
      const { domain } = await environmentOf(call, environmentId);
      return rest.send({ ...request, headers: { ...headers, 'x-env-domain': domain } });
    },
    environmentUrl: async (call) => {
      if (call.environmentId === undefined) return issuerUrl;
      const { domain } = await environmentOf(call, call.environmentId);
      return addresses[domain] ?? `https://${domain}`;
    },
    isProduction: async (call, id) => {
      if (id === undefined) return false;
      return (await (id === call.environmentId ? environmentOf(call, id) : found(call, id))).isProduction;
    },
    secrets: () => [],
  };
}

/** Environment mode: sends the environment's own token. If Scalekit refuses a token, a new one is tried once. */
function asEnvironment(rest: RestClient, environmentUrl: string, token: ClientToken): Credentials {
  const tokenFor = ({ caller, deadline, trace }: BoundCall) =>
    token.current() ?? deadline.wait(token.fetch(caller.person, trace));
  return {
    async send(operation, call) {
      const sendWith = (value: string) =>
        rest.send({ ...operation, ...ofCall(call), headers: { authorization: `Bearer ${value}` } });
      const value = await tokenFor(call);
      try {
        return await sendWith(value);
      } catch (error) {
        if (!(error instanceof ToolError) || error.code !== 'unauthenticated') throw error;
        if (!token.discard(value)) throw error;
        return sendWith(await tokenFor(call));
      }
    },
    environmentUrl: async () => environmentUrl,
    isProduction: async () => true,
    secrets: () => token.secrets(),
    ownClient: token.client,
  };
}
