import { describe, expect } from 'vitest';
import { listedTools, wholeSurface } from '../../../scripts/generated-files.ts';
import { TOKEN_BUDGET, TOOLSET_BUDGET, toolsetTokens, toolTokens } from '../../../scripts/tool-tokens.ts';
import { describedInput } from '../../../src/access/listing.ts';
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

const LIMITS = ['minimum', 'maximum', 'minLength', 'maxLength', 'minItems', 'maxItems'];

/** The limits of an argument, and of the members of a map. That something is not empty, or not 0, goes without saying. */
function limitsIn(schema: Argument): unknown[] {
  const { additionalProperties: members } = schema;
  const inside = typeof members === 'object' ? limitsIn(members) : [];
  return [...LIMITS.map((keyword) => schema[keyword]), ...inside].filter((limit) => limit !== undefined && limit !== 1);
}

/** The arguments of a tool with the limits that are checked, which its list does not say by keywords. */
const checkedArguments = (name: string) => {
  const entry = wholeSurface().tools.get(name);
  if (entry === undefined) throw new Error(`No tool is called ${name}.`);
  return argumentsOf({ inputSchema: describedInput(entry.arguments) });
};

const UNDERSTOOD = new Set([
  ...['type', 'description', 'enum', 'const', 'properties', 'required', 'additionalProperties', 'items', 'default'],
  ...['anyOf', 'pattern'],
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
    const listed = new Map(argumentsOf(tool).map(({ path, schema }) => [path.join('.'), schema]));
    for (const { path, schema: checked } of checkedArguments(name)) {
      const schema = listed.get(path.join('.')) ?? {};
      for (const limit of limitsIn(checked))
        expect(words(schema), path.join('.')).toMatch(new RegExp(`\\b${limit}\\b`));
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
