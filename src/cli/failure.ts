import { ConfigurationError } from '../config/error.ts';
import { EXIT, type ExitName } from './exit-codes.ts';

/** Why a command ends without having done what it was asked for, in words for the person, with its exit code. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';
  readonly kind: Exclude<ExitName, 'ok'>;
  /** The command line that the message says to run, for programs. */
  readonly run: string | undefined;

  /**
   * @param kind says the exit code
   * @param message what happened, why, and what to do next
   * @param run the command line that it says to run, if it does
   */
  constructor(kind: Exclude<ExitName, 'ok'>, message: string, run?: string) {
    super(message);
    this.kind = kind;
    this.run = run;
  }
}

/** An error as a person is told of it, and the exit code that it ends the process with. A defect has its stack. */
export interface ToldFailure {
  readonly kind: Exclude<ExitName, 'ok'>;
  readonly exitCode: number;
  readonly text: string;
  /** The command line that the text says to run. */
  readonly run?: string | undefined;
}

/**
 * What a person is told of an error.
 * @param error a `CommandFailure`, a `ConfigurationError` (78, also when a worker has ended with that code), an error with
 *   a `code` such as those of the network and of files (1), or a defect (1)
 */
export function toldOf(error: unknown): ToldFailure {
  const kind = kindOf(error);
  const run = error instanceof CommandFailure ? error.run : undefined;
  return { kind, exitCode: EXIT[kind], text: isExpected(error) ? error.message : stackOf(error), run };
}

function kindOf(error: unknown): Exclude<ExitName, 'ok'> {
  if (error instanceof CommandFailure) return error.kind;
  const { exitCode } = Object(error) as { readonly exitCode?: unknown };
  return error instanceof ConfigurationError || exitCode === EXIT.configuration ? 'configuration' : 'failed';
}

function isExpected(error: unknown): error is Error {
  return (
    error instanceof CommandFailure ||
    error instanceof ConfigurationError ||
    (error instanceof Error && ('code' in error || 'exitCode' in error))
  );
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
