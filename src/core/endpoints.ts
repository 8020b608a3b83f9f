/** The paths that serve MCP. Each is a protected resource of its own (RFC 9728), with its path in its URL. */
export const ENDPOINTS = ['/', '/mcp'] as const;
export type Endpoint = (typeof ENDPOINTS)[number];

/** `/mcp` as people type it: answered without a redirect, on which clients would lose their token. */
export const ALIAS = '/mcp/';

/** All paths at which the endpoints answer. */
export const ENDPOINT_PATHS: readonly string[] = [...ENDPOINTS, ALIAS];

/** The endpoint that answers at a path. */
export function endpointAt(path: string): Endpoint | undefined {
  return ENDPOINTS.find((endpoint) => endpoint === (path === ALIAS ? '/mcp' : path));
}
