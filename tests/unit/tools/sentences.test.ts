import { describe, expect } from 'vitest';
import { z } from 'zod';
import { isObject } from '../../../src/core/json.ts';
import { secretArguments } from '../../../src/release/secret-arguments.ts';
import { catalogue } from '../../../src/tools/index.ts';
import { EXAMPLES } from '../../fixtures/examples/index.ts';
import { verifies } from '../../verifies.ts';

const writes = catalogue.filter(({ effect }) => effect !== 'read');

/** The texts and numbers in arguments. */
function valuesIn(value: unknown): unknown[] {
  if (Array.isArray(value)) return value.flatMap(valuesIn);
  if (isObject(value)) return Object.values(value).flatMap(valuesIn);
  return typeof value === 'string' || typeof value === 'number' ? [value] : [];
}

describe('the sentence of a tool that changes something', () => {
  verifies.each(
    'confirm.sentence',
    writes.map((tool) => [tool.name, tool] as const),
  )('%s says what it is about to do, with the values of its arguments', (name, { input, does, standsForAnother }) => {
    const args = z.strictObject(input).parse(EXAMPLES[name]?.arguments ?? {});
    const said = does?.(args).text ?? '';
    expect(said).toMatch(/^[A-Z].*\.$/s);
    const secrets = secretArguments(args);
    for (const secret of secrets) expect(said).not.toContain(secret);
    const values = standsForAnother
      ? [args['name']]
      : valuesIn(args).filter((value) => !secrets.includes(String(value)));
    for (const value of values) expect(said).toContain(JSON.stringify(value));
  });
});
