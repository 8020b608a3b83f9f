import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { verifies } from '../../verifies.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const read = (file: string) => readFileSync(`${ROOT}/${file}`, 'utf8');

interface LockedPackage {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly dev?: boolean;
  readonly hasInstallScript?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const manifest: LockedPackage = JSON.parse(read('package.json'));
const { '': root, ...locked }: Record<string, LockedPackage> = JSON.parse(read('package-lock.json')).packages;
const names = (dependencies: LockedPackage['dependencies'] = {}) => Object.keys(dependencies).sort();

/** The cells of each row of the tables under a heading of docs/dependencies.md. */
function rowsUnder(heading: string): string[][] {
  const section =
    read('docs/dependencies.md')
      .split(/^## /m)
      .find((part) => part.startsWith(heading)) ?? '';
  const rows = [...section.matchAll(/^\| `.*$/gm)];
  return rows.map(([row]) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replace(/^`(.*)`$/, '$1')),
  );
}

verifies(
  'supply.dependencies',
  'docs/dependencies.md names each production dependency once, with its reason and what it reaches',
  () => {
    const [production, optional] = [rowsUnder('In production'), rowsUnder('Optional')];
    expect(production.map(([name]) => name)).toEqual(names(manifest.dependencies));
    expect(optional.map(([name]) => name)).toEqual(names(manifest.optionalDependencies));
    for (const row of [...production, ...optional]) {
      expect(row).toHaveLength(3);
      for (const cell of row) expect(cell).not.toBe('');
    }
  },
);

verifies('supply.integrity', 'the lock file holds every package to a digest, from the registry alone', () => {
  expect(root?.dependencies).toEqual(manifest.dependencies);
  expect(root?.optionalDependencies).toEqual(manifest.optionalDependencies);
  const loose = Object.entries(locked).filter(([path, { version, resolved, integrity, link }]) => {
    const fromRegistry = resolved === undefined || resolved.startsWith('https://registry.npmjs.org/');
    const isPackage = path.startsWith('node_modules/') && version !== undefined && link === undefined;
    return !isPackage || !fromRegistry || !/^sha512-[\w+/]{86}==$/.test(integrity ?? '');
  });
  expect(loose).toEqual([]);
  expect(Object.keys(locked).length).toBeGreaterThan(100);
});

verifies('supply.scripts', 'no package runs code while it is installed, and those that would are listed', () => {
  const settings = read('.npmrc')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith(';'));
  expect(settings).toEqual(['ignore-scripts=true']);
  const scripted = Object.entries(locked).filter(([, { hasInstallScript }]) => hasInstallScript);
  const listed = rowsUnder('Install scripts').map(([name]) => name);
  expect(scripted.map(([path]) => path.replace(/^.*node_modules\//, '')).sort()).toEqual(listed);
  // What production installs would not even want to.
  expect(scripted.filter(([, { dev }]) => dev !== true)).toEqual([]);
});
