import { describe, expect } from 'vitest';
import { z } from 'zod';
import { narrow } from '../../../../src/access/surface.ts';
import { toolset } from '../../../../src/core/toolset.ts';
import { bodyLimitOf, readLimitOf } from '../../../../src/mcp/receive/body-limit.ts';
import { catalogue } from '../../../../src/tools/index.ts';
import { verifies } from '../../../verifies.ts';

const KIB = 1024;
const realm = {
  mode: 'workspace',
  admission: { subjects: undefined, clients: undefined, organizations: undefined },
  scopeSpelling: 'long',
  environmentUrl: 'https://acme.scalekit.dev',
  origin: 'https://mcp.example.com',
} as const;
const texts = (...lengths: number[]) =>
  Object.fromEntries(lengths.map((length, i) => [`text${i}`, z.string().max(length)]));
const { tools } = toolset('probes', { area: 'workspace', place: 'workspace' }, (t) => [
  t.read('short', { description: 'For tests.', input: texts(2_000, 32 * KIB), output: {}, run: () => ({}) }),
  t.read('long', { description: 'For tests.', input: texts(40_000, 100), output: {}, run: () => ({}) }),
  t.read('endless', { description: 'For tests.', input: texts(400_000, 400_000), output: {}, run: () => ({}) }),
]);
const surface = narrow(tools, realm, { optIns: [] });
const limitOf = (name: string) => {
  const entry = surface.tools.get(name);
  return entry === undefined ? undefined : bodyLimitOf(entry);
};

describe('the largest body', () => {
  verifies('wire.too-large', 'of a tool follows from the longest arguments that it declares', () => {
    expect(limitOf('short')).toBe(64 * KIB);
    // Each character may be written as \uXXXX.
    expect(limitOf('long')).toBe(64 * KIB + 6 * 40_000);
    expect(limitOf('endless')).toBe(KIB * KIB);
  });

  verifies('wire.too-large', 'that is read is that of the tool in the header, or the largest of all', () => {
    expect(readLimitOf(surface, undefined)).toBe(KIB * KIB);
    expect(readLimitOf(surface, 'long')).toBe(limitOf('long'));
    expect(readLimitOf(surface, 'short')).toBe(64 * KIB);
    expect(readLimitOf(surface, 'no_such_tool')).toBe(64 * KIB);
  });

  verifies('wire.too-large', 'is 64 KiB, unless tools of third parties may be executed', () => {
    expect(readLimitOf(narrow(catalogue, realm, { optIns: [] }), undefined)).toBe(64 * KIB);
    const all = narrow(catalogue, realm, { optIns: ['agent_tool_execution'] });
    expect(
      [...all.tools.values()].filter((entry) => bodyLimitOf(entry) > 64 * KIB).map(({ tool }) => tool.name),
    ).toEqual(['execute_agent_tool']);
  });
});
