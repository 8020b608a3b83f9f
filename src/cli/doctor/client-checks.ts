import { isLoopback } from '../../config/values.ts';
import { isUrl, parseUrl } from '../../core/parse-url.ts';
import { initialize } from '../../diagnosis/mcp-server/probes.ts';
import { checkReachable } from '../../diagnosis/mcp-server/reachable.ts';
import { readScopesAt, type ScopesAt, scopesBeyond } from '../../diagnosis/mcp-server/scopes.ts';
import { type FoundClient, type FoundEntry, findClients, scopeInWords } from '../../install/found.ts';
import { isThere } from '../../install/is-there.ts';
import type { Machine } from '../../install/machine.ts';
import { carryOut, planMend } from '../../install/plan.ts';
import { printable } from '../../install/printable.ts';
import { shownUrl, whyBadUrl } from '../../install/server-url.ts';
import { entryChange } from '../../install/shown-entry.ts';
import { reinstallLine, uninstallLine } from '../client-lines.ts';
import type { AskExternal } from './asking-servers.ts';
import { type Check, checksOf, type Fix } from './check.ts';

const { pass, warn, fail, unknown } = checksOf('clients');

/**
 * Every entry of this server in the clients on a machine.
 * @param ours which entries are this server's: those of this name, and those that lead to the same origin as this URL
 */
export async function checkClients(
  machine: Machine,
  ours: { readonly name: string; readonly url: string | undefined },
  ask: AskExternal,
): Promise<readonly Check[]> {
  const found = await findClients(machine, ours);
  const reach = reachOf(ask);
  const ofPerson = found.flatMap(({ entries }) => entries.filter(({ scope }) => scope !== 'project'));
  const known = new Set([ours.url, ...ofPerson.map(({ state }) => state.url)].map(originOf));
  /** What a project alone names on this machine may be any program that listens here. */
  const mayAsk = ({ scope }: FoundEntry, url: string) =>
    scope !== 'project' || known.has(originOf(url)) || !isLoopback(new URL(url).hostname);
  const checks = await Promise.all(found.map((client) => checkClient(client, machine, ours.url, { reach, mayAsk })));
  const seen = found.filter(({ isHere }) => isHere).map(({ client }) => client.id);
  const none = seen.length === 0 ? 'No client is on this machine.' : `On this machine: ${seen.join(', ')}.`;
  return [pass('found', none), ...checks.flat()];
}

/** What came of asking a server: what is wrong with it, or else its scopes. */
interface Reached {
  readonly problem?: Check;
  readonly scopes?: ScopesAt;
}
type Reach = (url: string) => Promise<Reached>;

/** How the servers of entries are asked. */
interface Asking {
  readonly reach: Reach;
  readonly mayAsk: (entry: FoundEntry, url: string) => boolean;
}

function originOf(url: string | undefined): string | undefined {
  return url !== undefined && isUrl(url) ? new URL(url).origin : undefined;
}

async function checkClient(
  { client, entries, unreadable }: FoundClient,
  machine: Machine,
  url: string | undefined,
  asking: Asking,
): Promise<readonly Check[]> {
  const checks = unreadable.map((why) => fail(client.id, why, 'Mend the file, or move it away.'));
  for (const entry of entries) {
    const at = { ...entry, client: client.id, project: machine.project };
    // Nothing is put into a project that is not there any more.
    const isOver = entry.folder !== undefined && !(await isThere(entry.folder));
    const line = url === undefined || isOver ? uninstallLine(at) : reinstallLine(at, url);
    const mine = await checkEntry(client.id, entry, { url, line }, asking);
    const fix = fixOf({ client, entry, machine });
    // The form of an entry is its first problem.
    checks.push(...mine.map((check, at) => (at === 0 && fix !== undefined ? { ...check, fix } : check)));
  }
  return checks;
}

/** Where an entry should lead, if that is known, and the line that helps with one that does not: to replace it, or take it out. */
interface Wanted {
  readonly url: string | undefined;
  readonly line: string | undefined;
}

