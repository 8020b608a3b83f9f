import { readFileSync } from 'node:fs';
import type { ListedTool } from '../src/access/listing.ts';
import { narrow, type Surface } from '../src/access/surface.ts';
import type { Era } from '../src/core/message.ts';
import type { Effect, Tool } from '../src/core/tool.ts';
import { version } from '../src/core/version.ts';
import { ENVIRONMENT_IDS } from '../src/sandbox/data/ids.ts';
import { Routes } from '../src/sandbox/gateway/routes.ts';
import { OPERATIONS } from '../src/sandbox/operations/index.ts';
import { catalogue, toolsets } from '../src/tools/index.ts';
import { EXAMPLES } from '../tests/fixtures/examples/index.ts';
import { failureIn } from '../tests/fixtures/failure-in.ts';
import { callTool } from '../tests/fixtures/rpc.ts';
import { running } from '../tests/fixtures/running.ts';
import { configurationPage } from './configuration-page.ts';
import { coverageTable } from './coverage.ts';
import { LAYERING, layering, readRooms } from './layering.ts';
import { serverJson } from './server-json.ts';
import { snapshotsOf } from './snapshots.ts';

const read = (file: string) => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');

/** Every tool of the catalogue as clients of an era see it in workspace mode. */
export function listedTools(era: Era = 'legacy'): readonly ListedTool[] {
  return [...wholeSurface().tools.values()].map(({ listedIn }) => listedIn[era]);
}

/** What a request sees that asks for everything, where everything is switched on. */
export function wholeSurface(): Surface {
  const realm = {
    mode: 'workspace',
    scopeSpelling: 'long',
    environmentUrl: 'https://example.scalekit.dev',
    origin: 'https://mcp.example.com',
    admission: { subjects: undefined, clients: undefined, organizations: undefined },
  } as const;
  const all = { named: [{ toolsets: ['all'], tools: [] }] };
  return narrow(catalogue, realm, { optIns: ['agent_tool_execution'] }, all);
}

/**
 * All generated files of the repository, content by path: from the catalogue the snapshots of each toolset's tools and
 * the reference, the coverage of the API and the example in CONTRIBUTING.md, from the rooms their lint rules, and from the
 * version of the package the lines that start it.
 */
export async function generatedFiles(): Promise<ReadonlyMap<string, string>> {
  const listed = listedTools();
  const operations = await observedOperations();
  const snapshots = snapshotsOf(listed, catalogue);
  return new Map([
    ...snapshots,
    ['docs/tools.md', reference(listed, operations)],
    ['docs/coverage.md', coverageTable(operations)],
    ['docs/configuration.md', configurationPage(read('.env.example'))],
    ['server.json', serverJson()],
    ['CONTRIBUTING.md', withExample(read('CONTRIBUTING.md'))],
    ...NAMING_THE_VERSION.map((file) => [file, withVersion(read(file))] as const),
    [LAYERING, layering(readRooms())],
  ]);
}

/** What names the package, or its image, with its version. */
const NAMING_THE_VERSION = [
  ...['README.md', 'docs/clients.md', 'Dockerfile', 'deploy/compose.yaml', 'deploy/kubernetes/base/deployment.yaml'],
  'deploy/kubernetes/overlays/example/kustomization.yaml',
];
/** The version behind what says that it is that of this package. */
const ITS_VERSION = /(\bscalekit-mcp-server[@:]|^ARG VERSION=|^ *newTag: )\d+\.\d+\.\d+[\w.-]*/gm;

function withVersion(text: string): string {
  return text.replaceAll(ITS_VERSION, (_, before) => before + version);
}

