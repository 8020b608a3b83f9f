import { HOST_NAME } from '../core/host.ts';
import { charactersOf } from './characters.ts';
import { withoutShapes } from './redact.ts';

/*
 * Where a call leads to, and whom it concerns, is no secret, whatever it looks like: a host may be spelt like the beginning of a
 * token. Hidden, it would be one that nobody reads before they agree, nor in any list.
 */

/** What an http or https URL begins with, but for one with the name of a user. */
const ORIGIN = new RegExp(String.raw`^https?://(?:${HOST_NAME}|\[[\da-f:.]+\])(?::\d{1,5})?(?=[/?#]|$)`, 'iu');
const WHOLE_HOST = new RegExp(`^${HOST_NAME}$`, 'iu');

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
