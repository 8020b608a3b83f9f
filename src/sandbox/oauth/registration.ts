import express, { type ErrorRequestHandler, type RequestHandler } from 'express';
import type { Adapter, AdapterPayload } from 'oidc-provider';
import { OIDCProviderError } from 'oidc-provider/lib/helpers/errors.js';
import type { Provider } from 'oidc-provider/lib/provider.js';
import { z } from 'zod';
import { randomId } from '../random-id.ts';
import { OAuthError, refuseUnreadable, sendOAuthError } from './oauth-error.ts';
import type { ProtectedServer } from './protected-server.ts';

const NOWHERE =
  'must name an address to return to. Clients that run alone cannot register: they need a client with a secret';

/**
 * What a client may say of itself. The rest of RFC 7591's metadata is either fixed here (clients are public and use
 * the code flow) or must not count: a registered `scope` would forbid the client to ask for more later on.
 */
export const ClientMetadata = z.object({
  redirect_uris: listOf(50, NOWHERE).min(1, NOWHERE),
  grant_types: listOf(20).optional(),
  client_name: textOf(128).optional(),
  client_uri: textOf(1024).optional(),
  logo_uri: textOf(1024).optional(),
  tos_uri: textOf(1024).optional(),
  policy_uri: textOf(1024).optional(),
});

/** What a client says of itself without what it left empty: some libraries write `""` or `null` for what they were not told. */
export function withoutBlanks(said: unknown): unknown {
  if (typeof said !== 'object' || said === null || Array.isArray(said)) return said;
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== '' && value !== null));
}

function textOf(most: number) {
  return z.string('must be a text').max(most, `must have ${most} characters at most`);
}

/** @param missing what is wrong when there is none */
function listOf(most: number, missing?: string) {
  return z
    .array(z.string('must be a list of texts'), {
      error: ({ input }) => (input === undefined ? missing : 'must be a list of texts'),
    })
    .max(most, `must have ${most} entries at most`);
}

const CLOSED = new OAuthError(
  'access_denied',
  'This MCP server takes no registrations: dynamic client registration is switched off. Ask its owner for a client.',
  403,
);
const NO_OBJECT = new OAuthError('invalid_client_metadata', 'The body must be a JSON object.');

/**
 * Dynamic client registration (RFC 7591 §3), open to everybody as at Scalekit. Answers 201, 400 with
 * `invalid_redirect_uri` or `invalid_client_metadata`, or 403 where the server takes no registrations.
 */
export function registrationEndpoint(registry: Registry): (RequestHandler | ErrorRequestHandler)[] {
  const handle: RequestHandler = async (req, res) => {
    try {
      if (!registry.server.takesRegistrations) throw CLOSED;
      const client = await register(registry, req.body);
      res.status(201).set('Cache-Control', 'no-store').json(client);
    } catch (error) {
      if (!(error instanceof OAuthError)) throw error;
      sendOAuthError(res, error);
    }
  };
  return [express.json({ limit: '56kb' }), handle, refuseUnreadable(NO_OBJECT)];
}

/** Of one MCP server the provider, and where that looks for its clients. */
export interface Registry {
  readonly server: ProtectedServer;
  readonly provider: Provider;
  readonly clients: Adapter;
}

/**
 * Keeps a new client. The provider judges a client's metadata when it first loads it, so it is made to load it at once.
 * @throws OAuthError
 */
async function register({ provider, clients }: Registry, body: unknown): Promise<object> {
  const parsed = ClientMetadata.safeParse(withoutBlanks(body));
  if (!parsed.success) throw toOAuthError(parsed.error);
  const client_id = randomId('m2m');
  const client: AdapterPayload = {
    ...parsed.data,
    client_id,
    client_id_issued_at: Math.floor(Date.now() / 1000),
    grant_types: grantTypes(parsed.data.grant_types),
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
  };
  await clients.upsert(client_id, client);
  try {
    await provider.Client.find(client_id);
  } catch (error) {
    await clients.destroy(client_id);
    if (!(error instanceof OIDCProviderError)) throw error;
    throw new OAuthError(error.error, error.error_description ?? 'The client metadata is not valid.');
  }
  return client;
}

/** Whoever names its grants means them; whoever names none gets the usual two. */
export function grantTypes(named: readonly string[] = ['refresh_token']): string[] {
  return ['authorization_code', ...(named.includes('refresh_token') ? ['refresh_token'] : [])];
}

function toOAuthError({ issues: [issue] }: z.ZodError): OAuthError {
  const field = issue?.path[0];
  if (field === undefined) return NO_OBJECT;
  const code = field === 'redirect_uris' ? 'invalid_redirect_uri' : 'invalid_client_metadata';
  return new OAuthError(code, `${String(field)}: ${issue?.message}`);
}
