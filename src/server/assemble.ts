import type { RequestListener } from 'node:http';
import type { Request } from 'express';
import { namesOf } from '../access/select.ts';
import { EVERYTHING } from '../access/selection.ts';
import { inBandClients } from '../access/step-up.ts';
import { type Realm, type Surface, spelled } from '../access/surface.ts';
import { Surfaces } from '../access/surfaces.ts';
import { showsViews } from '../access/views.ts';
import { ProtectedResource } from '../auth/resource.ts';
import type { Config } from '../config/config.ts';
import type { ScalekitConfig } from '../config/scalekit.ts';
import type { ScopeMap } from '../config/scopes.ts';
import { readOffered } from '../config/surface.ts';
import type { Content } from '../core/content.ts';
import { healthOf, worstOf } from '../core/health.ts';
import { later, loadingLater } from '../core/later.ts';
import type { Tool } from '../core/tool.ts';
import { revision, version } from '../core/version.ts';
import { serverIcons } from '../icons/icons.ts';
import { DocumentationKeeper } from '../knowledge/keeper.ts';
import { NO_DOCUMENTATION } from '../knowledge/off.ts';
import { FairShare } from '../limits/fair-share.ts';
import { createLimits } from '../limits/limits.ts';
import { mcpEndpoint } from '../mcp/endpoint.ts';
import { ListAnswers } from '../mcp/protocol/list-answers.ts';
import type { Protocol } from '../mcp/protocol/server.ts';
import type { Audit } from '../observability/audit/ledger.ts';
import type { Log } from '../observability/log/log.ts';
import type { Metrics } from '../observability/metrics/metrics.ts';
import { openTracing } from '../observability/trace/spans.ts';
import { External } from '../outgoing/external.ts';
import { Cleaner } from '../release/clean.ts';
import { Confirmations } from '../run/confirmation.ts';
import { issuerHealth } from '../scalekit/issuer-health.ts';
import { Keys } from '../scalekit/keys.ts';
import { metadataUrlOf, probeMetadata, type SignInEndpoints } from '../scalekit/metadata-probe.ts';
import { readinessOf } from '../scalekit/readiness.ts';
import { connectScalekit } from '../scalekit/scalekit.ts';
import { tokenVerifier } from '../scalekit/tokens.ts';
import { Watch, type WatchOptions } from '../scalekit/watch.ts';
import { docs } from '../tools/docs.ts';
import { createApp } from './app.ts';
import type { DisposalStack } from './disposal-stack.ts';
import { originOf } from './sandbox.ts';
import { selectBy, selectingQueryOf } from './select.ts';
import { openSharedState } from './shared-state.ts';

const toolIndex = later(() => import('../access/tool-index.ts'));

export interface AssembleOptions {
  readonly config: Config;
  /** The port that the server listens on. */
  readonly port: number;
  readonly log: Log;
  readonly audit: Audit;
  readonly metrics: Metrics;
  readonly catalogue: readonly Tool[];
  /** What is offered beside tools. */
  readonly content: Content;
  /** What answers messages, if that is not this server's own protocol. */
  readonly protocol?: Protocol | undefined;
  readonly scopeMap: ScopeMap;
  /** The environment to serve: the configured one, or the sandbox. */
  readonly scalekit: ScalekitConfig;
  /** Whether the server has been told to stop. */
  readonly isDraining: () => boolean;
}

/** The parts of a server that is not listening yet. */
export interface Assembly {
  readonly app: RequestListener;
  readonly keys: Keys;
  /** What a request sees that makes no selection. */
  readonly surface: Surface;
  /** Begins to watch what this server depends on. */
  readonly watch: () => void;
  /** Prepares what is needed again and again, and loads what is needed seldom, in pieces: whatever is needed before is made then. */
  readonly preparing: () => AsyncIterable<unknown>;
}

/**
 * Puts the parts of the server together.
 * @param opened gets what has to be closed again
 */
