import type { ApiOperation } from './registry.ts';

/** An operation that a request asks for, with the decoded texts of its path by field name. */
interface Match {
  readonly operation: ApiOperation;
  readonly segments: ReadonlyMap<string, string>;
}

/** Finds the operation of a request, or the reason why there is none. */
export type Finder = (method: string, path: string) => Match | { readonly problem: string };

/** Prepares a table of operations for look-up by verb and path below `/api/v1`. */
export function finder(operations: readonly ApiOperation[]): Finder {
  const routes = operations
    .toSorted((a, b) => literals(b.path) - literals(a.path))
    .map((operation) => ({ operation, pattern: toPattern(operation.path) }));
  return (method, path) => {
    const matching = routes.filter(({ pattern }) => pattern.test(path));
    const route = matching.find(({ operation }) => operation.verb === method);
    if (route === undefined) return { problem: noOperation(method, path, matching) };
    const segments = readSegments(route.pattern, path);
    return segments === undefined ? { problem: `${path}: is not well encoded` } : { ...route, segments };
  };
}

/** An id with a colon in it would be sent as `%3A`; a plain colon starts a custom verb. */
function toPattern(path: string): RegExp {
  const source = path.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{(\w+)\}/g, '(?<$1>[^/:]+)');
  return new RegExp(`^${source}$`);
}

/** How much of a path is spelled out: `/connections/app` goes before `/connections/{connection_id}`. */
function literals(path: string): number {
  return path.replace(/\{\w+\}/g, '').length;
}

function readSegments(pattern: RegExp, path: string): ReadonlyMap<string, string> | undefined {
  const groups = Object.entries(pattern.exec(path)?.groups ?? {});
  try {
    return new Map(groups.map(([name, segment]) => [name, decodeURIComponent(segment)]));
  } catch {
    return undefined;
  }
}

function noOperation(method: string, path: string, matching: readonly { readonly operation: ApiOperation }[]): string {
  if (matching.length === 0) {
    return `${method} ${path}: there is no such path; one that Scalekit’s descriptors lack is added to src/sandbox/contract/published/`;
  }
  const verbs = new Set(matching.map(({ operation }) => operation.verb));
  return `${method} ${path}: the path has ${[...verbs].toSorted().join(', ')} only`;
}
