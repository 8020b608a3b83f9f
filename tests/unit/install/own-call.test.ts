import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { bridgeFromHere, bridgeTo, callOf, ownCall } from '../../../src/install/own-call.ts';
import { shownCommand } from '../../../src/install/own-command.ts';
import { verifies } from '../../verifies.ts';

const [program, ...args] = bridgeTo('https://mcp.example.com/mcp?read_only=true&toolsets=users');
/** As clients are told to start it. */
const fetched = shownCommand(program, args.slice(0, 2));

verifies.each('cli.own-call', [
  ['/home/mira/.npm/_npx/0f3a/node_modules/.bin/scalekit-mcp', {}, fetched],
  ['/home/mira/.npm/_npx/0f3a/node_modules/scalekit-mcp-server/dist/main.js', {}, fetched],
  [
    'C:\\Users\\Mira\\AppData\\Local\\npm-cache\\_npx\\0f3a\\node_modules\\scalekit-mcp-server\\dist\\main.js',
    {},
    fetched,
  ],
  // npx finds what a project has installed, which is on no search path either.
  ['/home/mira/app/node_modules/.bin/scalekit-mcp', { npm_command: 'exec' }, fetched],
  ['/usr/lib/node_modules/scalekit-mcp-server/dist/main.js', {}, 'scalekit-mcp'],
  ['/usr/local/bin/scalekit-mcp', {}, 'scalekit-mcp'],
  // An agent that npx has started has started a program that is installed.
  ['/usr/local/bin/scalekit-mcp', { npm_command: 'exec' }, 'scalekit-mcp'],
  ['/srv/scalekit-mcp-server/dist/main.js', {}, 'node /srv/scalekit-mcp-server/dist/main.js'],
  ['/srv/scalekit-mcp-server/dist/main.js', { npm_command: 'exec' }, 'node /srv/scalekit-mcp-server/dist/main.js'],
  ['/srv/app/node_modules/.cache/built/dist/main.js', {}, 'node /srv/app/node_modules/.cache/built/dist/main.js'],
  ['/home/mira/My files/dist/main.js', {}, 'node "/home/mira/My files/dist/main.js"'],
] as const)('%s %o is called as a person calls it: %s', (script, variables, call) => {
  expect(callOf(script, variables)).toBe(call);
});

verifies.each(['cli.own-call', 'install.bridge'], [
  ['file:../../pkg/scalekit-mcp-server-0.1.0.tgz', false],
  ['https://registry.npmjs.org/scalekit-mcp-server/-/scalekit-mcp-server-0.1.0.tgz', true],
] as const)(
  'what npx has out of a file is started where it is, because no registry need have it: %s',
  (resolved, isThere) => {
    const folder = mkdtempSync(join(tmpdir(), '_npx-'));
    const modules = join(folder, '_npx', '0f3a', 'node_modules');
    mkdirSync(modules, { recursive: true });
    const notes = { packages: { 'node_modules/scalekit-mcp-server': { resolved } } };
    writeFileSync(join(modules, '.package-lock.json'), JSON.stringify(notes));
    const main = join(modules, 'scalekit-mcp-server', 'dist', 'main.js');
    for (const script of [main, join(modules, '.bin', 'scalekit-mcp')]) {
      expect(callOf(script, {})).toBe(isThere ? fetched : `node ${script}`);
    }
    const url = 'https://mcp.example.com/mcp';
    expect(bridgeFromHere(url, main)).toEqual(isThere ? bridgeTo(url) : ['node', main, 'stdio', '--url', url]);
    rmSync(folder, { recursive: true });
  },
);

verifies('cli.own-call', 'what the program is told is one word each', () => {
  const url = 'https://mcp.example.com/mcp?read_only=true&toolsets=users';
  const words = ownCall('login', '--url', url);
  expect(words.endsWith(` login --url "${url}"`)).toBe(true);
});

verifies.each('install.bridge', [
  ['/home/mira/.npm/_npx/0f3a/node_modules/scalekit-mcp-server/dist/main.js', true],
  ['/usr/lib/node_modules/scalekit-mcp-server/dist/main.js', true],
  ['/srv/scalekit-mcp-server/dist/main.js', false],
  ['/srv/app/node_modules/.cache/built/dist/main.js', false],
  ['C:\\Users\\Mira\\scalekit-mcp-server\\dist\\main.js', false],
] as const)(
  'clients here fetch what npm has installed, and start what was built where it is: %s',
  (main, isFetched) => {
    const url = 'https://mcp.example.com/mcp';
    expect(bridgeFromHere(url, main)).toEqual(isFetched ? bridgeTo(url) : ['node', main, 'stdio', '--url', url]);
  },
);
