import { randomUUID } from 'node:crypto';
import { authorize, type Decision } from '../access/authorize.ts';
import { observeArguments, observeDecision } from '../access/decision-facts.ts';
import { meantBy } from '../access/meant.ts';
import { type AskedByOptions, namesOf, selectionOfOptions } from '../access/select.ts';
import type { Surface } from '../access/surface.ts';
import { Surfaces } from '../access/surfaces.ts';
import type { Caller } from '../auth/caller.ts';
import type { Config } from '../config/config.ts';
import type { ScalekitConfig } from '../config/scalekit.ts';
import { readOffered } from '../config/surface.ts';
import type { Content } from '../core/content.ts';
import { ToolError } from '../core/errors.ts';
import type { Message } from '../core/message.ts';
import type { Tool } from '../core/tool.ts';
import { DocumentationKeeper } from '../knowledge/keeper.ts';
import { NO_DOCUMENTATION } from '../knowledge/off.ts';
import { ConcurrencyLimit } from '../limits/concurrency.ts';
import type { Audit } from '../observability/audit/ledger.ts';
import type { Log } from '../observability/log/log.ts';
import { NO_METRICS } from '../observability/metrics/metrics.ts';
import { Observation, type Observers } from '../observability/observation.ts';
import { openTracing } from '../observability/trace/spans.ts';
import { External } from '../outgoing/external.ts';
import { Cleaner } from '../release/clean.ts';
import { Confirmations } from '../run/confirmation.ts';
import type { Services } from '../run/services.ts';
import { connectScalekit } from '../scalekit/scalekit.ts';
import { MemoryConfirmationStore } from '../shared/confirmation-store.ts';
import { docs } from '../tools/docs.ts';
import { clientCaller } from './caller.ts';

export interface CatalogueOptions {
  readonly config: Config;
  /** The environment to act in, with its client: the configured one, or that of the sandbox. */
  readonly scalekit: ScalekitConfig;
  readonly log: Log;
  readonly audit: Audit;
  readonly catalogue: readonly Tool[];
  readonly content: Content;
  /** What is asked for by the options of the command. It can only narrow what the operator allows. */
  readonly asked: AskedByOptions;
}

/** A message as it is meant, and what was decided about it. */
export interface Decided {
  readonly message: Message;
  readonly decision: Decision | { readonly kind: 'told'; readonly error: ToolError };
  readonly observation: Observation;
}

/** The catalogue, ready to be used by this process with the credentials of its environment. */
export interface OpenCatalogue {
  readonly surface: Surface;
  readonly services: Services;
  readonly caller: Caller;
  /** Decides about a message, once, and begins its observation. */
  decide(message: Message, userAgent?: string): Decided;
  /** Aborts what still runs, and closes all connections. */
  close(): Promise<void>;
}

const TOO_MANY =
  'Too many of your calls are running at the same time. Wait until some have been answered, then repeat this one.';
const RETRY_MS = 1_000;

/**
 * Opens the catalogue for the one caller of this process. The same tools, decision, limit of calls at the same time, stages,
 * records and release as behind HTTP; no rates, because nobody else is kept waiting.
 * @throws BadSelection when the options ask for what does not exist
 * @throws ConfigurationError when the settings offer what does not exist
 * @throws Error when the environment is not reached with a client of its own, which is a defect
 */
export function openCatalogue(options: CatalogueOptions): OpenCatalogue {
  const { config, scalekit: environment, log, audit, catalogue, content, asked } = options;
  const { mode, environmentUrl } = environment;
  if (mode.kind !== 'environment') throw new Error('There is no client to act with.');
  const names = namesOf(catalogue);
  const realm = {
    mode: mode.kind,
    scopeSpelling: config.scopeSpelling,
    environmentUrl,
    admission: config.admission,
    origin: undefined,
    sandbox: config.scalekit.kind === 'sandbox',
    productionWrites: config.surface.productionWrites,
  };
  const bound = {
    optIns: config.optIns,
    without: config.documentation === undefined ? [docs.name] : [],
    named: readOffered(config.surface, names),
    readOnly: config.surface.readOnly,
  };
  const surfaces = new Surfaces(catalogue, realm, bound, content);
  const surface = surfaces.of(selectionOfOptions(asked, names, mode.kind));
  const scalekit = connectScalekit({ config: environment, timeoutMs: config.upstreamTimeoutMs, log });
  const documentation =
    config.documentation === undefined ? undefined : new DocumentationKeeper({ ...config.documentation, log });
  documentation?.start();
  const services: Services = {
    scalekit,
    confirmations: new Confirmations(new MemoryConfirmationStore(undefined)),
    documentation: documentation ?? NO_DOCUMENTATION,
    external: new External({ allowLoopback: realm.sandbox }),
    patientTimeoutMs: config.agentToolTimeoutMs,
    resultBudget: config.resultBudget,
    log,
  };
  const caller = clientCaller(environmentUrl, mode.clientId);
  const concurrency = new ConcurrencyLimit(config.limits.calls, config.limits.callsPerCaller);
  const cleaner = new Cleaner([]);
  const observers: Observers = {
    log,
    audit,
    metrics: NO_METRICS,
    tracer: openTracing(),
    clean: (text) => cleaner.text(text),
  };
  return {
    surface,
    services,
    caller,
    decide(received, userAgent) {
      const observation = new Observation(randomUUID(), { address: undefined, userAgent }, observers);
      observation.authenticated(caller);
      const { message, dropped } = meantBy(received, surface);
      observation.received(message, {});
      if (dropped.length > 0) observation.droppedArguments(dropped.length);
      const decision = authorize(caller, surface, message);
      observeDecision(observation, caller, decision, log);
      if (decision.kind === 'call' && concurrency.acquire(caller.person, observation) !== undefined) {
        observation.refused('too_many_calls', TOO_MANY);
        const error = new ToolError('server_error', TOO_MANY, { retryable: true, retryAfterMs: RETRY_MS });
        return { message, observation, decision: { kind: 'told', error } };
      }
      observeArguments(observation, decision);
      return { message, observation, decision };
    },
    async close() {
      documentation?.stop();
      await scalekit.close();
    },
  };
}
