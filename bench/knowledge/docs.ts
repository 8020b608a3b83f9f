import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DocsLibrary } from '../../src/core/documentation.ts';
import { makeLibrary } from '../../src/knowledge/library.ts';
import { type FilesByPath, INDEX_PATH, type SiteFile, WHOLE_PATH } from '../../src/knowledge/site-files.ts';
import { readSiteIndex } from '../../src/knowledge/site-index.ts';
import { readSite } from '../../src/knowledge/site-reader.ts';
import { Slices } from '../../src/knowledge/slices.ts';
import { median } from '../statistics.ts';
import { CHAT } from './chat-questions.ts';
import { MIXED_DOCS } from './mixed-questions.ts';
import { HELD_BACK, LAST, type Question, TUNED, UNREAD } from './questions.ts';
import { STRANGERS_DOCS } from './stranger-questions.ts';

/*
 * How often `search_docs` finds the right page at once, and among the first three; what a search costs, and how long
 * making its index holds the event loop. Without a model.
 *
 *   npm run bench:docs -- https://docs.scalekit.com      or a folder with the site's text files
 */

const SITE = 'https://docs.scalekit.com';
const GOALS = { first: 0.8, firstThree: 0.95, searchMs: 5 };
const ROUNDS = 21;

/** The misses of sealed sets are not shown, so that nobody tunes with them. */
const SETS: readonly { readonly name: string; readonly questions: readonly Question[]; readonly isSealed?: boolean }[] =
  [
    { name: 'tuned', questions: TUNED },
    { name: 'in a chat', questions: CHAT },
    { name: 'held back', questions: HELD_BACK },
    { name: 'unread', questions: UNREAD },
    { name: 'last', questions: LAST },
    { name: 'by strangers, opened', questions: STRANGERS_DOCS.opened },
    { name: 'by strangers, sealed', questions: STRANGERS_DOCS.sealed, isSealed: true },
    { name: 'mixed, sealed', questions: MIXED_DOCS, isSealed: true },
  ];

/** What costs most: words that stand everywhere, and words that are nearly like many others. */
const DEAR: readonly string[] = [
  'organization user connection token session scim sso role api webhook environment client',
  'kubernetesss authenticatoin provisionning directorry',
  'connecto authorizatio integratio applicatio',
  'user '.repeat(80),
  Array.from({ length: 57 }, (_, i) => `organi${i}`).join(' '),
];

async function main(source: string): Promise<void> {
  const files = source.startsWith('http')
    ? await readSite(new URL(source).origin, undefined, new AbortController().signal)
    : await readFolder(source);
  if (files === undefined) return;
  const before = heapInUse();
  const { library, ms, longest } = await measured(() =>
    makeLibrary(files, SITE, new Slices(new AbortController().signal)),
  );
  console.log(
    `${library.pages.length} pages, index ${ms.toFixed(0)} ms in slices of ${longest.toFixed(1)} ms at most, heap ${((heapInUse() - before) / 1e6).toFixed(1)} MB`,
  );
  for (const { name, title, pages } of library.topics) console.log(`  ${name}: ${title}, ${pages.length} pages`);
  const shares = SETS.map(({ name, questions, isSealed }) => report(name, questions, library, isSealed));
  const { mean, dearest } = cost(
    library,
    SETS.flatMap(({ questions }) => questions),
  );
  console.log(
    `search: ${mean.toFixed(2)} ms on average, ${dearest.ms.toFixed(2)} ms for the dearest question (goal ${GOALS.searchMs}): ${dearest.ask.slice(0, 80)}`,
  );
  const isGood = shares.every(({ first, three }) => first >= GOALS.first && three >= GOALS.firstThree);
  process.exitCode = isGood && dearest.ms < GOALS.searchMs ? 0 : 1;
}

/** @param isSealed whether only the figures are printed */
function report(name: string, questions: readonly Question[], library: DocsLibrary, isSealed = false) {
  const ranks = questions.map(({ ask, pages }) => {
    const found = library.search(ask, 10).map(({ page }) => page.path);
    const rank = found.findIndex((path) => pages.includes(path));
    if (rank !== 0 && !isSealed)
      console.log(`  ${rank === -1 ? '>10' : rank + 1}  ${ask}\n       found ${found.slice(0, 3).join(', ')}`);
    return rank;
  });
  const share = (most: number) => ranks.filter((rank) => rank !== -1 && rank < most).length / ranks.length;
  const [first, three] = [share(1), share(3)];
  console.log(
    `${name}: ${questions.length} questions, rank 1 ${first.toFixed(2)} (goal ${GOALS.first}), first three ${three.toFixed(2)} (goal ${GOALS.firstThree})`,
  );
  return { first, three };
}

/** The CPU time of searches, in milliseconds: the median of each question, on average and for the dearest one. */
function cost(library: DocsLibrary, asked: readonly Question[]) {
  const questions = [...asked.map(({ ask }) => ask), ...DEAR];
  for (const ask of questions) library.search(ask, 5);
  const each = questions.map((ask) => {
    const times = Array.from({ length: ROUNDS }, () => {
      const before = process.cpuUsage();
      library.search(ask, 5);
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1000;
    });
    return { ask, ms: median(times) };
  });
  const mean = each.reduce((sum, { ms }) => sum + ms, 0) / each.length;
  return { mean, dearest: each.reduce((one, other) => (other.ms > one.ms ? other : one)) };
}

/** Runs work in slices, and finds out for how long it held the event loop at most. */
async function measured(work: () => Promise<DocsLibrary>) {
  let longest = 0;
  let last = performance.now();
  let isOver = false;
  const watch = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (!isOver) setImmediate(watch);
  };
  setImmediate(watch);
  const began = performance.now();
  last = began;
  const library = await work();
  isOver = true;
  return { library, ms: performance.now() - began, longest };
}

function heapInUse(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

/** A site's text files in a folder. */
async function readFolder(folder: string): Promise<FilesByPath> {
  const fileAt = async (path: string): Promise<[string, SiteFile]> => [
    path,
    { text: await readFile(join(folder, path), 'utf8').catch(() => ''), tag: undefined },
  ];
  const index = await fileAt(INDEX_PATH);
  const { sets } = readSiteIndex(index[1].text, SITE);
  return new Map([
    index,
    await fileAt(WHOLE_PATH),
    ...(await Promise.all(sets.map(({ url }) => fileAt(url.pathname)))),
  ]);
}

await main(process.argv[2] ?? SITE);
