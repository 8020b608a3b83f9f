import { list, required, text } from '../notation.ts';
import { rpc, service } from '../service.ts';

const uri = required(text({ min_len: 1, max_len: 2048 }));

/** The addresses of the environment's own client (scalekit.v1.clients.EnvironmentLoginUrisResponse). */
const loginUris = {
  client_id: text(),
  redirect_uris: list(text()),
  post_logout_redirect_uris: list(text()),
  initiate_login_uri: text(),
};

const WRITE = { permissions: ['api_credentials:write'], response: loginUris };

/** Operations on single addresses of the environment's own client, which the SDK for Node does not have yet. */
export const EnvironmentLoginUrisService = service('scalekit.v1.clients.ClientService', {
  addEnvironmentRedirectUri: rpc('POST /environment/redirect-uris', {
    ...WRITE,
    body: '*',
    request: { redirect_uri: uri },
  }),
  removeEnvironmentRedirectUri: rpc('DELETE /environment/redirect-uris', {
    ...WRITE,
    request: { redirect_uri: uri },
  }),
  setEnvironmentInitiateLoginUri: rpc('PUT /environment/initiate-login-uri', {
    ...WRITE,
    body: '*',
    request: { initiate_login_uri: uri },
  }),
});
