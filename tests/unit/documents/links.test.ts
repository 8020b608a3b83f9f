import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect } from 'vitest';
import { VARIABLES } from '../../../src/config/config.ts';
import { catalogue } from '../../../src/tools/index.ts';
import { sentencesFor } from '../../../src/web/sentences.ts';
import { ROOT } from '../../fixtures/process.ts';
import { verifies } from '../../verifies.ts';

const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');

const pages = ['.', 'docs', 'docs/decisions', 'docs/runbooks', '.changeset'].flatMap((folder) =>
  readdirSync(join(ROOT, folder))
    .filter((file) => file.endsWith('.md'))
    .map((file) => join(folder, file)),
);

/** What a page says outside of its blocks of code. */
const prose = (page: string) => read(page).replaceAll(/^( *)```[\s\S]*?^\1```/gm, '');

/** The anchors of a page, as GitHub makes them of its headings; the second of the same words ends with -1. */
function anchorsOf(page: string): ReadonlySet<string> {
  const anchors = new Set([...prose(page).matchAll(/<a (?:id|name)="([^"]+)"/g)].map(([, id = '']) => id));
  for (const [, heading = ''] of prose(page).matchAll(/^#{1,6} (.+)$/gm)) {
    const words = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const plain = words.replaceAll(/[^\p{L}\p{N}\p{M}_ -]/gu, '').replaceAll(' ', '-');
    let anchor = plain;
    for (let count = 1; anchors.has(anchor); count++) anchor = `${plain}-${count}`;
    anchors.add(anchor);
  }
  return anchors;
}

verifies.each('docs.links', pages)('%s links files and headings that there are', (page) => {
  const broken: string[] = [];
  for (const [, target = ''] of prose(page).matchAll(/\]\(([^()\s]+)\)/g)) {
    if (/^[a-z][a-z+.-]*:/i.test(target)) continue;
    const [path = '', anchor] = target.split('#');
    const file = path === '' ? page : normalize(join(dirname(page), path));
    if (!existsSync(join(ROOT, file))) broken.push(target);
    else if (anchor !== undefined && file.endsWith('.md') && !anchorsOf(file).has(anchor)) broken.push(target);
  }
  expect(broken).toEqual([]);
});

verifies('docs.links', 'links of README.md use no scheme that GitHub removes', () => {
  const schemes = [...prose('README.md').matchAll(/\]\(([a-z][a-z+.-]*):/gi)].map(([, scheme]) => scheme);
  expect(new Set(schemes)).toEqual(new Set(['https']));
});

verifies(
  'docs.first-screen',
  'README.md begins with what the front page says, and a picture that loads at once',
  () => {
    const words = read('README.md').split('\n## ')[0]?.replaceAll(/\s+/g, ' ') ?? '';
    for (const sentence of sentencesFor(catalogue)) expect(words).toContain(`*${sentence}*`);
    const [, picture = ''] = /!\[[^\]]{10,}\]\(([^)]+)\)/.exec(words) ?? [];
    expect(statSync(join(ROOT, picture)).size).toBeLessThan(200_000);
    expect(readFileSync(join(ROOT, picture)).subarray(1, 4).toString()).toBe('PNG');
  },
);

verifies('docs.configuration', 'the table of settings has all of them, each once', () => {
  const page = read('docs/configuration.md');
  const listed = [...page.matchAll(/^\| (`.*?) \| \S/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/(?:^|<br>)`([A-Z][A-Z0-9_]*)=/g)].map(([, name = '']) => name),
  );
  expect(listed.length).toBe(new Set(listed).size);
  expect(Object.keys(VARIABLES).filter((name) => !listed.includes(name))).toEqual([]);
});
