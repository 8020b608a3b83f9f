import { withoutShapes } from '../../release/redact.ts';

/** W3C Trace Context §3.3.1: how many members there may be, and how many characters every system passes on. */
const MAX_MEMBERS = 32;
const MAX_LENGTH = 512;
/** §3.3.1.3: a key with or without a tenant, and a value that does not end with a blank. */
const MEMBER =
  /^((?:[a-z][a-z0-9_*/-]{0,255})|(?:[a-z0-9][a-z0-9_*/-]{0,240}@[a-z][a-z0-9_*/-]{0,13}))=([\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e])$/;

/**
 * Whether a text is a `tracestate` of the form of W3C Trace Context, of at most 512 characters, in which no secret is
 * recognized. One wrong member makes all of it wrong (§3.3.1.5), because it goes out to other systems as it is.
 */
export function isTraceState(text: string): boolean {
  if (text.length > MAX_LENGTH || withoutShapes(text) !== text) return false;
  const members = text.split(',').map((member) => member.replace(/^[ \t]+|[ \t]+$/g, ''));
  const keys = members.filter((member) => member !== '').map((member) => MEMBER.exec(member)?.[1]);
  return keys.length <= MAX_MEMBERS && !keys.includes(undefined) && new Set(keys).size === keys.length;
}
