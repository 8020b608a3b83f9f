import { readFileSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { OPERATIONS } from '../../src/sandbox/operations/index.ts';
import { catalogue } from '../../src/tools/index.ts';
import { TOOLS_OF_THE_API } from '../fixtures/tools-of-the-api.ts';
import { verifies } from '../verifies.ts';

/** The operations of each tool, as docs/tools.md lists them: observed while the examples run. */
const REFERENCE = readFileSync(new URL('../../docs/tools.md', import.meta.url), 'utf8');

function operationsOf(tool: string): string[] {
  const [, section = ''] = new RegExp(`^## ${tool}\\n([\\s\\S]*?)(?=^## |$(?![\\s\\S]))`, 'm').exec(REFERENCE) ?? [];
  const [, operations = ''] = /^- API: (.*)$/m.exec(section) ?? [];
  return [...operations.matchAll(/`([A-Z]+ [^`]+)`/g)].map(([, operation]) => String(operation));
}

const ACCEPTED = new Map(OPERATIONS.map(({ verb, path, access }) => [`${verb} ${path}`, access.accepts]));

/** A client cannot act in the environment that it would make. */
const NO_USE_TO_CLIENTS: ReadonlySet<string> = new Set(['create_environment']);

describe('the operations of', () => {
  const using = catalogue.filter(({ name }) => operationsOf(name).length > 0);

  verifies.each(
    'contract.credentials',
    using.map((tool) => [tool.name, tool] as const),
  )('%s accept the credential of every mode in which it is listed', (name, { needsWorkspaceToken }) => {
    const operations = operationsOf(name);
    for (const operation of operations) expect(ACCEPTED.get(operation), operation).toContain('workspace');
    // A client may call some that name its environment, but nobody has told it the id.
    const isWithheld = operations.some(
      (operation) => !ACCEPTED.get(operation)?.includes('client') || operation.includes('/environments/{'),
    );
    expect(needsWorkspaceToken !== undefined, operations.join()).toBe(isWithheld || NO_USE_TO_CLIENTS.has(name));
  });

  verifies('contract.credentials', 'nearly all tools are known', () => {
    expect(using.length).toBeGreaterThan(TOOLS_OF_THE_API.length - 2);
  });
});
