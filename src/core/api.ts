declare const pathBrand: unique symbol;

/** A path of the management API below `/api/v1`, made by the `path` tag alone: its segments are encoded. */
export interface Path {
  readonly [pathBrand]: true;
  readonly text: string;
  /** The same as it is written in the code, `{}` in place of each value: for metrics and traces. */
  readonly template: string;
}

/** Query parameters by their API names. Arrays become repeated parameters; `undefined` is left out. */
export type Query = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

/** The body of a request: a JSON object. Members that are `undefined` are left out, as `JSON.stringify` does. */
export interface Body {
  readonly [member: string]: BodyValue | undefined;
}

type BodyValue = string | number | boolean | null | readonly BodyValue[] | Body;

/**
 * What a tool sees of the management API: already bound to the caller's credential, to the environment that the call
 * names, to the call's cancellation and to its deadline. Answers are `unknown` because nobody has checked them yet.
 *
 * Every method throws a `ToolError` that says what happened and whether trying again can help.
 */
export interface Api {
  get(path: Path, query?: Query): Promise<unknown>;
  post(path: Path, body?: Body, query?: Query): Promise<unknown>;
  put(path: Path, body?: Body, query?: Query): Promise<unknown>;
  /** The API changes the fields that are present, and replaces lists whole. */
  patch(path: Path, body?: Body, query?: Query): Promise<unknown>;
  delete(path: Path, query?: Query): Promise<unknown>;
}
