import type { IncomingHttpHeaders } from 'node:http';
import { isObject } from '../../core/json.ts';

const PREFIX = 'mcp-param-';

/**
 * Finds a `Mcp-Param-*` header (MCP 2026-07-28) that contradicts the arguments in the body. A gateway before this
 * server may decide by such a header, so it must be true, whether or not the tool declares it.
 * @returns the name of the first such header, or undefined
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

/** Decodes the value of a header. Values that a header field cannot hold are sent as `=?base64?…?=`. */
function decode(value: string): string {
  const encoded = /^=\?base64\?([A-Za-z0-9+/]*=*)\?=$/i.exec(value)?.[1];
  return encoded === undefined ? value : Buffer.from(encoded, 'base64').toString('utf8');
}