export async function assemble(options: AssembleOptions, opened: DisposalStack): Promise<Assembly> {
  const {
    config,
    port,
    log,
    audit,
    metrics,
    catalogue,
    content,
    scopeMap,
    scalekit: environment,
    isDraining,
  } = options;
  const keys = new Keys({ environmentUrl: environment.environmentUrl, log, metrics });
  opened.add(() => keys.stop());
  const fairShare = new FairShare();
  const turn = (person: string) => fairShare.turn(person);
  const scalekit = connectScalekit({ config: environment, timeoutMs: config.upstreamTimeoutMs, log, metrics, turn });
  opened.add(() => scalekit.close());
  const shared = await openSharedState(config, log);
  opened.add(() => shared.close());

  const names = namesOf(catalogue);
  const { optIns, surface: offered } = config;
  const documentation = openDocumentation(config, log, opened);
  const without = config.documentation === undefined ? [docs.name] : [];
  const bound = { optIns, without, named: readOffered(offered, names), readOnly: offered.readOnly };
  const surfaces = new Surfaces(catalogue, realmOf(config, port, environment), bound, content);
  const { whole } = surfaces;
  const lists = await ListAnswers.open();
  const select = selectBy(names, environment.mode.kind);
  const surfaceOf = (request: Request) => surfaces.of(select(request));
  const shownTo = (request: Request) => surfaces.shownTo(select(request));
  const { authorizationServers, issuers } = environment;
  const resource = new ProtectedResource({
    config,
    port,
    authorizationServers,
    scopesOf: (request) => {
      const surface = shownTo(request);
      return spelled(surface, surface.scopes);
    },
    queryOf: selectingQueryOf,
  });
  const limits = createLimits(
    config.limits,
    { newCounter: shared.newCounter, isRemote: shared.isRemote, fairShare },
    [...whole.reach.values()].map(({ tool }) => tool),
  );
  const issuer = issuerHealth({ keys });
  let signIn: SignInEndpoints | undefined;
  const probe = () =>
    probeMetadata(authorizationServers, (server, endpoints) => {
      if (server === authorizationServers[0]) signIn = endpoints;
    });
  const tell: WatchOptions['tell'] = {
    failing: (fields) => log.warn('oauth_server_failing', fields),
    back: (fields) => log.info('oauth_server_back', fields),
  };
  const metadata = new Watch({ check: 'authorization_server', tell, metrics, probe });
  opened.add(() => metadata.stop());
  const confirmations = new Confirmations(shared.confirmations);
  const app = createApp({
    config,
    log,
    audit,
    metrics,
    tracer: openTracing(),
    clean: (text) => cleaner.text(text),
    select,
    limits,
    front: {
      names,
      surfaceOf: (selection) => surfaces.shownTo(selection),
      trialOrigins: config.scalekit.kind === 'sandbox' ? [new URL(environment.environmentUrl).origin] : [],
    },
    bearer: {
      verify: tokenVerifier({
        keys,
        issuers,
        audiences: resource.audiences,
        maxLifetimeSeconds: config.maxTokenLifetimeSeconds,
        metrics,
      }),
      resource,
      failures: limits.failures,
      patience: limits.refusedStrangers,
      scopeMap,
      initialScopes: (request) => initialScopes(config, shownTo(request)),
    },
    endpoint: mcpEndpoint({
      surfaceOf,
      viewing: (request, { era, message }) =>
        showsViews(select(request), era, message) ? surfaces.of(select(request), true) : undefined,
      lists,
      services: {
        scalekit,
        confirmations,
        documentation,
        // The sandbox's deployments are on this machine, where nobody else reaches this server either.
        external: new External({ allowLoopback: config.scalekit.kind === 'sandbox' }),
        patientTimeoutMs: config.agentToolTimeoutMs,
        resultBudget: config.resultBudget,
        log,
      },
      resource,
      inBand: inBandClients(config.scopes.inBand),
      stepUps: shared.stepUps,
      protocol: options.protocol,
      limits,
    }),
    health: async () => {
      const [byKeys, byMetadata, api] = await Promise.all([issuer(), metadata.current(), scalekit.health()]);
      const oauth = byMetadata === 'degraded' ? worstOf([byKeys, byMetadata]) : byKeys;
      return healthOf({ oauth_server: oauth, management_api: api }, { version, revision });
    },
    ready: async () => (isDraining() ? 'draining' : readinessOf(keys)),
    authorizationServerMetadata: metadataUrlOf(authorizationServers[0] ?? ''),
    signIn: async () => {
      if (signIn === undefined) await metadata.current();
      return signIn;
    },
  });
  const watch = () => {
    metadata.start();
    scalekit.watch();
    documentation.start();
  };
  async function* preparing() {
    yield* lists.preparing(whole);
    yield serverIcons();
    const { preparingIndex } = await toolIndex();
    yield* preparingIndex(catalogue);
    yield* lists.preparing(surfaces.of(EVERYTHING, true));
    yield* loadingLater();
  }
  return { app, keys, surface: whole, watch, preparing };
}

/** Redacts secrets by name and by shape; it knows no secrets of a request. */
const cleaner = new Cleaner([]);

function openDocumentation({ documentation }: Config, log: Log, opened: DisposalStack) {
  if (documentation === undefined) return NO_DOCUMENTATION;
  const keeper = new DocumentationKeeper({ ...documentation, log });
  opened.add(() => keeper.stop());
  return keeper;
}

function realmOf(config: Config, port: number, { mode, environmentUrl }: ScalekitConfig): Realm {
  const { scopeSpelling, admission, scalekit, surface } = config;
  const origin = originOf(config, port);
  return {
    mode: mode.kind,
    scopeSpelling,
    environmentUrl,
    admission,
    origin,
    sandbox: scalekit.kind === 'sandbox',
    productionWrites: surface.productionWrites,
  };
}

function initialScopes({ initialScopes: policy }: Config, surface: Surface): string[] {
  const { scopes } = surface;
  return spelled(surface, policy === 'surface' ? scopes : scopes.filter((scope) => scope.endsWith(':read')));
}
