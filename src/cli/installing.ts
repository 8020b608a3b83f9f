import { nearestTo } from '../access/nearest.ts';
import { BadSelection, namesOf, selectionOf } from '../access/select.ts';
import { clientsOf, type Step } from '../install/clients.ts';
import { InstallFailure } from '../install/failure.ts';
import { type FoundClient, findClients, scopeInWords } from '../install/found.ts';
import { isThere } from '../install/is-there.ts';
import type { Machine } from '../install/machine.ts';
import { bridgeFromHere, bridgeTo } from '../install/own-call.ts';
import { carryOut, type Plan, planInstall, planUninstall, type Wanted } from '../install/plan.ts';
import { printable } from '../install/printable.ts';
import { serverUrl, shownUrl } from '../install/server-url.ts';
import type { Scope, Setup } from '../install/setup.ts';
import { catalogue } from '../tools/index.ts';
import { askWhich, demandYes } from './asking.ts';
import { uninstallLine } from './client-lines.ts';
import type { Host } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { CommandFailure } from './failure.ts';
import { thisMachine } from './this-machine.ts';

/** How often a change is planned anew when somebody else has changed the file meanwhile. */
const ATTEMPTS = 3;

/** What all commands that change a client are told. */
export interface ChangeOptions {
  readonly name: string;
  readonly scope: Scope;
  /** The folder of a project, where it is not the working folder. */
  readonly project?: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

/** What `install` is told beside that. */
export interface InstallOptions extends ChangeOptions {
  readonly url?: string;
  readonly toolsets?: string;
  readonly tools?: string;
  readonly readOnly?: boolean;
  readonly environment?: string;
  readonly stdio?: boolean;
}

/** What came of a change of one client, as `--json` has it. */
interface Outcome {
  readonly client: string;
  readonly scope: Scope;
  readonly state: 'changed' | 'unchanged' | 'planned' | 'by_hand';
  readonly file?: string;
  /** What was, or would be, done: the client's own command, or the change of the entry. */
  readonly change?: string;
  /** The copy of what the file was. */
  readonly backup?: string;
  /** What is left for a person to do. */
  readonly to_do?: readonly string[];
}

/**
 * Gives a client, or several that a person chooses, this server.
 * @param id unset: asks which of those on this machine
 * @throws CommandFailure when nothing was changed, or not all that was asked for
 */
export async function install(id: string | undefined, options: InstallOptions, host: Host): Promise<void> {
  const machine = thisMachine(options.project);
  if (!(await isThere(machine.project))) {
    throw new CommandFailure('usage', `There is no folder ${printable(machine.project)}.`);
  }
  const url = urlOf(options, machine);
  const ids = id === undefined ? await chosen(machine, { ...options, url }, host) : [id];
  const outcomes: Outcome[] = [];
  for (const one of ids) {
    const { client, setup } = clientCalled(one, url, options.name);
    const outcome =
      setup === undefined
        ? byHand(client.id, options.scope, client.steps)
        : await change(host, machine, options, client.id, () =>
            planInstall({ client, setup, machine, ...options }, wanted(setup, options, url)),
          );
    // What signs in comes after the entry, and each client has its own way.
    const isThere = outcome.state === 'changed' || outcome.state === 'unchanged';
    const notes = isThere
      ? client.steps.flatMap((step) => (step.kind === 'note' && step.isNext === true ? [step.text] : []))
      : [];
    outcomes.push({ ...outcome, ...(notes.length > 0 && { to_do: notes }) });
  }
  tell(host, outcomes, id !== undefined);
}

/**
 * Takes this server out of a client.
 * @throws CommandFailure when it is still there
 */
export async function uninstall(id: string, options: ChangeOptions, host: Host): Promise<void> {
  const machine = thisMachine(options.project);
  const { client, setup } = clientCalled(id, 'https://example.com/mcp', options.name);
  if (setup === undefined) {
    throw new CommandFailure('usage', `${client.name} keeps no file here. Take the server out in its settings.`);
  }
  const outcome = await change(host, machine, options, client.id, () =>
    planUninstall({ client, setup, machine, ...options }),
  );
  const lines = outcome.state === 'unchanged' ? await linesForOthers(client.id, machine, options) : [];
  const to_do = lines.length === 0 ? [] : ['It is in other places of this client. To take it out there:', ...lines];
  tell(host, [{ ...outcome, ...(to_do.length > 0 && { to_do }) }], true);
}

/** The lines that take the server out of the scopes of a client that were not asked about. */
async function linesForOthers(id: string, machine: Machine, { name }: ChangeOptions): Promise<readonly string[]> {
  const [found] = (await findClients(machine, { name })).filter(({ client }) => client.id === id);
  return (found?.entries ?? [])
    .filter((entry) => entry.name === name)
    .flatMap((entry) => uninstallLine({ ...entry, client: id, project: machine.project }) ?? []);
}

/** Lists the clients on this machine, and where this server is installed. */
export async function listClients(
  options: { readonly name: string; readonly url?: string; readonly project?: string },
  host: Host,
): Promise<void> {
  const machine = thisMachine(options.project);
  const url = options.url ?? machine.variables['SCALEKIT_MCP_URL'];
  const found = await findClients(machine, { name: options.name, url: url?.trim() || undefined });
  const rows = found.map(({ client, isHere, entries, unreadable }) => ({
    client: client.id,
    name: client.name,
    found: isHere,
    installed: entries.map(({ scope, file, folder, name, state }) => ({
      scope,
      ...(scope === 'local' && { project: folder }),
      file,
      name,
      ...(state.url !== undefined && { url: shownUrl(state.url) }),
    })),
    ...(unreadable.length > 0 && { unreadable }),
  }));
  host.output.result({ clients: rows }, listed(found));
}

function listed(found: readonly FoundClient[]): string {
  const seen = found.filter(({ isHere, entries, unreadable }) => isHere || entries.length + unreadable.length > 0);
  const others = found.filter((one) => !seen.includes(one)).map(({ client }) => client.id);
  const lines = seen.flatMap(({ client, entries, unreadable }) => [
    `${client.id.padEnd(18)} ${entries.length === 0 ? 'found, not installed' : 'installed'}`,
    ...entries.map(
      (entry) =>
        `  ${printable(entry.name)} (${scopeInWords(entry)}): ${shownUrl(entry.state.url ?? '')}, in ${printable(entry.file)}`,
    ),
    ...unreadable.map((why) => `  ${why}`),
  ]);
  const none = ['No client was found on this machine.'];
  return [...(lines.length === 0 ? none : lines), `Not found: ${others.join(', ')}`].join('\n');
}

/** The URL that clients get: what was asked for, narrowed by the options. */
function urlOf(options: InstallOptions, { variables }: Machine): string {
  const given = options.url ?? variables['SCALEKIT_MCP_URL']?.trim();
  if (given === undefined || given === '') {
    throw new CommandFailure(
      'usage',
      'Say which server: --url https://…/mcp, or the variable SCALEKIT_MCP_URL. A server started here says its own.',
    );
  }
  const url = new URL(inWords(() => serverUrl(given)));
  const asked = {
    toolsets: options.toolsets,
    tools: options.tools,
    read_only: options.readOnly === true ? 'true' : undefined,
    environment: options.environment,
  };
  for (const [name, value] of Object.entries(asked)) {
    if (value === undefined) continue;
    if (url.searchParams.has(name)) throw new CommandFailure('usage', `The URL has ${name} already. Say it once.`);
    url.searchParams.set(name, value);
  }
  checkSelection(url);
  return serverUrl(url.href);
}

/** Names that no server knows are told here, and not by each client at its first request. */
function checkSelection({ search }: URL): void {
  const sent = { query: search.slice(1), header: () => undefined, headers: () => [] };
  try {
    selectionOf(sent, namesOf(catalogue), 'workspace');
  } catch (error) {
    if (error instanceof BadSelection) throw new CommandFailure('usage', error.message);
    throw error;
  }
}

function clientCalled(id: string, url: string, name: string) {
  const clients = clientsOf(url, bridgeFromHere(url), name);
  const client = clients.find((one) => one.id === id);
  if (client !== undefined) return { client, setup: client.setup };
  const ids = clients.map((one) => one.id);
  const [near] = nearestTo(id, ids);
  const meant = near === undefined ? '' : ` Did you mean ${near}?`;
  throw new CommandFailure(
    'usage',
    `No client is called ${JSON.stringify(id)}.${meant}\nThere are: ${ids.join(', ')}.`,
  );
}

/** What the client gets: the URL, or a bridge to it where it starts programs alone, or that was asked for. */
function wanted(setup: Setup, { name, stdio, scope }: InstallOptions, url: string): Wanted {
  const takesUrls = setup.remote !== undefined;
  if (takesUrls && stdio !== true) return { remote: { name, url } };
  // The file of a project is for others too, who have nothing at a path of this machine.
  return { local: { name, command: scope === 'project' ? bridgeTo(url) : bridgeFromHere(url) } };
}

/** Shows a change, asks, and does it. */
async function change(
  host: Host,
  machine: Machine,
  { scope, ...options }: ChangeOptions,
  client: string,
  planned: () => Promise<Plan>,
): Promise<Outcome> {
  // What a person has agreed to is not done to another file than they saw.
  const attempts = isAsked(host, options) ? 1 : ATTEMPTS;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const plan = await planned();
      return { client, scope, ...factsOf(plan), ...(await agreed(host, machine, options, client, plan)) };
    } catch (error) {
      const isAgain = error instanceof InstallFailure && error.kind === 'changed' && attempt < attempts;
      if (!isAgain) throw inCommandWords(error);
    }
  }
}

