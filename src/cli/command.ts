import type { Command } from 'commander';
import type { WriteSome } from '../observability/log/writer.ts';
import type { StartSandbox } from '../server/sandbox.ts';
import type { Output, OutputStream } from './output.ts';

/** What the process gives to its commands: they touch no stream and no global of the process themselves. */
export interface Host {
  readonly output: Output;
  readonly stdin: () => NodeJS.ReadStream;
  /** For what is no result of a command, such as the messages of a protocol. */
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  /** Writes to stdout and stderr at once, past the buffers of Node.js. */
  readonly write: { readonly stdout: WriteSome; readonly stderr: WriteSome };
  readonly isTerminal: { readonly stdout: boolean; readonly stderr: boolean };
  /** The script that runs as a worker when it is started with `workerArgument`. */
  readonly script: string;
  readonly workerArgument: string;
  readonly startSandbox: StartSandbox;
  /** Told when there is nothing to start any more, but calls to answer: from then on, V8 optimizes what runs often. */
  readonly started: () => void;
  /** Says why the process ends, and sets its exit code. */
  readonly fail: (error: unknown) => void;
  /** Sets the exit code with which the process ends when nothing keeps it running any more. */
  readonly endWith: (exitCode: number) => void;
}

/**
 * Adds a command to the program. The file of a command declares its options; what it does is imported when it runs, so
 * that `--help` loads nothing of the server.
 */
export type AddCommand = (program: Command, host: Host) => void;
