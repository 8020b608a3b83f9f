declare const pathBrand: unique symbol;

/** A path of the management API below `/api/v1`. Only the `path` tag makes one, which encodes its segments. */
export interface Path {
  readonly [pathBrand]: true;
  readonly text: string;
  /** The same path with `{}` instead of each value, for metrics and traces. */
  readonly template: string;
}

/** Query parameters by their API names. An array becomes a repeated parameter; `undefined` is left out. */
export type Query = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

/** The body of a request: a JSON object; that of a few operations is a list of such. Members that are `undefined` are left out, as `JSON.stringify` does. */
export interface Body {
  readonly [member: string]: BodyValue | undefined;
}

type BodyValue = string | number | boolean | null | readonly BodyValue[] | Body;

/** The API for what only reads. */
export type Reader = Pick<Api, 'get'>;

/**
 * What a tool sees of the management API. It is already bound to the credential, the environment, the abort signal and
 * the deadline of the call. Every method resolves to the parsed JSON body of a 2xx response. Its type is `unknown`,
 * because it has not been checked yet.
 *
 * Every method throws a `ToolError` that says what happened and whether a retry can help.
 */
export interface Api {
  get(path: Path, query?: Query): Promise<unknown>;
  post(path: Path, body?: Body | readonly Body[], query?: Query): Promise<unknown>;
  put(path: Path, body?: Body, query?: Query): Promise<unknown>;
  /** The API changes the fields that are present. It replaces lists as a whole. */
  patch(path: Path, body?: Body, query?: Query): Promise<unknown>;
  delete(path: Path, query?: Query): Promise<unknown>;
  /**
   * Does work that reads something, changes it, and writes it again: after all such work of this process on the same
   * thing in the same environment. The API has no versions, so that of two at once one would be lost. Writers elsewhere
   * are not held up, so that the work still has to look at what is there afterwards.
   * @param thing its path
   */
  inTurn<T>(thing: Path, work: () => Promise<T>): Promise<T>;
}