function isAsked({ output }: Host, { yes }: Pick<ChangeOptions, 'yes'>): boolean {
  return output.isInteractive && yes !== true;
}

/** Does a plan, if it is to be done. */
async function agreed(
  host: Host,
  machine: Machine,
  options: Pick<ChangeOptions, 'dryRun' | 'yes'>,
  client: string,
  plan: Plan,
): Promise<Pick<Outcome, 'state' | 'backup'>> {
  if (plan.kind === 'nothing') return { state: 'unchanged' };
  if (plan.kind === 'paste') return { state: 'by_hand' };
  if (!host.output.isJson) host.output.say(plan.shown);
  if (options.dryRun === true) return { state: 'planned' };
  if (isAsked(host, options)) await demandYes(host, `Change ${client}?`);
  else if (options.yes !== true) {
    throw new CommandFailure('usage', 'Nothing was changed, because nobody can be asked here. Add --yes to do it.');
  }
  const { backup } = await carryOut(plan, machine, host.output.isInteractive);
  return { state: 'changed', ...(backup !== undefined && { backup }) };
}

function factsOf(plan: Plan): Pick<Outcome, 'file' | 'change'> {
  if (plan.kind === 'run') return { change: plan.shown };
  if (plan.kind === 'edit') return { file: plan.file.path, change: plan.shown };
  return plan.kind === 'paste' ? { file: plan.file, change: plan.text } : { file: plan.file };
}

