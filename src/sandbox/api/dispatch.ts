import type { Environment } from '../data/types.ts';
import type { Store } from '../store.ts';
import { ApiError, invalid } from './api-error.ts';
import type { Principal } from './authenticate.ts';
import { checkMessage } from './message.ts';
import type { Operation } from './operation.ts';
import { decodeRequest } from './request.ts';
import type { Routes } from './routes.ts';

/** A request of the management API, read to its end. */
export interface ApiRequest {
  readonly method: string;
  /** Path below `/api/v1` with its query. */
  readonly url: string;
  readonly body: string;
  readonly environmentDomain: string | undefined;
  /** Yields the caller or throws the refusal. */
  readonly identify: () => Principal;
}

export interface ApiResult {
  readonly status: number;
  readonly body: object;
}

/**
 * Carries out one request. In the order of the real thing: the gateway finds the operation and reads the message; the
 * service behind it then asks who is calling, whether they may, and whether the message keeps the rules.
 * @throws ApiError
 */
export function dispatch(request: ApiRequest, routes: Routes, store: Store): ApiResult {
  // Not parsed as a URL: that would resolve dot segments, and a client that lets them through must meet its mistake.
  const [path = '', query] = request.url.split('?', 2);
  const { operation, parameters } = routes.find(request.method, path);
  const { request: shape, body, status = 200 } = operation;
  const message = decodeRequest(shape, body, {
    path: parameters,
    query: new URLSearchParams(query),
    body: request.body,
  });
  const principal = request.identify();
  requireAcceptance(operation, principal);
  const call = { request: message, principal, store };
  if (operation.place === 'workspace') {
    refuseViolations(operation, message);
    return { status, body: operation.run(call) };
  }
  const environment = findEnvironment(principal, request.environmentDomain, store);
  refuseViolations(operation, message);
  return { status, body: operation.run({ ...call, environment, content: store.contentOf(environment) }) };
}

function requireAcceptance({ accepts, permission }: Operation, principal: Principal): void {
  if (accepts.includes(principal.kind)) return;
  throw new ApiError('PERMISSION_DENIED', 'the credential does not permit this operation', {
    requiredPermissions: [permission],
  });
}

function refuseViolations(operation: Operation, message: Readonly<Record<string, unknown>>): void {
  const violations = checkMessage(operation.request, message);
  if (violations.length > 0) throw invalid(violations);
}

/** A workspace token names the environment by its domain; a client's token is bound to its own. */
function findEnvironment(principal: Principal, domain: string | undefined, store: Store): Environment {
  if (principal.kind === 'client') return ownEnvironment(principal.environmentId, domain, store);
  if (domain === undefined || domain === '') {
    const description = 'the header x-env-domain must name an environment';
    throw invalid([{ field: 'x-env-domain', description, constraint: 'required' }]);
  }
  const environment = store.environments.find((candidate) => candidate.domain === domain);
  if (environment === undefined) throw new ApiError('NOT_FOUND', 'environment not found');
  return environment;
}

function ownEnvironment(id: string, domain: string | undefined, store: Store): Environment {
  const own = store.environments.find((candidate) => candidate.id === id);
  if (own === undefined) throw new ApiError('NOT_FOUND', 'environment not found');
  if (domain !== undefined && domain !== own.domain) {
    throw new ApiError('PERMISSION_DENIED', 'the credential belongs to another environment');
  }
  return own;
}
