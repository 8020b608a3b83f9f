import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const SRC = fileURLToPath(new URL('../../../src', import.meta.url));
const PACKAGE = new URL('../../../package.json', import.meta.url);

it('production needs no optional package: the sandbox alone imports them', () => {
  const optional = Object.keys(JSON.parse(readFileSync(PACKAGE, 'utf8')).optionalDependencies);
  const users = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.startsWith('sandbox/'))
    .filter((file) => {
      const source = readFileSync(`${SRC}/${file}`, 'utf8');
      return optional.some((name) => source.includes(`'${name}'`) || source.includes(`'${name}/`));
    });
  expect(users).toEqual([]);
});
