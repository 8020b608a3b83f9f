import { wholeSurface } from '../../scripts/generated-files.ts';
import { findEntries } from '../../src/access/find.ts';
import { prompts } from '../../src/prompts/index.ts';
import { ranker, stem } from '../../tests/fixtures/bm25.ts';
import { HELD_BACK_PROMPTS, HELD_BACK_TOOLS } from './held-back-tools.ts';
import { MIXED_TOOLS } from './mixed-questions.ts';
import { STRANGERS_TOOLS } from './stranger-questions.ts';
import { type Asked, TUNED_PROMPTS, TUNED_TOOLS } from './tool-questions.ts';
import { DEVELOPED_TOOLS, FRESH_TOOLS, LAST_TOOLS } from './trade-questions.ts';

/*
 * How often `find_tools` finds the right tool at once, and among the first three; how often a program that searches prompts
 * by the words of their titles and descriptions finds the right one; and whether `find_tools` finds the tools that the
 * prompts name by what their descriptions say. Without a model.
 *
 *   npm run bench:tools                every goal
 *   npm run bench:tools -- --check     what was reached already
 */

interface Shares {
  readonly first: number;
  readonly firstThree: number;
}

const GOALS: Shares = { first: 0.85, firstThree: 0.95 };
/** What was reached. No change may fall below it. */
const REACHED = {
  heldBack: { first: 0.85, firstThree: 0.95 },
  fresh: { first: 0.94, firstThree: 0.98 },
  last: { first: 0.92, firstThree: 0.97 },
  opened: { first: 0.93, firstThree: 0.97 },
  sealed: { first: 0.66, firstThree: 0.86 },
  mixed: { first: 0.88, firstThree: 0.95 },
} satisfies Record<string, Shares>;
const isCheck = process.argv.includes('--check');

const surface = wholeSurface();
const toolsFor = (query: string) => findEntries(query, 6, surface).map(({ tool }) => tool.name);
const promptsFor = ranker(
  new Map(prompts.map(({ name, title, description }) => [name, `${name} ${title} ${description}`])),
  stem,
);

/**
 * Whether the goals are met.
 * @param isSealed whether only the figures are printed
 */
function report(
  title: string,
  asked: readonly Asked[],
  find: (query: string) => readonly string[],
  goals: Shares = GOALS,
  isSealed = false,
): boolean {
  const ranks = asked.map(([query, ...good]) => {
    const found = find(query);
    const rank = found.findIndex((name) => good.includes(name));
    if (rank !== 0 && !isSealed)
      console.log(`  ${rank === -1 ? 'not found' : `rank ${rank + 1}`}: ${query}: ${found[0]}`);
    return rank;
  });
  const share = (most: number) => ranks.filter((rank) => rank >= 0 && rank < most).length / ranks.length;
  const [first, firstThree] = [share(1), share(3)];
  console.log(
    `${title}: ${asked.length} questions: rank 1 ${first.toFixed(2)} (goal ${goals.first}), rank 3 ${firstThree.toFixed(2)} (goal ${goals.firstThree})`,
  );
  return first >= goals.first && firstThree >= goals.firstThree;
}

function main(): void {
  const isGood = [
    report('tools, tuned', TUNED_TOOLS, toolsFor),
    report('tools, by trade, developed', DEVELOPED_TOOLS, toolsFor),
    report('tools, held back', HELD_BACK_TOOLS, toolsFor, isCheck ? REACHED.heldBack : GOALS),
    report('tools, by trade, fresh', FRESH_TOOLS, toolsFor, isCheck ? REACHED.fresh : GOALS),
    report('tools, by trade, last', LAST_TOOLS, toolsFor, isCheck ? REACHED.last : GOALS),
    report('tools, by strangers, opened', STRANGERS_TOOLS.opened, toolsFor, isCheck ? REACHED.opened : GOALS),
    report('tools, by strangers, sealed', STRANGERS_TOOLS.sealed, toolsFor, isCheck ? REACHED.sealed : GOALS, true),
    report('tools, mixed, sealed', MIXED_TOOLS, toolsFor, isCheck ? REACHED.mixed : GOALS, true),
    report('prompts, tuned', TUNED_PROMPTS, promptsFor),
    report('prompts, held back', HELD_BACK_PROMPTS, promptsFor),
  ];
  for (const { name, title, description, tools } of prompts) {
    const near = toolsFor(`${title} ${description}`).filter((tool) => tools.includes(tool));
    console.log(`  ${name}: ${near.length} of the first six found by its description are tools of its steps`);
  }
  if (isGood.includes(false)) process.exitCode = 1;
}

main();
