import { endProcess, stopOnSignal } from '../server/signals.ts';
import { serveSession } from '../stdio/session.ts';
import type { Host } from './command.ts';
import { openEnvironment } from './environment.ts';
import { openSecretsFile } from './secrets.ts';
import type { SelectingOptions } from './selecting.ts';

export interface StdioOptions extends SelectingOptions {
  readonly secretsTo?: string | undefined;
}

/**
 * Serves MCP over stdin and stdout until the input ends, the reader goes away or a signal comes; then the process ends with 0.
 * @throws ConfigurationError and CommandFailure when it cannot begin
 */
export async function serveOverStdio(host: Host, { secretsTo, ...asked }: StdioOptions): Promise<void> {
  const environment = await openEnvironment(host, { asked, for: 'session' });
  const { catalogue, settings, log, close, flush } = environment;
  const { surface } = catalogue;
  const handOver = await openSecretsFile(secretsTo, environment);
  const session = serveSession({ catalogue, input: host.stdin(), output: host.stdout, handOver });
  const { envFile, config } = settings;
  log.info('serving', {
    transport: 'stdio',
    environment: surface.realm.environmentUrl,
    tools: surface.tools.size,
    env_file: envFile.isRead ? envFile.path : 'none',
  });
  host.started();
  const stop = async () => {
    await session.stop(config.scaling.drain.timeoutMs);
    await close();
    log.info('stopped');
  };
  stopOnSignal({ log, stop, flush, onFailure: host.fail });
  await session.finished;
  await endProcess({ stop, flush });
}
