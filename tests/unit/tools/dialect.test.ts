import { describe, expect } from 'vitest';
import { listedTools } from '../../../scripts/generated-files.ts';
import { TOKEN_BUDGET, TOOLSET_BUDGET, toolsetTokens, toolTokens } from '../../../scripts/tool-tokens.ts';
import { type Schema as Argument, argumentsOf } from '../../fixtures/schema-paths.ts';
import { verifies } from '../../verifies.ts';

/** What the major model providers have in common where they take JSON Schemas of tools. */
type Schema = Readonly<Record<string, unknown>>;

/** Every schema inside a schema, itself included, with its path. */
function* schemasIn(schema: Schema, path = '#'): Iterable<[path: string, schema: Schema]> {
  yield [path, schema];
  for (const [name, member] of Object.entries((schema['properties'] ?? {}) as Record<string, Schema>)) {
    yield* schemasIn(member, `${path}/${name}`);
  }
  for (const name of ['items', 'additionalProperties']) {
    const member = schema[name];
    if (typeof member === 'object' && member !== null) yield* schemasIn(member as Schema, `${path}/${name}`);
  }
  for (const name of ['anyOf', 'oneOf', 'allOf']) {
    for (const [i, member] of ((schema[name] ?? []) as Schema[]).entries()) {
      yield* schemasIn(member, `${path}/${name}/${i}`);
    }
  }
}

/** What the description of an argument says. */
const words = ({ description }: Argument) => description ?? '';

/** The limits of an argument, and of the members of a map. That something must not be empty goes without saying. */
function limitsIn(schema: Argument): unknown[] {
  const { additionalProperties: members } = schema;
  const own = ['minimum', 'maximum', 'minLength', 'maxLength', 'minItems', 'maxItems'].map(
    (keyword) => schema[keyword],
  );
  const inside = typeof members === 'object' ? limitsIn(members) : [];
  return [...own, ...inside].filter(
    (limit) => limit !== undefined && (limit !== 1 || schema['maxLength'] === undefined),
  );
}

const UNDERSTOOD = new Set([
  ...['type', 'description', 'enum', 'const', 'properties', 'required', 'additionalProperties', 'items', 'default'],
  ...['anyOf', 'minLength', 'maxLength', 'pattern', 'minimum', 'maximum', 'minItems', 'maxItems'],
]);

describe.each(listedTools().map((tool) => [tool.name, tool] as const))('%s', (name, tool) => {
  verifies('tools.dialect', 'has a name that every provider takes, and words for people', () => {
    expect(name).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
    expect(tool.title).not.toBe('');
    expect(tool.description.length).toBeGreaterThan(20);
    expect(tool.description.length).toBeLessThan(1024);
  });

  verifies('tools.dialect', 'takes an object whose schema every provider understands', () => {
    expect(tool.inputSchema.type).toBe('object');
    for (const union of ['anyOf', 'oneOf', 'allOf', 'not', 'enum']) expect(tool.inputSchema).not.toHaveProperty(union);
    for (const [path, schema] of schemasIn(tool.inputSchema)) {
      const unknown = Object.keys(schema).filter((keyword) => !UNDERSTOOD.has(keyword));
      expect(unknown, path).toEqual([]);
      if (schema['type'] === 'array') expect(schema, path).toHaveProperty('items');
      if (!('anyOf' in schema)) expect(typeof schema['type'], path).toBe('string');
    }
  });

  verifies('tools.limits', 'says every limit of an argument in words', () => {
    for (const { path, schema } of argumentsOf(tool)) {
      for (const limit of limitsIn(schema)) expect(words(schema), path.join('.')).toMatch(new RegExp(`\\b${limit}\\b`));
      if (schema['pattern'] !== undefined) expect(words(schema), path.join('.')).toMatch(/letters|digits|_…/);
    }
  });

  verifies('tools.limits', 'names what an object needs, and each entry of a list of objects', () => {
    for (const { path, schema } of argumentsOf(tool)) {
      const object = schema.items ?? schema;
      const isEntry = typeof path.at(-1) === 'number';
      if (object.type !== 'object' || isEntry) continue;
      expect(words(schema).length, path.join('.')).toBeGreaterThan(10);
      for (const member of object.required ?? []) expect(words(schema), path.join('.')).toContain(member);
    }
  });

  verifies('tools.always-load', 'is shown from the beginning, or has to be searched for', () => {
    const isNeeded = ['whoami', 'list_environments', 'list_organizations'].includes(name);
    expect(tool._meta).toEqual(isNeeded ? { 'anthropic/alwaysLoad': true } : undefined);
  });

  verifies('tools.integers', 'counts in whole numbers: nothing that it takes or yields is a fraction', () => {
    for (const [path, { type }] of [...schemasIn(tool.inputSchema), ...schemasIn(tool.outputSchema)]) {
      expect([type].flat(), path).not.toContain('number');
    }
  });

  verifies('tools.dialect', 'yields an object whose schema holds no references', () => {
    expect(tool.outputSchema.type).toBe('object');
    expect(JSON.stringify(tool.outputSchema)).not.toMatch(/"\$ref"|"\$defs"/);
  });
});

verifies('tools.tokens', 'the tools that are listed by default stay within the budget of tokens', () => {
  const total = [...toolTokens().values()].reduce((sum, count) => sum + count, 0);
  expect(total).toBeLessThan(TOKEN_BUDGET);
});

verifies('tools.tokens', 'the tools of each toolset stay within the budget of one', () => {
  for (const [toolset, count] of toolsetTokens()) expect([toolset, count < TOOLSET_BUDGET]).toEqual([toolset, true]);
});
