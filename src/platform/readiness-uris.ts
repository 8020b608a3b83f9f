import { z } from 'zod';
import { parseUrl } from '../core/parse-url.ts';
import type { readUris } from './redirect-uris.ts';

/** So many things are named in one check. */
export const MAX_ITEMS = 10;

/** What was looked at, what was seen, and what is to be done about it. */
export const Check = z.object({
  check: z.string(),
  state: z.enum(['good', 'to_do', 'not_known']),
  seen: z.string(),
  items: z.array(z.string()).optional().describe('What it is about'),
  to_do: z.string().optional(),
  next_tool: z.string().optional(),
});
export type Check = z.output<typeof Check>;
/** What a check has found. */
export type UnnamedCheck = Omit<Check, 'check'>;

type Uris = Awaited<ReturnType<typeof readUris>>;

/** The tools that change a list of URIs, and what is to be said of one without any. */
interface List {
  readonly called: string;
  readonly remove: string;
  readonly none: UnnamedCheck;
}

const NO_CLIENT: UnnamedCheck = {
  state: 'to_do',
  seen: 'The environment has no client of its own.',
  next_tool: 'list_environment_clients',
};

const CALLBACKS: List = {
  called: 'Callback URIs',
  remove: 'remove_redirect_uri',
  none: {
    state: 'to_do',
    seen: 'There is no callback URI.',
    to_do: 'Allow the callback URI of your application: no login can return.',
    next_tool: 'add_redirect_uri',
  },
};
const POST_LOGOUT: List = {
  called: 'Post-logout URIs',
  remove: 'remove_post_logout_redirect_uri',
  none: {
    state: 'not_known',
    seen: 'There is no post-logout URI.',
    to_do: 'Allow one, if people are to be sent somewhere after logout.',
    next_tool: 'add_post_logout_redirect_uri',
  },
};
const BACK_CHANNEL: List = {
  called: 'Back-channel logout URIs',
  remove: 'remove_back_channel_logout_uri',
  none: {
    state: 'not_known',
    seen: 'There is no back-channel logout URI.',
    to_do: 'Add one, if your application is to be told when somebody logs out elsewhere.',
    next_tool: 'add_back_channel_logout_uri',
  },
};

/**
 * Looks at the URIs of an environment: whether those that it needs are there, and none leads to the machine of a developer.
 * @param uris `none`: it has no client, and so no URIs; undefined: they could not be read
 * @returns what was found, by the name of the check; undefined: nothing is known
 */
export function ofUris(uris: Uris | 'none' | undefined): Readonly<Record<string, UnnamedCheck | undefined>> {
  if (uris === undefined) return { callbacks: undefined };
  if (uris === 'none') return { callbacks: NO_CLIENT };
  return {
    callbacks: ofList(CALLBACKS, uris.post_login_uris),
    initiate_login: initiateLoginOf(uris.initiate_login_uri),
    post_logout: ofList(POST_LOGOUT, uris.post_logout_redirect_uris),
    back_channel_logout: ofList(BACK_CHANNEL, uris.back_channel_logout_uris),
  };
}

function ofList({ called, remove, none }: List, uris: readonly string[]): UnnamedCheck {
  if (uris.length === 0) return none;
  const wrong = uris.filter(isForDevelopment);
  if (wrong.length === 0) return { state: 'good', seen: `${called}: ${uris.length}, none for development.` };
  const seen = `${called} for development are allowed: by http, or on the machine of a developer.`;
  return { state: 'to_do', seen, items: wrong.slice(0, MAX_ITEMS), to_do: 'Remove them.', next_tool: remove };
}

function initiateLoginOf(uri: string | undefined): UnnamedCheck {
  const next_tool = 'set_initiate_login_uri';
  if (!uri) {
    const to_do = 'Set it: invitations, magic links, bookmarks and tiles at identity providers lead there.';
    return { state: 'to_do', seen: 'There is no initiate-login URI.', to_do, next_tool };
  }
  if (!isForDevelopment(uri)) return { state: 'good', seen: 'The initiate-login URI is set, and not for development.' };
  const seen = 'The initiate-login URI is for development: by http, or on the machine of a developer.';
  return { state: 'to_do', seen, items: [uri], to_do: 'Set the one of production.', next_tool };
}

const LOCAL = /^(?:localhost|127(?:\.\d+){3}|\[::1\]|0\.0\.0\.0|.*\.localhost)$/;

/** Whether an address leads to a machine of a developer, or is not protected on its way. */
function isForDevelopment(uri: string): boolean {
  const url = parseUrl(uri);
  return url !== undefined && (url.protocol === 'http:' || LOCAL.test(url.hostname));
}
