import type { AddressInfo } from 'node:net';
import { createApp } from './app.ts';
import { ProtectedResource } from './auth/resource.ts';
import { readScopeMap } from './auth/scopes.ts';
import { type Config, isLoopback, type ScalekitConfig } from './config.ts';
import { drain, handOver, listen } from './http/listener.ts';
import { createLimits } from './limits/limits.ts';
import { mcpEndpoint } from './mcp/endpoint.ts';
import { buildSurface, type Surface } from './mcp/surface.ts';
import { openAudit } from './observability/audit.ts';
import { healthOf, type Readiness } from './observability/health.ts';
import type { Log } from './observability/log.ts';
import type { WriteSome } from './observability/output.ts';
import { openTracing } from './observability/spans.ts';
import { issuerHealth } from './scalekit/issuer-health.ts';
import { Keys } from './scalekit/keys.ts';
import { connectScalekit } from './scalekit/scalekit.ts';
import { tokenVerifier } from './scalekit/tokens.ts';
import { startMetrics } from './start-metrics.ts';
import type { Tool } from './tool/define-tool.ts';
import { spell } from './tool/scope.ts';
import { version } from './version.ts';

/** The embedded sandbox as far as this server uses it. */
interface EmbeddedSandbox {
  readonly url: string;
  readonly serverId: string;
  close(): Promise<void>;
}

export type StartSandbox = (options: {
  port: number;
  resource: string;
  environmentClient?: { id: string; secret: string };
  log: (event: { event: string } & Record<string, unknown>) => void;
}) => Promise<EmbeddedSandbox>;

export interface StartOptions {
  readonly config: Config;
  readonly log: Log;
  /** Where the audit ledger goes with `AUDIT_LOG=stderr`. */
  readonly stderr: WriteSome;
  readonly catalogue: readonly Tool[];
  /** Starts the sandbox that a configuration without a Scalekit environment asks for. */
  readonly startSandbox: StartSandbox;
}

export interface RunningServer {
  /** Origin under which it is reached. */
  readonly url: string;
  /** The port that it listens on. */
  readonly port: number;
  /** Stops accepting, lets requests in flight finish, closes everything. */
  stop(): Promise<void>;
}

/** Starts the server: takes its port first, so that nothing else starts when it is taken. */
export async function start(options: StartOptions): Promise<RunningServer> {
  const { config, stderr, catalogue, startSandbox } = options;
  const toolNames = catalogue.map(({ name }) => name);
  const scopeMap = readScopeMap(config.scopes, toolNames);
  const counting = await startMetrics(config.observability.metrics, options.log, toolNames);
  const { log, metrics } = counting;
  const audit = await openAudit({ config: config.audit, stderr, log });
  const server = await listen(config);
  const { port } = server.address() as AddressInfo;
  const url = config.publicUrl ?? `http://${isLoopback(config.host) ? config.host : 'localhost'}:${port}`;
  const giveUp = async (error: unknown) => {
    await Promise.all([drain(server), counting.close()]);
    throw error;
  };
  await counting.serve().catch(giveUp);
  const { scalekit: target, sandbox } = await reachScalekit(config, log, `${url}/mcp`, startSandbox).catch(giveUp);

  const keys = new Keys({ environmentUrl: target.environmentUrl, log, metrics });
  const scalekit = connectScalekit({ config: target, timeoutMs: config.upstreamTimeoutMs, log, metrics });
  const surface = buildSurface({
    catalogue,
    mode: target.mode.kind,
    scopeSpelling: config.scopeSpelling,
    environmentUrl: target.environmentUrl,
    admission: config.admission,
    optIns: config.optIns,
  });
  const resource = new ProtectedResource({
    config,
    authorizationServers: target.authorizationServers,
    scopes: spelled(surface, surface.scopes),
  });
  const limits = await createLimits(config.limits, log);
  const issuer = issuerHealth({ keys });
  let isDraining = false;
  const app = createApp({
    config,
    log,
    audit,
    metrics,
    tracing: openTracing(),
    bearer: {
      verify: tokenVerifier({ keys, issuers: target.issuers, audiences: resource.audiences, metrics }),
      resource,
      failures: limits.failures,
      scopeMap,
      initialScopes: spelled(surface, initialScopes(config, surface)),
    },
    endpoint: await mcpEndpoint({
      surface,
      scalekit,
      resource,
      resultBudget: config.resultBudget,
      stepUpInBand: config.scopes.inBand,
      limits,
      audit,
      log,
    }),
    health: async () => healthOf(await issuer(), version),
    ready: () => (isDraining ? 'draining' : readinessOf(keys)),
    authorizationServerMetadata: metadataUrl(target),
  });
  audit.started();
  handOver(server, app);
  // Warms the keys and tells early, in the log and in /health, when the issuer is out of reach. Requests ask again.
  keys.obtain().catch(() => undefined);
  log.info('ready', { url, endpoint: `${url}/mcp`, mode: target.mode.kind, tools: surface.tools.size, version });

  return {
    url,
    port,
    stop: async () => {
      isDraining = true;
      await drain(server);
      limits.close();
      await Promise.all([scalekit.close(), sandbox?.close()]);
      await audit.close();
      await counting.close();
    },
  };
}

