import type { Environment } from '../data/types.ts';
import type { EnvironmentContent, Store } from '../store.ts';
import type { Principal } from './authenticate.ts';
import type { Decoded, Shape } from './message.ts';

/** What an operation gets to work with. */
interface Call<S extends Shape> {
  readonly request: Decoded<S>;
  readonly principal: Principal;
  readonly store: Store;
}

/** A call inside one environment. */
interface EnvironmentCall<S extends Shape> extends Call<S> {
  readonly environment: Environment;
  readonly content: EnvironmentContent;
}

interface Definition<S extends Shape> {
  readonly verb: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below `/api/v1`; `{name}` stands for one segment and fills the request field of that name. */
  readonly path: string;
  readonly accepts: readonly Principal['kind'][];
  /** Named in the refusal of a principal that is not accepted. */
  readonly permission: string;
  /** The request field that the JSON body fills, where there is one. */
  readonly body?: string;
  readonly request: S;
  /** 201 for operations that create. */
  readonly status?: 201;
}

/** An operation in the table, its types erased: only the gateway calls it, after decoding and checking. */
export type Operation = Definition<Shape> &
  (
    | { readonly place: 'workspace'; run(call: Call<Shape>): object }
    | { readonly place: 'environment'; run(call: EnvironmentCall<Shape>): object }
  );

/** Declares an operation on the workspace as a whole. `run` yields the body of the answer or throws `ApiError`. */
export function workspaceOperation<const S extends Shape>(
  definition: Definition<S> & { run(call: Call<S>): object },
): Operation {
  return { ...definition, place: 'workspace' } as unknown as Operation;
}

/** Declares an operation inside one environment, which `x-env-domain` or the client's token names. */
export function environmentOperation<const S extends Shape>(
  definition: Definition<S> & { run(call: EnvironmentCall<S>): object },
): Operation {
  return { ...definition, place: 'environment' } as unknown as Operation;
}
