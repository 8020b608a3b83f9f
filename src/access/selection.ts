/** What one side of a request names: the URL, or the headers. */
export interface Named {
  /** Names of toolsets, `default` and `all` among them. */
  readonly toolsets: readonly string[];
  /** Names of tools, in addition to those of the toolsets. */
  readonly tools: readonly string[];
}

/** Which part of the catalogue a request asks to see. It can only narrow what the operator allows. */
export interface Selection {
  /** What each side names that names something. A tool has to be named by all of them. None: the default tools. */
  readonly named?: readonly Named[] | undefined;
  /** Whether tools that change anything are left out. */
  readonly readOnly?: boolean | undefined;
  /** The id of the one environment in which all calls are to act. */
  readonly environment?: string | undefined;
  /** Whether its client shows views (MCP Apps), where the URL or a header says so; see `showsViews`. */
  readonly apps?: boolean | undefined;
}

/** The selection of a request that asks for nothing in particular. */
export const EVERYTHING: Selection = Object.freeze({});

/** The toolset of what is listed without a selection, and that of every tool. */
export const DEFAULT_TOOLSET = 'default';
export const WHOLE_TOOLSET = 'all';
