import type { Effect } from '../core/tool.ts';
import { URL_PARAMETERS } from '../core/url-parameters.ts';
import { nearestTo } from './nearest.ts';
import { DEFAULT_TOOLSET, EVERYTHING, type Named, type Selection, WHOLE_TOOLSET } from './selection.ts';

/** A selection that cannot be read. Its message is for whoever wrote the URL or the headers. */
export class BadSelection extends Error {
  override readonly name = 'BadSelection';
}

/** Where a request says what it asks to see. */
export interface Asked {
  /** The query of the URL, without its question mark; empty if there is none. */
  readonly query: string;
  /** Reads a header by its lower-case name. */
  readonly header: (name: string) => string | undefined;
  /** The names of all headers, in lower case. */
  readonly headers: () => Iterable<string>;
}

/** The names that there are. */
export interface Names {
  readonly toolsets: ReadonlySet<string>;
  readonly tools: ReadonlySet<string>;
  /** Those of the tools that change something. */
  readonly changing: ReadonlySet<string>;
}

/** What can be asked for: the parameter of the URL, and the header. */
type Parameter = (typeof URL_PARAMETERS)[number];
const HEADERS: Readonly<Record<Parameter, string>> = {
  toolsets: 'x-mcp-toolsets',
  tools: 'x-mcp-tools',
  read_only: 'x-mcp-readonly',
  environment: 'x-scalekit-environment',
  apps: 'x-mcp-apps',
};
const NAMES_OF_HEADERS: ReadonlySet<string> = new Set(Object.values(HEADERS));

/**
 * Other spellings of them, by their letters alone. Passing one over would show more than was asked for, so it is refused. Only
 * these are: a URL may hold parameters of others.
 */
const OTHER_SPELLINGS: ReadonlyMap<string, Parameter> = new Map([
  ...(['toolset', 'toolsets'] as const).map((name) => [name, 'toolsets'] as const),
  ...(['tool', 'tools'] as const).map((name) => [name, 'tools'] as const),
  ...(['readonly', 'readonlymode'] as const).map((name) => [name, 'read_only'] as const),
  ...(['env', 'envid', 'environment', 'environments', 'environmentid'] as const).map(
    (name) => [name, 'environment'] as const,
  ),
  ...(['app', 'apps', 'mcpapps'] as const).map((name) => [name, 'apps'] as const),
]);
/** What headers of this kind begin with, by their letters alone. */
const HEADER_PREFIX = /^x(?:mcp|scalekit)/;

/** The longest name that may be another spelling of one, in characters. */
const MAX_NAME = 100;
/** The longest query of a URL, and the longest value of a header, in characters. All names together are shorter. */
const MAX_VALUE = 8_000;
const ENVIRONMENT = /^env_\w{1,28}$/;
const YES: ReadonlySet<string> = new Set(['true', '1', 'on', 'yes']);
const NO: ReadonlySet<string> = new Set(['false', '0', 'off', 'no']);
/** So many names are told that exist. */
const MAX_TOLD = 40;

/**
 * Reads what a request asks to see, from the query of its URL and from its headers. What both name is narrowed by both.
 * @param mode in environment mode there is nothing to choose: the server has one environment
 * @throws BadSelection for unknown names, values in another form, and other spellings of parameters
 */
export function selectionOf({ query, ...sent }: Asked, names: Names, mode: 'workspace' | 'environment'): Selection {
  if (query.length > MAX_VALUE) throw new BadSelection(`The query of the URL is longer than ${MAX_VALUE} characters.`);
  const url = query === '' ? NOTHING : valuesIn(query);
  const headers = valuesOf(sent);
  if (url === NOTHING && headers === NOTHING) return EVERYTHING;
  return selectionBy([url, headers], names, mode);
}