/** The guide for contributors, whose example of a toolset is a real one. */
function withExample(guide: string): string {
  const example = read('src/tools/organizations.ts');
  return guide.replace(/(A toolset, complete:\n\n```ts\n)[\s\S]*?```/, (_, before) => `${before}${example}\`\`\``);
}

/** Which operations of the API each tool uses, observed while its example runs on the sandbox. */
async function observedOperations(): Promise<ReadonlyMap<string, readonly string[]>> {
  const routes = new Routes(OPERATIONS);
  const server = await running({ AGENT_TOOL_EXECUTION: 'on' });
  try {
    const token = await server.token();
    const call = (tool: Tool, args: Record<string, unknown>) =>
      callTool(`${server.localUrl}/mcp`, 'modern', tool.name, args, { token });
    // After this call the server knows the environment, so that its look-up is not counted for a tool.
    const environmentId = ENVIRONMENT_IDS.development;
    await callTool(`${server.localUrl}/mcp`, 'modern', 'list_organizations', { environmentId }, { token });
    const found = new Map<string, readonly string[]>();
    for (const tool of catalogue) {
      const before = server.exchanges.length;
      const args = { ...(tool.place === 'environment' && { environmentId }), ...EXAMPLES[tool.name]?.arguments };
      const { body } = await call(tool, args);
      if (tool.effect === 'destroy') {
        await call(tool, { ...args, confirmation: failureIn(body.result).confirmation });
      }
      const used = server.exchanges.slice(before).map(({ request: { method, url } }) => {
        const path = url.split('?')[0]?.replace('/api/v1', '') ?? '';
        return `${method} ${routes.find(method, path).operation.path}`;
      });
      found.set(tool.name, readsSorted([...new Set(used)]));
    }
    return found;
  } finally {
    await server.stop();
  }
}

/** Operations in their order, but reads that follow on each other by name: some are made side by side, in any order. */
function readsSorted(operations: readonly string[]): readonly string[] {
  const groups: string[][] = [];
  for (const operation of operations) {
    const last = groups.at(-1);
    if (operation.startsWith('GET ') && last?.[0]?.startsWith('GET ')) last.push(operation);
    else groups.push([operation]);
  }
  return groups.flatMap((group) => group.sort());
}

const EFFECTS: Readonly<Record<Effect, string>> = {
  read: 'reads',
  add: 'adds',
  overwrite: 'overwrites',
  destroy: 'destroys, once confirmed',
};

function reference(listed: readonly ListedTool[], operations: ReadonlyMap<string, readonly string[]>): string {
  const tools = new Map(catalogue.map((tool) => [tool.name, tool]));
  const sections = listed.map((tool) => section(tool, tools.get(tool.name), operations.get(tool.name) ?? []));
  return `${INTRODUCTION}\n${toolsetTable()}\n${sections.join('\n')}`;
}

/** Which tools each toolset has, those that are listed by default in bold. */
function toolsetTable(): string {
  const rows = toolsets.map(({ name, tools }) => {
    const names = tools.map((tool) => (isDefault(tool) ? `**\`${tool.name}\`**` : `\`${tool.name}\``));
    return `| \`${name}\` | ${names.join(', ')} |`;
  });
  return `## Toolsets

By these names requests and operators choose tools. Those in bold are the toolset \`default\`; \`all\` has every tool.

| Toolset | Tools |
|---|---|
${rows.join('\n')}
`;
}

function isDefault({ rare, optIn }: Tool): boolean {
  return rare === undefined && optIn === undefined;
}

const INTRODUCTION = `# Tools

Generated from the catalogue by \`npm run generate\`. Parameters in **bold** are required. In environment mode
\`environmentId\` is no parameter, and tools marked *workspace token* are not listed. A tool that destroys is called twice:
the first call shows what would be lost, the second one with \`confirmation\` reads that again and acts if it is the same.

Scopes are what a client may do with this server. Dashboard permissions are what the role of a person in the workspace, or
that of an API client, has to allow at Scalekit: one that is missing is told by \`permission_denied\`, which no new sign-in
mends. The descriptors of the API do not name them for every operation.
`;

function section(listed: ListedTool, tool: Tool | undefined, operations: readonly string[]): string {
  const { properties = {}, required = [] } = listed.inputSchema as {
    properties?: Record<string, { description?: string }>;
    required?: string[];
  };
  const parameters = Object.entries(properties).map(([name, { description }]) => {
    const shown = required.includes(name) ? `**\`${name}\`**` : `\`${name}\``;
    return description === undefined ? shown : `${shown} (${description})`;
  });
  const facts: [string, string][] = [
    ['Parameters', parameters.join(', ') || 'none'],
    ['Scope', tool === undefined ? '' : scopeOf(tool)],
    ['Effect', tool === undefined ? '' : effectOf(tool)],
    ['Toolset', tool === undefined ? '' : toolsetOf(tool)],
    ['Dashboard permissions', permissionsOf(operations)],
    ['API', operations.map((operation) => `\`${operation}\``).join(', ') || 'none'],
  ];
  const lines = facts.map(([name, text]) => `- ${name}: ${text}`);
  return `\n## ${listed.name}\n\n${listed.description}\n\n${lines.join('\n')}\n`;
}

const PERMISSIONS = new Map(OPERATIONS.map(({ verb, path, access }) => [`${verb} ${path}`, access.permissions]));

/** What a role in the dashboard has to allow for these operations, as the descriptors of the API name it. */
function permissionsOf(operations: readonly string[]): string {
  const all = operations.flatMap((operation) => PERMISSIONS.get(operation) ?? []);
  return [...new Set(all)].map((permission) => `\`${permission}\``).join(', ') || 'none named';
}

function toolsetOf(tool: Tool): string {
  return `\`${tool.toolset}\`${isDefault(tool) ? ', listed by default' : ''}`;
}

function effectOf({ effect, openWorld, optIn, discloses = [] }: Tool): string {
  return [
    EFFECTS[effect],
    ...(openWorld ? ['reaches beyond Scalekit'] : []),
    ...(discloses.length > 0 ? ['hands out a secret'] : []),
    ...(optIn === undefined ? [] : ['off unless `AGENT_TOOL_EXECUTION=on`']),
  ].join('; ');
}

function scopeOf({ scope, alsoNeeds = [], elevated, needsWorkspaceToken }: Tool): string {
  return [
    scope === null ? 'none' : [scope, ...alsoNeeds].map((each) => `\`${each}\``).join(' and '),
    ...(elevated === undefined ? [] : [`\`${elevated.scope}\` with \`${elevated.argument}\``]),
    ...(needsWorkspaceToken ? ['*workspace token*'] : []),
  ].join(', ');
}
