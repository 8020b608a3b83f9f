/** What a request asks to see of the catalogue: it can only narrow what the operator allows. */
export interface Selection {
  /** Names of toolsets; undefined for all. */
  readonly toolsets?: readonly string[] | undefined;
  /** Names of tools, beside those of the toolsets; undefined for no further ones. */
  readonly tools?: readonly string[] | undefined;
  /** Whether tools that change anything are left out. */
  readonly readOnly?: boolean | undefined;
  /** The id of the one environment in which everything is to happen. */
  readonly environment?: string | undefined;
}

/** Asks for all that the operator allows. */
export const EVERYTHING: Selection = Object.freeze({});
