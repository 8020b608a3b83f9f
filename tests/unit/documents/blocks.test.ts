import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { ROOT } from '../../fixtures/process.ts';
import { verifies } from '../../verifies.ts';

const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');

/** What runs a block, and the words there by which one sees it; or why nothing does. */
type Fate = { readonly runBy: string; readonly words: string } | { readonly because: string };

/** Every block of commands, by the beginning of its first line. */
const BLOCKS: Readonly<Record<string, Fate>> = {
  'npm ci && npm start': { runBy: '.ci/run', words: 'start_server demo npm start' },
  'npm run demo ': { runBy: '.ci/run', words: 'npm run demo' },
  'npm run test:unit': { because: 'It is what runs this.' },
  'npx -y @modelcontextprotocol/inspector': { runBy: 'scripts/ci/inspector.sh', words: '--method' },
  'TOKEN=$(curl': { runBy: 'scripts/ci/server.sh', words: '-u sandbox-machine:sandbox-secret' },
  'claude mcp add': { because: 'Claude Code is not installed where tests run; docs/clients.md says what was tried.' },
  'SCALEKIT_ENV_URL=https://your-app.scalekit.dev ': {
    because: 'Settings of an account; scripts/ci/production.sh starts a server with the same names.',
  },
  'SCALEKIT_ENV_URL=https://your-app.scalekit.dev\n': {
    because: 'Settings of an account; scripts/ci/image.sh starts a server with the same names.',
  },
  "RATE_LIMIT='{": { because: 'A setting; tests/unit/config/limits.test.ts reads settings of this form.' },
  'npm run audit:verify': { runBy: 'tests/process/preflight.test.ts', words: "['audit:verify']" },
  'npm install --no-save @stryker-mutator': {
    because: 'It takes hours, and packages that this project does not keep.',
  },
  'npm ci  ': { runBy: '.ci/run', words: "step 'Install' npm ci" },
};

const found = ['README.md', 'CONTRIBUTING.md', 'AGENTS.md'].flatMap((page) =>
  [...read(page).matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, block = '']) => block),
);

verifies('docs.blocks', 'every block is run by something, or says why not', () => {
  const begin = (block: string) => Object.keys(BLOCKS).filter((beginning) => block.startsWith(beginning));
  for (const block of found) expect([block, begin(block).length]).toEqual([block, 1]);
  const used = new Set(found.flatMap(begin));
  expect(Object.keys(BLOCKS).filter((beginning) => !used.has(beginning))).toEqual([]);
});

verifies('docs.blocks', 'what runs a block does so', () => {
  for (const fate of Object.values(BLOCKS)) {
    if ('runBy' in fate) expect(read(fate.runBy)).toContain(fate.words);
    else expect(fate.because.length).toBeGreaterThan(10);
  }
});
