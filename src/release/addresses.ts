import { HOST_NAME } from '../core/host.ts';
import { charactersOf } from './characters.ts';
import { withoutShapes } from './redact.ts';

/*
 * Where a call leads to, and whom it concerns, is no secret, whatever it looks like: a host may be spelt like the beginning of a
 * token. Hidden, it would be one that nobody reads before they agree, nor in any list.
 */

/** A name with a dot: what has none is known to one network alone, and may as well be a token. */
const PUBLIC_NAME = String.raw`(?=[^/?#:]*\.)${HOST_NAME}`;
/** What an http or https URL begins with, but for one with the name of a user. */
const ORIGIN = new RegExp(String.raw`^https?://(?:${PUBLIC_NAME}|\[[\da-f:.]+\])(?::\d{1,5})?(?=[/?#]|$)`, 'iu');
/** A text that is an email address, as people write them; with quotes and blanks it would be a sentence as well. */
const ADDRESS = new RegExp(String.raw`^([^\s:/@"]+@)${PUBLIC_NAME}$`, 'iu');

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
  const [, name] = ADDRESS.exec(text) ?? [];
  return name !== undefined && withoutShapes(name) === name ? text : clean;
}
