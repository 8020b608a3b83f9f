import { z } from 'zod';
import { endpointAt } from '../core/endpoints.ts';
import { parseUrl } from '../core/parse-url.ts';
import type { Problems } from './problems.ts';
import { isLoopback, issuer, jsonObject, list, numberIn, type ValuesOf } from './values.ts';

/** What the operator configures about this server as a protected resource (RFC 9728). */
export interface ResourceConfig {
  /** Members that are added to the metadata documents, or replace theirs. */
  readonly overrides: Readonly<Record<string, unknown>>;
  /** The authorization servers to name instead of Scalekit's own. */
  readonly authorizationServers: readonly string[] | undefined;
}

export const RESOURCE_VARIABLES = {
  EXPECTED_AUDIENCE: list.optional(),
  PROTECTED_RESOURCE_METADATA: jsonObject.optional(),
  MAX_TOKEN_LIFETIME_SECONDS: numberIn(1, undefined, 'seconds').optional(),
} as const;

type Values = ValuesOf<typeof RESOURCE_VARIABLES> & { readonly PUBLIC_URL?: string | undefined };

/**
 * Reads what the operator configures about this resource from the variables.
 * @param values each checked by its own schema
 * @param problems gets a line for a `resource` that is not this server's, and for bad `authorization_servers`
 */
export function readResource(values: Values, problems: Problems): ResourceConfig {
  const { resource, authorization_servers: servers, ...overrides } = values.PROTECTED_RESOURCE_METADATA ?? {};
  if (resource !== undefined && !isOwnResource(resource, values)) {
    problems.between(
      ['PUBLIC_URL'],
      `PROTECTED_RESOURCE_METADATA: resource must be one of this server's own URLs (PUBLIC_URL followed by / or /mcp).`,
    );
  }
  if (servers === undefined) return { overrides, authorizationServers: undefined };
  const parsed = z.array(issuer).min(1).safeParse(servers);
  if (!parsed.success) {
    problems.of('PROTECTED_RESOURCE_METADATA', 'authorization_servers must be a list of https URLs.');
  }
  return { overrides, authorizationServers: parsed.success ? parsed.data : [] };
}

function isOwnResource(resource: unknown, values: Values): boolean {
  const url = typeof resource === 'string' ? parseUrl(resource) : undefined;
  if (url === undefined) return false;
  const own = values.PUBLIC_URL === undefined ? isLoopback(url.hostname) : url.origin === values.PUBLIC_URL;
  return own && endpointAt(url.pathname) !== undefined && url.search === '' && url.hash === '';
}
