import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Request } from 'express';
import { EVERYTHING, type Selection } from '../access/selection.ts';
import { type Realm, type Surface, spelled } from '../access/surface.ts';
import { Surfaces } from '../access/surfaces.ts';
import { ProtectedResource } from '../auth/resource.ts';
import type { Config } from '../config/config.ts';
import type { ScalekitConfig } from '../config/scalekit.ts';
import { readScopeMap, type ScopeMap } from '../config/scopes.ts';
import { healthOf } from '../core/health.ts';
import type { Tool } from '../core/tool.ts';
import { version } from '../core/version.ts';
import { drain } from '../http/drain.ts';
import { listen, setHandler } from '../http/listener.ts';
import { createLimits } from '../limits/limits.ts';
import { mcpEndpoint } from '../mcp/endpoint.ts';
import { type Audit, openAudit } from '../observability/audit/ledger.ts';
import type { Log } from '../observability/log/log.ts';
import type { WriteSome } from '../observability/log/writer.ts';
import { openTracing } from '../observability/trace/spans.ts';
import { Cleaner } from '../release/clean.ts';
import { Confirmations } from '../run/confirmation.ts';
import { issuerHealth } from '../scalekit/issuer-health.ts';
import { Keys } from '../scalekit/keys.ts';
import { readinessOf } from '../scalekit/readiness.ts';
import { connectScalekit } from '../scalekit/scalekit.ts';
import { tokenVerifier } from '../scalekit/tokens.ts';
import { createApp } from './app.ts';
import { DisposalStack } from './disposal-stack.ts';
import { type Counting, startMetrics } from './metrics.ts';
import { connectOrStartSandbox, originOf, type StartSandbox } from './sandbox.ts';
import { openSharedState } from './shared-state.ts';

export interface StartOptions {
  readonly config: Config;
  readonly log: Log;
  /** Where the audit ledger is written with `AUDIT_LOG=stderr`. */
  readonly stderr: WriteSome;
  readonly catalogue: readonly Tool[];
  /** Reads the selection of a request. Left out: every request sees the whole catalogue. */
  readonly select?: ((request: Request) => Selection) | undefined;
  /** Starts the sandbox, if the configuration names no Scalekit environment. */
  readonly startSandbox: StartSandbox;
  /** The number of this worker, if this process is one of several workers. */
  readonly worker?: number;
}

export interface RunningServer {
  /** The origin under which clients reach it. */
  readonly url: string;
  /** The port that it listens on. */
  readonly port: number;
  /** The facts that it logs when it is ready. */
  readonly facts: Readonly<Record<string, unknown>>;
  /** Says that it is not ready, stops accepting, lets requests in flight finish up to a deadline, closes everything. */
  stop(): Promise<void>;
}

/**
 * Starts the server. It first listens on its port, so that nothing else is started when the port is in use. If a later
 * step fails, everything that was opened is closed again.
 * @throws ConfigurationError, or the error of the step that failed, such as a network error with a `code`
 */
export async function start(options: StartOptions): Promise<RunningServer> {
  const { config, stderr, catalogue, worker } = options;
  const toolNames = catalogue.map(({ name }) => name);
  const scopeMap = readScopeMap(config.scopes, toolNames);
  const counting = await startMetrics(config.observability.metrics, options.log, toolNames, worker !== undefined);
  const { log } = counting;
  const audit = await openAudit({ config: config.audit, stderr, log });
  const server = await listen(config);
  const opened = new DisposalStack();
  opened.add(counting.close);
  try {
    await counting.serve();
    return await serveOn(server, { ...options, log, scopeMap, audit, metrics: counting.metrics }, opened);
  } catch (error) {
    await drain(server);
    await opened.close();
    throw error;
  }
}

interface ServeOptions extends StartOptions {
  readonly scopeMap: ScopeMap;
  readonly audit: Audit;
  readonly metrics: Counting['metrics'];
}

