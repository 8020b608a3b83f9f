import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { generatedFiles } from './generated-files.ts';
import { SNAPSHOTS } from './snapshots.ts';

/**
 * Writes all generated files: `docs/tools.md` and the snapshots from the catalogue, and the lint rules from the rooms.
 */
const files = await generatedFiles();
rmSync(SNAPSHOTS, { recursive: true, force: true });
for (const [path, content] of files) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}
console.log(`Wrote ${files.size} files.`);
