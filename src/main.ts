import { setFlagsFromString } from 'node:v8';
import { ConfigurationError, parseConfig, readEnvironment } from './config.ts';
import { createLog } from './observability/log.ts';
import { backgroundOutput, writeTo } from './observability/output.ts';
import type { StartSandbox } from './reach-scalekit.ts';
import { start } from './start.ts';
import { catalogue } from './tools/index.ts';

/** The exit code of a wrong configuration (`EX_CONFIG` in sysexits.h). */
const EXIT_CONFIG = 78;

/** Loaded when it is needed only: production images do not hold what it is made of. */
const startSandbox: StartSandbox = async (options) => (await import('./sandbox/start.ts')).startSandbox(options);

// V8 lets garbage grow to a multiple of what lives before it collects, more the more memory the machine has. What lives
// here is small, and a container's limit may be: collecting earlier costs nothing measurable and saves a third.
setFlagsFromString('--heap-growing-percent=60');

async function main(): Promise<void> {
  const config = parseConfig(readEnvironment());
  const output = backgroundOutput({
    descriptor: process.stdout.fd,
    isTerminal: process.stdout.isTTY === true,
    complain: (line) => process.stderr.write(line),
  });
  const log = createLog({ level: config.logLevel, sink: output.stream, pretty: output.isTerminal });
  const server = await start({ config, log, stderr: writeTo(process.stderr.fd), catalogue, startSandbox });

  const stop = async (signal: NodeJS.Signals) => {
    // A second signal finds no handler and ends the process at once.
    process.removeAllListeners('SIGTERM').removeAllListeners('SIGINT');
    log.info('stopping', { signal });
    await server.stop();
    log.info('stopped');
    await output.flush();
    // Whatever is left, a timer of a call that was cut or a connection of its own, must not keep the process.
    process.exit();
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop(signal).catch(fail));
}

function fail(error: unknown): void {
  const known = error instanceof ConfigurationError || (error instanceof Error && 'code' in error);
  process.stderr.write(`${known ? (error as Error).message : error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = error instanceof ConfigurationError ? EXIT_CONFIG : 1;
}

main().catch(fail);
