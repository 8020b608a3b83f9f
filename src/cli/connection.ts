import type { Confirmable } from '../core/result.ts';

/** A tool as a connection offers it. */
interface OfferedTool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** What a call does: `read`, `add`, `overwrite` or `destroy`. */
  readonly effect: string;
  /** The scope that a call needs; null for none, left out where the server does not say it. */
  readonly scope?: string | null;
  /** JSON Schema of its arguments. */
  readonly inputSchema: Readonly<Record<string, unknown>>;
}

/** Why a call has failed, in the form of this server's errors. */
export interface CallError {
  readonly code: string;
  readonly message: string;
  readonly [fact: string]: unknown;
}

/** The outcome of a call. */
export type CallOutcome =
  | { readonly kind: 'success'; readonly data: Readonly<Record<string, unknown>> }
  /** `run`: the command line that helps to go on. */
  | { readonly kind: 'failure'; readonly error: CallError; readonly run?: string | undefined }
  /** Nothing has happened yet: the same call with `confirmation` does it. */
  | { readonly kind: 'preview'; readonly error: CallError & Confirmable };

/** What the commands use tools through: the catalogue of this process, or a hosted server. */
export interface Connection {
  listTools(): Promise<readonly OfferedTool[]>;
  /**
   * Calls a tool.
   * @throws CommandFailure `usage` when there is no such tool, `unavailable` and `denied` when the connection fails
   */
  callTool(
    name: string,
    args: Readonly<Record<string, unknown>>,
    options?: { readonly signal?: AbortSignal; readonly onProgress?: (message: string) => void },
  ): Promise<CallOutcome>;
}
