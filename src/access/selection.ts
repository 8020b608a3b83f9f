/** Which part of the catalogue a request asks to see. It can only narrow what the operator allows. */
export interface Selection {
  /** Names of toolsets; undefined for all. */
  readonly toolsets?: readonly string[] | undefined;
  /** Names of tools, in addition to those of the toolsets; undefined for none. */
  readonly tools?: readonly string[] | undefined;
  /** Whether tools that change anything are left out. */
  readonly readOnly?: boolean | undefined;
  /** The id of the one environment in which all calls are to act. */
  readonly environment?: string | undefined;
}

/** The selection of everything that the operator allows. */
export const EVERYTHING: Selection = Object.freeze({});