function selectionBy(sides: readonly Values[], names: Names, mode: 'workspace' | 'environment'): Selection {
  const named = sides.flatMap((side) => namedBy(side, names));
  const readOnly = sides.some((side) => saidOf(side, 'read_only').includes(true));
  const environment = environmentOf(sides, mode);
  const apps = sides.flatMap((side) => saidOf(side, 'apps'));
  if (named.length === 0 && !readOnly && environment === undefined && apps.length === 0) return EVERYTHING;
  return {
    ...(named.length > 0 && { named }),
    ...(readOnly && { readOnly }),
    ...(environment !== undefined && { environment }),
    ...(apps.length > 0 && { apps: !apps.includes(false) }),
  };
}

/** What a person asks to see by the options of a command. */
export interface AskedByOptions {
  readonly toolsets?: string | undefined;
  readonly tools?: string | undefined;
  readonly readOnly?: boolean | undefined;
  readonly environment?: string | undefined;
}

/**
 * Reads what the options of a command ask to see: the same words as in the URL, with the same meaning.
 * @throws BadSelection for unknown names and values in another form
 */
export function selectionOfOptions(
  { toolsets, tools, readOnly, environment }: AskedByOptions,
  names: Names,
  mode: 'workspace' | 'environment',
): Selection {
  const given: Readonly<Partial<Record<Parameter, string | undefined>>> = {
    toolsets,
    tools,
    read_only: readOnly === true ? 'true' : undefined,
    environment,
  };
  const values: Values = new Map(
    URL_PARAMETERS.flatMap((parameter) => {
      const text = given[parameter];
      return text === undefined ? [] : [[parameter, { text, place: `--${parameter.replace('_', '-')}` }] as const];
    }),
  );
  return selectionBy(values.size === 0 ? [] : [values], names, mode);
}

/** Whether a query asks for something, be it readable or not. Others are none of this server's. */
export function isSelecting(query: string): boolean {
  if (query === '' || query.length > MAX_VALUE) return false;
  const given = new URLSearchParams(query);
  return URL_PARAMETERS.some((parameter) => given.has(parameter));
}

/** The values of one side, with the words by which people know their places. */
type Values = ReadonlyMap<Parameter, { readonly text: string; readonly place: string }>;

const NOTHING: Values = new Map();

function valuesIn(query: string): Values {
  const found = new Map<Parameter, { text: string; place: string }>();
  for (const [name, value] of new URLSearchParams(query)) {
    const parameter = URL_PARAMETERS.find((each) => each === name);
    if (parameter === undefined) {
      // A URL that was copied out of HTML has `amp;` behind its `&`.
      const meant = OTHER_SPELLINGS.get(lettersOf(name.replace(/^(?:amp;)+/i, '')));
      if (meant !== undefined) throw new BadSelection(`The URL’s parameter is called ${meant}. Write it so.`);
      continue;
    }
    const before = found.get(parameter);
    const text = before === undefined ? value : `${before.text},${value}`;
    found.set(parameter, { text, place: `${parameter} in the URL` });
  }
  return found.size === 0 ? NOTHING : found;
}

function valuesOf({ header, headers }: Pick<Asked, 'header' | 'headers'>): Values {
  for (const name of headers()) {
    if (!name.startsWith('x') || NAMES_OF_HEADERS.has(name)) continue;
    const letters = lettersOf(name);
    const meant = HEADER_PREFIX.test(letters) ? OTHER_SPELLINGS.get(letters.replace(HEADER_PREFIX, '')) : undefined;
    if (meant !== undefined) throw new BadSelection(`The header is called ${shown(HEADERS[meant])}. Write it so.`);
  }
  const found = new Map<Parameter, { text: string; place: string }>();
  for (const parameter of URL_PARAMETERS) {
    const text = header(HEADERS[parameter]);
    if (text !== undefined) found.set(parameter, { text, place: `The header ${shown(HEADERS[parameter])}` });
  }
  return found.size === 0 ? NOTHING : found;
}

