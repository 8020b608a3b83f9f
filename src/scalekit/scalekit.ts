import type { ScalekitConfig } from '../config.ts';
import type { Api, Path, Query } from '../tool/api.ts';
import { ToolError } from '../tool/errors.ts';
import type { JsonObject } from '../tool/json.ts';
import { ClientToken, type EnvironmentClient } from './client-token.ts';
import { createDispatcher } from './dispatcher.ts';
import { EnvironmentDirectory } from './environment-directory.ts';
import { path } from './path.ts';
import { RestClient } from './rest-client.ts';

/** On whose behalf a call is made. */
interface Principal {
  readonly key: string;
  bearer(): string;
}

/** One call into the management API: who makes it, where, and until when. */
interface CallScope {
  readonly principal: Principal;
  /** `undefined`: the workspace as a whole, or the only environment there is. */
  readonly environmentId: string | undefined;
  readonly signal: AbortSignal;
}

/** The management API, bound for one call. */
export interface Scalekit {
  api(scope: CallScope): Api;
  close(): Promise<void>;
}

export interface ScalekitOptions {
  readonly config: Pick<ScalekitConfig, 'environmentUrl' | 'mode'>;
  readonly timeoutMs: number;
}

/** Connects to the management API in the configured credential mode. */
export function connectScalekit({ config: { environmentUrl, mode }, timeoutMs }: ScalekitOptions): Scalekit {
  const baseUrl = mode.kind === 'workspace' ? mode.apiUrl : `${environmentUrl}/api/v1`;
  const dispatcher = createDispatcher(new URL(baseUrl).origin);
  const rest = new RestClient({ baseUrl, dispatcher, timeoutMs });
  const send =
    mode.kind === 'workspace' ? asCaller(rest) : asEnvironment(rest, { environmentUrl, dispatcher, ...mode });
  return {
    api: (scope) => bind(send, scope),
    close: () => dispatcher.close(),
  };
}

interface Operation {
  readonly method: 'GET' | 'POST';
  readonly path: Path;
  readonly query?: Query | undefined;
  readonly body?: JsonObject;
}

type Send = (operation: Operation, scope: CallScope) => Promise<unknown>;

function bind(send: Send, scope: CallScope): Api {
  return {
    get: (target, query) => send({ method: 'GET', path: target, query }, scope),
    post: (target, body, query) => send({ method: 'POST', path: target, body, query }, scope),
  };
}

/** Workspace mode: the caller's own token, and the environment's domain in `x-env-domain`. */
function asCaller(rest: RestClient): Send {
  const directory = new EnvironmentDirectory();
  const never = new AbortController().signal;
  return async (operation, { principal, environmentId, signal }) => {
    const headers = { authorization: `Bearer ${principal.bearer()}` };
    if (environmentId === undefined) return rest.send({ ...operation, headers, signal });
    // Several calls may wait for one look-up, so that none of them may abort it.
    const lookUp = (id: string) =>
      rest.send({ method: 'GET', path: path`/environments/${id}`, headers, signal: never });
    const domain = await directory.domain(principal.key, environmentId, lookUp);
    return rest.send({ ...operation, headers: { ...headers, 'x-env-domain': domain }, signal });
  };
}

/** Environment mode: the environment's own token. A token that is no longer accepted is replaced once. */
function asEnvironment(rest: RestClient, client: EnvironmentClient): Send {
  const token = new ClientToken(client);
  return async (operation, { signal }) => {
    const sendWith = (value: string) =>
      rest.send({ ...operation, headers: { authorization: `Bearer ${value}` }, signal });
    const value = await token.get();
    try {
      return await sendWith(value);
    } catch (error) {
      if (!(error instanceof ToolError) || error.code !== 'unauthenticated') throw error;
      token.discard(value);
      return sendWith(await token.get());
    }
  };
}
