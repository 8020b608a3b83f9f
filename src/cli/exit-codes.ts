/** What the exit code of a command says: the same for all commands, so that scripts can decide by it (sysexits.h). */
export const EXIT = {
  /** It did what it was asked for. */
  ok: 0,
  /** It ran, and the outcome is a failure: a tool failed, a ledger is broken, something found is wrong. */
  failed: 1,
  /** The command line is wrong: an unknown command or option, a value that cannot be read. Nothing was done. */
  usage: 2,
  /** A server or the network is away (`EX_UNAVAILABLE`). */
  unavailable: 69,
  /** Signing in or a permission is missing (`EX_NOPERM`). */
  denied: 77,
  /** The settings cannot be used (`EX_CONFIG`). */
  configuration: 78,
} as const;

/** The name of an exit code. */
export type ExitName = keyof typeof EXIT;
