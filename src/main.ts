import { setFlagsFromString } from 'node:v8';
import { ConfigurationError, parseConfig, readEnvironment } from './config.ts';
import { createLog } from './observability/log.ts';
import { openLogFile } from './observability/log-file.ts';
import { backgroundOutput, writeTo } from './observability/output.ts';
import { type StartSandbox, start } from './start.ts';
import { catalogue } from './tools/index.ts';

/** The exit code of a wrong configuration (`EX_CONFIG` in sysexits.h). */
const EXIT_CONFIG = 78;

/** Loaded when it is needed only: production images do not hold what it is made of. */
const startSandbox: StartSandbox = async (options) => (await import('./sandbox/start.ts')).startSandbox(options);

// V8 lets garbage grow to a multiple of what lives before it collects, more the more memory the machine has. What lives
// here is small, and a container's limit may be: collecting earlier costs nothing measurable and saves a third.
setFlagsFromString('--heap-growing-percent=60');

async function main(): Promise<void> {
  const problems: string[] = [];
  const config = parseConfig(readEnvironment(problems), problems);
  const complain = (line: string) => process.stderr.write(line);
  const isTerminal = process.stdout.isTTY === true;
  const output = backgroundOutput({ descriptor: process.stdout.fd, isTerminal, complain });
  const { logFile } = config.observability;
  const file = logFile === undefined ? undefined : await openLogFile(logFile, complain);
  const log = createLog({ level: config.logLevel, sink: output.stream, pretty: isTerminal, file: file?.stream });
  const server = await start({ config, log, stderr: writeTo(process.stderr.fd), catalogue, startSandbox });

  const stop = (signal: NodeJS.Signals) => {
    // A second signal finds no handler and ends the process at once.
    process.removeAllListeners('SIGTERM').removeAllListeners('SIGINT');
    log.info('stopping', { signal });
    server.stop().then(() => {
      log.info('stopped');
      return Promise.all([output.flush(), file?.flush()]);
    });
  };
  process.on('SIGTERM', stop).on('SIGINT', stop);
}

main().catch((error: unknown) => {
  const known = error instanceof ConfigurationError || (error instanceof Error && 'code' in error);
  process.stderr.write(`${known ? (error as Error).message : error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = error instanceof ConfigurationError ? EXIT_CONFIG : 1;
});
