import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { catalogue, toolsets } from '../../../src/tools/index.ts';

const ROOT = new URL('../../../', import.meta.url);
const FILES = readdirSync(new URL('src/tools/', ROOT)).filter((file) => file.endsWith('.ts') && file !== 'index.ts');

describe.each(FILES)('src/tools/%s', (file) => {
  it('exports one toolset, which has its name and is in the catalogue', async () => {
    const exported: unknown[] = Object.values(await import(new URL(`src/tools/${file}`, ROOT).href));
    expect(exported).toEqual([expect.objectContaining({ name: file.replace(/\.ts$/, '').replaceAll('-', '_') })]);
    expect(toolsets).toContain(exported[0]);
  });
});

it('every tool knows its toolset', () => {
  expect(toolsets).toHaveLength(FILES.length);
  for (const { name, tools } of toolsets) for (const tool of tools) expect(tool.toolset).toBe(name);
  expect(catalogue).toEqual(toolsets.flatMap(({ tools }) => tools));
});
