import type { Request } from 'express';
import { BadSelection, type Names, selectionOf } from '../access/select.ts';
import { EVERYTHING, type Selection } from '../access/selection.ts';
import type { Surface } from '../access/surface.ts';
import { isLoopback } from '../config/values.ts';
import type { Health } from '../core/health.ts';
import type { Tool } from '../core/tool.ts';
import { type Client, clientsOf } from '../install/clients.ts';
import { bridgeFromHere, bridgeTo } from '../install/own-call.ts';

/** Where the front page gets from what it shows. */
export interface FrontSources {
  /** The names that can be asked for. */
  readonly names: Names;
  readonly surfaceOf: (selection: Selection) => Surface;
  readonly health: () => Promise<Health>;
  /** The origins that the page’s own script has to call in order to sign in; none but in the sandbox. */
  readonly trialOrigins: readonly string[];
}

/** What the front page says to one request. */
export interface Front {
  /** The origin of this server as the reader’s browser sees it. */
  readonly origin: string;
  /** The URL that the reader gives to a client, with what it asks for. */
  readonly endpoint: string;
  /** What that URL asks for. */
  readonly selection: Selection;
  /** What a client with that URL sees. */
  readonly surface: Surface;
  /** What a client sees whose URL asks for nothing. */
  readonly whole: Surface;
  /** Why what the reader asked for could not be read. The page shows the URL without it. */
  readonly problem?: string;
  readonly health: Health;
}

/** Puts together what the front page says to a request. The query of its URL means what it means at the endpoint. */
export async function frontOf(request: Request, { names, surfaceOf, health }: FrontSources): Promise<Front> {
  const origin = request.originOf?.(request) ?? '';
  const whole = surfaceOf(EVERYTHING);
  const asked = askedBy(request.url, names, whole.realm.mode);
  const { selection = EVERYTHING } = asked;
  return {
    origin,
    endpoint: `${origin}/mcp${queryOf(selection)}`,
    selection,
    surface: surfaceOf(selection),
    whole,
    ...(asked.problem !== undefined && { problem: asked.problem }),
    health: await health(),
  };
}

/**
 * How clients are given the URL. The reader of a sandbox's page on this machine has built the server here: what was never
 * published cannot be fetched, and is started where it is. All others fetch the bridge.
 */
export function clientsFor({ endpoint, whole }: Front): readonly Client[] {
  const isHere = whole.realm.sandbox === true && isLoopback(new URL(endpoint).hostname);
  return clientsOf(endpoint, isHere ? bridgeFromHere(endpoint) : bridgeTo(endpoint));
}

/** The tools that a server offers to whoever asks for nothing in particular, the rare ones included. */
export function offeredBy({ catalogue, withheld }: Surface): readonly Tool[] {
  return catalogue.filter(({ name }) => !withheld.has(name));
}

/**
 * What a query asks for, read as the endpoint reads it. A form sends the fields that nobody has filled in as well: those are
 * left out.
 */
function askedBy(
  url: string,
  names: Names,
  mode: 'workspace' | 'environment',
): { readonly selection?: Selection; readonly problem?: string } {
  const [, query = ''] = url.split('?', 2);
  try {
    const asked = { query: withoutEmpty(query), header: () => undefined, headers: () => [] };
    return { selection: selectionOf(asked, names, mode) };
  } catch (error) {
    if (!(error instanceof BadSelection)) throw error;
    return { problem: error.message };
  }
}

function withoutEmpty(query: string): string {
  return new URLSearchParams([...new URLSearchParams(query)].filter(([, value]) => value.trim() !== '')).toString();
}

/** The query that asks for a selection. Names and ids hold nothing that a URL would have to escape. */
function queryOf({ named = [], readOnly, environment, apps }: Selection): string {
  const [{ toolsets, tools } = { toolsets: [], tools: [] }] = named;
  const parts = [
    ...(toolsets.length > 0 ? [`toolsets=${toolsets.join(',')}`] : []),
    ...(tools.length > 0 ? [`tools=${tools.join(',')}`] : []),
    ...(readOnly === true ? ['read_only=true'] : []),
    ...(environment === undefined ? [] : [`environment=${environment}`]),
    ...(apps === undefined ? [] : [`apps=${apps}`]),
  ];
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}
