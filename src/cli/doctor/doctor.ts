import { readHostedSettings } from '../../config/hosted.ts';
import { InstallFailure } from '../../install/failure.ts';
import type { Machine } from '../../install/machine.ts';
import { demandYes } from '../asking.ts';
import type { Host } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { CommandFailure } from '../failure.ts';
import { thisMachine } from '../this-machine.ts';
import { askingServers } from './asking-servers.ts';
import { AREAS, type Check } from './check.ts';
import { checkClients } from './client-checks.ts';
import { checkScalekit } from './scalekit-checks.ts';
import { checkServer } from './server-checks.ts';
import { checkLedger, checkNode, checkPort, checkSettings } from './settings-checks.ts';
import { checkSignIns } from './sign-in-checks.ts';

/** What the doctor is told. */
export interface DoctorOptions {
  readonly url?: string;
  readonly name: string;
  readonly fix?: boolean;
  readonly yes?: boolean;
}

/**
 * Looks at everything that this server needs on this machine, at Scalekit and in clients, says what it saw and what to do,
 * and mends what is safe to mend when it is asked to. The exit code is 0 only when nothing fails.
 * @throws CommandFailure when something is to be mended and nobody can be asked
 */
export async function diagnose(options: DoctorOptions, host: Host): Promise<void> {
  const { output, endWith } = host;
  const { fix, yes } = options;
  if (fix === true && yes !== true && !output.isInteractive) {
    throw new CommandFailure('usage', 'Nobody can be asked here what to mend. Add --yes to mend all that is safe.');
  }
  const machine = thisMachine();
  let checks = await examineAll(options, machine, host);
  const fixed = fix === true ? await mend(checks, options, host) : [];
  // What was mended is looked at again, and so is all that follows from it.
  if (fixed.length > 0) checks = await examineAll(options, machine, host);
  const isHealthy = checks.every(({ state }) => state !== 'fail');
  const shown = checks.map(({ fix: mendable, ...check }) => ({ ...check, ...(mendable && { fixable: true }) }));
  output.result({ healthy: isHealthy, checks: shown, ...(fix === true && { fixed }) }, reportOf(checks, fixed));
  endWith(isHealthy ? EXIT.ok : EXIT.failed);
}

async function examineAll(
  { url: given, name }: DoctorOptions,
  machine: Machine,
  { output }: Host,
): Promise<readonly Check[]> {
  const tell = (what: string) => output.isInteractive && output.say(`Looking at ${what} …`);
  const ask = askingServers();
  const { checks, settings } = checkSettings();
  const all: Check[] = [checkNode(new Date()), ...checks];
  let running: string | undefined;
  if (settings !== undefined) {
    const { config } = settings;
    const port = await checkPort(config, ask);
    running = port.running;
    all.push(await checkLedger(config), port.check);
    tell('Scalekit');
    if (config.scalekit.kind === 'live') all.push(...(await checkScalekit(config.scalekit)));
  }
  const named = given ?? (machine.variables['SCALEKIT_MCP_URL']?.trim() || undefined);
  const url = named ?? running;
  if (url !== undefined) {
    tell('the server');
    all.push(...(await checkServer(url, ask)));
  }
  tell('sign-ins');
  all.push(...(await checkSignIns(readHostedSettings().stateFolder)));
  tell('clients');
  // Without a name of it, any server that the entries lead to may be meant.
  all.push(...(await checkClients(machine, { name, url: named }, ask)));
  return all;
}

/** Mends what is safe to mend, each thing once it is agreed to. */
async function mend(checks: readonly Check[], { yes }: DoctorOptions, host: Host): Promise<readonly string[]> {
  const fixed: string[] = [];
  for (const { fix } of checks) {
    if (fix === undefined) continue;
    if (!host.output.isJson) host.output.say(fix.shown);
    if (yes !== true) await demandYes(host, 'Mend this?');
    await fix.apply().catch((error: unknown) => {
      throw error instanceof InstallFailure ? new CommandFailure('failed', error.message) : error;
    });
    fixed.push(fix.shown);
  }
  return fixed;
}

const MARKS = { pass: 'ok  ', warn: 'warn', fail: 'FAIL', not_known: '?   ' } as const;

function reportOf(checks: readonly Check[], fixed: readonly string[]): string {
  const lines = Object.entries(AREAS).flatMap(([area, title]) => {
    const of = checks.filter((check) => check.area === area);
    return of.length === 0 ? [] : [title, ...of.flatMap(linesOf)];
  });
  const count = (state: Check['state']) => checks.filter((check) => check.state === state).length;
  const mended = fixed.length === 0 ? '' : `${fixed.length} mended. `;
  const [fails, warns] = [count('fail'), count('warn')];
  const end = fails + warns === 0 ? 'Nothing is wrong.' : `${fails} failed, ${warns} to look at.`;
  return [...lines, `${mended}${end}`].join('\n');
}

function linesOf({ check, state, seen, to_do }: Check): readonly string[] {
  return [`  ${MARKS[state]} ${check}: ${seen}`, ...(to_do === undefined ? [] : [`       → ${to_do}`])];
}
