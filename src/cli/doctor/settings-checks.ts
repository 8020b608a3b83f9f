import { constants } from 'node:fs';
import { access, chmod, stat } from 'node:fs/promises';
import { createServer, isIPv6 } from 'node:net';
import { dirname, resolve } from 'node:path';
import type { Config } from '../../config/config.ts';
import { ConfigurationError } from '../../config/error.ts';
import { isObject, parseJson } from '../../core/json.ts';
import { parseUrl } from '../../core/parse-url.ts';
import { whyBadUrl } from '../../install/server-url.ts';
import { unsupportedSince } from '../../server/node-support.ts';
import { readSettings, type Settings } from '../settings.ts';
import type { AskExternal } from './asking-servers.ts';
import { type Check, checksOf } from './check.ts';

const machine = checksOf('machine');
const settings = checksOf('settings');

/** Whether Node.js still gets security fixes. */
export function checkNode(now: Date): Check {
  const since = unsupportedSince(process.versions.node, now);
  if (since === undefined) return machine.pass('node', `Node.js ${process.versions.node}`);
  const seen = `Node.js ${process.versions.node} has had no security fixes since ${since}.`;
  return machine.warn('node', seen, 'Install Node.js 24 from https://nodejs.org.');
}

/** The settings as a start would read them. Without `settings`, a server would not start with them. */
export function checkSettings(): { readonly checks: readonly Check[]; readonly settings: Settings | undefined } {
  try {
    const read = readSettings('doctor');
    const { config, envFile } = read;
    const where = envFile.isRead ? `with ${envFile.path}` : 'from the environment alone';
    const side =
      config.scalekit.kind === 'sandbox'
        ? 'the embedded sandbox'
        : `${config.scalekit.environmentUrl}, ${config.scalekit.mode.kind} mode`;
    const checks = [settings.pass('configuration', `It can be used (${where}): ${side}.`)];
    for (const warning of config.warnings) {
      checks.push(settings.warn('configuration', warning, 'Correct it, if it is not meant.'));
    }
    return { checks: [...checks, checkAudience(config)], settings: read };
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    const checks = error.problems.map((problem) =>
      settings.fail('configuration', problem, 'Correct it in the environment or in .env; .env.example explains it.'),
    );
    return { checks, settings: undefined };
  }
}

/** For whom tokens have to be made out, which is the address that clients use. */
function checkAudience({ publicUrl, expectedAudience, scalekit, port }: Config): Check {
  const address = `${publicUrl ?? `http://localhost:${port}`}/mcp`;
  const aud = expectedAudience?.join(', ') ?? `the address itself (${address})`;
  const seen = `Clients connect to ${address}; tokens have the audience ${aud}.`;
  if (scalekit.kind === 'live' && publicUrl === undefined) {
    const to_do = 'Set PUBLIC_URL to the address that people type, which is registered with Scalekit.';
    return settings.warn('audience', `PUBLIC_URL is not set. ${seen}`, to_do);
  }
  return settings.pass('audience', seen);
}

const OTHERS_WRITE = 0o022;
const ALL_READ = 0o007;

/** Whether the audit ledger can be written, and who else may. */
export async function checkLedger({ audit: { to } }: Config): Promise<Check> {
  if (typeof to === 'string') return settings.pass('audit_ledger', to === 'off' ? 'It is off.' : 'It goes to stderr.');
  const file = resolve(to.file);
  const found = await stat(file).catch((error: NodeJS.ErrnoException) => error);
  if (found instanceof Error) return checkLedgerFolder(file, found);
  if (!found.isFile()) return settings.fail('audit_ledger', `${file} is no file.`, 'Name a file in AUDIT_LOG.');
  const mode = found.mode & 0o777;
  if (!(await isWritable(file))) {
    return settings.fail(
      'audit_ledger',
      `${file} cannot be written.`,
      'Let the user that runs the server write to it.',
    );
  }
  if ((mode & (OTHERS_WRITE | ALL_READ)) === 0) return settings.pass('audit_ledger', `${file} can be written.`);
  const wanted = mode & ~(OTHERS_WRITE | ALL_READ);
  const fix = { shown: `chmod ${wanted.toString(8)} ${file}`, apply: () => chmod(file, wanted) };
  const to_do = `Take these permissions away (${fix.shown}); --fix does it.`;
  const may = (mode & OTHERS_WRITE) === 0 ? 'everybody on this machine may read it' : 'others may write to it';
  const seen = `${file} has the permissions ${mode.toString(8)}: ${may}.`;
  return (mode & OTHERS_WRITE) === 0
    ? settings.warn('audit_ledger', seen, to_do, fix)
    : settings.fail('audit_ledger', seen, to_do, fix);
}

