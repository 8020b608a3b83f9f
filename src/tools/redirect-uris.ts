import { z } from 'zod';
import { toolset } from '../core/toolset.ts';
import {
  addUri,
  readUris,
  removeUri,
  setInitiateLoginUri,
  showInitiateLoginUri,
  showRemoval,
} from '../platform/redirect-uris.ts';
import { isRedirectUri } from '../platform/uri.ts';

const uri = z
  .string()
  .max(256, { abort: true })
  .refine(
    isRedirectUri,
    'must be an https URL, an http one on localhost, or a URI with the scheme of an app, without credentials and fragment',
  )
  .describe('https, http on localhost, or the scheme of an app');
/** Without rules, because every listed URI must be removable. */
const listedUri = z.string().describe('As list_redirect_uris shows it');

const uris = {
  client_id: z.string(),
  post_login_uris: z.array(z.string()).describe('Callbacks: where logins may return to'),
  post_logout_redirect_uris: z.array(z.string()),
  back_channel_logout_uris: z.array(z.string()),
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
    description:
      'Show the allowed redirect URIs: callback URLs after login, URLs after logout, and the initiate-login URL.',
    output: uris,
    run: (_args, { api }) => readUris(api),
  }),

  t.add('add_redirect_uri', {
    title: 'Add a redirect URI',
    description: 'Allow a redirect URI: a callback URL to which login may return. Five at most.',
    repeatable: true,
    input: { uri },
    output,
    run: ({ uri }, { api }) => addUri(api, 'post_login_uris', uri),
  }),

  t.destroy('remove_redirect_uri', {
    title: 'Remove a redirect URI',
    description: 'Stop allowing a redirect URI (callback URL): logins that return to it then fail.',
    input: { uri: listedUri },
    namesAsShown: ['uri'],
    shows: removal,
    stopsWorking: 'Logins that return to this URI.',
    show: ({ uri }, { api, findAsShown }) =>
      showRemoval(api, 'post_login_uris', (uris) => findAsShown('uri', uri, uris)),
    output,
    run: ({ uri }, { api, findAsShown }) => removeUri(api, 'post_login_uris', (uris) => findAsShown('uri', uri, uris)),
  }),

  t.overwrite('set_initiate_login_uri', {
    title: 'Set the initiate-login URI',
    description:
      'Set the initiate-login URI: the page of the application where a login starts that begins elsewhere, for instance at an identity provider.',
    input: { uri },
    output,
    run: ({ uri }, { api }) => setInitiateLoginUri(api, uri),
  }),

  t.destroy('remove_initiate_login_uri', {
    title: 'Remove the initiate-login URI',
    description:
      'Clear the initiate-login URI: logins that start outside of the application, for instance at an identity provider, then fail.',
    shows: { client_id: z.string(), initiate_login_uri: z.string() },
    stopsWorking:
      'Logins that start outside of the application: at an identity provider, from a bookmark, an invitation or a magic link.',
    show: (_args, { api }) => showInitiateLoginUri(api),
    output,
    run: (_args, { api }) => setInitiateLoginUri(api, ''),
  }),

  t.add('add_post_logout_redirect_uri', {
    title: 'Add a post-logout URI',
    description: 'Allow a URI to which people may be sent after logout (sign-out).',
    repeatable: true,
    input: { uri },
    output,
    run: ({ uri }, { api }) => addUri(api, 'post_logout_redirect_uris', uri),
  }),

  t.destroy('remove_post_logout_redirect_uri', {
    title: 'Remove a post-logout URI',
    description: 'Stop allowing a URI to which people are sent after logout (sign-out).',
    input: { uri: listedUri },
    namesAsShown: ['uri'],
    shows: removal,
    stopsWorking: 'Logouts that send people to this URI.',
    show: ({ uri }, { api, findAsShown }) =>
      showRemoval(api, 'post_logout_redirect_uris', (uris) => findAsShown('uri', uri, uris)),
    output,
    run: ({ uri }, { api, findAsShown }) =>
      removeUri(api, 'post_logout_redirect_uris', (uris) => findAsShown('uri', uri, uris)),
  }),
]);
