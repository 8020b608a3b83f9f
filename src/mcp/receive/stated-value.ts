import { isUtf8 } from 'node:buffer';

// Header values that state what the body holds (MCP 2026-07-28, "Server Validation" of Streamable HTTP).

/** Visible ASCII and the space. Other characters arrive differently at different readers. */
const PLAIN = /^[ -~]*$/;
/** A value that a header field cannot hold as it is. The markers are case-sensitive; another spelling is plain text. */
const ENCODED = /^=\?base64\?(.*)\?=$/;
const NUMBER = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** What a header value states; undefined when it holds characters that no value may, is no Base64, or no UTF-8. */
function decodeStated(value: string): string | undefined {
  if (!PLAIN.test(value)) return undefined;
  const encoded = ENCODED.exec(value)?.[1];
  if (encoded === undefined) return value;
  const bytes = Buffer.from(encoded, 'base64');
  return bytes.toString('base64') === encoded && isUtf8(bytes) ? bytes.toString('utf8') : undefined;
}

/**
 * Whether a header value states what the body holds. Numbers are compared as numbers, and what is no scalar cannot be
 * stated.
 */
export function states(value: string, held: unknown): boolean {
  const stated = decodeStated(value);
  if (stated === undefined) return false;
  if (typeof held === 'string' || typeof held === 'boolean') return stated === String(held);
  if (typeof held !== 'number') return false;
  // Beyond that, different digits are one number here, and may be two numbers elsewhere.
  if (Math.abs(held) > Number.MAX_SAFE_INTEGER) return stated === String(held);
  return NUMBER.test(stated) && Number(stated) === held;
}
