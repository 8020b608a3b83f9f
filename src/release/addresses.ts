import { charactersOf } from './characters.ts';
import { withoutShapes } from './redact.ts';

/*
 * Where a call leads to, and whom it concerns, is no secret, whatever it looks like: a host may be spelt like the beginning of a
 * token. Hidden, it would be one that nobody reads before they agree, nor in any list.
 */

const LABEL = String.raw`[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]{0,61}[\p{L}\p{M}\p{N}])?`;
/** The end of a host's name, or of an address of IPv4. The signature of a token is neither letters alone nor a number. */
const LAST_LABEL = String.raw`(?:xn--[a-z\d-]{1,59}|\p{L}{1,24}|\d{1,3})`;
/** The longest name of a host (RFC 1035 §2.3.4), in characters. */
const HOST = String.raw`(?=[^/?#@:]{1,253}(?:[/?#:]|$))(?:${LABEL}\.)*${LAST_LABEL}`;
/** What an http or https URL begins with, but for one with the name of a user. */
const ORIGIN = new RegExp(String.raw`^https?://${HOST}(?::\d{1,5})?(?=[/?#]|$)`, 'iu');
const WHOLE_HOST = new RegExp(`^${HOST}$`, 'iu');

/**
 * Redacts secrets by their shape and by the names before them, as `withoutShapes` does, but leaves the origin of a text that is
 * a web URL, and the host of one that is an email address. Linear in its length.
 * @param characters those of the text, or more
 */
export function withoutShapesButAddress(text: string, characters = charactersOf(text)): string {
  const clean = withoutShapes(text, characters);
  if (clean === text) return text;
  const origin = ORIGIN.exec(text)?.[0];
  if (origin !== undefined) return clean.startsWith(origin) ? clean : origin + withoutShapes(text.slice(origin.length));
  const behindAt = text.indexOf('@') + 1;
  const name = text.slice(0, behindAt);
  const isAddress = behindAt > 1 && WHOLE_HOST.test(text.slice(behindAt)) && withoutShapes(name) === name;
  return isAddress ? text : clean;
}