async function checkLedgerFolder(file: string, error: NodeJS.ErrnoException): Promise<Check> {
  const folder = dirname(file);
  if (error.code === 'ENOENT' && (await isWritable(folder))) {
    return settings.pass('audit_ledger', `${file} will be made.`);
  }
  const to_do = `Make the folder ${folder}, and let the user that runs the server write there.`;
  return settings.fail('audit_ledger', `${file} cannot be written (${error.code}).`, to_do);
}

async function isWritable(path: string): Promise<boolean> {
  return access(path, constants.W_OK).then(
    () => true,
    () => false,
  );
}

/** What was found at the port of the server. */
export interface PortCheck {
  readonly check: Check;
  /** The endpoint of a server of this kind that listens there already. */
  readonly running?: string;
}

/** Whether the port is free, or a server of this kind has it already. */
export async function checkPort({ host, port }: Config, ask: AskExternal): Promise<PortCheck> {
  const code = port === 0 ? undefined : await whyNoPort(host, port);
  const free = port === 0 ? `A free port of ${host} will be used.` : `Port ${port} of ${host} is free.`;
  if (code === undefined) return { check: settings.pass('port', free) };
  if (code !== 'EADDRINUSE') {
    const to_do = 'Choose another HOST or PORT, or allow this user to listen there.';
    return { check: settings.fail('port', `Port ${port} of ${host} cannot be listened on (${code}).`, to_do) };
  }
  const { asked, origin } = originsOf(host, port);
  const { status, text, error } = await ask({ url: `${asked}/health/live`, method: 'GET' });
  const answer = status === 200 ? parseJson(text) : undefined;
  if (isObject(answer) && answer['status'] === 'alive') {
    const endpoint = `${origin}/mcp`;
    return {
      check: settings.pass('port', `A server of this kind listens at ${origin} already.`),
      ...(whyBadUrl(endpoint) === undefined && { running: endpoint }),
    };
  }
  if (error === 'not_https') {
    const seen = `Something listens on port ${port} of ${host}. It was not asked what it is: plain http is for loopback addresses.`;
    return { check: settings.warn('port', seen, 'Stop it, or choose another PORT, unless it is this server.') };
  }
  const to_do = 'Stop what listens there, or choose another PORT.';
  return { check: settings.fail('port', `Another program listens on port ${port} of ${host}.`, to_do) };
}

/** Addresses that stand for all of a machine, as URLs have them. */
const ALL: ReadonlySet<string> = new Set(['0.0.0.0', '[::]']);

/** Where what listens on a port is asked what it is, and how people call that. */
function originsOf(host: string, port: number): { readonly asked: string; readonly origin: string } {
  const local = `http://localhost:${port}`;
  const asked = `http://${isIPv6(host) ? `[${host}]` : host}:${port}`;
  // An IPv6 address with a zone is in no URL.
  const { hostname, origin } = parseUrl(asked) ?? new URL(local);
  if (ALL.has(hostname)) return { asked: local, origin: local };
  return { asked: origin, origin: hostname === '127.0.0.1' ? local : origin };
}

/** Why a port cannot be listened on: the code of the system; undefined when it can. */
async function whyNoPort(host: string, port: number): Promise<string | undefined> {
  const server = createServer();
  return new Promise((answer) => {
    server.once('error', (error: NodeJS.ErrnoException) => answer(error.code ?? error.message));
    server.listen({ host, port, exclusive: true }, () => server.close(() => answer(undefined)));
  });
}
