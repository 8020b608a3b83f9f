import { type LookupAddress, lookup } from 'node:dns';
import { type IncomingMessage, request as overHttp } from 'node:http';
import { request as overHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type { AdapterPayload } from 'oidc-provider';
import { z } from 'zod';
import { parseUrl } from '../parse-url.ts';
import { OAuthError } from './oauth-error.ts';
import { isPublicAddress, isThisMachine } from './public-address.ts';
import { ClientMetadata, grantTypes, withoutBlanks } from './registration.ts';

/** Of the draft: documents should be at most 5 kilobytes long. Some are longer. */
const MAX_BYTES = 16 * 1024;
const DEADLINE_MS = 5_000;

/** What a client publishes of itself (Client ID Metadata Document, draft-ietf-oauth-client-id-metadata-document). */
const ClientDocument = ClientMetadata.extend({
  client_id: z.string(),
  token_endpoint_auth_method: z.literal('none').optional(),
  client_secret: z.undefined().optional(),
});

/** Whether a client id is the address of a document. */
export function namesDocument(clientId: string): boolean {
  return /^https?:\/\//i.test(clientId);
}

/**
 * Fetches what a client says of itself, from the address that is its id. Only public addresses are asked, by https, and
 * this machine under its own names, where certificates are not checked: nobody else can answer there. No redirect is followed.
 * @returns what the provider has to know of the client
 * @throws OAuthError `invalid_client_metadata_url`
 */
export async function fetchClientDocument(clientId: string): Promise<AdapterPayload> {
  const url = addressOf(clientId);
  const answer = await ask(url);
  if (answer.status !== 200) throw unusable(`Its address answered with status ${answer.status}, not 200.`);
  const parsed = ClientDocument.safeParse(withoutBlanks(parse(answer.body)));
  if (!parsed.success) throw unusable(`Of the document, ${z.prettifyError(parsed.error).replace(/\s+/g, ' ')}.`);
  const { client_id, client_secret: _, ...metadata } = parsed.data;
  if (client_id !== clientId) throw unusable('Its client_id is not the address that it was fetched from.');
  return {
    ...metadata,
    client_id,
    grant_types: grantTypes(metadata.grant_types),
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
  };
}

function addressOf(clientId: string): URL {
  const url = parseUrl(clientId);
  if (url === undefined) throw unusable('Its client id is no valid URL.');
  const isHere = isThisMachine(url.hostname);
  if (url.protocol !== 'https:' && !isHere) throw unusable('The address must begin with https.');
  if (url.username !== '' || url.password !== '' || clientId.includes('#')) {
    throw unusable('The address must have no user, no password and no fragment.');
  }
  if (url.pathname === '/') throw unusable('The address must have a path.');
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && !isHere && !isPublicAddress(host)) throw unusable(NOT_PUBLIC);
  return url;
}

const NOT_PUBLIC = 'The address leads into a network that is not public.';

/** Resolves a name to addresses that may be asked, and to no others: what is checked is what is connected to. */
const publicLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[] = []) => {
    if (error !== null) return callback(error, []);
    if (!addresses.every(({ address }) => isPublicAddress(address))) return callback(new Error(NOT_PUBLIC), []);
    if (options.all === true) return callback(null, addresses);
    callback(null, addresses[0]?.address ?? '', addresses[0]?.family);
  });
};

async function ask(url: URL): Promise<{ status: number | undefined; body: string }> {
  const isHere = isThisMachine(url.hostname);
  const request = url.protocol === 'https:' ? overHttps : overHttp;
  const options = {
    headers: { accept: 'application/json' },
    signal: AbortSignal.timeout(DEADLINE_MS),
    agent: false,
    ...(isHere ? { rejectUnauthorized: false } : { lookup: publicLookup }),
  };
  try {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      request(url, options, resolve).on('error', reject).end();
    });
    return { status: response.statusCode, body: await textOf(response) };
  } catch (error) {
    if (error instanceof OAuthError) throw error;
    const { name, code, message } = error as Error & { readonly code?: unknown };
    const reason =
      message === NOT_PUBLIC ? message : `It could not be fetched (${typeof code === 'string' ? code : name}).`;
    throw unusable(reason);
  }
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response) {
    length += chunk.length;
    if (length > MAX_BYTES) throw unusable(`The document is longer than ${MAX_BYTES} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw unusable('The document is no JSON.');
  }
}

function unusable(reason: string): OAuthError {
  return new OAuthError('invalid_client_metadata_url', reason);
}
