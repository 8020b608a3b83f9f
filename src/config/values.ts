import { isIP, isIPv6 } from 'node:net';
import { z } from 'zod';
import { isExact } from '../core/invisible.ts';
import { isUrl, parseUrl } from '../core/parse-url.ts';
import { faultOfJson } from './json-fault.ts';

// Schemas of values. Their error messages never quote a value, because it could be a secret.

/** The values of a section's variables after each has been checked by its schema. */
export type ValuesOf<Variables extends Readonly<Record<string, z.ZodType>>> = {
  readonly [Name in keyof Variables]: z.output<Variables[Name]>;
};

export const LOOPBACK: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

/** Whether a host name (without port) is a loopback name of this machine. */
export function isLoopback(hostname: string): boolean {
  return LOOPBACK.includes(hostname);
}

/** Whether a server at this address can be reached from other machines. */
export function isExposed(address: string): boolean {
  return !isLoopback(address) && address !== '::1';
}

const QUOTE = `["'\`“”„‘’]`;

/** Whether a value has quotation marks around it: a shell and `.env` take them off, other files of settings do not. */
export function isInQuotes(value: string): boolean {
  return new RegExp(`^${QUOTE}.*${QUOTE}$`, 's').test(value);
}

/** Whether it has at least one of the two, and is no JSON, which ends with one where its last brace is missing. */
export function hasQuote(value: string): boolean {
  return !value.startsWith('{') && new RegExp(`^${QUOTE}|${QUOTE}$`).test(value);
}

/** The first character of a value that nobody sees, and its place. Line breaks stand in JSON, and so may any other in its texts. */
export function unseenIn(value: string): string | undefined {
  if (value.startsWith('{')) return undefined;
  const characters = [...value];
  const at = characters.findIndex((character) => character !== '\r' && !isExact(character));
  if (at < 0) return undefined;
  const number = (characters[at]?.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return `U+${number} at character ${at + 1}`;
}

export const text = z.string().trim().min(1, 'must not be blank');

/** A text such as a secret, which a line break or tab in its middle makes another one. */
export const oneLine = text.regex(/^[^\t\r\n]*$/, 'has a line break or tab in its middle: give the value in one line');
/** One of several words. */
export function oneOf<const Words extends readonly [string, ...string[]]>(...words: Words) {
  return z.enum(words, `must be ${words.slice(0, -1).join(', ')} or ${words.at(-1)}`);
}

/**
 * A whole number from `from` to `to`, both included, in decimal digits.
 * @param of what it counts, for the message to somebody who has written a unit behind it
 * @param least what is said of a smaller one
 */
export function numberIn(
  from: number,
  to = Number.MAX_SAFE_INTEGER,
  of?: 'milliseconds' | 'seconds' | 'bytes' | 'proxies',
  least = `must be ${from} or more`,
) {
  return z
    .string()
    .trim()
    .regex(/^\d+$/, `must be a whole number${of === undefined ? '' : ` of ${of}`}, in digits alone`)
    .transform(Number)
    .pipe(z.number().min(from, least).max(to, `must be ${to} at most`));
}

export const port = numberIn(0, 65535);

/** Separated by commas. Empty lists are refused: readers would disagree on what one means. */
export const list = text
  .transform((value) =>
    value
      .split(',')
      .map((entry) => entry.trim())
      .filter(Boolean),
  )
  .pipe(z.array(z.string()).min(1, 'names nothing'));

export const hostNames = list.pipe(
  z.array(
    z
      .string()
      .toLowerCase()
      .regex(/^(\[[0-9a-f:]+\]|[a-z0-9.-]+)$/, 'holds an entry that is not a bare host name'),
  ),
);

/**
 * Origins of web pages. A bare name stands for its https origin, and a loopback name for itself: pages of developers have
 * any port there. `*` stands for all.
 */
export const pageOrigins = list.pipe(
  z.array(
    z.string().transform((entry, context) => {
      const name = entry.toLowerCase();
      if (isLoopback(name) || name === '*') return name;
      const page = /^(https?:\/\/)?(\[[\da-f:]+\]|[\w.-]+)(:\d{1,5})?$/.exec(name);
      const text = page?.[1] === undefined ? `https://${name}` : name;
      if (page === null || !isUrl(text) || (page[1] === undefined && page[3] !== undefined)) {
        return refuse(
          context,
          'holds an entry that is neither a host name, nor an origin such as https://app.example.com, nor *',
        );
      }
      return new URL(text).origin;
    }),
  ),
);

/** An address to listen on. An IPv6 address may be in brackets, as in URLs; they are removed, as sockets need it. */
export const host = text.transform((value, context) => {
  const bare = /^\[(.+)\]$/.exec(value)?.[1];
  if (bare !== undefined && isIPv6(bare)) return bare;
  const label = '[a-z0-9]([a-z0-9_-]*[a-z0-9])?';
  const isName = new RegExp(`^${label}(\\.${label})*$`, 'i').test(value);
  return isName || isIP(value) !== 0 ? value : refuse(context, 'must be an IP address or a host name');
});

export const origin = text.transform(toOrigin);

/** The same, or `off`. */
export const originOrOff = text.transform((value, context) => {
  if (value === 'off') return value;
  // Other settings have words of their own as well, and all are in small letters.
  return value.toLowerCase() === 'off' ? refuse(context, 'must be off in small letters') : toOrigin(value, context);
});

/**
 * The base URL of the management API: an origin, optionally with a path prefix, with or without `/api/v1` at its end.
 */
export const apiBase = text.transform((value, context) => {
  const base = value.replace(/\/+$/, '').replace(/\/api\/v1$/, '');
  const prefix = parseUrl(base)?.pathname.replace(/\/$/, '') ?? '';
  const server = toOrigin(prefix === '' ? base : base.slice(0, -prefix.length), context);
  return `${server}${prefix}/api/v1`;
});

export const issuer = z.string().transform((value, context) => {
  const url = parseUrl(value);
  const secure = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname));
  return secure ? value : refuse(context, 'must be an https URL');
});

/** A JSON object. Where something else is allowed as well, `what` says so: `on, off or a JSON object of limits`. */
export function jsonObjectOr(what: string) {
  return text.transform((value, context): Record<string, unknown> => {
    if (!value.startsWith('{')) return refuse(context, `must be ${what}`);
    try {
      const fault = faultOfJson(value);
      if (fault === undefined) return JSON.parse(value) as Record<string, unknown>;
      const { line, column, why } = fault;
      return refuse(context, `must be ${what}, and cannot be read at line ${line}, column ${column}: ${why}`);
    } catch {
      // The message of a JSON error quotes the value.
      return refuse(context, `must be ${what}`);
    }
  });
}

export const jsonObject = jsonObjectOr('a JSON object');

/** Accepts only an origin. It must be https unless it is loopback, because tokens are sent there. */
function toOrigin(value: string, context: z.RefinementCtx): string {
  const url = parseUrl(value);
  if (url === undefined || (url.protocol !== 'https:' && url.protocol !== 'http:'))
    return refuse(context, lacksScheme(value) ? 'must be a URL: https:// is missing in front' : 'must be a URL');
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '' || url.username !== '') {
    return refuse(context, 'must be an origin such as https://mcp.example.com, without a path');
  }
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) return refuse(context, 'must be https outside loopback');
  return url.origin;
}

/** Whether a text is a URL but for its scheme, such as a host name alone. */
function lacksScheme(value: string): boolean {
  return !value.includes('://') && isUrl(`https://${value}`);
}

function refuse(context: z.RefinementCtx, message: string): never {
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
}
