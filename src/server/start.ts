import type { AddressInfo } from 'node:net';
import type { ScalekitConfig } from '../config/scalekit.ts';
import { readScopeMap, type ScopeMap } from '../config/scopes.ts';
import { inBackground } from '../core/in-background.ts';
import { version } from '../core/version.ts';
import { within } from '../core/within.ts';
import { drain } from '../http/drain.ts';
import { listen, setHandler } from '../http/listener.ts';
import type { HttpServer } from '../http/server.ts';
import { type Audit, openAudit } from '../observability/audit/ledger.ts';
import { summedLog } from '../observability/log/strangers.ts';
import type { WriteSome } from '../observability/log/writer.ts';
import { watchExports } from '../observability/trace/exports.ts';
import { firstKeys } from '../scalekit/readiness.ts';
import { type AssembleOptions, assemble } from './assemble.ts';
import { DisposalStack } from './disposal-stack.ts';
import { type Counting, startMetrics } from './metrics.ts';
import { connectOrStartSandbox, originOf, type StartSandbox } from './sandbox.ts';

/** So long what a server prepares takes at most, unless calls hold it up. */
const PREPARING_MS = 500;

export interface StartOptions extends Pick<AssembleOptions, 'config' | 'log' | 'catalogue' | 'content' | 'protocol'> {
  /** Where the audit ledger is written with `AUDIT_LOG=stderr`. */
  readonly stderr: WriteSome;
  /** Starts the sandbox, if the configuration names no Scalekit environment. */
  readonly startSandbox: StartSandbox;
  /** The number of this worker, if this process is one of several workers. */
  readonly worker?: number;
  /** The instance of its primary in the audit ledger. */
  readonly primary?: string | undefined;
  /** Aborted when the server is told to stop while it starts: it then begins nothing more, and closes what it has opened. */
  readonly stopping?: AbortSignal;
}

export interface RunningServer {
  /** The origin under which clients reach it. */
  readonly url: string;
  /** The port that it listens on. */
  readonly port: number;
  /** Resolves with the first keys: then it can check tokens. Never, when it is stopped before. */
  readonly ready: Promise<void>;
  /** Resolves when it has also prepared what calls need again and again, or has had the time for it: calls come first. Never, when it is stopped before it is ready. */
  readonly prepared: Promise<void>;
  /** The facts that it logs when it listens, and again when it is ready. */
  readonly facts: Readonly<Record<string, unknown>>;
  /** The last record of its audit ledger, once it is written. */
  written: Audit['written'];
  /** Says that it is not ready, stops accepting, lets requests in flight finish up to a deadline, closes everything. */
  stop(): Promise<void>;
}

/**
 * Starts the server. It first listens on its port, so that nothing else is started when the port is in use. If a later
 * step fails, everything that was opened is closed again.
 * @throws ConfigurationError, or the error of the step that failed, such as a network error with a `code`; the reason of
 *   `stopping` when that was aborted
 */
export async function start(options: StartOptions): Promise<RunningServer> {
  const { config, stderr, catalogue, worker, primary } = options;
  const toolNames = catalogue.map(({ name }) => name);
  const scopeMap = readScopeMap(config.scopes, toolNames);
  const counting = await startMetrics(config, options.log, toolNames, worker !== undefined);
  const { log, end } = summedLog(counting.log);
  const audit = await openAudit({ config: config.audit, stderr, log, worker, primary });
  const server = await listen({
    ...config,
    waitsForHandler: worker !== undefined,
    answers: { timeoutMs: config.limits.answerTimeoutMs },
    onUnhandled: (connection) => log.info('requests_unhandled', connection),
  }).catch(async (error: unknown) => {
    await audit.close();
    throw error;
  });
  const opened = new DisposalStack();
  opened.add(end);
  opened.add(counting.close);
  try {
    options.stopping?.throwIfAborted();
    await counting.serve();
    return await serveOn(server, { ...options, log, scopeMap, audit, metrics: counting.metrics }, opened);
  } catch (error) {
    await drain(server);
    await opened.close();
    await audit.close();
    throw error;
  }
}

interface ServeOptions extends StartOptions {
  readonly scopeMap: ScopeMap;
  readonly audit: Audit;
  readonly metrics: Counting['metrics'];
}

async function serveOn(server: HttpServer, options: ServeOptions, opened: DisposalStack): Promise<RunningServer> {
  const { config, log, startSandbox, audit, stopping: told } = options;
  const { port } = server.address() as AddressInfo;
  const url = originOf(config, port);
  const { scalekit, sandbox } = await connectOrStartSandbox(config, log, `${url}/mcp`, startSandbox, told);
  opened.add(() => sandbox?.close());
  told?.throwIfAborted();
  let isDraining = false;
  const parts = { ...options, port, scalekit, isDraining: () => isDraining };
  const { app, keys, surface, watch, preparing } = await assemble(parts, opened);
  told?.throwIfAborted();
  audit.started();
  setHandler(server, app);
  const { mode } = surface.realm;
  options.metrics.serving(mode, version);
  const facts = {
    url,
    endpoint: `${url}/mcp`,
    mode,
    hosts: hostsOf(scalekit, config.documentation?.site),
    tools: surface.tools.size,
    version,
  };
  const { worker } = options;
  const tell = (event: 'listening' | 'ready') => {
    // With several workers, their primary logs these events for all of them.
    if (worker === undefined) log.info(event, facts);
    else log.info(`worker_${event}`, { pid: process.pid, port });
  };
  tell('listening');
  watchExports(log);
  const stopping = new AbortController();
  opened.add(() => stopping.abort());
  // Nothing waits for these: if the issuer or the API cannot be reached, the log and /health show it early.
  const ready = new Promise<void>((resolve) => {
    firstKeys(keys, stopping.signal).then(
      () => {
        tell('ready');
        resolve();
      },
      () => undefined,
    );
  });
  // Afterwards, because it takes longer than all the rest of the start.
  const prepared = ready.then(() => within(PREPARING_MS, inBackground(preparing(), stopping.signal)));
  // After the first download, which is what requests wait for.
  const downloaded = keys.obtain().catch(() => undefined);
  void downloaded.then(watch);

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
    ready,
    prepared,
    facts,
    written: () => audit.written(),
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
  };
}

/** The hosts that this server calls: those of the keys, of the metadata, of the management API and of the documentation. */
function hostsOf(
  { environmentUrl, authorizationServers, mode }: ScalekitConfig,
  documentation: string | undefined,
): string[] {
  const urls = [environmentUrl, ...authorizationServers];
  if (mode.kind === 'workspace') urls.push(mode.apiUrl);
  if (documentation !== undefined) urls.push(documentation);
  return [...new Set(urls.map((url) => new URL(url).host))];
}
