import type { IncomingHttpHeaders } from 'node:http';
import { isObject } from '../../core/json.ts';

const PREFIX = 'mcp-param-';

/**
 * Finds a `Mcp-Param-*` header (2026-07-28) that says something else than the arguments in the body. Something in front
 * of this server may have decided by the header, so that it must not lie, declared by a tool or not.
 * @returns the name of the first such header
 */
export function contradictingParamHeader(headers: IncomingHttpHeaders, args: unknown): string | undefined {
  const named = Object.keys(headers).filter((name) => name.startsWith(PREFIX));
  if (named.length === 0) return undefined;
  const values = new Map(
    Object.entries(isObject(args) ? args : {}).map(([name, value]) => [name.toLowerCase(), scalar(value)]),
  );
  return named.find((name) => {
    const argument = name.slice(PREFIX.length).replaceAll('-', '');
    return values.get(argument) !== decode(String(headers[name]));
  });
}

function scalar(value: unknown): string | undefined {
  return typeof value === 'object' ? undefined : String(value);
}

/** Values that do not fit a header field are sent as `=?base64?…?=`. */
function decode(value: string): string {
  const encoded = /^=\?base64\?([A-Za-z0-9+/]*=*)\?=$/i.exec(value)?.[1];
  return encoded === undefined ? value : Buffer.from(encoded, 'base64').toString('utf8');
}
