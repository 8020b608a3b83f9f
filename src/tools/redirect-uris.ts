import { z } from 'zod';
import { sentence } from '../core/sentence.ts';
import type { ToolContext } from '../core/tool.ts';
import { toolset } from '../core/toolset.ts';
import { withoutSpaceAround } from '../platform/exact.ts';
import {
  addCallback,
  addUri,
  clearInitiateLoginUri,
  readUris,
  removeCallback,
  removeUri,
  setInitiateLoginUri,
  showCallbackRemoval,
  showInitiateLoginUri,
  showRemoval,
} from '../platform/redirect-uris.ts';
import { calledUri, uri } from './fields/uris.ts';

/** Without rules, because every listed URI must be removable. */
const listedUri = z.string().describe('From list_redirect_uris');

/** Finds the listed URI that an argument names: as it was given, else without the white space around it. */
const listed =
  (uri: string, { findAsShown }: ToolContext) =>
  (uris: readonly string[]) => {
    const bare = withoutSpaceAround(uri);
    return findAsShown('uri', uri, uris) ?? (bare === uri ? undefined : findAsShown('uri', bare, uris));
  };

const uris = {
  client_id: z.string(),
  post_login_uris: z.array(z.string()).describe('Callbacks: where logins may return to'),
  post_logout_redirect_uris: z.array(z.string()),
  back_channel_logout_uris: z.array(z.string()).describe('Called at logout'),
  initiate_login_uri: z.string().optional().describe('Left out: none'),
};
const changed = z.boolean().describe('false: it was so already');
/** The answer to a write: the URIs afterwards. */
const output = { ...uris, changed };

/** What removing a URI from a list shows first. */
const removal = {
  client_id: z.string(),
  uri: z.string(),
  remaining: z.array(z.string()).describe('What the list would hold afterwards'),
};

/** The URIs to which an environment may redirect browsers. */
export const redirectUris = toolset('redirect_uris', { area: 'environment' }, (t) => [
  t.read('list_redirect_uris', {
    foundBy: 'callback URLs, redirect mismatch, where may login return, allowed URLs, is localhost allowed',
    description:
      'Show the allowed redirect URIs: callback URLs after login, URLs after logout, and the initiate-login URL.',
    output: uris,
    run: (_args, { api }) => readUris(api),
  }),

  t.add('add_redirect_uri', {
    title: 'Add a redirect URI',
    foundBy: 'allow a callback URL, localhost callback, redirect mismatch, app runs at a new address',
    description: 'Allow a redirect URI: a callback URL to which login may return. Five at most.',
    repeatable: true,
    input: { uri },
    does: ({ uri }) => sentence`Let logins return to ${uri}.`,
    output,
    run: ({ uri }, { api }) => addCallback(api, uri),
  }),

  t.destroy('remove_redirect_uri', {
    title: 'Remove a redirect URI',
    foundBy: 'disallow a callback URL, old address of the app, clean up callbacks',
    description: 'Stop allowing a redirect URI (callback URL): logins that return to it then fail.',
    input: { uri: listedUri },
    namesAsShown: ['uri'],
    does: ({ uri }) => sentence`Let no login return to ${uri} any more.`,
    shows: removal,
    stopsWorking: 'Logins that return to this URI.',
    show: ({ uri }, context) => showCallbackRemoval(context.api, listed(uri, context)),
    output,
    run: ({ uri }, context) => removeCallback(context.api, listed(uri, context)),
  }),

  t.overwrite('set_initiate_login_uri', {
    title: 'Set the initiate-login URI',
    foundBy: 'where invitations lead, login started at the identity provider, tile in Okta, bookmark to the login',
    description:
      'Set the initiate-login URI: the application’s login path, not its callback. Invitations, magic links, bookmarks and tiles at identity providers lead there.',
    input: { uri },
    does: ({ uri }) => sentence`Set the initiate-login URI to ${uri}, in place of any other.`,
    output,
    run: ({ uri }, { api }) => setInitiateLoginUri(api, uri),
  }),

  t.destroy('remove_initiate_login_uri', {
    title: 'Remove the initiate-login URI',
    foundBy: 'clear the login start page, no logins from tiles any more',
    description:
      'Clear the initiate-login URI: logins by invitation, magic link, bookmark or a tile at an identity provider then fail.',
    does: () => sentence`Clear the initiate-login URI.`,
    shows: { client_id: z.string(), initiate_login_uri: z.string() },
    stopsWorking:
      'Logins that start outside of the application: at a tile of an identity provider, from a bookmark, an invitation or a magic link, those under way too.',
    show: (_args, { api }) => showInitiateLoginUri(api),
    output,
    run: (_args, { api }) => clearInitiateLoginUri(api),
  }),

  t.add('add_post_logout_redirect_uri', {
    title: 'Add a post-logout URI',
    foundBy: 'where people land after sign-out, page after logout, send people to our homepage when they log out',
    description: 'Allow a URI to which people may be sent after logout (sign-out).',
    repeatable: true,
    input: { uri },
    does: ({ uri }) => sentence`Let logouts send people to ${uri}.`,
    output,
    run: ({ uri }, { api }) => addUri(api, 'post_logout_redirect_uris', uri),
  }),

  t.destroy('remove_post_logout_redirect_uri', {
    title: 'Remove a post-logout URI',
    foundBy: 'page after logout no longer allowed',
    description: 'Stop allowing a URI to which people are sent after logout (sign-out).',
    input: { uri: listedUri },
    namesAsShown: ['uri'],
    does: ({ uri }) => sentence`Let no logout send people to ${uri} any more.`,
    shows: removal,
    stopsWorking: 'Logouts that send people to this URI.',
    show: ({ uri }, context) => showRemoval(context.api, 'post_logout_redirect_uris', listed(uri, context)),
    output,
    run: ({ uri }, context) => removeUri(context.api, 'post_logout_redirect_uris', listed(uri, context)),
  }),

  t.add('add_back_channel_logout_uri', {
    title: 'Add a back-channel logout URI',
    foundBy: 'tell our backend when somebody logs out, be notified of logouts, end our own sessions too',
    description: 'Add a back-channel logout URI, which Scalekit calls when a user logs out.',
    repeatable: true,
    input: { uri: calledUri },
    does: ({ uri }) => sentence`Tell ${uri} of logouts.`,
    output,
    run: ({ uri }, { api }) => addUri(api, 'back_channel_logout_uris', uri),
  }),

  t.destroy('remove_back_channel_logout_uri', {
    title: 'Remove a back-channel logout URI',
    foundBy: 'stop telling our backend of logouts',
    description: 'Remove a back-channel logout URI, which Scalekit calls when a user logs out.',
    input: { uri: listedUri },
    namesAsShown: ['uri'],
    does: ({ uri }) => sentence`Tell ${uri} of logouts no more.`,
    shows: removal,
    stopsWorking: 'The application is not told of logouts at this URI any more, and may keep their sessions.',
    show: ({ uri }, context) => showRemoval(context.api, 'back_channel_logout_uris', listed(uri, context)),
    output,
    run: ({ uri }, context) => removeUri(context.api, 'back_channel_logout_uris', listed(uri, context)),
  }),
]);
