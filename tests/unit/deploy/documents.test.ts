import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { VARIABLES } from '../../../src/config/config.ts';
import { nearMisses } from '../../../src/config/near-misses.ts';
import { catalogue } from '../../../src/tools/index.ts';
import { read } from '../../fixtures/deployments.ts';
import { ROOT } from '../../fixtures/process.ts';
import { verifies } from '../../verifies.ts';

const pages = [
  'README.md',
  'AGENTS.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(ROOT, 'docs'))
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`),
];

verifies.each('docs.commands', pages)('names scripts and files that there are: %s', (page) => {
  const text = read(page);
  const { scripts } = JSON.parse(read('package.json'));
  const named = [...text.matchAll(/\bnpm run (?:--\S+ )?([\w:]+)/g)].map(([, name]) => name);
  expect(named.filter((name) => !(String(name) in scripts))).toEqual([]);
  const built = [...text.matchAll(/\bdist\/([\w/-]+)\.js\b/g)].map(([, file]) => `src/${file}.ts`);
  expect(built.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
});

verifies.each('docs.commands', pages)('names variables as they are called: %s', (page) => {
  const words = [...new Set(read(page).match(/\b[A-Z]+(_[A-Z]+)+\b/g))].filter((word) => !(word in VARIABLES));
  const misses = nearMisses(Object.fromEntries(words.map((word) => [word, 'x'])), Object.keys(VARIABLES));
  // What Scalekit's own SDKs call it.
  expect(misses.filter(({ name }) => name !== 'SCALEKIT_ENVIRONMENT_URL')).toEqual([]);
});

verifies('docs.commands', 'pins the MCP Inspector, in the version that is tried, with a token', () => {
  const [line] = /`npx -y @modelcontextprotocol\/inspector@[^`]*`/.exec(read('README.md')) ?? [];
  const [, version] = /inspector@(\d+\.\d+\.\d+) /.exec(String(line)) ?? [];
  expect(line).toContain(' --header "Authorization: Bearer $TOKEN" ');
  expect(read('.ci/run')).toContain(` @modelcontextprotocol/inspector@${version} `);
  const versions = [...read('README.md').matchAll(/modelcontextprotocol\/inspector@?(\S*)/g)].map(([, one]) => one);
  expect(versions).toEqual([version, version]);
});

verifies('docs.commands', 'calls a tool that there is with the Inspector, and has npx ask nothing', () => {
  const page = read('README.md');
  const [, name, args = ''] = / --method tools\/call --tool-name (\w+) --tool-arg (.*)\n/.exec(page) ?? [];
  const tool = catalogue.find((one) => one.name === name);
  const known = ['environmentId', ...Object.keys(tool?.input ?? {})];
  expect(tool?.place).toBe('environment');
  for (const arg of args.split(' ')) expect(known).toContain(arg.split('=')[0]);
  const fetched = [...page.matchAll(/\bnpx(?:`, arguments `| )(\S+)/g)].map(([, first]) => first);
  expect(fetched.filter((first) => first !== 'would')).toEqual(['-y', '-y', '-y']);
});

verifies('docs.commands', 'says the same of SCALEKIT_API_URL everywhere, and asks it the same', () => {
  for (const page of [
    'README.md',
    '.env.example',
    'docs/dashboard.md',
    'deploy/.env.example',
    'deploy/kubernetes/overlays/example/settings.env',
  ]) {
    expect(read(page), page).toMatch(/the host alone; a trailing `?\/api\/v1`? is accepted/i);
  }
  for (const page of ['docs/dashboard.md', 'docs/runbooks/ScalekitMcpManagementApi.md']) {
    expect(read(page), page).toContain('curl -si "$SCALEKIT_API_URL/api/v1/environments"');
  }
});

verifies('docs.commands', 'for operators stay in one folder, and make the secrets that they use', () => {
  const page = read('docs/operations.md');
  expect(page).not.toMatch(/^(.*&& )?cd /m);
  for (const section of page.split(/^##+ /m)) {
    const used = [...section.matchAll(/(?:=|\$PWD\/)(deploy\/secrets\/[\w-]+)/g)].map(([, file]) => String(file));
    for (const file of used) expect(section).toMatch(new RegExp(`^(cat|openssl rand .*) > ${file}\\b`, 'm'));
  }
  const outside = [...page.matchAll(/(?:=|\$PWD\/|^cat > )(secrets\/\S+)/gm)];
  expect(outside).toEqual([]);
});
