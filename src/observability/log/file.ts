import { ConfigurationError } from '../../config/error.ts';
import { appendOnce, whyNotAppendable } from './append.ts';
import { backgroundOutput, type Output, type OutputOptions, type WriteSome } from './writer.ts';

/**
 * Opens a file for the lines of the log, which are written in the background. The file may be moved at any time, for
 * instance by logrotate; the next lines then create a new one.
 * @throws ConfigurationError when the file cannot be written
 */
export async function openLogFile(path: string, writeError: OutputOptions['writeError']): Promise<Output> {
  const reason = await whyNotAppendable(path);
  if (reason !== undefined) throw new ConfigurationError([`LOG_FILE: ${reason}.`]);
  const write: WriteSome = (bytes, done) => {
    appendOnce(path, bytes).then(
      (written) => done(null, written),
      (error: NodeJS.ErrnoException) => done(error, 0),
    );
  };
  return backgroundOutput({ write, isTerminal: false, writeError });
}
