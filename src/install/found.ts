import { parseUrl } from '../core/parse-url.ts';
import { type Client, clientsOf } from './clients.ts';
import { type EntryState, entryState } from './entry-state.ts';
import { InstallFailure } from './failure.ts';
import { isThere } from './is-there.ts';
import type { Machine } from './machine.ts';
import { findProgram } from './own-command.ts';
import { entriesOf, placesOf } from './plan.ts';
import { printable } from './printable.ts';
import { type Json, SCOPES, type Scope, type Setup } from './setup.ts';

/** A client whose settings this program can read. */
type KnownClient = Client & { readonly setup: Setup };

/** An entry of this server in a client. */
export interface FoundEntry {
  readonly scope: Scope;
  readonly file: string;
  /** The project's folder, in the scopes of one project. */
  readonly folder?: string | undefined;
  readonly name: string;
  readonly entry: Json;
  readonly state: EntryState;
}

/** The scope of an entry, with the folder of its project where the file does not tell it. */
export function scopeInWords({ scope, folder }: Pick<FoundEntry, 'scope' | 'folder'>): string {
  return scope === 'local' ? `${scope}, of ${printable(folder ?? '')}` : scope;
}

/** What was seen of a client on a machine. */
export interface FoundClient {
  readonly client: KnownClient;
  /** Whether there are signs of it: its folder, its program, or an entry of this server. */
  readonly isHere: boolean;
  readonly entries: readonly FoundEntry[];
  /** Why files of it could not be read, in words for the person. */
  readonly unreadable: readonly string[];
}

/**
 * Looks at every client of the table.
 * @param ours which entries are this server's: those of this name, and those that lead to the same origin as this URL
 */
export async function findClients(
  machine: Machine,
  ours: { readonly name: string; readonly url?: string | undefined },
): Promise<readonly FoundClient[]> {
  const known = clientsOf(ours.url ?? 'https://example.com/mcp').filter(isKnown);
  return Promise.all(known.map((client) => look(client, machine, ours)));
}

function isKnown(client: Client): client is KnownClient {
  return client.setup !== undefined;
}

async function look(client: KnownClient, machine: Machine, ours: Parameters<typeof findClients>[1]) {
  const entries: FoundEntry[] = [];
  const unreadable: string[] = [];
  for (const scope of SCOPES) {
    const found = await entriesIn(client.setup, scope, machine, ours).catch((error: unknown) => {
      if (!(error instanceof InstallFailure)) throw error;
      unreadable.push(error.message);
      return [];
    });
    // Who stands at home has one file for the scopes of a person and of a project.
    const isNew = ({ file, name }: FoundEntry) =>
      scope === 'local' || !entries.some((one) => one.file === file && one.name === name);
    entries.push(...found.filter(isNew));
  }
  const isHere = entries.some(({ scope }) => scope !== 'project') || (await hasMark(client.setup, machine));
  // One file may hold the entries of two scopes.
  return { client, isHere, entries, unreadable: [...new Set(unreadable)] };
}

async function entriesIn(
  setup: Setup,
  scope: Scope,
  machine: Machine,
  ours: Parameters<typeof findClients>[1],
): Promise<readonly FoundEntry[]> {
  const places = await placesOf(setup, scope, machine);
  return places.flatMap((place) =>
    [...entriesOf(place)]
      .map(([name, entry]) => ({
        scope,
        file: place.file.path,
        folder: place.folder,
        name,
        entry,
        state: entryState(entry, setup),
      }))
      .filter(({ name, state }) => name === ours.name || isSameOrigin(state.url, ours.url)),
  );
}

function isSameOrigin(one: string | undefined, other: string | undefined): boolean {
  if (one === undefined || other === undefined) return false;
  const url = parseUrl(one);
  return url !== undefined && url.origin === parseUrl(other)?.origin;
}

async function hasMark(setup: Setup, machine: Machine): Promise<boolean> {
  for (const mark of setup.marks) {
    const path = mark(machine);
    if (path !== undefined && (await isThere(path))) return true;
  }
  return setup.command !== undefined && (await findProgram(setup.command.program, machine)) !== undefined;
}