function byHand(client: string, scope: Scope, steps: readonly Step[]): Outcome {
  const to_do = steps.map((step) => {
    if (step.kind === 'link') return `${step.label}: ${step.web ?? step.href}`;
    return step.kind === 'file' && step.path !== undefined ? `${step.path}:\n${step.text}` : step.text;
  });
  return { client, scope, state: 'by_hand', to_do };
}

/** Asks a person which clients get this server. */
async function chosen(
  machine: Machine,
  { name, url }: { readonly name: string; readonly url: string },
  host: Host,
): Promise<readonly string[]> {
  const here = (await findClients(machine, { name, url })).filter(({ isHere }) => isHere);
  const ids = here.map(({ client }) => client.id);
  if (ids.length === 0) {
    const all = clientsOf(url).map(({ id }) => id);
    throw new CommandFailure('usage', `No client was found on this machine. Name one of: ${all.join(', ')}.`);
  }
  if (!host.output.isInteractive)
    throw new CommandFailure('usage', `Name a client. On this machine: ${ids.join(', ')}.`);
  const choices = here.map(({ client, entries }) => ({
    value: client.id,
    label: client.name,
    ...(entries.length > 0 && { hint: 'installed' }),
  }));
  return askWhich(host, 'Which clients get this server?', choices);
}

/** Says what came of it. What is left to people fails, so that scripts see it. */
function tell({ output, endWith }: Host, outcomes: readonly Outcome[], isOne: boolean): void {
  output.result(isOne ? outcomes[0] : { clients: outcomes }, outcomes.map(told).join('\n'));
  endWith(outcomes.some(({ state }) => state === 'by_hand') ? EXIT.failed : EXIT.ok);
}

function told({ client, state, file, change: lines, backup, to_do = [] }: Outcome): string {
  const words = {
    changed: `${client}: done.`,
    unchanged: `${client}: nothing to do${file === undefined ? '' : ` in ${file}`}.`,
    planned: `${client}: nothing was done (--dry-run).`,
    by_hand:
      file === undefined
        ? `${client}: do this yourself.`
        : `${client}: put these lines into ${file} yourself, since it would lose its form otherwise:\n${lines}`,
  };
  return [words[state], ...(backup === undefined ? [] : [`What the file was: ${backup}`]), ...to_do].join('\n');
}

function inWords<Value>(act: () => Value): Value {
  try {
    return act();
  } catch (error) {
    throw inCommandWords(error);
  }
}

/** A failure of the room as a command fails. */
function inCommandWords(error: unknown): unknown {
  if (!(error instanceof InstallFailure)) return error;
  return new CommandFailure(error.kind === 'url' || error.kind === 'place' ? 'usage' : 'failed', error.message);
}
