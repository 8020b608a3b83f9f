import type { DescMessage, DescMethod } from '@bufbuild/protobuf';
import { type Access, accessOf, type Binding, bindingsOf } from '../contract/binding.ts';
import type { Draft, JsonOf } from '../contract/json.ts';
import type { Environment } from '../data/types.ts';
import type { Settings } from '../settings.ts';
import type { EnvironmentContent, Store } from '../store.ts';
import type { Principal } from './principal.ts';

/** What an operation gets to work with. */
interface Call<In extends DescMessage> {
  /** The request message: read, and found to keep the rules of its descriptor. */
  readonly request: JsonOf<In>;
  readonly principal: Principal;
  readonly store: Store;
  /** For what the gateway cannot decide: it drops the empty texts of a PATCH by itself. */
  readonly settings: Settings;
}

/** A call inside one environment. */
export interface EnvironmentCall<In extends DescMessage> extends Call<In> {
  readonly environment: Environment;
  readonly content: EnvironmentContent;
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

/** A service with the two messages of each method, of generated code or of notation. */
interface Service<Methods> {
  readonly method: Methods;
  /**
   * The methods that answer 201. They are named where the API reference says so: annotations of descriptors say it of
   * others too.
   */
  readonly created?: readonly (keyof Methods)[];
}

type AnyMethods = Readonly<Record<string, { readonly input: DescMessage; readonly output: DescMessage }>>;

/** What carries out methods, by their names: yields the answer, of which unset fields may be missing, or throws `ApiError`. */
type Runs<Methods extends AnyMethods, Where extends Operation['place']> = {
  readonly [Name in keyof Methods]?: (
    call: Where extends 'workspace' ? Call<Methods[Name]['input']> : EnvironmentCall<Methods[Name]['input']>,
  ) => Draft<JsonOf<Methods[Name]['output']>>;
};

/**
 * Carries out methods inside one environment, which `x-env-domain` or the client's token names. Descriptors do not tell
 * such methods from those on the workspace.
 */
export function operations<Methods extends AnyMethods>(
  service: Service<Methods>,
  runs: Runs<Methods, 'environment'>,
): Operation[] {
  return bound(service, 'environment', runs);
}

/** Carries out methods on the workspace as a whole. */
export function workspaceOperations<Methods extends AnyMethods>(
  service: Service<Methods>,
  runs: Runs<Methods, 'workspace'>,
): Operation[] {
  return bound(service, 'workspace', runs);
}

function bound<Methods extends AnyMethods>(
  { method: methods, created = [] }: Service<Methods>,
  place: Operation['place'],
  runs: Runs<Methods, 'environment'> | Runs<Methods, 'workspace'>,
): Operation[] {
  return Object.entries(runs).flatMap(([name, run]) => {
    const method = methods[name] as unknown as DescMethod;
    const facts = { method, access: accessOf(method), place, run, status: created.includes(name) ? 201 : 200 };
    return bindingsOf(method).map((binding) => ({ ...facts, ...binding }) as Operation);
  });
}
