import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { VARIABLES } from '../../../src/config/config.ts';
import { nearMisses } from '../../../src/config/near-misses.ts';
import { catalogue, toolsets } from '../../../src/tools/index.ts';
import { read } from '../../fixtures/deployments.ts';
import { ROOT } from '../../fixtures/process.ts';
import { verifies } from '../../verifies.ts';

const pagesIn = (folder: string) =>
  readdirSync(join(ROOT, folder))
    .filter((file) => file.endsWith('.md'))
    .map((file) => `${folder}/${file}`);
const pages = ['README.md', 'AGENTS.md', 'CONTRIBUTING.md', ...pagesIn('docs')];

verifies.each('docs.commands', pages)('names scripts and files that there are: %s', (page) => {
  const text = read(page);
  const { scripts } = JSON.parse(read('package.json'));
  const named = [...text.matchAll(/\bnpm run (?:--\S+ )?([\w:]+)/g)].map(([, name]) => name);
  expect(named.filter((name) => !(String(name) in scripts))).toEqual([]);
  const built = [...text.matchAll(/\bdist\/([\w/-]+)\.js\b/g)].map(([, file]) => `src/${file}.ts`);
  expect(built.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
});

verifies('docs.commands', 'names sources that there are', () => {
  const missing = ['SECURITY.md', ...pages, ...pagesIn('docs/decisions')].flatMap((page) => {
    const named = [...read(page).matchAll(/(?<![\w./@*>-])[a-z-]+\/[\w/.-]+\.(?:ts|mjs)\b/g)].map(([path]) => path);
    return named.filter((path) => !['.', 'src'].some((folder) => existsSync(join(ROOT, folder, path))));
  });
  expect(missing).toEqual([]);
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

verifies('docs.commands', 'calls a tool that there is with the Inspector', () => {
  const page = read('README.md');
  const [, name, args = ''] = / --method tools\/call --tool-name (\w+) --tool-arg (.*)\n/.exec(page) ?? [];
  const tool = catalogue.find((one) => one.name === name);
  const known = ['environmentId', ...Object.keys(tool?.input ?? {})];
  expect(tool?.place).toBe('environment');
  for (const arg of args.split(' ')) expect(known).toContain(arg.split('=')[0]);
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

verifies('docs.events', 'every event of the log is explained, with the levels that it has, and no other', () => {
  const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.startsWith('sandbox'))
    .map((file) => read(join('src', file)));
  const said = sources.flatMap((text) => [
    ...text.matchAll(/\blog(?:\.(error|warn|info|debug)|\[\w[^\]]*\])\(\s*'(\w+)'/g),
  ]);
  const levels = new Map<string, Set<string>>();
  for (const [, level, event = ''] of said) levels.set(event, (levels.get(event) ?? new Set()).add(level ?? '?'));
  expect(levels.size).toBeGreaterThan(25);
  const [, table = ''] =
    /\| Event \| Level \| What it means \|\n\|.*\n((?:\|.*\n)+)/.exec(read('docs/observability.md')) ?? [];
  const documented = new Map<string, string[]>();
  for (const [, events = '', shown = ''] of table.matchAll(/^\| (`.*`) \| ([a-z, ]+) \| .+ \|$/gm)) {
    const names = events.split(', ').map((name) => name.replaceAll('`', ''));
    const each = shown.split(', ');
    const isPair = names.length > 1 && each.length === names.length;
    for (const [i, name] of names.entries()) documented.set(name, isPair ? [String(each[i])] : each);
  }
  const wrong = [...levels]
    .filter(([event, has]) => !has.has('?') && documented.get(event)?.toSorted().join() !== [...has].toSorted().join())
    .map(([event, has]) => ({ event, levels: [...has], documented: documented.get(event) }));
  expect(wrong).toEqual([]);
  // Some are said with a name that is put together, or through a variable, so that they are looked for as words.
  const whole = sources.join('\n');
  const unsaid = [...documented.keys()].filter(
    (event) => !whole.includes(`'${event}'`) && !whole.includes(`'${event.replace(/^worker_/, '')}'`),
  );
  expect(unsaid).toEqual([]);
});

verifies('docs.commands', 'the alerts get links to the pages of one’s own copy', () => {
  const [command = ''] = /^sed .*alerts\.yaml > alerts\.yaml$/m.exec(read('docs/operations.md')) ?? [];
  const text = execFileSync('sh', ['-euc', command.replace(/ > alerts\.yaml$/, '')], { cwd: ROOT, encoding: 'utf8' });
  const pages = [...read('deploy/prometheus/alerts.yaml').matchAll(/^ +runbook_url: (\S+)$/gm)].map(([, page]) => page);
  const links = [...text.matchAll(/^ +runbook_url: (\S+)$/gm)].map(([, link]) => link);
  expect(pages.length).toBeGreaterThan(10);
  expect(links).toEqual(pages.map((page) => `https://git.example.com/scalekit-mcp-server/blob/main/${page}`));
});

verifies('docs.commands', 'of the overlay are for the copy that was made, never for the example', () => {
  const page = read('docs/operations.md');
  expect(page).toContain('cp -R deploy/kubernetes/overlays/example deploy/kubernetes/overlays/mine\n');
  const applied = [...page.matchAll(/kubectl apply -k (\S+?)`?(?=[\s:])/g)].map(([, overlay]) => overlay);
  expect(applied.length).toBeGreaterThan(1);
  expect(new Set(applied)).toEqual(new Set(['deploy/kubernetes/overlays/mine']));
});

verifies('docs.commands', 'of the runbooks name the namespace, and a pod where a deployment has several', () => {
  const folder = 'docs/runbooks';
  const texts = [
    read('docs/operations.md'),
    ...readdirSync(join(ROOT, folder)).map((file) => read(join(folder, file))),
  ];
  const commands = texts.flatMap((text) => text.replace(/\s+/g, ' ').match(/kubectl [^`|]*/g) ?? []);
  const inNamespace = commands.filter((command) => /^kubectl (?!apply -k|create|top|\w+$)/.test(command));
  expect(inNamespace.length).toBeGreaterThan(10);
  expect(inNamespace.filter((command) => !command.startsWith('kubectl --namespace scalekit-mcp '))).toEqual([]);
  expect(commands.filter((command) => / logs (?!POD\b)/.test(command))).toEqual([]);
});

verifies('docs.commands', 'docs/dashboard.md sends people there for nothing that has tools', () => {
  const [, list = ''] = /## Not with this server\n([\s\S]*)/.exec(read('docs/dashboard.md')) ?? [];
  const rows = [...list.matchAll(/^\| ([^|]+) \| \*\*/gm)].map(([, what = '']) => what.toLowerCase());
  expect(rows.length).toBeGreaterThan(2);
  const words = toolsets.map(({ name }) => name.replaceAll('_', ' ').replace(/s$/, ''));
  expect(rows.flatMap((row) => words.filter((word) => new RegExp(`\\b${word}s?\\b`).test(row)))).toEqual([]);
});