/** The letters of a name, in lower case: what is left when people separate and capitalize words as they like. */
function lettersOf(name: string): string {
  return name.length > MAX_NAME ? '' : name.toLowerCase().replace(/[^a-z]/g, '');
}

/** The name of a header as people write it. */
function shown(header: string): string {
  return header.replace(/(?<=^|-)[a-z]/g, (letter) => letter.toUpperCase()).replace('-Mcp-', '-MCP-');
}

function namedBy(values: Values, names: Names): Named[] {
  const toolsets = namesIn(values, 'toolsets', names.toolsets);
  const tools = namesIn(values, 'tools', names.tools);
  return toolsets === undefined && tools === undefined ? [] : [{ toolsets: toolsets ?? [], tools: tools ?? [] }];
}

function namesIn(values: Values, parameter: 'toolsets' | 'tools', known: ReadonlySet<string>): string[] | undefined {
  const value = values.get(parameter);
  if (value === undefined) return undefined;
  const listed = [...new Set(partsOf(value).map((name) => name.toLowerCase()))];
  const unknown = listed.find((name) => !known.has(name));
  if (unknown !== undefined) throw new BadSelection(unknownName(value.place, parameter, unknown, known));
  return listed;
}

function partsOf({ text, place }: { readonly text: string; readonly place: string }): string[] {
  if (text.length > MAX_VALUE) throw new BadSelection(`${place} is longer than ${MAX_VALUE} characters.`);
  const parts = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  if (parts.length === 0) throw new BadSelection(`${place} is empty. Name something, or leave it out.`);
  return parts;
}

/** Says what there is, nearest first. The name that came is a stranger's text, and is not repeated. */
function unknownName(place: string, kind: string, unknown: string, known: ReadonlySet<string>): string {
  const nearest = nearestTo(unknown, known);
  const all = [...new Set([...nearest, ...known])];
  const told = all.slice(0, kind === 'tools' ? Math.max(nearest.length, 5) : MAX_TOLD);
  const more = all.length > told.length ? `, and ${all.length - told.length} more` : '';
  return `${place} names ${kind === 'tools' ? 'a tool' : 'a toolset'} that does not exist. There are ${told.join(', ')}${more}.`;
}

/** What is said of a parameter that is true or false, by each word for it. */
function saidOf(values: Values, parameter: 'read_only' | 'apps'): boolean[] {
  const value = values.get(parameter);
  if (value === undefined) return [];
  const words = partsOf(value).map((word) => word.toLowerCase());
  if (!words.every((word) => YES.has(word) || NO.has(word))) {
    throw new BadSelection(`${value.place} is true or false.`);
  }
  return words.map((word) => YES.has(word));
}

function environmentOf(sides: readonly Values[], mode: 'workspace' | 'environment'): string | undefined {
  const values = sides.flatMap((side) => side.get('environment') ?? []);
  const [first] = values;
  if (first === undefined) return undefined;
  if (mode === 'environment') {
    throw new BadSelection(`${first.place}: this server acts in one environment already. Leave it out.`);
  }
  const ids = new Set(values.flatMap(partsOf));
  const [id = ''] = ids;
  if (ids.size > 1) throw new BadSelection(`${first.place}: more than one environment is named. Name one.`);
  if (!ENVIRONMENT.test(id)) throw new BadSelection(`${first.place} is the id of an environment: env_…`);
  return id;
}

/** The names of a catalogue that can be selected. */
export function namesOf(
  catalogue: readonly { readonly name: string; readonly toolset: string; readonly effect: Effect }[],
): Names {
  return {
    toolsets: new Set([DEFAULT_TOOLSET, WHOLE_TOOLSET, ...catalogue.map(({ toolset }) => toolset)]),
    tools: new Set(catalogue.map(({ name }) => name)),
    changing: new Set(catalogue.filter(({ effect }) => effect !== 'read').map(({ name }) => name)),
  };
}
