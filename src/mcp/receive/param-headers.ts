import type { Entry } from '../../access/entry.ts';
import { reachable, type Surface } from '../../access/surface.ts';
import { isObject } from '../../core/json.ts';
import { ENVIRONMENT_PARAM, type Message } from '../../core/message.ts';

/** The beginning of the headers that state arguments (MCP 2026-07-28), in lower case. */
export const PARAM_PREFIX = 'mcp-param-';

/** What states the environment: the name under which lists announce that, and the one of the argument. */
const ENVIRONMENT = folded(ENVIRONMENT_PARAM);
const ENVIRONMENT_ID = folded('environmentId');

const argumentNames = new WeakMap<Entry, ReadonlyMap<string, string>>();

/** What the body of a call holds for a header. */
export interface Held {
  readonly value: unknown;
}

/**
 * What a call holds for a header that states an argument: that argument of the tool, or of the one that it stands for, or
 * else the environment in which all calls act. Where a server has one environment, which no call can name, none can be
 * stated either: whatever decided by such a header meant another server.
 * @param header in lower case, with `PARAM_PREFIX`
 * @returns undefined when the header states nothing of this call: gateways may have headers of their own
 */
export function heldFor(
  header: string,
  { name, arguments: sent }: Message['params'],
  surface: Surface,
): Held | undefined {
  const entry = reachable(name, surface);
  if (entry === undefined) return undefined;
  const stated = folded(header.slice(PARAM_PREFIX.length));
  const args = isObject(sent) ? sent : {};
  const other = entry.tool.standsForAnother === true ? reachable(args['name'], surface) : undefined;
  const held = heldIn(args, entry, stated) ?? (other && heldIn(args['arguments'], other, stated));
  if (held !== undefined || !(stated === ENVIRONMENT || stated === ENVIRONMENT_ID)) return held;
  const { fence, realm } = surface;
  return fence !== undefined || realm.mode === 'environment' ? { value: fence } : undefined;
}

function heldIn(args: unknown, entry: Entry, stated: string): Held | undefined {
  const argument = argumentNamesOf(entry).get(stated);
  if (argument === undefined) return undefined;
  return { value: isObject(args) && Object.hasOwn(args, argument) ? args[argument] : undefined };
}

/**
 * The arguments of a tool by what states them: `Mcp-Param-Environment` and `Mcp-Param-Environment-Id` are for
 * `environmentId`, and `Mcp-Param-Access-Token-Expiry` for `access_token_expiry`.
 */
function argumentNamesOf(entry: Entry): ReadonlyMap<string, string> {
  const known = argumentNames.get(entry);
  if (known !== undefined) return known;
  const names = new Map(Object.keys(entry.arguments.shape).map((name) => [folded(name), name]));
  const environmentId = names.get(ENVIRONMENT_ID);
  if (environmentId !== undefined) names.set(ENVIRONMENT, environmentId);
  argumentNames.set(entry, names);
  return names;
}

/** A name as headers can spell it: without case, hyphens and underscores. */
export function folded(name: string): string {
  return name.toLowerCase().replace(/[-_]/g, '');
}
