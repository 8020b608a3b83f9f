import { describe, expect, it } from 'vitest';
import { OPERATIONS as SANDBOX } from '../../src/sandbox/operations/index.ts';
import { verifies } from '../verifies.ts';
import { OPERATIONS } from './contract.ts';

/** Parameters have the names of request fields, so templates that mean the same are equal texts. */
function bindingOf({ verb, path }: { readonly verb: string; readonly path: string }): string {
  return `${verb} ${path}`;
}

const DESCRIBED = new Map(OPERATIONS.map((operation) => [bindingOf(operation), operation]));

/*
 * An operation of the sandbox names its method and brings behaviour alone: binding, messages and rules are the
 * descriptor's. What is left to prove is that the registry has that method too, and that somebody may call it.
 */
describe('the sandbox', () => {
  verifies.each(
    'contract.descriptors',
    SANDBOX.map((operation) => [bindingOf(operation), operation] as const),
  )('%s is described', (binding, { method, body, access }) => {
    expect(DESCRIBED.get(binding)).toMatchObject({ name: `${method.parent.typeName}.${method.name}`, body });
    expect(access.accepts).toContain('workspace');
  });

  it('carries out no operation twice', () => {
    const bindings = SANDBOX.map(bindingOf);
    expect(bindings.filter((binding, index) => bindings.indexOf(binding) !== index)).toEqual([]);
  });
});
