/** The two families of MCP revisions: 2026-07-28 (`modern`), and those of 2025 with `initialize` (`legacy`). */
export type Era = 'modern' | 'legacy';

/** The revision that began the `modern` era. */
export const MODERN_VERSION = '2026-07-28';

/**
 * Under which name headers state the environment that a call acts in (`x-mcp-header`, MCP 2026-07-28 "Custom Headers"):
 * `Mcp-Param-Environment`.
 */
export const ENVIRONMENT_PARAM = 'Environment';

/** The parts of a JSON-RPC message that this server reads. */
export interface Message {
  readonly method: string;
  /** Missing for notifications. */
  readonly id?: string | number;
  readonly params: Readonly<Record<string, unknown>>;
}