async function serveOn(server: Server, options: ServeOptions, opened: DisposalStack): Promise<RunningServer> {
  const { config, log, catalogue, startSandbox, scopeMap, audit, metrics } = options;
  const { port } = server.address() as AddressInfo;
  const url = originOf(config, port);
  const { scalekit: target, sandbox } = await connectOrStartSandbox(config, log, `${url}/mcp`, startSandbox);
  opened.add(() => sandbox?.close());

  const keys = new Keys({ environmentUrl: target.environmentUrl, log, metrics });
  const scalekit = connectScalekit({ config: target, timeoutMs: config.upstreamTimeoutMs, log, metrics });
  opened.add(() => scalekit.close());
  const realm: Realm = {
    mode: target.mode.kind,
    scopeSpelling: config.scopeSpelling,
    environmentUrl: target.environmentUrl,
    admission: config.admission,
  };
  const surfaces = new Surfaces(catalogue, realm, { optIns: config.optIns });
  const { whole } = surfaces;
  const surfaceOf = (request: Request) => surfaces.of(options.select?.(request) ?? EVERYTHING);
  const resource = new ProtectedResource({
    config,
    authorizationServers: target.authorizationServers,
    scopes: spelled(whole, whole.scopes),
  });
  const shared = await openSharedState(config, log);
  opened.add(() => shared.close());
  const limits = createLimits(config.limits, shared.newCounter);
  const issuer = issuerHealth({ keys });
  let isDraining = false;
  const app = createApp({
    config,
    log,
    audit,
    metrics,
    tracer: openTracing(),
    clean: (text) => cleaner.text(text),
    bearer: {
      verify: tokenVerifier({ keys, issuers: target.issuers, audiences: resource.audiences, metrics }),
      resource,
      failures: limits.failures,
      scopeMap,
      initialScopes: (request) => initialScopes(config, surfaceOf(request)),
    },
    endpoint: await mcpEndpoint({
      surfaceOf,
      services: {
        scalekit,
        confirmations: new Confirmations(shared.confirmations),
        resultBudget: config.resultBudget,
        log,
      },
      resource,
      stepUpInBand: config.scopes.inBand,
      limits,
    }),
    health: async () => healthOf(await issuer(), version),
    ready: async () => (isDraining ? 'draining' : readinessOf(keys)),
    authorizationServerMetadata: metadataUrl(target),
  });
  audit.started();
  setHandler(server, app);
  // Downloads the keys in advance. If the issuer is unreachable, the log and /health show it early; requests try again.
  keys.obtain().catch(() => undefined);
  const facts = { url, endpoint: `${url}/mcp`, mode: target.mode.kind, tools: whole.tools.size, version };
  // With several workers, only their primary logs `ready`.
  if (options.worker === undefined) log.info('ready', facts);
  else log.info('worker_ready', { worker: options.worker, pid: process.pid, port });

  const stop = async () => {
    isDraining = true;
    await drain(server, config.scaling.drain);
    await opened.close();
    // Last, so that calls which closing the others interrupts are recorded as well.
    await audit.close();
  };
  let stopped: Promise<void> | undefined;
  return {
    url,
    port,
    facts,
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
  };
}

/** Redacts secrets by name and by shape; it knows no secrets of a request. */
const cleaner = new Cleaner([]);

function initialScopes({ initialScopes: policy }: Config, surface: Surface): string[] {
  const { scopes } = surface;
  return spelled(surface, policy === 'surface' ? scopes : scopes.filter((scope) => scope.endsWith(':read')));
}

/** The URL of the first authorization server's metadata (RFC 8414 §3.1). */
function metadataUrl({ authorizationServers: [first = ''] }: ScalekitConfig): string {
  const { origin, pathname } = new URL(first);
  return `${origin}/.well-known/oauth-authorization-server${pathname === '/' ? '' : pathname}`;
}
