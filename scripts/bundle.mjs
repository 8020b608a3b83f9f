// Makes an MCP bundle (.mcpb, manifest 0.3) of the built server: Claude Desktop and others install it as it is, and ask the
// person for the credentials. It is made of dist/ and the installed packages alone, and needs no network.
//
//   node scripts/bundle.mjs [DIST [FILE]]
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { zipOf } from './zip.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const json = (/** @type {string} */ path) => JSON.parse(readFileSync(join(root, path), 'utf8'));

/** What the person is asked for, by the variable that gets it. */
const SETTINGS = {
  SCALEKIT_ENV_URL: {
    type: 'string',
    title: 'Environment URL',
    description: 'The URL of the Scalekit environment to manage, such as https://acme.scalekit.dev',
    required: true,
  },
  SCALEKIT_CLIENT_ID: {
    type: 'string',
    title: 'Client ID',
    description: 'The API client of that environment (skc_…), from its API credentials in the dashboard',
    required: true,
  },
  SCALEKIT_CLIENT_SECRET: {
    type: 'string',
    title: 'Client secret',
    description: 'The secret of that client. It is kept by your client, and reaches no model',
    required: true,
    sensitive: true,
  },
  READ_ONLY: {
    type: 'string',
    title: 'Read only',
    description: 'on: offers nothing that changes anything',
    required: false,
    default: 'off',
  },
};

/** What a package needs to be built, checked or read about, and not to run. */
const IDLE = /\.(map|ts|mts|cts|tsx|flow|md|markdown|tsbuildinfo)$|^\./i;
const LICENSE = /^(licen[cs]e|notice|copying)/i;

/**
 * @param {string} dist the built server
 * @param {string} file gets the bundle
 */
async function bundle(dist, file) {
  const files = [
    ...filesIn(dist, 'dist'),
    ...['package.json', 'LICENSE'].map((path) => ({ path, bytes: readFileSync(join(root, path)) })),
    ...packages().flatMap((folder) => filesIn(join(root, folder), folder, 'node_modules')),
  ];
  const manifest = {
    path: 'manifest.json',
    bytes: Buffer.from(`${JSON.stringify(await manifestOf(dist), null, 2)}\n`),
  };
  const archive = zipOf([manifest, ...files]);
  writeFileSync(file, archive);
  const unpacked = files.reduce((sum, { bytes }) => sum + bytes.length, 0);
  console.log(`${file}: ${files.length + 1} files, ${mebibytes(archive.length)}, ${mebibytes(unpacked)} unpacked`);
}

/** @param {number} bytes */
const mebibytes = (bytes) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

/** The folders of the packages that the server runs with: not the sandbox's, since a bundle is asked for credentials. */
function packages() {
  return Object.entries(json('package-lock.json').packages)
    .filter(([path, { dev, optional, devOptional, peer }]) => path !== '' && !(dev || optional || devOptional || peer))
    .map(([path]) => path)
    .sort();
}

/**
 * @param {string} folder
 * @param {string} path of the folder in the bundle
 * @param {string} [skipped] the name of a folder in it that is no part of it
 * @returns {{ path: string, bytes: Buffer }[]}
 */
function filesIn(folder, path, skipped) {
  return readdirSync(folder, { withFileTypes: true })
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .flatMap((entry) => {
      const [from, to] = [join(folder, entry.name), `${path}/${entry.name}`];
      if (entry.isDirectory()) return entry.name === skipped ? [] : filesIn(from, to);
      const isKept = statSync(from).isFile() && (LICENSE.test(entry.name) || !IDLE.test(entry.name));
      return isKept ? [{ path: to, bytes: readFileSync(from) }] : [];
    });
}

/** @param {string} dist */
async function manifestOf(dist) {
  const { version, description, license, keywords, engines, repository, homepage } = json('package.json');
  const asked = Object.entries(SETTINGS).map(([name, setting]) => [name.toLowerCase(), setting]);
  return {
    manifest_version: '0.3',
    name: 'scalekit',
    display_name: 'Scalekit',
    version,
    description,
    long_description:
      'Runs on your machine with the API client of one Scalekit environment. What takes something away is shown first, and done only when you agree.',
    author: { name: 'The Scalekit MCP server contributors' },
    ...(repository !== undefined && { repository }),
    ...(homepage !== undefined && { homepage }),
    documentation: 'https://docs.scalekit.com',
    license,
    keywords,
    server: {
      type: 'node',
      entry_point: 'dist/main.js',
      mcp_config: {
        command: 'node',
        // biome-ignore lint/suspicious/noTemplateCurlyInString: hosts of bundles replace these.
        args: ['${__dirname}/dist/main.js', 'stdio'],
        env: Object.fromEntries(Object.keys(SETTINGS).map((name) => [name, `\${user_config.${name.toLowerCase()}}`])),
      },
    },
    tools: await toolsOf(dist),
    compatibility: { platforms: ['darwin', 'win32', 'linux'], runtimes: { node: engines.node } },
    user_config: Object.fromEntries(asked),
  };
}

/**
 * The tools that the built server lists to whoever gives no options. Nothing is asked of Scalekit for that.
 * @param {string} dist
 */
async function toolsOf(dist) {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [join(dist, 'main.js'), 'stdio'],
    env: {
      SCALEKIT_ENV_URL: 'https://bundle.invalid',
      SCALEKIT_CLIENT_ID: 'skc_bundle',
      SCALEKIT_CLIENT_SECRET: 'none',
      AUDIT_LOG: 'off',
      DOCS_URL: 'off',
    },
    stderr: 'ignore',
  });
  const client = new Client({ name: 'bundle', version: '1.0.0' });
  await client.connect(transport);
  try {
    const { tools } = await client.listTools();
    return tools.map(({ name, title }) => ({ name, description: title }));
  } finally {
    await client.close();
  }
}

const [dist = 'dist', file = `scalekit-mcp-${json('package.json').version}.mcpb`] = process.argv.slice(2);
await bundle(resolve(root, dist), resolve(root, file));
