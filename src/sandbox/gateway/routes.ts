import { RoutingError } from './api-error.ts';
import type { Operation } from './operation.ts';

/** An operation that a request asks for, with the texts that stand in its path. */
export interface Match {
  readonly operation: Operation;
  readonly parameters: ReadonlyMap<string, string>;
}

/** Finds operations by verb and path, as the gateway's routing does. */
export class Routes {
  readonly #routes: readonly { readonly pattern: RegExp; readonly operation: Operation }[];

  constructor(operations: readonly Operation[]) {
    // `/things/{id}:enable` goes before `/things/{id}`, whose id may hold a colon.
    const byLiterals = operations.toSorted((a, b) => literals(b.path) - literals(a.path));
    this.#routes = byLiterals.map((operation) => ({ pattern: toPattern(operation.path), operation }));
  }

  /**
   * @param path below `/api/v1`, without the query
   * @throws RoutingError for a path that no operation has (404), or that others have for other verbs (501)
   */
  find(verb: string, path: string): Match {
    const matching = this.#routes.filter(({ pattern }) => pattern.test(path));
    const route = matching.find(({ operation }) => operation.verb === verb);
    if (route !== undefined) return { operation: route.operation, parameters: readParameters(route.pattern, path) };
    throw matching.length > 0
      ? new RoutingError('UNIMPLEMENTED', 'Method Not Allowed')
      : new RoutingError('NOT_FOUND', 'Not Found');
  }
}

/** `/organizations/{id}` to an expression with a named group for each parameter, which spans one segment. */
function toPattern(path: string): RegExp {
  const source = path.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{(\w+)\}/g, '(?<$1>[^/]+)');
  return new RegExp(`^${source}$`);
}

function literals(path: string): number {
  return path.replace(/\{\w+\}/g, '').length;
}

function readParameters(pattern: RegExp, path: string): ReadonlyMap<string, string> {
  const groups = Object.entries(pattern.exec(path)?.groups ?? {});
  return new Map(groups.map(([name, segment]) => [name, decodeSegment(segment)]));
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new RoutingError('INVALID_ARGUMENT', 'malformed path');
  }
}
