import type { DescMethodUnary, DescService, JsonValue } from '@bufbuild/protobuf';
import type { Verb } from './binding.ts';
import { build, packageOf, simpleName } from './build.ts';
import { declareMessage, usedBy } from './declare.ts';
import type { Fields, Form } from './field.ts';
import type { Stated } from './json.ts';

type Json = Readonly<Record<string, JsonValue>>;

/** Values of scalekit.v1.options.AuthenticationType. */
export const WORKSPACE = 64;
const WORKSPACE_CLIENT = 68;

/** What is known of a method: all that the options of its descriptor say, and its two messages. */
export interface Rpc<In extends Fields, Out extends Fields> {
  readonly binding: `${Verb} /${string}`;
  /** The request field that the JSON body fills; `*` for all that the path leaves. */
  readonly body?: string;
  readonly accepts?: typeof WORKSPACE | typeof WORKSPACE_CLIENT;
  readonly permissions?: readonly string[];
  readonly request: In;
  readonly response: Out;
}

type AnyRpc = Rpc<Fields, Fields>;

/** A service whose descriptor is built from notation. Its methods have the names that generated code would give them. */
export type Service<Rpcs extends Readonly<Record<string, AnyRpc>>> = DescService & {
  readonly method: {
    readonly [Name in keyof Rpcs]: DescMethodUnary<
      Stated<Form<Rpcs[Name]['request']>>,
      Stated<Form<Rpcs[Name]['response']>>
    >;
  };
};

/**
 * Describes a method of a service.
 * @param binding verb and path below `/api/v1`
 * @param facts whoever may call it (a workspace's people and an environment's client, unless told otherwise), and its
 *   messages, which are empty unless told otherwise
 */
export function rpc<const In extends Fields = Record<never, never>, const Out extends Fields = Record<never, never>>(
  binding: `${Verb} /${string}`,
  facts: Partial<Omit<Rpc<In, Out>, 'binding'>> = {},
): Rpc<In, Out> {
  return { binding, request: {} as In, response: {} as Out, ...facts };
}

/** Describes a service by its full name and its methods, whose names begin small. */
export function service<const Rpcs extends Readonly<Record<string, AnyRpc>>>(name: string, rpcs: Rpcs): Service<Rpcs> {
  const within = packageOf(name);
  const methods = Object.entries(rpcs).map(([method, facts]) => ({
    ...facts,
    name: method.slice(0, 1).toUpperCase() + method.slice(1),
  }));
  const messageType = methods.flatMap(({ name: method, request, response }) => [
    declareMessage(`${within}.${method}Request`, request),
    declareMessage(`${within}.${method}Response`, response),
  ]);
  const declared = { name: simpleName(name), method: methods.map((facts) => declareMethod(within, facts)) };
  const uses = methods.flatMap(({ request, response }) => [...usedBy(request), ...usedBy(response)]);
  return build<Service<Rpcs>>(name, { messageType, service: [declared] }, uses);
}

function declareMethod(within: string, { name, binding, body, accepts, permissions }: AnyRpc & { name: string }): Json {
  const [verb = '', path = ''] = binding.split(' ');
  return {
    name,
    inputType: `.${within}.${name}Request`,
    outputType: `.${within}.${name}Response`,
    options: {
      '[annotations.http]': { [verb.toLowerCase()]: `/api/v1${path}`, ...(body !== undefined && { body }) },
      '[scalekit.v1.options.auth_option]': {
        authentication_type: accepts ?? WORKSPACE_CLIENT,
        permissions: [...(permissions ?? [])],
      },
    },
  };
}
