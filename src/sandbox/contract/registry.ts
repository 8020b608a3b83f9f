import type { DescMessage, DescMethod, DescService } from '@bufbuild/protobuf';
import { type Binding, bindingsOf } from './binding.ts';
import { createRegistry } from './protobuf.ts';
import { PUBLISHED_SERVICES } from './published/index.ts';
import { loadSdkFiles } from './sdk.ts';

/** An operation of the management API: a method and one of the ways to reach it over HTTP. */
export interface ApiOperation extends Binding {
  /** Full name of its service and method. */
  readonly name: string;
  readonly method: DescMethod;
}

const files = loadSdkFiles();

const types = createRegistry(...files, ...PUBLISHED_SERVICES.map(({ file }) => file));

/** The operations that the SDK's descriptors bind to HTTP. */
export const SDK_OPERATIONS: readonly ApiOperation[] = files.flatMap(({ services }) => services).flatMap(operationsOf);

/** The operations that are described by hand. */
export const PUBLISHED_OPERATIONS: readonly ApiOperation[] = PUBLISHED_SERVICES.flatMap(operationsOf);

/** Every operation of the management API that is described. */
export const API_OPERATIONS: readonly ApiOperation[] = [...SDK_OPERATIONS, ...PUBLISHED_OPERATIONS];

/** A message that is described, whether by the SDK or by hand, by its full name; `undefined` when there is none. */
export function messageNamed(name: string): DescMessage | undefined {
  return types.getMessage(name);
}

function operationsOf({ methods }: DescService): ApiOperation[] {
  return methods.flatMap((method) =>
    bindingsOf(method).map((binding) => ({ ...binding, name: `${method.parent.typeName}.${method.name}`, method })),
  );
}
