/**
 * Every `error` that an HTTP answer can have (RFC 6749 §5.2, RFC 6750 §3.1, and this server's own codes where OAuth has
 * none): what it means, what the client should do, and what the person who uses the client should do. The page
 * `/docs/errors` shows this table.
 */
export const OAUTH_ERRORS = {
  invalid_token: {
    meaning:
      'The request carries no access token, or one that is not good here: expired, not valid yet, meant for another server, from another issuer, or damaged.',
    client:
      'Refresh the token once. Without a token, or when the new one is refused too, start the authorization that the `WWW-Authenticate` header leads to, and ask for the scopes that it names.',
    person: 'Sign in again when your client asks you to. If it never asks, remove this server from it and add it anew.',
  },
  insufficient_scope: {
    meaning: 'The token is good, but does not hold the scope that the operation needs.',
    client:
      'Start another authorization that asks for every scope in the challenge: those granted so far and the one that is missing. Then repeat the request.',
    person:
      'Allow the additional permission when your client asks for it, or tell it to go on without. If the page does not offer the permission, ask who runs your workspace.',
  },
  access_denied: {
    meaning:
      'The operator of this server does not admit this caller, this Host, or this page’s Origin. Another token of the same caller changes nothing.',
    client: 'Do not repeat the request. Show the description: it says which of them was refused.',
    person:
      'Ask the operator of this server to admit you, or use the address that the operator gave you. Operators: see `ALLOWED_SUBJECTS`, `ALLOWED_CLIENTS`, `ALLOWED_ORGANIZATIONS`, `ALLOWED_HOSTS` and `ALLOWED_ORIGINS`.',
  },
  rate_limit_exceeded: {
    meaning: 'Too many requests came in too short a time. This one was not carried out.',
    client: 'Wait for as many seconds as the `Retry-After` header says, then repeat the request. Keep the token.',
    person: 'Wait a little. If it happens often, let your assistant do less at a time, or ask the operator for more.',
  },
  server_error: {
    meaning:
      'This server cannot serve the request for now: it is starting or overloaded, it cannot reach the keys with which tokens are checked, or it has failed.',
    client:
      'With status 503, wait for as many seconds as `Retry-After` says and repeat the request with the same token. With status 500, do not repeat it at once.',
    person: 'Try again in a minute. If it lasts, give the operator the `X-Server-Request-Id` of the answer.',
  },
  invalid_request: {
    meaning:
      'This server cannot serve the request as it stands: two readers could take it for two different requests (its Host, target or framing, headers that differ from the body), it has too many headers, it is no MCP message, too large or of another media type, or it expects something other than `100-continue`.',
    client: 'Do not repeat it as it is. Send MCP messages with POST to `/mcp`, each as one complete HTTP request.',
    person:
      'Check the URL of this server in your client: it ends in `/mcp`. Otherwise report the problem to its maker.',
  },
  not_found: {
    meaning:
      'There is nothing at this path. Case counts in paths, and the older transport, HTTP with SSE (`/sse`), is not spoken here.',
    client: 'Use `/mcp`, or the root, for MCP, with Streamable HTTP.',
    person: 'Check the URL of this server in your client: it ends in `/mcp`.',
  },
  method_not_allowed: {
    meaning: 'The path exists, but takes other HTTP methods than this one.',
    client:
      'Use one of the methods in the `Allow` header. This server keeps no sessions: there is no stream to open with GET and nothing to end with DELETE.',
    person:
      'Nothing: clients handle this by themselves. If yours stops with it, set the transport to Streamable HTTP (`http`) in it.',
  },
} as const satisfies Record<string, { meaning: string; client: string; person: string }>;

export type OAuthErrorCode = keyof typeof OAUTH_ERRORS;
