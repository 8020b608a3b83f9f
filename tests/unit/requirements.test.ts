import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { NOT_TESTED, REQUIREMENTS } from '../requirements.ts';

const TESTS = fileURLToPath(new URL('..', import.meta.url));

it('leaves nothing untested that it promises', () => {
  const excused = Object.keys(NOT_TESTED);
  expect(excused.filter((id) => id in REQUIREMENTS)).toEqual([]);
});

it('SECURITY.md leans on promises that there are', () => {
  const cited = [...readFileSync(`${TESTS}/../SECURITY.md`, 'utf8').matchAll(/`([a-z]+\.[a-z][a-z-]*)`/g)].map(
    ([, id]) => String(id),
  );
  expect(cited.length).toBeGreaterThan(20);
  expect(cited.filter((id) => !(id in REQUIREMENTS))).toEqual([]);
});