/** Asking brings keys that were never had: a server that nobody sends requests to until it is ready must get ready. */
function readinessOf(keys: Keys): Readiness {
  if (keys.wereHad) return 'ready';
  keys.obtain().catch(() => undefined);
  return 'starting';
}

async function reachScalekit(
  { scalekit }: Config,
  log: Log,
  resource: string,
  startSandbox: StartSandbox,
): Promise<{ scalekit: ScalekitConfig; sandbox?: EmbeddedSandbox }> {
  if (scalekit.kind === 'live') return { scalekit };
  const { port, client } = scalekit;
  const sandbox = await startSandbox({
    port,
    resource,
    ...(client !== undefined && { environmentClient: client }),
    log: ({ event, ...fields }) => log.info(event, fields),
  });
  const issuer = `${sandbox.url}/resources/${sandbox.serverId}`;
  log.warn('sandbox', { url: sandbox.url, banner: sandboxBanner(sandbox.url), notice: SANDBOX_NOTICE });
  return {
    sandbox,
    scalekit: {
      environmentUrl: sandbox.url,
      authorizationServers: [issuer],
      issuers: [sandbox.url, issuer],
      mode:
        client === undefined
          ? { kind: 'workspace', apiUrl: `${sandbox.url}/api/v1` }
          : { kind: 'environment', clientId: client.id, clientSecret: client.secret },
    },
  };
}

const SANDBOX_NOTICE = 'Embedded sandbox: fictional people and data, open logins. No Scalekit account is involved.';

function sandboxBanner(url: string): string {
  const lines = ['SANDBOX', SANDBOX_NOTICE, `It listens on ${url} and forgets everything when it stops.`];
  const width = Math.max(...lines.map((line) => line.length));
  const rows = lines.map((line) => `┃ ${line.padEnd(width)} ┃`);
  return [`┏${'━'.repeat(width + 2)}┓`, ...rows, `┗${'━'.repeat(width + 2)}┛`].join('\n');
}

function initialScopes({ initialScopes: policy }: Config, surface: Surface): Surface['scopes'] {
  return policy === 'surface' ? surface.scopes : surface.scopes.filter((scope) => scope.endsWith(':read'));
}

function spelled(surface: Surface, scopes: Surface['scopes']): string[] {
  return scopes.map((scope) => spell(scope, surface.scopeSpelling));
}

/** Where RFC 8414 §3.1 puts the metadata of the first authorization server. */
function metadataUrl({ authorizationServers: [first = ''] }: ScalekitConfig): string {
  const { origin, pathname } = new URL(first);
  return `${origin}/.well-known/oauth-authorization-server${pathname === '/' ? '' : pathname}`;
}
