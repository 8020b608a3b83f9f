import type { DescMethod, Message } from '@bufbuild/protobuf';
import { toAnswer } from '../contract/complete.ts';
import { MalformedRequest, toRequest } from '../contract/decode.ts';
import { readRequest } from '../contract/read.ts';
import { brokenRules } from '../contract/rules.ts';
import type { Environment } from '../data/types.ts';
import type { Settings } from '../settings.ts';
import type { Store } from '../store.ts';
import { ApiError, findIn, forbidden, found, invalid } from './api-error.ts';
import { watched } from './heed.ts';
import type { EnvironmentCall, Operation } from './operation.ts';
import type { Principal } from './principal.ts';
import { mayDo } from './roles.ts';
import type { Match, Routes } from './routes.ts';
import { methodName, needsNoReading, newerField, whyUnplayed } from './unplayed.ts';

/** A request of the management API, read to its end. */
export interface ApiRequest {
  readonly method: string;
  /** Path below `/api/v1` with its query. */
  readonly url: string;
  /** The JSON value of the body, or the refusal of one that has none. */
  readonly body: unknown;
  readonly environmentDomain: string | undefined;
  /** Whoever calls, or the refusal of a credential. */
  readonly caller: Principal | Error;
}

export interface ApiResult {
  readonly status: number;
  readonly body: object;
}

/**
 * Carries out one request. In the order of the real thing: the gateway finds the operation and reads the message; the
 * service behind it then asks who is calling, whether they may, and whether the message keeps the rules. What is set and
 * the sandbox does not play is refused, because a test against it would prove nothing.
 * @throws ApiError
 */
export function dispatch(
  request: ApiRequest,
  { routes, store, settings }: { readonly routes: Routes; readonly store: Store; readonly settings: Settings },
): ApiResult {
  // Not parsed as a URL: that would resolve dot segments, and a client that lets them through must meet its mistake.
  const [path = '', query] = request.url.split('?', 2);
  const match = routes.find(request.method, path);
  const message = read(match, { query: new URLSearchParams(query), body: request.body }, settings);
  const { caller: principal } = request;
  if (principal instanceof Error) throw principal;
  const { operation } = match;
  const { access } = operation;
  const environmentId = placeOf(operation, message, request.environmentDomain, store)?.id;
  const mayAct = mayDo({ principal, store, environmentId }, operation, message);
  if (!access.accepts.includes(principal.kind) || !mayAct) throw forbidden(access.permissions);
  const place = operation.place === 'workspace' ? {} : insideOf(principal, request.environmentDomain, store);
  refuseNewer(operation, query, request.body);
  const violations = brokenRules(operation.method.input, message);
  if (violations.length > 0) throw invalid(...violations.map(({ forKey: _, ...violation }) => violation));
  return carryOut(operation, message, { principal, store, settings, ...place });
}

/** @throws ApiError UNIMPLEMENTED when the request sets a field that has no effect here and has one at Scalekit */
function carryOut(operation: Operation, message: Message, context: Context): ApiResult {
  const { method, status } = operation;
  const { request, set, unread } = watched(method.input, toRequest(method.input, message));
  const run = () => {
    // What an operation keeps as it came is read when it is shown.
    const body = toAnswer(method.output, operation.run({ ...context, request } as AnyCall));
    const [missed] = unread().filter((field) => !needsNoReading(method, field));
    if (missed !== undefined) throw notPlayed(method, missed);
    return { status, body };
  };
  // Whether such a field is read may hang on what the request is about, so that only trying tells.
  const isDoubtful = set.some((field) => whyUnplayed(method, field) !== undefined);
  return isDoubtful ? context.store.allOrNothing(run) : run();
}

type Context = Omit<Parameters<Operation['run']>[0], 'request'>;

/** @throws ApiError UNIMPLEMENTED when the request sets a field that Scalekit has and the sandbox’s model of it has not */
function refuseNewer({ method, body: filled }: Operation, query: string | undefined, body: unknown): void {
  const inBody = filled === undefined || filled === '*' ? body : { [filled]: body };
  const inQuery = Object.fromEntries(new URLSearchParams(query));
  const field = newerField(method, inBody) ?? newerField(method, inQuery);
  if (field !== undefined) throw notPlayed(method, field, 'it is newer than the sandbox’s model of the API');
}

/** A request that the sandbox cannot carry out as Scalekit does; it says so where Scalekit never would. */
function notPlayed(method: DescMethod, field: string, why = whyUnplayed(method, field)): ApiError {
  const reason = why ?? 'the operation does not read it';
  return new ApiError('UNIMPLEMENTED', `the sandbox does not play ${field} of ${methodName(method)}: ${reason}`);
}

type AnyCall = Parameters<Operation['run']>[0] & EnvironmentCall<never>;

function read(
  { operation, parameters: path }: Match,
  { query, body }: { readonly query: URLSearchParams; readonly body: unknown },
  settings: Settings,
): Message {
  try {
    if (operation.body !== undefined && body instanceof Error) throw body;
    return readRequest(operation.method.input, operation, { path, query, body }, settings);
  } catch (error) {
    if (error instanceof MalformedRequest) throw new ApiError('INVALID_ARGUMENT', error.message);
    throw error;
  }
}

/** The environment that a request is about, if it names one that is there. */
function placeOf(
  { place }: Operation,
  message: Message,
  domain: string | undefined,
  { environments }: Store,
): Environment | undefined {
  const { id, environmentId } = message as { id?: unknown; environmentId?: unknown };
  return environments.find((one) =>
    place === 'environment' ? one.domain === domain : one.id === id || one.id === environmentId,
  );
}

function insideOf(principal: Principal, domain: string | undefined, store: Store) {
  const environment = findEnvironment(principal, domain, store);
  return { environment, content: store.contentOf(environment) };
}

/** A workspace token names the environment by its domain; a client's token is bound to its own. */
function findEnvironment(principal: Principal, domain: string | undefined, { environments }: Store): Environment {
  if (principal.kind === 'client') {
    const own = environments.find(({ id }) => id === principal.environmentId);
    if (own === undefined || domain === undefined || domain === own.domain) return found(own, 'environment');
    throw new ApiError('PERMISSION_DENIED', 'the credential belongs to another environment');
  }
  if (domain === undefined || domain === '') {
    const description = 'the header x-env-domain must name an environment';
    throw invalid({ field: 'x-env-domain', description, constraint: 'required' });
  }
  return findIn(environments, (candidate) => candidate.domain === domain, 'environment');
}
