import { describe, expect, it } from 'vitest';
import { OPERATIONS as SANDBOX } from '../../src/sandbox/api/operations.ts';
import { isObject } from './check-value.ts';
import { OPERATIONS } from './contract.ts';
import type { Message } from './model.ts';

type SandboxOperation = (typeof SANDBOX)[number];

/** Parameters have the names of request fields, so templates that mean the same are equal texts. */
function bindingOf({ verb, path }: { readonly verb: string; readonly path: string }): string {
  return `${verb} ${path}`;
}

const CONTRACT = new Map(OPERATIONS.map((operation) => [bindingOf(operation), operation]));

/** How an operation of the sandbox differs from the contract, a line for each difference. */
function differences(operation: SandboxOperation): string[] {
  const contract = CONTRACT.get(bindingOf(operation));
  if (contract === undefined) return [`the contract has no ${bindingOf(operation)}${sameShape(operation)}`];
  const { name, fields } = contract.request;
  const body =
    operation.body === contract.body ? [] : [`body: ${operation.body ?? 'none'}, contract: ${contract.body ?? 'none'}`];
  const requests = Object.entries(operation.request).flatMap(([field, reader]) => {
    const described = fields.get(field);
    if (described === undefined) return [`${field}: is not a field of ${name} (${[...fields.keys()].join(', ')})`];
    if (described.type.kind !== 'message') return [];
    const decode = (probe: unknown) => first(reader.fromJson(described.shape === 'list' ? [probe] : probe, field));
    return strangers(decode, described.type.message, field);
  });
  return [...body, ...requests];
}

/**
 * Fields below a message that the contract does not have. The sandbox reads every field that it knows, set or not, so
 * an empty object shows all names; fields that are messages themselves are looked into one by one.
 */
function strangers(decode: (probe: unknown) => unknown, { name: type, fields }: Message, path: string): string[] {
  const decoded = decode({});
  if (!isObject(decoded)) return [];
  return Object.keys(decoded).flatMap((name) => {
    const field = fields.get(name);
    if (field === undefined) return [`${path}.${name}: is not a field of ${type} (${[...fields.keys()].join(', ')})`];
    if (field.type.kind !== 'message') return [];
    const inner = (probe: unknown) => {
      const outer = decode({ [name]: field.shape === 'list' ? [probe] : probe });
      return isObject(outer) ? first(outer[name]) : undefined;
    };
    return strangers(inner, field.type.message, `${path}.${name}`);
  });
}

function first(value: unknown): unknown {
  return Array.isArray(value) ? value[0] : value;
}

/** Helps with the commonest mistake: another verb, or another name for a parameter. */
function sameShape(operation: SandboxOperation): string {
  const anonymous = (path: string) => path.replace(/\{\w+\}/g, '{}');
  const alike = OPERATIONS.filter(({ path }) => anonymous(path) === anonymous(operation.path));
  return alike.length === 0 ? '' : `; it has ${alike.map(bindingOf).toSorted().join(', ')}`;
}

describe('the sandbox', () => {
  it.each(SANDBOX.map((operation) => [bindingOf(operation), operation] as const))('%s is described', (_, operation) => {
    expect(differences(operation)).toEqual([]);
  });

  it('carries out no operation twice', () => {
    const bindings = SANDBOX.map(bindingOf);
    expect(bindings.filter((binding, index) => bindings.indexOf(binding) !== index)).toEqual([]);
  });

  it('would be caught with a field or a verb of its own [contract.descriptors]', () => {
    const [known] = SANDBOX.filter(({ verb, path }) => `${verb} ${path}` === 'POST /organizations');
    if (known === undefined) throw new Error('the sandbox creates no organizations');
    const { organization } = known.request;
    if (organization === undefined) throw new Error('the sandbox reads no organization');
    const nested = { ...organization, fromJson: () => ({ display_name: '', environment_id: '' }) };
    expect(differences({ ...known, verb: 'PUT' })).toEqual([expect.stringContaining('it has GET /organizations')]);
    expect(differences({ ...known, body: '*' })).toEqual(['body: *, contract: organization']);
    expect(differences({ ...known, request: { org: organization } })).toEqual([expect.stringContaining('org: is not')]);
    expect(differences({ ...known, request: { organization: nested } })).toEqual([
      expect.stringContaining('organization.environment_id: is not a field'),
    ]);
  });
});
