import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { REQUIREMENTS } from '../requirements.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** The title of a test, as far as it stands in one line. */
const TITLE = /['"`][^'"`]*\[[a-z0-9-]+\.[a-z0-9-]+\][^'"`]*['"`],/g;

/** Ids that the titles of tests cite, with a file that does. */
function citations(): Map<string, string> {
  const found = new Map<string, string>();
  for (const file of readdirSync(ROOT, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.test.ts')) continue;
    const source = readFileSync(`${ROOT}/${file}`, 'utf8');
    for (const [title] of source.matchAll(TITLE)) {
      for (const [, id] of title.matchAll(/\[([a-z0-9-]+\.[a-z0-9-]+)\]/g)) found.set(String(id), file);
    }
  }
  return found;
}

it('cites every promise at least once, and no other', () => {
  const cited = citations();
  const uncited = Object.keys(REQUIREMENTS).filter((id) => !cited.has(id));
  const unknown = [...cited].filter(([id]) => !(id in REQUIREMENTS));
  expect({ uncited, unknown }).toEqual({ uncited: [], unknown: [] });
});
