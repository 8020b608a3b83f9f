import { describe, expect } from 'vitest';
import { listedTools } from '../../../scripts/generated-files.ts';
import { TOKEN_BUDGET, toolTokens } from '../../../scripts/tool-tokens.ts';
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

verifies('tools.tokens', 'all tools together stay within the budget of tokens', () => {
  const total = [...toolTokens().values()].reduce((sum, count) => sum + count, 0);
  expect(total).toBeLessThan(TOKEN_BUDGET);
});
