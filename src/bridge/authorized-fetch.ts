import type { Fetch } from '../outgoing/hosted-fetch.ts';
import { type Credential, lacksScope } from './credential.ts';

/**
 * Sends requests with a credential. After a 401 the token is renewed, and after a 403 that asks for scopes it is widened, once
 * each for a request; then the request is sent again. What is refused even so comes back as it is. The token is in the header
 * alone.
 */
export function authorizedFetch(fetch: Fetch, credential: Credential): Fetch {
  const send = (url: string | URL, init: RequestInit | undefined, token: string | undefined) => {
    const headers = new Headers(init?.headers);
    if (token !== undefined) headers.set('authorization', `Bearer ${token}`);
    return fetch(url, { ...init, headers });
  };
  return async (url, init) => {
    let token = await credential.token();
    let response = await send(url, init, token);
    if (response.status === 401) {
      await drop(response);
      token = await credential.renew(token, response);
      response = await send(url, init, token);
    }
    if (!lacksScope(response)) return response;
    const wider = await credential.widen(token, response);
    if (wider === undefined) return withoutChallenge(response);
    await drop(response);
    return withoutChallenge(await send(url, init, wider));
  };
}

/** Breaks when a challenge reaches the SDK's transport: it would throw an error of its own in place of the server's reason. */
function withoutChallenge({ body, status, statusText, headers }: Response): Response {
  const rest = new Headers(headers);
  rest.delete('www-authenticate');
  return new Response(body, { status, statusText, headers: rest });
}

/** Frees the connection of an answer that nobody reads. */
async function drop(response: Response): Promise<void> {
  await response.body?.cancel();
}