async function checkEntry(
  id: string,
  entry: FoundEntry,
  { url, line }: Wanted,
  { reach, mayAsk }: Asking,
): Promise<readonly Check[]> {
  const withLine = (to_do: string) => (line === undefined ? to_do : `${to_do} Run ${line}`);
  const { file, name, state } = entry;
  const where = `${printable(name)} (${scopeInWords(entry)}) in ${printable(file)}`;
  const checks = state.problems.map((problem) =>
    (problem.state === 'fail' ? fail : warn)(
      id,
      `${where}: ${problem.seen}`,
      problem.isReplaced === true ? withLine(problem.to_do) : problem.to_do,
    ),
  );
  for (const path of state.paths) {
    if (await isThere(path)) continue;
    checks.push(
      fail(id, `${where}: ${printable(path)}, which it starts, is not there.`, withLine('Install it again.')),
    );
  }
  if (state.url !== undefined && whyBadUrl(state.url) === undefined) {
    if (url !== undefined && !isSameEndpoint(state.url, url)) {
      const to_do = withLine(`Install it again with --url ${shownUrl(url)}, if that is the one.`);
      checks.push(warn(id, `${where} leads to ${shownUrl(state.url)}, and not to ${shownUrl(url)}.`, to_do));
    }
    if (!mayAsk(entry, state.url)) {
      const why = 'on this machine, and named by the project alone, so that it was not asked. doctor --url asks it';
      return [...checks, unknown(id, `${where} leads to ${shownUrl(state.url)}: ${why}.`)];
    }
    checks.push(...checkReached(id, where, state.scopes, await reach(state.url)));
  }
  const leads = state.url === undefined ? 'starts a program' : `leads to ${shownUrl(state.url)}`;
  return checks.length === 0 ? [pass(id, `${where} ${leads}.`)] : checks;
}

/**
 * What came of asking the server of an entry, and whether tokens are issued for the scopes that the entry names, or else for
 * those that its server has clients ask for.
 */
function checkReached(id: string, where: string, named: readonly string[], { problem, scopes }: Reached): Check[] {
  if (problem !== undefined) return [{ ...problem, check: id, seen: `${where}: ${problem.seen}` }];
  return scopes === undefined ? [] : checkScopes(id, where, named, scopes);
}

function checkScopes(id: string, where: string, named: readonly string[], { asked, enabled }: ScopesAt): Check[] {
  const beyond = (scopes: readonly string[]) => scopesBeyond(enabled, scopes).map(printable).join(', ');
  const ofEntry = beyond(named);
  if (ofEntry !== '') {
    const seen = `${where} asks for scopes that are not enabled for this server: ${ofEntry}. Signing in fails, or its tokens come without them.`;
    return [warn(id, seen, 'Take them out of the entry, or enable them at this MCP server in the Scalekit dashboard.')];
  }
  // A client that names its scopes asks for no others.
  const ofServer = named.length > 0 ? '' : beyond(asked);
  if (ofServer === '') return [];
  const seen = `${where}: at this URL, the server has clients ask for scopes that are not enabled for it: ${ofServer}. Signing in fails, or calls that need them are refused.`;
  const to_do =
    'Enable them at this MCP server in the Scalekit dashboard, or install it again with less (--read-only, --toolsets).';
  return [warn(id, seen, to_do)];
}

/** Toolsets and the like may differ. */
function isSameEndpoint(one: string, other: string): boolean {
  const [a, b] = [new URL(one), parseUrl(other)];
  return a.origin === b?.origin && a.pathname === b.pathname;
}

/** Asks servers, each URL once. */
function reachOf(ask: AskExternal): Reach {
  const asked = new Map<string, Promise<Reached>>();
  return (url) => {
    const known = asked.get(url) ?? reached(url, ask);
    asked.set(url, known);
    return known;
  };
}

async function reached(url: string, ask: AskExternal): Promise<Reached> {
  const answer = await initialize(ask, url);
  const problem = checkReachable(answer).find(({ state }) => state !== 'pass');
  if (problem !== undefined && problem.state !== 'pass') {
    const to_do = problem.to_do ?? 'Start the server, or correct the URL.';
    return { problem: problem.state === 'not_known' ? unknown('', problem.seen) : fail('', problem.seen, to_do) };
  }
  // Without a token, an endpoint of ours asks for one.
  if (answer.status === 401) return { scopes: await readScopesAt(ask, url, answer) };
  const seen = `What answers there (${answer.status}) asks for no sign-in as this server does.`;
  return { problem: warn('', seen, 'Check the URL with doctor --url.') };
}

interface Mendable {
  readonly client: FoundClient['client'];
  readonly entry: FoundEntry;
  readonly machine: Machine;
}

function fixOf({ client, entry, machine }: Mendable): Fix | undefined {
  const { mended } = entry.state;
  if (mended === undefined) return undefined;
  const { scope, name, file } = entry;
  const { setup } = client;
  return {
    shown: `${printable(file)}\n${entryChange(setup, name, entry.entry, mended)}`,
    apply: async () => carryOut(await planMend({ client, setup, scope, name, machine }, entry, mended), machine, false),
  };
}
