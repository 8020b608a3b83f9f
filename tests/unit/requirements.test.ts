import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { citedIn } from '../fixtures/citations.ts';
import { NOT_TESTED, REQUIREMENTS } from '../requirements.ts';

const TESTS = fileURLToPath(new URL('..', import.meta.url));

/** Ids that the titles of tests cite, with a file that does. */
function citations(): Map<string, string> {
  const found = new Map<string, string>();
  for (const file of readdirSync(TESTS, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.test.ts')) continue;
    const source = readFileSync(`${TESTS}/${file}`, 'utf8');
    const verified = [...source.matchAll(/\bverifies\b[^(]*\(\s*(\[[^\]]*\]|'[^']*')/g)].flatMap(([, ids = '']) =>
      [...ids.matchAll(/[a-z0-9-]+\.[a-z0-9-]+/g)].map(([id]) => id),
    );
    for (const id of [...citedIn(source), ...verified]) found.set(id, file);
  }
  return found;
}

it('cites every promise at least once, and no other', () => {
  const cited = citations();
  const uncited = Object.keys(REQUIREMENTS).filter((id) => !cited.has(id));
  const unknown = [...cited].filter(([id]) => !(id in REQUIREMENTS));
  expect({ uncited, unknown }).toEqual({ uncited: [], unknown: [] });
});

it('leaves nothing untested that it promises', () => {
  const excused = Object.keys(NOT_TESTED);
  expect(excused.filter((id) => id in REQUIREMENTS || citations().has(id))).toEqual([]);
});

it('SECURITY.md leans on promises that there are', () => {
  const cited = [...readFileSync(`${TESTS}/../SECURITY.md`, 'utf8').matchAll(/`([a-z]+\.[a-z][a-z-]*)`/g)].map(
    ([, id]) => String(id),
  );
  expect(cited.length).toBeGreaterThan(20);
  expect(cited.filter((id) => !(id in REQUIREMENTS))).toEqual([]);
});

describe('a citation', () => {
  // Ids in two pieces: this file is searched for citations too.
  const id = `[${'area'}.name]`;
  const body = ', () => {\n    expect(1).toBe(1);\n  });';

  it.each([
    ['a test', `  it('works ${id}'${body}`],
    ['a test with a table', `  it.each([\n    ['x', 1],\n  ])(\n    "works with %s ${id}",\n    () => {},\n  );`],
    ['a group that may be skipped where something is missing', `describe.skipIf(no)(\`works ${id}\`, () => {`],
    ['a test behind a comment', `  /** For https://example.com. */\n  it('works ${id}'${body}`],
    ['a test behind a skipped one', `  it.skip('x'${body}\n  it('works ${id}'${body}`],
  ])('counts in %s', (_, source) => {
    expect(citedIn(source)).toEqual(['area.name']);
  });

  it.each([
    ['a comment', `  // it('works ${id}'${body.replaceAll('\n', '\n  //')}`],
    ['a block of comments', `  /*\n  it('works ${id}'${body}\n  */`],
    ['a skipped test', `  it.skip('works ${id}'${body}`],
    ['a test that is yet to be written', `  it.todo('works ${id}', later);`],
    ['a test of a skipped group', `describe.skip('all', () => {\n  it('works ${id}'${body}\n});`],
    ['text that is no title', `const text = 'works ${id}';`],
  ])('does not count in %s', (_, source) => {
    expect(citedIn(source)).toEqual([]);
  });
});
