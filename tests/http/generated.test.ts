import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { generatedFiles } from '../../scripts/generated-files.ts';
import { LAYERING } from '../../scripts/layering.ts';
import { SNAPSHOTS } from '../../scripts/snapshots.ts';
import { ROOT } from '../fixtures/process.ts';
import { verifies } from '../verifies.ts';

verifies('docs.generated', 'docs/tools.md and the snapshots of the tools are what the catalogue yields', async () => {
  const files = await generatedFiles();
  const kept = [
    ...readdirSync(`${ROOT}/${SNAPSHOTS}`).map((file) => `${SNAPSHOTS}/${file}`),
    'docs/tools.md',
    'docs/configuration.md',
    'docs/coverage.md',
    'CONTRIBUTING.md',
    'README.md',
    'Dockerfile',
    'deploy/compose.yaml',
    'deploy/kubernetes/base/deployment.yaml',
    'deploy/kubernetes/overlays/example/kustomization.yaml',
    'docs/clients.md',
    'server.json',
    LAYERING,
  ];
  expect(kept.sort(), 'Run npm run generate').toEqual([...files.keys()].sort());
  for (const [path, content] of files) {
    expect(readFileSync(`${ROOT}/${path}`, 'utf8'), `${path} is stale: run npm run generate`).toBe(content);
  }
});
