import { z } from 'zod';
import { isObject } from '../../core/json.ts';

/** One sentence for people that stands beside what a tool hands out. */
export const note = z.string().optional().describe('What to do with it');

/** Beside links with which somebody authorizes an account. Scalekit states a minute, and no number of uses. */
export const LINK_NOTE =
  'Good for about a minute, and perhaps once only: whoever opens, fetches or previews such a link, a chat included, may use it up; then make a new one.';

/** Beside a link into the admin portal, of which neither a number of uses nor another life than its expiry is known. */
export const PORTAL_NOTE =
  'A credential until it expires, since whoever opens it, also by a chat’s preview, can change this organization’s SSO and directory; send it to its administrator alone.';

/** Beside a link into the portal of webhooks, of which nothing is documented but that it opens it. */
export const WEBHOOK_PORTAL_NOTE =
  'A credential, since whoever opens it can change where the events of this environment go, and read them. Open it yourself; send it to nobody.';

/** Beside the secret of a directory. */
export const DIRECTORY_SECRET_NOTE =
  'Shown this once: give it, with directory_endpoint of the directory, to the administrator of the identity provider alone.';

/** Beside the secret of a client, or a token. */
export const SECRET_NOTE =
  'Shown this once: store it where the program reads it, and nowhere else. To replace one: make the new one, let every program use it, then delete the old one.';

/** An answer that holds links, unchecked, with the note beside them. */
export function withLinkNote(answer: unknown): unknown {
  return isObject(answer) ? { ...answer, note: LINK_NOTE } : answer;
}
