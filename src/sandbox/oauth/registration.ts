import { randomInt } from 'node:crypto';
import express, { type ErrorRequestHandler, type RequestHandler, type Response } from 'express';
import type { Adapter } from 'oidc-provider';
import { OIDCProviderError } from 'oidc-provider/lib/helpers/errors.js';
import type { Provider } from 'oidc-provider/lib/provider.js';
import { z } from 'zod';

/**
 * What a client may say of itself. The rest of RFC 7591's metadata is either fixed here (clients are public and use
 * the code flow) or must not count: a registered `scope` would forbid the client to ask for more later on.
 */
const ClientMetadata = z.object({
  redirect_uris: z.array(z.string()).min(1).max(50),
  client_name: z.string().max(128).optional(),
  client_uri: z.string().max(1024).optional(),
  logo_uri: z.string().max(1024).optional(),
  tos_uri: z.string().max(1024).optional(),
  policy_uri: z.string().max(1024).optional(),
});

/**
 * Dynamic client registration (RFC 7591 §3), open to everybody as at Scalekit. Answers 201, or 400 with
 * `invalid_redirect_uri` or `invalid_client_metadata`.
 */
export function registrationEndpoint(provider: Provider, clients: Adapter): (RequestHandler | ErrorRequestHandler)[] {
  const handle: RequestHandler = (req, res) => register({ provider, clients }, req.body, res);
  return [express.json({ limit: '56kb' }), handle, refuseBody];
}

/** The provider, and where it looks for its clients. */
interface Registry {
  readonly provider: Provider;
  readonly clients: Adapter;
}

async function register(registry: Registry, body: unknown, res: Response): Promise<void> {
  const parsed = ClientMetadata.safeParse(body);
  if (!parsed.success) return refuse(res, ...describe(parsed.error));
  const client = {
    ...parsed.data,
    client_id: `m2m_1${String(randomInt(1e14)).padStart(14, '0')}`,
    client_id_issued_at: Math.floor(Date.now() / 1000),
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
  };
  try {
    await store(registry, client);
  } catch (error) {
    if (!(error instanceof OIDCProviderError)) throw error;
    return refuse(res, error.error, error.error_description ?? 'The client metadata is not valid.');
  }
  res.status(201).set('Cache-Control', 'no-store').json(client);
}

/** The provider judges a client's metadata when it first loads it, so it is made to load it at once. */
async function store({ provider, clients }: Registry, client: { readonly client_id: string }): Promise<void> {
  await clients.upsert(client.client_id, client);
  try {
    await provider.Client.find(client.client_id);
  } catch (error) {
    await clients.destroy(client.client_id);
    throw error;
  }
}

function describe({ issues }: z.ZodError): [code: string, description: string] {
  const [issue] = issues;
  const field = issue?.path[0];
  const code = field === 'redirect_uris' ? 'invalid_redirect_uri' : 'invalid_client_metadata';
  return [code, field === undefined ? 'The body must be a JSON object.' : `${String(field)}: ${issue?.message}`];
}

const refuseBody: ErrorRequestHandler = (error: { status?: number }, _req, res, next) => {
  if (error.status === undefined || error.status >= 500) next(error);
  else refuse(res, 'invalid_client_metadata', 'The body must be a JSON object.');
};

function refuse(res: Response, error: string, description: string): void {
  res.status(400).set('Cache-Control', 'no-store').json({ error, error_description: description });
}
