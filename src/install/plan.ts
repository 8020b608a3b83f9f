import { unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { isObject } from '../core/json.ts';
import { parseUrl } from '../core/parse-url.ts';
import { backupsOf, backupText, type ClientFile, readClientFile, replaceClientFile } from './client-file.ts';
import type { Client } from './clients.ts';
import { entriesIn, type Form, pathOf, withEntry, withoutEntry } from './entries.ts';
import { entryState } from './entry-state.ts';
import { InstallFailure } from './failure.ts';
import { fileText } from './file-text.ts';
import { UnreadableFile } from './formats/unreadable.ts';
import { isThere } from './is-there.ts';
import type { Machine } from './machine.ts';
import { findProgram, projectFolders, runOwnCommand, shownCommand } from './own-command.ts';
import { type Json, type LocalServer, SCOPES, type Scope, type Server, type Setup } from './setup.ts';
import { entryChange } from './shown-entry.ts';

/** What would be done to a client, decided before anything is done. */
export type Plan =
  | { readonly kind: 'nothing'; readonly file: string }
  /** The client's own command, once or several times. */
  | {
      readonly kind: 'run';
      readonly program: string;
      readonly runs: readonly (readonly string[])[];
      readonly shown: string;
    }
  | {
      readonly kind: 'edit';
      readonly file: ClientFile;
      /** Unset: the file holds nothing else, and goes. */
      readonly text: string | undefined;
      /** The copy that the text is from: it is needed no more. */
      readonly restored?: string;
      readonly shown: string;
    }
  /** Lines for a person to paste: the file cannot be changed without losing how it is written. */
  | { readonly kind: 'paste'; readonly file: string; readonly text: string };

/** What is to be in a client: a hosted server, or a program that it starts. */
export type Wanted = { readonly remote: Server } | { readonly local: LocalServer };

interface Asked {
  readonly client: Client;
  readonly setup: Setup;
  readonly scope: Scope;
  readonly name: string;
  readonly machine: Machine;
}

/**
 * How a client gets an entry.
 * @throws InstallFailure when it cannot, in words for the person
 */
export async function planInstall(asked: Asked, wanted: Wanted): Promise<Plan> {
  const { client, setup, scope, name } = asked;
  const entry = entryFor(client, setup, wanted);
  const folder = await folderOf(asked);
  const place = chosenFrom(
    asked,
    (await placesAtHand(asked)).filter((one) => isIn(folder, one)),
  );
  const { file } = place;
  const before = entriesOf(place).get(name);
  if (before !== undefined && isSame(before, entry, setup)) return { kind: 'nothing', file: file.path };
  const run = await ownRun(asked, wanted, before !== undefined);
  if (run !== undefined) return run;
  const after = before === undefined ? entry : replacing(before, entry);
  const text = withEntry(file.text ?? '', place.form, name, after);
  if (text === undefined) return { kind: 'paste', file: file.path, text: fileText(place.form, name, after) };
  return { kind: 'edit', file, text, shown: shownEdit(place, scope, entryChange(place.form, name, before, after)) };
}

/**
 * How a client loses an entry. A file that nobody has changed since gets back every byte that it had before.
 * @throws InstallFailure when that cannot be, in words for the person
 */
export async function planUninstall(asked: Asked): Promise<Plan> {
  const { setup, scope, name, machine } = asked;
  const places = await placesAtHand(asked);
  const place = places.find((one) => entriesOf(one).has(name)) ?? chosenFrom(asked, places);
  const { file, form } = place;
  const before = entriesOf(place).get(name);
  if (before === undefined) return { kind: 'nothing', file: file.path };
  const { command } = setup;
  // It knows the project that it runs in alone.
  const isReached = isIn(await folderOf(asked), place) && (await isThere(machine.project));
  if (command?.remove !== undefined && command.scopes.includes(scope) && isReached) {
    const program = await findProgram(command.program, machine);
    if (program !== undefined) return runOf(program, command.program, [command.remove(name, scope)]);
  }
  const shown = shownEdit(place, scope, entryChange(form, name, before, undefined));
  const former = await formerText(place, name, before);
  if (former !== undefined) return { kind: 'edit', file, ...former, shown };
  const text = withoutEntry(file.text ?? '', form, name);
  if (text !== undefined) return { kind: 'edit', file, text, shown };
  throw new InstallFailure(
    'file',
    `Take the entry ${name} out of ${file.path} yourself: its lines cannot be told apart.`,
  );
}

/**
 * How an entry gets the form that its client reads (`entryState`).
 * @param at its file, and the project's folder where it is in one
 * @throws InstallFailure when that cannot be, in words for the person
 */
export async function planMend(
  asked: Asked,
  at: { readonly file: string; readonly folder?: string | undefined },
  mended: Json,
): Promise<Plan> {
  const { setup, scope, name, machine } = asked;
  const places = await placesOf(setup, scope, machine);
  const place = places.find(({ file, folder }) => file.path === at.file && folder === at.folder);
  const before = place && entriesOf(place).get(name);
  if (place === undefined || before === undefined)
    throw new InstallFailure('changed', `${at.file} has no ${name} any more.`);
  const { file, form } = place;
  const text = withEntry(file.text ?? '', form, name, mended);
  if (text === undefined)
    throw new InstallFailure('file', `Mend ${name} in ${at.file} yourself: it would lose its form.`);
  return { kind: 'edit', file, text, shown: shownEdit(place, scope, entryChange(form, name, before, mended)) };
}

/** What came of a plan. */
export interface Done {
  /** The copy of what the file was. */
  readonly backup?: string | undefined;
}

/**
 * Does what was planned.
 * @param isInteractive whether a person can answer the command of the client
 * @throws InstallFailure when nothing, or not all of it, was done
 */
export async function carryOut(plan: Plan, machine: Machine, isInteractive: boolean): Promise<Done> {
  if (plan.kind === 'run') {
    for (const args of plan.runs) await runOwnCommand(plan.program, args, machine, isInteractive);
  }
  if (plan.kind !== 'edit') return {};
  const backup = await replaceClientFile(plan.file, plan.text);
  if (plan.restored === undefined) return { backup };
  for (const path of [plan.restored, backup]) if (path !== undefined) await unlink(path);
  return {};
}

/** Where a client may have entries: a file, and the members in it that lead to them. */
export interface EntryPlace {
  readonly file: ClientFile;
  readonly form: Form;
  /** The project's folder, in the scopes of one project. */
  readonly folder?: string;
}

/** Of several places the first whose file is there, else the first. */
function chosenFrom({ client, setup, scope }: Asked, places: readonly EntryPlace[]): EntryPlace {
  const place = places.find(({ file }) => file.text !== undefined) ?? places[0];
  if (place !== undefined) return place;
  const has = SCOPES.filter((other) => (other === 'local' ? setup.localMember : setup.files[other]) !== undefined);
  throw new InstallFailure(
    'place',
    `${client.name} has no file for the scope ${scope} on this system.${has.length === 0 ? '' : ` Use --scope ${has[0]}.`}`,
  );
}

/** The folder of the project at hand: what a person has in a project is kept by the root of its repository. */
async function folderOf({ scope, machine }: Asked): Promise<string> {
  return (scope === 'local' ? (await projectFolders(machine)).at(-1) : undefined) ?? machine.project;
}

function isIn(folder: string, place: EntryPlace): boolean {
  return place.folder === undefined || isSamePath(place.folder, folder);
}

/** The places of a scope for the project at hand, the nearest first; also such as have no entries yet. */
async function placesAtHand({ setup, scope, machine }: Asked): Promise<readonly EntryPlace[]> {
  if (scope !== 'local' || setup.localMember === undefined) return placesOf(setup, scope, machine);
  const files = await placesOf(setup, 'user', machine);
  const folders = await projectFolders(machine);
  const there = await placesOf(setup, 'local', machine);
  return files.flatMap(({ file }) =>
    folders.flatMap((folder) => {
      const known = there.find((one) => one.file.path === file.path && isSamePath(one.folder ?? '', folder));
      return known ?? (folder === folders.at(-1) ? localPlace(setup, file, folder) : []);
    }),
  );
}

/**
 * Every place in which a client may have entries, in a scope: for that of a person in one project those with entries, of
 * all projects.
 * @throws InstallFailure when a file is there and cannot be read
 */
export async function placesOf(setup: Setup, scope: Scope, machine: Machine): Promise<readonly EntryPlace[]> {
  const { home, variables } = machine;
  if (scope === 'local') return localPlaces(setup, machine);
  if (scope === 'project') {
    const paths = setup.files.project ?? [];
    const folders = paths.length === 0 ? [] : await projectFolders(machine);
    const places = folders.flatMap((folder) => paths.map((path) => ({ folder, path: join(folder, path) })));
    return Promise.all(
      places.map(async ({ folder, path }) => ({
        file: await readClientFile(path, [folder], scope),
        form: setup,
        folder,
      })),
    );
  }
  const named = FOLDER_VARIABLES.map((name) => variables[name]?.trim()).filter(
    (path) => path !== undefined && path !== '',
  );
  const paths = (setup.files.user ?? []).map((place) => place(machine)).filter((path) => path !== undefined);
  return Promise.all(
    paths.map(async (path) => ({
      file: await readClientFile(path, [home, ...(named as string[])], scope),
      form: setup,
    })),
  );
}

async function localPlaces(setup: Setup, machine: Machine): Promise<readonly EntryPlace[]> {
  const { localMember, member } = setup;
  if (localMember === undefined) return [];
  const [first] = pathOf(member);
  return (await placesOf(setup, 'user', machine)).flatMap(({ file }) =>
    [...entriesOf({ file, form: { ...setup, member: localMember } })]
      .filter(([, project]) => isObject(project[first]) && Object.keys(project[first]).length > 0)
      .map(([folder]) => localPlace(setup, file, folder)),
  );
}

function localPlace({ format, member, localMember = '' }: Setup, file: ClientFile, folder: string): EntryPlace {
  return { file, form: { format, member: [localMember, folder, ...pathOf(member)] }, folder };
}

/** Clients write the folders of Windows with either slash. */
function isSamePath(one: string, other: string): boolean {
  return one.replaceAll('\\', '/') === other.replaceAll('\\', '/');
}

/** Variables by which people name the folders of their settings. */
const FOLDER_VARIABLES = ['XDG_CONFIG_HOME', 'APPDATA', 'CLAUDE_CONFIG_DIR', 'CODEX_HOME', 'COPILOT_HOME', 'CLINE_DIR'];

/**
 * The entries in a place.
 * @throws InstallFailure that names the file and the line when it is broken
 */
export function entriesOf({ file: { path, text = '' }, form }: EntryPlace): ReadonlyMap<string, Json> {
  try {
    return entriesIn(text, form);
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    throw new InstallFailure('file', `${path} was not touched: ${error.message}. Mend it, then try again.`);
  }
}

function entryFor({ name }: Client, setup: Setup, wanted: Wanted): Json {
  const entry = 'remote' in wanted ? setup.remote?.(wanted.remote) : setup.local?.(wanted.local);
  if (entry !== undefined) return entry;
  const why = 'remote' in wanted ? 'starts programs alone. Use --stdio' : 'is given URLs alone. Leave --stdio out';
  throw new InstallFailure('place', `${name} ${why}.`);
}

/** Whether an entry leads where it should, in whichever form the client itself writes it. */
function isSame(before: Json, entry: Json, setup: Setup): boolean {
  const state = entryState(before, setup);
  const isForm = Object.entries(entry).every(([member, value]) => isDeepStrictEqual(before[member], value));
  if (isForm) return true;
  const wanted = entryState(entry, setup);
  const isRemote = !('command' in entry) && !('command' in before);
  return isRemote && state.url === wanted.url && state.mended === undefined;
}

/** The new entry with what people have set beside it; nothing of the old one where that led to another server. */
function replacing(before: Json, entry: Json): Json {
  const [old, young] = [originIn(before), originIn(entry)];
  if (old === undefined || old !== young) return entry;
  const kept = Object.entries(before).filter(([member]) => !OF_THE_WAY.has(member));
  return { ...entry, ...Object.fromEntries(kept.filter(([member]) => !(member in entry))) };
}

/** Members that say how a server is reached. */
const OF_THE_WAY: ReadonlySet<string> = new Set([
  'type',
  'url',
  'serverUrl',
  'httpUrl',
  'uri',
  'command',
  'args',
  'env',
]);

function originIn(entry: Json): string | undefined {
  const url = ['url', 'serverUrl', 'httpUrl', 'uri']
    .map((member) => entry[member])
    .find((one) => typeof one === 'string');
  return typeof url === 'string' ? parseUrl(url)?.origin : undefined;
}

/** The client's own command, where it has one for this and it is found. */
async function ownRun(asked: Asked, wanted: Wanted, isThere: boolean): Promise<Plan | undefined> {
  const { setup, scope, name, machine } = asked;
  const { command } = setup;
  if (command === undefined || !command.scopes.includes(scope)) return undefined;
  const add = 'remote' in wanted ? command.add(wanted.remote, scope) : command.addLocal?.(wanted.local, scope);
  // None of them says what it does with a name that it has already.
  if (add === undefined || (isThere && command.remove === undefined)) return undefined;
  const program = await findProgram(command.program, machine);
  if (program === undefined) return undefined;
  return runOf(program, command.program, [...(isThere && command.remove ? [command.remove(name, scope)] : []), add]);
}

function runOf(program: string, name: string, runs: readonly (readonly string[])[]): Plan {
  return { kind: 'run', program, runs, shown: runs.map((args) => `$ ${shownCommand(name, args)}`).join('\n') };
}

function shownEdit({ file: { path, target, text } }: EntryPlace, scope: Scope, change: string): string {
  const leads = path === target ? '' : `, which is at ${target}`;
  const who = scope === 'project' ? ', for everybody in this project' : '';
  return `${path}${leads}${text === undefined ? ' (new)' : ''}${who}\n${change}`;
}

/** What the file was before this entry, when it is that and the entry, to the byte. */
async function formerText(place: EntryPlace, name: string, entry: Json) {
  const { file, form } = place;
  if (withEntry('', form, name, entry) === file.text) return { text: undefined };
  for (const restored of await backupsOf(file)) {
    const text = await backupText(restored);
    if (text !== undefined && isFormer(text, place, name, entry)) return { text, restored };
  }
  return undefined;
}

function isFormer(text: string, { file, form }: EntryPlace, name: string, entry: Json): boolean {
  try {
    return !entriesIn(text, form).has(name) && withEntry(text, form, name, entry) === file.text;
  } catch (error) {
    if (error instanceof UnreadableFile) return false;
    throw error;
  }
}
