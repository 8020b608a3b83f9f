/** The two families of protocol revisions: 2026-07-28, and those of 2025 with their `initialize` handshake. */
export type Era = 'modern' | 'legacy';

/** A JSON-RPC message as far as this server looks at it. */
export interface Message {
  readonly method: string;
  /** Missing for notifications. */
  readonly id?: string | number;
  readonly params: Readonly<Record<string, unknown>>;
}
