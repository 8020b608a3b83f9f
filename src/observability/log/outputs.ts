import type { Config } from '../../config/config.ts';
import { openLogFile } from './file.ts';
import { createLog, type Log } from './log.ts';
import { backgroundOutput, type OutputOptions, type WriteSome } from './writer.ts';

/** The log of this process. */
export interface Logging {
  readonly log: Log;
  /** Resolves when everything is written, or after a deadline for each output. */
  flush(): Promise<unknown>;
}

/**
 * Opens the log of a configuration, on stdout and in `LOG_FILE`.
 * @param writeError called with one line when the log cannot be written
 * @param worker the number of this worker, if several write to the same log
 * @throws ConfigurationError when the file cannot be written
 */
export async function logTo(
  stdout: WriteSome,
  { logLevel: level, observability: { logFile } }: Config,
  isTerminal: boolean,
  writeError: OutputOptions['writeError'],
  worker?: number,
): Promise<Logging> {
  const output = backgroundOutput({ write: stdout, isTerminal, writeError });
  const file = logFile === undefined ? undefined : await openLogFile(logFile, writeError);
  return {
    log: createLog({ level, sink: output.stream, pretty: isTerminal, file: file?.stream, worker }),
    flush: () => Promise.all([output.flush(), file?.flush()]),
  };
}
