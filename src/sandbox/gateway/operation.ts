import type { DescMessage, DescMethod } from '@bufbuild/protobuf';
import { type Access, accessOf, type Binding, bindingsOf } from '../contract/binding.ts';
import type { Draft, JsonOf } from '../contract/json.ts';
import type { Environment } from '../data/types.ts';
import type { EnvironmentContent, Store } from '../store.ts';
import type { Principal } from './authenticate.ts';

/** What an operation gets to work with. */
interface Call<In extends DescMessage> {
  /** The request message: read, and found to keep the rules of its descriptor. */
  readonly request: JsonOf<In>;
  readonly principal: Principal;
  readonly store: Store;
}

/** A call inside one environment. */
export interface EnvironmentCall<In extends DescMessage> extends Call<In> {
  readonly environment: Environment;
  readonly content: EnvironmentContent;
}

/** A method with its two messages, of generated code or of notation. */
interface Method<In extends DescMessage, Out extends DescMessage> {
  readonly input: In;
  readonly output: Out;
}

/** An operation in the table, its types erased: only the gateway calls it, after reading and checking. */
export type Operation = {
  readonly method: DescMethod;
  readonly access: Access;
  readonly status: 200 | 201;
} & Binding &
  (
    | { readonly place: 'workspace'; run(call: Call<DescMessage>): object }
    | { readonly place: 'environment'; run(call: EnvironmentCall<DescMessage>): object }
  );

/**
 * Carries out a method inside one environment, which `x-env-domain` or the client's token names. Descriptors do not
 * tell such methods from those on the workspace.
 * @param run yields the answer, of which unset fields may be missing, or throws `ApiError`
 * @param status 201 for what creates, where the API reference says so: annotations of descriptors say it of others too
 */
export function operation<In extends DescMessage, Out extends DescMessage>(
  method: Method<In, Out>,
  run: (call: EnvironmentCall<In>) => Draft<JsonOf<Out>>,
  status: 200 | 201 = 200,
): Operation[] {
  return bound(method, { place: 'environment', run, status });
}

/** Carries out a method on the workspace as a whole. */
export function workspaceOperation<In extends DescMessage, Out extends DescMessage>(
  method: Method<In, Out>,
  run: (call: Call<In>) => Draft<JsonOf<Out>>,
): Operation[] {
  return bound(method, { place: 'workspace', run, status: 200 });
}

function bound(typed: object, behavior: object): Operation[] {
  const method = typed as DescMethod;
  const facts = { method, access: accessOf(method), ...behavior };
  return bindingsOf(method).map((binding) => ({ ...facts, ...binding }) as unknown as Operation);
}
