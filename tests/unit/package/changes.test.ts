import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { parse } from 'yaml';
import { verifies } from '../../verifies.ts';

const ROOT = new URL('../../../', import.meta.url);
const read = (file: string) => readFileSync(new URL(file, ROOT), 'utf8');
const project = JSON.parse(read('package.json'));

/** The versions that a page has a heading for, in its order. */
const versionsOf = (page: string) =>
  [...read(page).matchAll(/^## (\d+\.\d+\.\d+\S*)$/gm)].map(([, version]) => version);

verifies('package.changes', 'the newest version of both pages is that of the package', () => {
  // A new version is put behind the title, and in front of all that follows it.
  expect(read('CHANGELOG.md')).toMatch(new RegExp(`^# ${project.name}\n\n## `));
  expect(versionsOf('CHANGELOG.md')[0]).toBe(project.version);
  // A patch asks nothing of operators, so that only some versions have a part of their own.
  for (const version of versionsOf('docs/upgrading.md')) expect(versionsOf('CHANGELOG.md')).toContain(version);
});

verifies('package.changes', 'what is not released yet says which package changes, how much, and what in words', () => {
  const files = readdirSync(new URL('.changeset', ROOT)).filter((file) => file.endsWith('.md') && file !== 'README.md');
  for (const file of files) {
    const [, head = '', words = ''] = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(read(`.changeset/${file}`)) ?? [];
    const [size, ...others] = Object.values(parse(head) as Record<string, string>);
    expect([file, Object.keys(parse(head)), others]).toEqual([file, [project.name], []]);
    expect(['patch', 'minor', 'major']).toContain(size);
    expect(words.trim().length).toBeGreaterThan(20);
  }
});
