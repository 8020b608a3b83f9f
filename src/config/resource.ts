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

interface Named {
  readonly EXPECTED_AUDIENCE?: readonly string[] | undefined;
  readonly SCALEKIT_ENV_URL?: string | undefined;
  readonly SCALEKIT_MCP_SERVER_ID?: string | undefined;
  readonly PUBLIC_URL?: string | undefined;
  readonly ALLOWED_HOSTS?: readonly string[] | undefined;
}

/**
 * Warns when the accepted audiences are ids and addresses of other servers alone, so that every token for this one is
 * refused. Names of another form are the operator's own, and so is every audience where other issuers were named.
 */
export function warnOfOthersAudiences(
  values: Named,
  { authorizationServers }: ResourceConfig,
  warnings: string[],
): void {
  const { EXPECTED_AUDIENCE: audiences, SCALEKIT_MCP_SERVER_ID: id } = values;
  if (audiences === undefined || id === undefined || authorizationServers !== undefined) return;
  if (!audiences.every((audience) => audience !== id && isOfAnother(audience, values))) return;
  warnings.push(
    'EXPECTED_AUDIENCE: names neither SCALEKIT_MCP_SERVER_ID nor a URL of this server (PUBLIC_URL followed by /mcp), and one of them is the audience of its tokens, so that all of them are refused (401). Leave it out, or name one of the two.',
  );
}

const ID_OR_ADDRESS = /^res_|:\/\/|\./;

function isOfAnother(audience: string, values: Named): boolean {
  if (!ID_OR_ADDRESS.test(audience)) return false;
  const url = parseUrl(audience);
  if (url === undefined || !url.protocol.startsWith('http')) return true;
  // Tokens that a machine got without saying what for may be for the environment itself.
  if (url.origin === values.SCALEKIT_ENV_URL) return false;
  const isOwn =
    values.PUBLIC_URL === undefined
      ? isLoopback(url.hostname) || values.ALLOWED_HOSTS?.includes(url.hostname) === true
      : url.origin === values.PUBLIC_URL;
  return !isOwn || endpointAt(url.pathname) === undefined;
}
