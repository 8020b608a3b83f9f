import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { read } from '../../fixtures/deployments.ts';
import { ROOT } from '../../fixtures/process.ts';
import { verifies } from '../../verifies.ts';

const page = read('docs/unconfirmed.md');
const sections = page.split(/^## /m).slice(1);
const anchorOf = (heading: string) => heading.toLowerCase().replaceAll(' ', '-');
const anchors = sections.map((section) => anchorOf(section.split('\n', 1)[0] ?? ''));

verifies('docs.unconfirmed', 'each fact has its question, what the server does, and how to find out', () => {
  expect(sections.length).toBeGreaterThan(10);
  for (const section of sections) {
    expect(section).toMatch(/^.+\n\n\*[^*]+\?\*/);
    expect(section).toMatch(/Find out:\s\S/);
  }
});

verifies('docs.unconfirmed', 'the code that decides is where the page says', () => {
  const named = [...page.matchAll(/`(src\/[\w/.-]+)`/g)].map(([, file]) => String(file));
  expect(named.length).toBeGreaterThan(10);
  for (const file of named) expect(existsSync(join(ROOT, file)), file).toBe(true);
});

verifies('docs.unconfirmed', 'what code and other pages refer to is on the page', () => {
  const files = ['src', 'docs'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.(ts|md)$/.test(file))
      .map((file) => join(folder, file)),
  );
  const referred = [...files, 'README.md'].flatMap((file) => {
    return [...read(file).matchAll(/unconfirmed\.md#([\w-]+)/g)].map(([, anchor]) => String(anchor));
  });
  expect(referred.length).toBeGreaterThan(0);
  for (const anchor of referred) expect(anchors).toContain(anchor);
});
