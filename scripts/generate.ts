import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { generatedFiles } from './generated-files.ts';
import { SNAPSHOTS } from './snapshots.ts';

/** Writes what is derived: from the catalogue `docs/tools.md` and the snapshots, from the rooms their lint rules. */
const files = await generatedFiles();
rmSync(SNAPSHOTS, { recursive: true, force: true });
for (const [path, content] of files) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}
console.log(`Wrote ${files.size} files.`);
