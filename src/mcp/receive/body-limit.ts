import type { Entry } from '../../access/entry.ts';
import { reachable, type Surface } from '../../access/surface.ts';
import { LARGE_BODY_BYTES } from '../../limits/bodies.ts';

/** The largest body in bytes, whatever a tool's arguments may hold. */
export const MAX_BODY_BYTES = 1024 * 1024;
/** An argument that may be longer than this, in characters, is what a tool needs a large body for. */
const LONG_ARGUMENT = 32 * 1024;
/** The most bytes that JSON takes for a character: it may be written as `\uXXXX`. */
const BYTES_PER_CHARACTER = 6;

const limits = new WeakMap<Entry, number>();
const largest = new WeakMap<Surface, number>();

/**
 * The largest body, in bytes, of a call of a tool. It follows from the arguments that the tool declares: 64 KiB, and
 * room for each argument that may be long. Found once for each tool.
 */
export function bodyLimitOf(entry: Entry): number {
  const known = limits.get(entry);
  if (known !== undefined) return known;
  const longest = [...entry.limits.members.values()].map((argument) => argument.longest);
  const long = longest.filter((length) => length > LONG_ARGUMENT).reduce((sum, length) => sum + length, 0);
  const limit = Math.min(LARGE_BODY_BYTES + long * BYTES_PER_CHARACTER, MAX_BODY_BYTES);
  limits.set(entry, limit);
  return limit;
}

/**
 * The largest body, in bytes, that is worth reading on a surface, before it is known which tool it calls.
 * @param named the tool that the request names in a header, if it does
 */
export function readLimitOf(surface: Surface, named: string | undefined): number {
  if (named !== undefined) {
    const entry = reachable(named, surface);
    if (entry === undefined) return LARGE_BODY_BYTES;
    if (entry.tool.standsForAnother !== true) return bodyLimitOf(entry);
  }
  const known = largest.get(surface);
  if (known !== undefined) return known;
  const limit = Math.max(LARGE_BODY_BYTES, ...[...surface.reach.values()].map(bodyLimitOf));
  largest.set(surface, limit);
  return limit;
}
