import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { generatedFiles } from '../../scripts/generated-files.ts';
import { LAYERING } from '../../scripts/layering.ts';
import { SNAPSHOTS } from '../../scripts/snapshots.ts';
import { ROOT } from '../fixtures/process.ts';

it('docs/tools.md and the snapshots of the tools are what the catalogue yields [docs.generated]', async () => {
  const files = await generatedFiles();
  const kept = [
    ...readdirSync(`${ROOT}/${SNAPSHOTS}`).map((file) => `${SNAPSHOTS}/${file}`),
    'docs/tools.md',
    LAYERING,
  ];
  expect(kept.sort(), 'Run npm run generate').toEqual([...files.keys()].sort());
  for (const [path, content] of files) {
    expect(readFileSync(`${ROOT}/${path}`, 'utf8'), `${path} is stale: run npm run generate`).toBe(content);
  }
});
